"""Calls that end on time: every request runs as a task that can be cut, whatever the other side does.

A time limit per read, which is all that HTTP clients offer, never ends a call to a server that sends a
byte now and then; a cancelled task closes its socket at once.
"""

from __future__ import annotations

import asyncio
import os
import queue
import threading
import time
from collections.abc import Callable, Coroutine
from functools import cache
from typing import Any, TypeVar

from copilot.errors import LLMTimeoutError

T = TypeVar("T")
_DONE = object()


@cache
def _background_loop(process: int) -> asyncio.AbstractEventLoop:  # noqa: ARG001 - threads don't survive a fork
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="llm-calls", daemon=True).start()
    return loop


def call(
    work: Callable[[Callable[[str], None]], Coroutine[Any, Any, T]],
    *,
    limit: float,
    on_text: Callable[[str], None] | None = None,
) -> T:
    """Run ``work`` to its end or cut it.

    Args:
        work: gets a function to hand over text on the way, returns the coroutine to run.
        limit: seconds in all.
        on_text: called in the caller's thread with each text handed over; when it raises, the request is
            cut and the exception goes on.

    Raises:
        LLMTimeoutError: ``limit`` seconds are over.
    """
    if limit <= 0:
        raise LLMTimeoutError("llms.timeout", seconds=0)
    items: queue.SimpleQueue[Any] = queue.SimpleQueue()
    end = time.monotonic() + limit
    future = asyncio.run_coroutine_threadsafe(work(items.put), _background_loop(os.getpid()))
    future.add_done_callback(lambda _: items.put(_DONE))
    try:
        while (item := items.get(timeout=max(0.0, end - time.monotonic()))) is not _DONE:
            if on_text is not None:
                on_text(item)
        return future.result()
    except queue.Empty:
        raise LLMTimeoutError("llms.timeout", seconds=round(limit, 1)) from None
    finally:
        future.cancel()
