"""Turn a verb that calls back with text into a generator that a screen can follow."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from gradio.context import LocalContext

T = TypeVar("T")


class Stopped(Exception):
    """The person closed the page or pressed stop: the call to the model is abandoned."""


def follow(work: Callable[[Callable[[str], None]], T]) -> Iterator[str | T]:
    """Run ``work(on_text)`` in a thread; yield the texts it reports and, last, what it returns.

    Texts that pile up while the screen is busy are skipped but for the newest. Closing the generator makes
    the next report raise ``Stopped`` inside ``work``, which ends the call; so does ``stop``.
    """
    run = _Run(work)
    page = _page()
    _followed.setdefault(page, set()).add(run)
    threading.Thread(target=run, daemon=True, name="draft").start()
    try:
        while True:
            kind, value = run.newest()
            if kind == "error":
                raise value
            if kind == "stopped":
                return
            yield value
            if kind == "done":
                return
    finally:
        run.stopped.set()
        _followed.get(page, set()).discard(run)
        if not _followed.get(page):
            _followed.pop(page, None)


def stop() -> None:
    """Stop what the page whose handler is running follows, at once.

    Gradio closes a cancelled generator only when it next yields; until then a model could end its draft.
    """
    for run in _followed.pop(_page(), set()):
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
            self._items.put(("stopped", None))
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


_followed: dict[str, set[_Run[Any]]] = {}


def _page() -> str:
    return str(getattr(LocalContext.request.get(None), "session_hash", ""))
