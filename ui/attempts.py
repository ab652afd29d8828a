"""How often somebody may try a password: few for one name from one place, more for a place or a name."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

WINDOW = 15 * 60.0
"""Seconds after which a failure is forgotten."""
MOST = {"pair": 5, "place": 30, "name": 50}
KEPT = 20_000


class Attempts:
    """Failures of the last quarter of an hour, in memory.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: dict[tuple[str, str], list[float]] = {}
        self._lock = threading.Lock()

    def wait(self, name: str, place: str) -> float:
        """Return the seconds to wait before the next try, 0 when it may be made now."""
        now = self._clock()
        with self._lock:
            return max(self._wait(key, now) for key in _keys(name, place))

    def failed(self, name: str, place: str) -> None:
        """Note a wrong password."""
        now = self._clock()
        with self._lock:
            if len(self._failures) > KEPT:
                self._failures = {k: v for k, v in self._failures.items() if v[-1] > now - WINDOW}
            for key in _keys(name, place):
                recent = [at for at in self._failures.get(key, ()) if at > now - WINDOW]
                self._failures[key] = [*recent, now][-MOST[key[0]] :]

    def succeeded(self, name: str, place: str) -> None:
        """Forget what this person got wrong from here."""
        with self._lock:
            self._failures.pop(_keys(name, place)[0], None)

    def _wait(self, key: tuple[str, str], now: float) -> float:
        recent = [at for at in self._failures.get(key, ()) if at > now - WINDOW]
        return recent[0] + WINDOW - now if len(recent) >= MOST[key[0]] else 0.0


def _keys(name: str, place: str) -> tuple[tuple[str, str], ...]:
    known = name.strip().casefold()[:100]
    return ("pair", f"{known}\n{place}"), ("place", place), ("name", known)
