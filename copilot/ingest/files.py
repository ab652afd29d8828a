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


def discover(workspace: Path) -> Iterator[Found]:
    """Yield the files of ``knowledge/{guidelines,faq,imported}`` that we read or must speak of, sorted.

    Hidden and temporary files and pictures are none of our business.
    """
    for folder in FOLDERS:
        for root, folders, names in os.walk(workspace / "knowledge" / folder):
            folders[:] = sorted(f for f in folders if not f.startswith((".", "__MACOSX")))
            for name in sorted(names):
                suffix = os.path.splitext(name)[1].lower()
                if name.startswith((".", "~$")) or suffix not in _SPOKEN_OF:
                    continue
                full = os.path.join(root, name)
                try:
                    stat = os.stat(full)
                except OSError:
                    stat = os.lstat(full)
                shown = os.path.relpath(full, workspace).replace(os.sep, "/")
                yield Found(shown, stat.st_size, stat.st_mtime_ns)


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
