"""Move a workspace: one archive of its files and its saved work; the index is made again."""

from __future__ import annotations

import sqlite3
import tempfile
import zipfile
from pathlib import Path

from copilot.errors import InputError, WorkspaceError
from copilot.workspace import BRAND_FILE, STATE_FOLDER, Workspace

TRAIL = tuple(f"{STATE_FOLDER}/audit.{ending}" for ending in ("key", "end"))
"""What the audit trail is verified with; read before the store, which may only be newer than them."""
STORE_NAME = f"{STATE_FOLDER}/store.db"
MAX_BYTES = 4_000_000_000
"""Unpacked size beyond which an archive is refused: no workspace comes near it."""
OWNER_ONLY = 0o600
LEFT_OUT = frozenset({STATE_FOLDER, ".git", ".venv", "__pycache__", "node_modules"})


def backup(workspace: Workspace, archive: Path) -> int:
    """Write the files people edit and the store into a ZIP; return how many files it holds.

    The key of the audit trail goes with it, so that a restored trail can be verified: the archive is made
    readable by its owner alone, and must be kept like the server itself. The store is copied through
    SQLite's own backup, so that it is whole even while somebody works.

    Raises:
        WorkspaceError: the archive cannot be written.
    """
    count = 0
    try:
        with zipfile.ZipFile(archive, "x", zipfile.ZIP_DEFLATED) as out:
            archive.chmod(OWNER_ONLY)
            for name in (BRAND_FILE, "copilot.toml", "knowledge", "prompts", "channels", *TRAIL):
                count += _add(out, workspace.folder, workspace.folder / name)
            store = workspace.folder / STORE_NAME
            if store.is_file():
                with tempfile.TemporaryDirectory() as folder:
                    copy = Path(folder) / "store.db"
                    _copy_store(store, copy)
                    out.write(copy, STORE_NAME)
                count += 1
    except FileExistsError as error:
        raise WorkspaceError("backup.exists", where=str(archive)) from error
    except OSError as error:
        raise WorkspaceError("backup.unwritable", where=str(archive), reason=str(error)) from error
    return count


def restore(archive: Path, folder: Path) -> Workspace:
    """Unpack a backup into an empty or new folder.

    Raises:
        InputError: the archive is not one of ours, is damaged, or would write outside the folder.
        WorkspaceError: the folder is not empty.
    """
    if folder.exists() and any(folder.iterdir()):
        raise WorkspaceError("backup.not_empty", where=str(folder))
    try:
        with zipfile.ZipFile(archive) as packed:
            names = packed.namelist()
            _refuse_foreign(packed, archive)
            folder.mkdir(parents=True, exist_ok=True)
            for name in names:
                packed.extract(name, folder)
            for name in set(names) & {*TRAIL, STORE_NAME}:
                (folder / name).chmod(OWNER_ONLY)
    except (OSError, zipfile.BadZipFile) as error:
        raise InputError("backup.unreadable", where=str(archive), reason=str(error)) from error
    return Workspace(folder.resolve())


def _refuse_foreign(packed: zipfile.ZipFile, archive: Path) -> None:
    names = packed.namelist()
    outside = [n for n in names if n.startswith(("/", "\\")) or ".." in Path(n).parts or ":" in n]
    too_big = sum(item.file_size for item in packed.infolist()) > MAX_BYTES
    if BRAND_FILE not in names or outside or too_big:
        raise InputError("backup.foreign", where=str(archive))


def _add(out: zipfile.ZipFile, root: Path, path: Path) -> int:
    if path.is_file():
        out.write(path, path.relative_to(root).as_posix())
        return 1
    if not path.is_dir():
        return 0
    files = (
        p for p in sorted(path.rglob("*")) if p.is_file() and not LEFT_OUT & set(p.relative_to(root).parts)
    )
    return sum(_add(out, root, file) for file in files)


def _copy_store(source: Path, target: Path) -> None:
    with sqlite3.connect(source) as original, sqlite3.connect(target) as copy:
        original.backup(copy)
    copy.close()
    original.close()
