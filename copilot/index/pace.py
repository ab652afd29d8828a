"""How long an index would take to build with another embedder: a small sample, and the pace learnt here."""

from __future__ import annotations

import time
from pathlib import Path

from copilot.errors import CopilotError, DamagedIndexError
from copilot.index.embedders import Embedder
from copilot.index.store import Index, embedded_text
from copilot.index.timing import rows_per_second
from copilot.messages import localized
from copilot.records import Localized

SAMPLE = 16
"""Texts that are embedded to judge by."""


def rebuild_seconds(folder: Path, wanted: Embedder) -> tuple[int, float]:
    """Return how many passages an index holds and about how many seconds ``wanted`` takes for them.

    Raises:
        LLMError: the endpoint could not serve.
        DamagedIndexError: the index cannot be read.
    """
    with Index.open(folder) as index:
        chunks = list(index.chunks().values())
    # Every n-th, so that short and long files are both among them.
    sample = [embedded_text(chunk) for chunk in chunks[:: max(1, len(chunks) // SAMPLE)][:SAMPLE]]
    if not sample:
        return 0, 0.0
    wanted.embed(sample[:1])  # what is only paid once: imports, the first connection
    started = time.perf_counter()
    wanted.embed(sample)
    each = (time.perf_counter() - started) / len(sample) + 1 / rows_per_second(folder)
    return len(chunks), each * len(chunks)


def with_time(error: DamagedIndexError, folder: Path, wanted: Embedder) -> DamagedIndexError:
    """Return the refusal of another embedder, with the time that a rebuild takes where that can be judged."""
    try:
        count, seconds = rebuild_seconds(folder, wanted)
    except CopilotError:
        return error
    told = DamagedIndexError("index.other_embedder_time", where=error.where, **error.params)
    told.params |= {"count": count, "time": duration(seconds)}
    return told


def duration(seconds: float) -> Localized:
    """Return a time as a person says it: ``less than a minute``, ``about 5 minutes``, ``about 2 hours``."""
    minutes = round(seconds / 60)
    if seconds < 60:
        return localized("index.moment")
    if minutes == 1:
        return localized("index.minute")
    return (
        localized("index.minutes", count=minutes)
        if minutes < 90
        else localized("index.hours", count=round(minutes / 60))
    )
