"""What people decided about files from the outside: passages kept, and the state of entries.

A PDF or a spreadsheet from elsewhere can't carry our metadata. ``knowledge/entries.yml`` says it for
them, for a whole file or for one entry:

    files:
      knowledge/imported/notice.pdf: {status: approved, visibility: internal}
    entries:
      zendesk-360012: {file: knowledge/imported/zendesk.json, status: approved}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from copilot import yamlfile
from copilot.errors import FileFormatError
from copilot.ingest import metadata
from copilot.ingest.clean import kept_by_people
from copilot.ingest.files import write_atomically
from copilot.ingest.parts import Metadata

ENTRIES_FILE = Path("knowledge/entries.yml")
_HEAD = "# The state of files and entries that can't say it themselves (PDF, spreadsheets, exports).\n"


@dataclass(frozen=True, slots=True)
class Choices:
    """All choices of a workspace, by file."""

    kept: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    entries: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def of(self, path: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return what decides about a file, for its version: decisions kept, states said."""
        said = [("", self.files.get(path, {}))]
        said += [(i, values) for i, values in self.entries.items() if values["file"] == path]
        return self.kept.get(path, ()), tuple(f"{i}.{k}={v}" for i, values in said for k, v in values.items())

    def metadata(self, path: str) -> Metadata | None:
        """Return what is said about a whole file."""
        said = self.files.get(path)
        return metadata.from_keys(said, f"{ENTRIES_FILE.as_posix()}") if said else None

    def entry(self, path: str, entry_id: str) -> Metadata | None:
        """Return what is said about one entry of a file."""
        said = self.entries.get(entry_id)
        if not said or said["file"] != path:
            return None
        own = {key: value for key, value in said.items() if key != "file"}
        return metadata.from_keys(own, ENTRIES_FILE.as_posix())


def load_choices(workspace: Path) -> Choices:
    """Read ``cleaning.yml`` and ``entries.yml``.

    Raises:
        FileFormatError: one of them has a mistake, at ``file:line``.
    """
    data = _load(workspace)
    return Choices(kept_by_people(workspace), data["files"], data["entries"])


def say(workspace: Path, group: str, key: str, values: Mapping[str, Any]) -> None:
    """Record metadata for a file (``group`` "files") or an entry ("entries"); None takes a key back.

    Raises:
        FileFormatError: the file has a mistake.
        WorkspaceError: it can't be written.
    """
    import yaml

    data = _load(workspace)
    said = {**data[group].get(key, {}), **values}
    data[group][key] = {k: v for k, v in said.items() if v is not None}
    body = yaml.safe_dump(
        {k: v for k, v in data.items() if v}, allow_unicode=True, sort_keys=True, width=1000
    )
    write_atomically(workspace / ENTRIES_FILE, (_HEAD + body).encode())


def _load(workspace: Path) -> dict[str, dict[str, dict[str, Any]]]:
    path = workspace / ENTRIES_FILE
    result: dict[str, dict[str, dict[str, Any]]] = {"files": {}, "entries": {}}
    if not path.exists():
        return result
    file = yamlfile.load(path, shown=ENTRIES_FILE.as_posix())
    data = file.data or {}
    if not isinstance(data, dict):
        raise FileFormatError("ingest.entries_form", where=file.where())
    yamlfile.refuse_unknown(file, (), data, result)
    for group in result:
        for key, said in (data.get(group) or {}).items():
            if not isinstance(said, dict) or (group == "entries" and "file" not in said):
                raise FileFormatError("ingest.entries_form", where=file.where((group, key)))
            own = {k: v for k, v in said.items() if k != "file"}
            metadata.from_keys(own, file.where((group, key)))
            result[group][str(key)] = said
    return result
