"""Taking up what an index folder holds: the writer's lock, the manifest, the segments it names."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from copilot.errors import CopilotError, DamagedIndexError, WorkspaceError
from copilot.index import manifest as manifests
from copilot.index import segment as segments
from copilot.index.embedders import Embedder, Vectors
from copilot.index.manifest import Manifest, Part
from copilot.index.snapshot import Snapshot

LOCK = "write.lock"


def locked(folder: Path) -> Any:
    """Take the lock of the one writer of a folder.

    Raises:
        WorkspaceError: another process writes, or the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK, timeout=0)
        lock.acquire()
    except Timeout as error:
        raise WorkspaceError("index.locked", where=str(folder)) from error
    except OSError as error:
        raise WorkspaceError("index.read_only", where=str(folder), problem=str(error)) from error
    return lock


def stamp(folder: Path) -> tuple[int, int, int]:
    """Return what changes when the manifest is replaced; zeros where there is none."""
    try:
        status = os.stat(folder / manifests.FILE_NAME)
    except OSError:
        return (0, 0, 0)
    return status.st_mtime_ns, status.st_ino, status.st_size


def load(folder: Path, known: Snapshot | None) -> Snapshot:
    """Load the newest generation; segments already ``known`` are not read again.

    Raises:
        DamagedIndexError: it is missing, damaged or of another layout.
    """
    for attempt in range(3):
        manifest = manifests.load(folder)
        try:
            return snapshot(folder, manifest, known)
        except DamagedIndexError:
            # A writer may have swept the segments between our two reads: look at the manifest again.
            if attempt == 2 or manifests.load(folder) == manifest:
                raise
    raise AssertionError


def snapshot(folder: Path, manifest: Manifest, known: Snapshot | None) -> Snapshot:
    """Load the segments that a manifest names.

    Raises:
        DamagedIndexError: one is missing or not as it was written.
    """
    loaded = {s.name: s for s in known.segments} if known else {}
    return Snapshot(manifest, tuple(loaded.get(p.name) or _segment(folder, p) for p in manifest.parts))


def vectors(folder: Path, embedder: Embedder) -> dict[str, Vectors]:
    """Return what can be saved of an embedder's vectors, by the hash of the text of each.

    An index of another layout serves too, as long as its vectors are whole; one whose vectors have
    another length than the embedder's now does not.
    """
    found: dict[str, Vectors] = {}
    with suppress(OSError, ValueError, KeyError, TypeError):
        record = json.loads((folder / manifests.FILE_NAME).read_bytes())
        if record["embedder"] != embedder.name or record["dimension"] != _dimension(embedder):
            return found
        for part in record["parts"]:
            place = folder / "segments" / part["name"]
            with suppress(OSError, ValueError, KeyError, TypeError):
                if segments.checksums(place) == {name: tuple(sums) for name, sums in part["files"].items()}:
                    found |= segments.vectors_by_hash(place)
    return found


def _dimension(embedder: Embedder) -> int | None:
    with suppress(CopilotError):
        return embedder.dimension
    return None


def _segment(folder: Path, part: Part) -> segments.Segment:
    place = folder / "segments" / part.name
    try:
        for name, expected in segments.checksums(place).items():
            if expected != part.files.get(name):
                raise DamagedIndexError("index.damaged", where=str(folder), file=f"{part.name}/{name}")
        segment = segments.load(place)
    except (OSError, ValueError, KeyError) as error:
        raise DamagedIndexError("index.damaged", where=str(folder), file=part.name) from error
    if len(segment) != part.rows:
        raise DamagedIndexError("index.damaged", where=str(folder), file=part.name)
    return segment
