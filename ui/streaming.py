"""Turn a verb that calls back with text into a generator that a screen can follow."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Stopped(Exception):
    """The person closed the page or pressed stop: the call to the model is abandoned."""


def follow(work: Callable[[Callable[[str], None]], T]) -> Iterator[str | T]:
    """Run ``work(on_text)`` in a thread; yield the texts it reports and, last, what it returns.

    Texts that pile up while the screen is busy are skipped but for the newest. Closing the generator makes
    the next report raise ``Stopped`` inside ``work``, which ends the call.
    """
    run = _Run(work)
    threading.Thread(target=run, daemon=True, name="draft").start()
    try:
        while True:
            kind, value = run.newest()
            if kind == "error":
                raise value
            yield value
            if kind == "done":
                return
    finally:
        run.stopped.set()


class _Run(Generic[T]):
    def __init__(self, work: Callable[[Callable[[str], None]], T]) -> None:
        self._work = work
        self._items: queue.Queue[tuple[str, Any]] = queue.Queue()
        self.stopped = threading.Event()

    def __call__(self) -> None:
        try:
            self._items.put(("done", self._work(self._report)))
        except Stopped:
            pass
        except Exception as error:
            self._items.put(("error", error))

    def newest(self) -> tuple[str, Any]:
        kind, value = self._items.get()
        while kind == "text" and not self._items.empty():
            kind, value = self._items.get()
        return kind, value

    def _report(self, text: str) -> None:
        if self.stopped.is_set():
            raise Stopped
        self._items.put(("text", text))
