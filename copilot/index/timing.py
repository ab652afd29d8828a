"""How fast this machine builds an index, learnt from the last time that it did."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

FILE_NAME = "pace.json"
ENOUGH_ROWS = 200
"""Fewer rows say more about opening files than about the pace."""
ROWS_PER_SECOND = 300.0
"""An estimate, until an index of some size has been built here."""


def remember(folder: Path, rows: int, seconds: float) -> None:
    """Keep the pace of a run that wrote ``rows`` rows in ``seconds``, the embedder's time left out."""
    if rows < ENOUGH_ROWS or seconds <= 0:
        return
    new = folder / f"{FILE_NAME}.new"
    with suppress(OSError):  # it is of use, not of need
        new.write_text(json.dumps({"rows": rows, "seconds": round(seconds, 3)}), encoding="utf-8")
        new.replace(folder / FILE_NAME)


def rows_per_second(folder: Path) -> float:
    """Return the pace learnt here, or the estimate."""
    with suppress(OSError, ValueError, KeyError, TypeError, ZeroDivisionError):
        known = json.loads((folder / FILE_NAME).read_bytes())
        return max(1.0, float(known["rows"]) / float(known["seconds"]))
    return ROWS_PER_SECOND
