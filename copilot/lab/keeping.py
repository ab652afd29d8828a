"""Runs as files: one line of JSON for the run, then one a case, written as soon as it is there."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from copilot.errors import FileFormatError, InputError, UnreadableFileError
from copilot.lab.records import Row, Run

_OWN = ("rows", "path")


def new_id(started_at: datetime, system: str) -> str:
    """Return a name that sorts by time and says which system ran."""
    kept = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in system)
    return f"{started_at:%Y%m%dT%H%M%S}-{kept[:40]}-{uuid.uuid4().hex[:6]}"


class RunFile:
    """A run being written."""

    def __init__(self, path: Path, run: Run) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._put({"run": _head(run)}, "w")

    def add(self, row: Row) -> None:
        """Keep one row."""
        self._put({"row": _plain(row)}, "a")

    def close(self, run: Run) -> None:
        """Note how long it took."""
        self._put({"seconds": run.seconds}, "a")

    def _put(self, data: dict[str, Any], mode: str) -> None:
        with self.path.open(mode, encoding="utf-8") as file:
            file.write(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n")


def save(run: Run, path: Path) -> Path:
    """Write a whole run, to be committed beside the cases as a baseline."""
    file = RunFile(path, run)
    for row in run.rows:
        file.add(row)
    file.close(run)
    return path


def load_run(path: Path) -> Run:
    """Read a run; one that was cut holds the rows that were finished.

    Raises:
        UnreadableFileError: there is no such file.
        FileFormatError: it is no run, at ``file:line``.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFileError("lab.no_run_file", where=str(path)) from error
    head: Run | None = None
    rows: dict[str, Row] = {}
    for key, value in _entries(lines, path.name):
        if key == "run":
            head = value
        elif key == "row":
            rows[value.case_id] = value
        elif head is not None:
            head = replace(head, seconds=float(value))
    if head is None:
        raise FileFormatError("lab.not_a_run", where=f"{path.name}:1")
    order = {case_id: number for number, case_id in enumerate(head.case_ids)}
    sorted_rows = sorted(rows.values(), key=lambda row: order.get(row.case_id, len(order)))
    return replace(head, rows=tuple(sorted_rows), path=path)


def load_runs(folder: Path) -> list[Run]:
    """Return the runs of a folder, newest first."""
    paths = sorted(folder.glob("*.jsonl"), reverse=True) if folder.is_dir() else []
    runs = [load_run(path) for path in paths]
    return sorted(runs, key=lambda run: run.id, reverse=True)


def find_run(name: str, folder: Path) -> Run:
    """Return a run by its id, by the beginning of it, or by its file.

    Raises:
        InputError: no run, or several, have this name.
    """
    if Path(name).is_file():
        return load_run(Path(name))
    found = sorted(folder.glob(f"{name}*.jsonl")) if folder.is_dir() else []
    if len(found) != 1:
        raise InputError("lab.no_run" if not found else "lab.many_runs", name=name)
    return load_run(found[0])


def _entries(lines: list[str], name: str) -> Iterator[tuple[str, Any]]:
    for number, line in enumerate(lines, 1):
        try:
            key, value = next(iter(json.loads(line).items()))
            yield key, _read(key, value)
        except (ValueError, AttributeError, StopIteration) as error:
            if number == len(lines) and number > 1:
                return
            raise FileFormatError("lab.not_a_run", where=f"{name}:{number}") from error


def _head(run: Run) -> dict[str, Any]:
    data = {each.name: getattr(run, each.name) for each in fields(run) if each.name not in _OWN}
    plain: dict[str, Any] = _plain(data)
    return plain


def _plain(value: Any) -> Any:
    from pydantic_core import to_jsonable_python

    return to_jsonable_python(value)


def _read(key: str, value: Any) -> Any:
    if key == "seconds":
        return value
    return _adapter(key).validate_python(value)


@cache
def _adapter(key: str) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(Run if key == "run" else Row)
