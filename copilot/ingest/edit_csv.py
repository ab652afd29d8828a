"""Editing one row of a CSV file: its line changes, the others stay byte for byte."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from copilot.errors import InputError
from copilot.ingest.edit_markdown import encoded
from copilot.ingest.encoding import decode_raw
from copilot.ingest.formats.tables import DELIMITERS, sniff_delimiter
from copilot.ingest.metadata import fields, fold, match_columns
from copilot.ingest.parts import Source
from copilot.records import Chunk

_NEW_HEADER = ["id", "question", "answer", "status"]


@dataclass(slots=True)
class _Record:
    """A record and the raw lines it stands on. ``number`` is the spreadsheet's row."""

    number: int
    cells: list[str]
    raw: str


class _Table:
    """A CSV file as records that know their raw lines."""

    def __init__(self, source: Source) -> None:
        raw, self.encoding = decode_raw(source.data, source.path)
        self.separator_line = ""
        first, newline, rest = raw.partition("\n")
        if first.strip().lower().startswith("sep=") and len(first.strip()) <= 5:
            self.separator_line, raw = first + newline, rest
        self.newline = "\r\n" if "\r\n" in raw else "\n"
        self.delimiter = sniff_delimiter(raw) if raw.strip() else DELIMITERS[0]
        self.records = list(self._read(raw))
        header = next((r for r in self.records if any(c.strip() for c in r.cells)), None)
        self.header = header
        self.roles = match_columns(header.cells) if header else {}
        if "answer" not in self.roles:
            self.header, self.roles = None, {"question": 0, "answer": 1}

    def _read(self, raw: str) -> Iterator[_Record]:
        lines = list(io.StringIO(raw, newline=""))
        reader = csv.reader(lines, delimiter=self.delimiter)
        at = 0
        for number, cells in enumerate(reader, 2 if self.separator_line else 1):
            yield _Record(number, cells, "".join(lines[at : reader.line_num]))
            at = reader.line_num

    def column(self, key: str) -> int:
        """Return the column of a key, adding it to the header when there is none."""
        role = fields().keys.get(fold(key), key)
        if role not in self.roles:
            if self.header is None:
                raise InputError("ingest.csv_header")
            self.header.cells.append(key)
            self.header.raw = self.line(self.header.cells, self.header.raw)
            self.roles[role] = len(self.header.cells) - 1
        return self.roles[role]

    def line(self, cells: list[str], like: str) -> str:
        """Write a record the way ``like`` is written: quoted throughout or where needed."""
        out = io.StringIO(newline="")
        quoted = like.lstrip().startswith('"') and like.rstrip().endswith('"')
        quoting: Literal[0, 1] = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
        end = like[len(like.rstrip("\r\n")) :]
        csv.writer(out, delimiter=self.delimiter, quoting=quoting, lineterminator="").writerow(cells)
        return out.getvalue() + end

    def data(self) -> bytes:
        """Return the file's bytes."""
        return encoded(self.separator_line + "".join(r.raw for r in self.records), self.encoding)


def edit_row(
    source: Source, chunk: Chunk, question: str | None, answer: str | None, said: Mapping[str, str]
) -> bytes:
    """Return the file with one row changed; a column that is missing is added to the header.

    Raises:
        InputError: no such row, or a file without header has no place for what is said.
    """
    table = _Table(source)
    record = next((r for r in table.records if r.number == chunk.row), None)
    if record is None:
        raise InputError("ingest.no_such_entry", where=source.path, id=chunk.id)
    values = dict(said)
    if question is not None and question != chunk.question and "id" not in table.roles and table.header:
        # An id derived from the question would change with it.
        values["id"] = chunk.id
    at = {table.column(key): value for key, value in values.items()}
    spilt = record.cells[table.roles["answer"] :]
    if table.header and len(record.cells) > len(table.header.cells):
        record.cells[table.roles["answer"] :] = [table.delimiter.join(spilt)]
    if question is not None:
        at[table.roles["question"]] = " ".join(question.split())
    if answer is not None and answer.strip() != chunk.text:
        at[table.roles["answer"]] = answer.strip()
    for column, value in at.items():
        record.cells.extend([""] * (column + 1 - len(record.cells)))
        record.cells[column] = value
    record.raw = table.line(record.cells, record.raw)
    return table.data()


def append_row(source: Source, question: str, answer: str, said: Mapping[str, str]) -> tuple[str, bytes]:
    """Return the new entry's id and the file with the entry as its last row."""
    import hashlib

    table = _Table(source)
    if not table.records:
        header = _Record(1, [*_NEW_HEADER, *(k for k in said if k not in _NEW_HEADER)], "")
        header.raw = table.line(header.cells, "") + table.newline
        table.records, table.header, table.roles = [header], header, match_columns(header.cells)
    stem = "-".join(fold(question).split())[:60].strip("-")
    entry_id = f"{stem}-{hashlib.sha256(question.encode()).hexdigest()[:6]}"
    taken = {r.cells[table.roles["id"]] for r in table.records if table.roles.get("id", 99) < len(r.cells)}
    if entry_id in taken:
        raise InputError("ingest.entry_exists", where=source.path)
    values = {table.column("id"): entry_id} | {table.column(k): v for k, v in said.items()}
    values |= {table.roles["question"]: question, table.roles["answer"]: answer}
    cells = [values.get(n, "") for n in range(max(values) + 1)]
    last = table.records[-1]
    if not last.raw.endswith(("\n", "\r")):
        last.raw += table.newline
    table.records.append(_Record(0, cells, table.line(cells, last.raw)))
    return entry_id, table.data()
