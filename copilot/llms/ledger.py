"""What models cost today: the figure that a daily spending limit is held against."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Protocol


class Ledger(Protocol):
    """Where spending is written down. Amounts are in the currency of the prices."""

    def spent_today(self) -> float:
        """Return what was spent since midnight."""
        ...

    def add(self, cost: float) -> None:
        """Write one cost down."""
        ...


def _today() -> date:
    return datetime.now().astimezone().date()


class MemoryLedger:
    """A ledger that lives as long as the process."""

    def __init__(self, today: Callable[[], date] = _today) -> None:
        self._today = today
        self._day = today()
        self._sum = 0.0
        self._lock = threading.Lock()

    def spent_today(self) -> float:
        """Return what was spent since midnight."""
        with self._lock:
            return self._sum if self._day == self._today() else 0.0

    def add(self, cost: float) -> None:
        """Write one cost down."""
        with self._lock:
            day = self._today()
            self._sum = cost + (self._sum if day == self._day else 0.0)
            self._day = day


class FileLedger:
    """A ledger in a small JSON file that all processes of a workspace share.

    A damaged file counts as empty: a broken ledger must not silence the model for good.
    """

    def __init__(self, path: Path, today: Callable[[], date] = _today) -> None:
        self._path = path
        self._today = today

    def spent_today(self) -> float:
        """Return what was spent since midnight."""
        return self._read().get(self._today().isoformat(), 0.0)

    def add(self, cost: float) -> None:
        """Write one cost down, safe against other threads and processes."""
        from filelock import FileLock

        self._path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{self._path}.lock", timeout=5):
            day = self._today().isoformat()
            days = {day: self._read().get(day, 0.0) + cost}
            fresh = self._path.with_suffix(".new")
            fresh.write_text(json.dumps(days), encoding="utf-8")
            fresh.replace(self._path)

    def _read(self) -> dict[str, float]:
        try:
            days = json.loads(self._path.read_text(encoding="utf-8"))
            return {str(day): float(cost) for day, cost in days.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            return {}
