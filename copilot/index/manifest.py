"""What an index folder holds, in one small file that is replaced whole.

``manifest.json`` names the generation, the embedder, and every segment with its checksums and dead
rows. Whatever it does not name does not count, which makes each change all or nothing.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

from copilot.errors import DamagedIndexError, WorkspaceError
from copilot.index import segment as segments

FILE_NAME = "manifest.json"
_MERGE_FACTOR = 2
FORMAT = 2
"""Raised when this file changes its form; what segments are made of is told by ``layout``."""


@dataclass(frozen=True)
class Part:
    """A segment: its folder, rows, dead rows, and per file its size and CRC-32."""

    name: str
    rows: int
    files: dict[str, tuple[int, int]]
    dead: tuple[int, ...] = ()

    @property
    def alive(self) -> int:
        """Rows that still count."""
        return self.rows - len(self.dead)


@dataclass(frozen=True)
class Manifest:
    """One generation of the index. ``build`` changes with every rebuild; an empty one has dimension 0."""

    embedder: str
    dimension: int
    build: str = "000001"
    generation: int = 0
    parts: tuple[Part, ...] = field(default=())
    format: int = FORMAT
    layout: str = field(default_factory=segments.layout)

    @property
    def count(self) -> int:
        """Chunks that can be found."""
        return sum(part.alive for part in self.parts)

    @property
    def mergeable(self) -> int | None:
        """From which part on the parts are to be joined into one, None for not now.

        A part joins those after it once they hold half as many rows, which rewrites a row as often as
        its index doubles; one that is half dead joins them too.
        """
        first, weight = len(self.parts), 0
        for at in range(len(self.parts) - 1, -1, -1):
            part = self.parts[at]
            if weight and part.alive <= _MERGE_FACTOR * weight:
                first = at
            if len(part.dead) * 2 > part.rows:
                first = at
            weight += part.alive
        return first if first < len(self.parts) else None

    def advanced(self, parts: tuple[Part, ...], dimension: int) -> Manifest:
        """Return the next generation with these segments."""
        return replace(self, parts=parts, dimension=dimension, generation=self.generation + 1)


def _digest(record: dict[str, Any]) -> str:
    return blake2b(json.dumps(record, sort_keys=True).encode(), digest_size=16).hexdigest()


def save(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest of a folder.

    Raises:
        WorkspaceError: the folder cannot be written.
    """
    record = asdict(manifest)
    record["count"] = manifest.count
    record["hash"] = _digest(json.loads(json.dumps(record)))
    new = folder / f"{FILE_NAME}.new"
    try:
        with new.open("w", encoding="utf-8") as file:
            json.dump(record, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        new.replace(folder / FILE_NAME)
    except OSError as error:
        raise WorkspaceError("index.read_only", where=str(folder), problem=str(error)) from error


def load(folder: Path) -> Manifest:
    """Read and verify the manifest of a folder.

    Raises:
        DamagedIndexError: it is missing, does not match its own hash, or is of another format.
    """
    path = folder / FILE_NAME
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        expected = record.pop("hash")
        if _digest(record) != expected:
            raise DamagedIndexError("index.damaged", where=str(folder), file=FILE_NAME)
        if record["format"] != FORMAT or record["layout"] != segments.layout():
            raise DamagedIndexError("index.other_format", where=str(folder))
        del record["count"]
        parts = tuple(
            Part(p["name"], p["rows"], {k: (v[0], v[1]) for k, v in p["files"].items()}, tuple(p["dead"]))
            for p in record.pop("parts")
        )
        return Manifest(**record, parts=parts)
    except FileNotFoundError as error:
        raise DamagedIndexError("index.missing", where=str(folder)) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedIndexError("index.damaged", where=str(folder), file=FILE_NAME) from error
