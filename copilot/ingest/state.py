"""What the last ingestion saw, so that the next one looks only at what changed.

The index is the truth; this file is a cache that may be lost, stale or broken without harm.
"""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path

from copilot.errors import WorkspaceError
from copilot.ingest.files import Found, write_atomically

FILE = Path(".copilot/ingest.json")
_FORMAT = 2
# A file changed this close to our look at it may change again within the same time stamp.
_RACY_NS = 2_000_000_000


@dataclass(slots=True)
class Seen:
    """A file as it was ingested. ``looked`` is when we read it (ns), ``ids`` are its chunks,
    ``paragraphs`` the fingerprints of an imported page."""

    size: int
    changed: int
    looked: int
    content: str
    version: str
    ids: list[str] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)


_values = attrgetter(*Seen.__dataclass_fields__)


@dataclass(slots=True)
class State:
    """All files seen, those whose chunks were only partly committed, and by site of imported pages the
    fingerprints that most of them share."""

    files: dict[str, Seen] = field(default_factory=dict)
    partial: set[str] = field(default_factory=set)
    shared: dict[str, list[str]] = field(default_factory=dict)
    moved: bool = False

    def remember(self, path: str, seen: Seen) -> None:
        """Take note of a file; only what is new makes the state worth writing."""
        if self.files.get(path) != seen:
            self.files[path] = seen
            self.moved = True

    def forget(self, path: str) -> None:
        """Take note that a file is gone."""
        self.moved = self.files.pop(path, None) is not None or self.moved
        self.partial.discard(path)

    def unchanged(self, found: Found) -> Seen | None:
        """Return what we know of a file whose size and time of change are as they were."""
        seen = self.files.get(found.path)
        same = seen and (seen.size, seen.changed) == (found.size, found.changed)
        return seen if seen and same and seen.looked - seen.changed > _RACY_NS else None


def load(workspace: Path) -> State:
    """Read the state; an empty one when there is none that can be used."""
    try:
        raw = json.loads((workspace / FILE).read_text(encoding="utf-8"))
        if raw["format"] != _FORMAT:
            return State()
        files = {path: Seen(*seen) for path, seen in raw["files"].items()}
        return State(files, set(raw["partial"]), dict(raw["shared"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return State()


def save(workspace: Path, state: State) -> None:
    """Write the state if it moved; a workspace that can't be written is reported by the index, not here."""
    if not state.moved:
        return
    raw = {
        "format": _FORMAT,
        "partial": sorted(state.partial),
        "shared": state.shared,
        "files": {path: _values(seen) for path, seen in state.files.items()},
    }
    with suppress(WorkspaceError):
        write_atomically(workspace / FILE, json.dumps(raw, ensure_ascii=False).encode())
        state.moved = False


def now_ns() -> int:
    """Return the time that file stamps are compared with."""
    return time.time_ns()
