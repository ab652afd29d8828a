"""Files of the workspace: found, stamped, and written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from copilot.errors import WorkspaceError
from copilot.ingest.parse import ARCHIVE, PARSERS, TOLD

FOLDERS = ("guidelines", "faq", "imported")


@dataclass(frozen=True, slots=True)
class Found:
    """A file to ingest: its path relative to the workspace, size and time of change (ns)."""

    path: str
    size: int
    changed: int


def discover(workspace: Path) -> list[Found]:
    """Return the files of ``knowledge/{guidelines,faq,imported}`` that we read or must speak of, sorted.

    Hidden and temporary files and pictures are none of our business. Linked folders are not entered:
    they may lead anywhere, and in circles.
    """
    found = [f for folder in FOLDERS for f in _below(str(workspace), f"knowledge/{folder}")]
    return sorted(found, key=lambda file: file.path)


def _below(workspace: str, folder: str) -> Iterator[Found]:
    folders = [folder]
    while folders:
        folder = folders.pop()
        try:
            entries = list(os.scandir(f"{workspace}/{folder}"))
        except OSError:
            continue  # not there, or not ours to enter
        for entry in entries:
            if entry.name.startswith((".", "~$", "__MACOSX")):
                continue
            path = f"{folder}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                folders.append(path)
            elif os.path.splitext(entry.name)[1].lower() in _SPOKEN_OF:
                stat = _stat(entry)
                yield Found(path, stat.st_size, stat.st_mtime_ns)


def _stat(entry: os.DirEntry[str]) -> os.stat_result:
    try:
        return entry.stat()
    except OSError:
        return entry.stat(follow_symlinks=False)


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that a crash leaves the old one or the new one, never a half.

    Raises:
        WorkspaceError: the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise WorkspaceError(
            "ingest.not_writable", where=str(path), reason=error.strerror or str(error)
        ) from error


_SPOKEN_OF = {*PARSERS, ARCHIVE, *TOLD}
