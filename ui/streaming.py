"""Turn a verb that calls back with text into a generator that a screen can follow."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

T = TypeVar("T")


class Stopped(Exception):
    """The person closed the page or pressed stop: the call to the model is abandoned."""


def follow(work: Callable[[Callable[[str], None]], T]) -> Iterator[str | T]:
    """Run ``work(on_text)`` in a thread; yield every text it reports and, last, what it returns.

    Closing the generator makes the next report raise ``Stopped`` inside ``work``, which ends the call.
    """
    items: queue.Queue[tuple[str, object]] = queue.Queue()
    stopped = threading.Event()

    def on_text(text: str) -> None:
        if stopped.is_set():
            raise Stopped
        items.put(("text", text))

    def run() -> None:
        try:
            items.put(("done", work(on_text)))
        except Stopped:
            pass
        except Exception as error:
            items.put(("error", error))

    threading.Thread(target=run, daemon=True, name="draft").start()
    try:
        while True:
            kind, value = items.get()
            while kind == "text" and not items.empty():
                kind, value = items.get()
            if kind == "error":
                assert isinstance(value, Exception)
                raise value
            yield value  # type: ignore[misc]
            if kind == "done":
                return
    finally:
        stopped.set()
