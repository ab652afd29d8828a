"""CSV and spreadsheets: the columns that hold questions and answers are recognised by their names."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from copilot.errors import FileFormatError, UnreadableFileError
from copilot.ingest import metadata
from copilot.ingest.encoding import decode
from copilot.ingest.formats.markdown import encoding_notice
from copilot.ingest.limits import LIMITS, check_office
from copilot.ingest.parts import Parsed, Source
from copilot.ingest.rendering import Rendering
from copilot.messages import localized
from copilot.records import Localized, Notice

DELIMITERS = (",", ";", "\t", "|")
Row = Sequence[Any]


def parse_csv(source: Source) -> Parsed:
    """Read a CSV of entries, whatever its delimiter and encoding; ``row`` is the spreadsheet's row.

    Raises:
        UnreadableFileError: not a text.
        FileFormatError: no column holds answers.
    """
    decoded = decode(source.data, source.path)
    out = Rendering("csv")
    out.notices.extend(encoding_notice(decoded, source.path))
    text = _without_separator_line(decoded.text)
    if text.strip():
        delimiter = sniff_delimiter(text)
        add_rows(out, records(text, delimiter), source.path, delimiter)
    return out.done()


def parse_xlsx(source: Source) -> Parsed:
    """Read every sheet of a workbook; sheets without an answer column are told and skipped.

    Raises:
        UnreadableFileError: not a workbook, or one beyond the limits.
        FileFormatError: no sheet has an answer column.
    """
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        check_office(archive, source.path)
    workbook = _workbook(source.data)
    out = Rendering("xlsx")
    problems: list[FileFormatError] = []
    for sheet in workbook.worksheets:
        where = f"{source.path} [{sheet.title}]"
        try:
            headings = (sheet.title,) if len(workbook.worksheets) > 1 else ()
            rows = _within_time(sheet.iter_rows(values_only=True), source.path)
            add_rows(out, rows, where, headings=headings)
        except FileFormatError as error:
            problems.append(error)
    if problems and not out.blocks:
        raise problems[0]
    out.notices.extend(_skipped_sheet(problem) for problem in problems)
    return out.done()


def sniff_delimiter(text: str) -> str:
    """Return the delimiter that makes most sense of the first records.

    A header with known column names decides; without one, the steadiest number of columns does.
    """

    def merit(delimiter: str) -> tuple[int, float]:
        rows = list(islice(records(text, delimiter), 50))
        roles = metadata.match_columns(rows[0]) if rows else {}
        widths = [len(row) for row in rows]
        steady = widths.count(max(set(widths), key=widths.count)) / len(widths) if widths else 0.0
        return len(roles), steady if widths and max(widths) > 1 else 0.0

    return max(DELIMITERS, key=merit)


def records(text: str, delimiter: str) -> Iterator[list[str]]:
    """Yield the records of a CSV text."""
    csv.field_size_limit(max(csv.field_size_limit(), LIMITS.file_bytes))
    # NUL characters can't come this far: the text was checked when decoded.
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def add_rows(
    out: Rendering, rows: Iterable[Row], where: str, delimiter: str = "", headings: tuple[str, ...] = ()
) -> None:
    """Add one entry a row, by the header in the first non-empty row.

    Raises:
        FileFormatError: no column holds answers.
    """
    numbered: Iterator[tuple[int, Row]] = (
        (n, row) for n, row in enumerate(rows, 1) if any(_cell(c) for c in row)
    )
    first = next(numbered, None)
    if first is None:
        return
    header = [_cell(cell) for cell in first[1]]
    roles = metadata.match_columns(header)
    if "answer" not in roles:
        numbered = _without_header(first, list(numbered), header, where)
        roles = {"question": 0, "answer": 1}
    spill = delimiter if roles["answer"] == len(header) - 1 else ""
    for number, row in numbered:
        _add_row(out, row, roles, f"{where}:{number}", number, spill, headings)


def _add_row(
    out: Rendering,
    row: Row,
    roles: dict[str, int],
    where: str,
    number: int,
    spill: str,
    headings: tuple[str, ...],
) -> None:
    values = {role: row[at] for role, at in roles.items() if at < len(row)}
    question, answer = _cell(values.pop("question", "")), _cell(values.pop("answer", ""))
    if spill and len(row) > roles["answer"] + 1:
        # Unquoted delimiters in the last column: the rest of the line belongs to the answer.
        answer = spill.join(map(str, row[roles["answer"] :])).strip(f"{spill} ")
    meta, problem = metadata.from_cells(values, where)
    if problem:
        out.notices.append(problem)
    if question and not answer:
        message = localized("ingest.no_answer", question=question[:80], where=where)
        out.notices.append(Notice("ingest.no_answer", message, "warning"))
    section = (meta.title,) if meta.title else ()
    out.entry(question, answer, meta, row=number, headings=(*headings, *section))


def _without_header(
    first: tuple[int, Row], rest: list[tuple[int, Row]], header: list[str], where: str
) -> Iterator[tuple[int, Row]]:
    """Accept two columns without a header when the first one asks questions; refuse anything else."""
    rows = [first, *rest]
    asking = sum(1 for _, row in rows if _cell(row[0]).endswith("?"))
    if not (all(len(row) == 2 for _, row in rows) and asking * 2 > len(rows)):
        raise FileFormatError(
            "ingest.columns_unknown", where=f"{where}:{first[0]}", found=", ".join(header)[:120]
        )
    return iter(rows)


def _workbook(data: bytes) -> Any:
    import openpyxl

    return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)


def _within_time(rows: Iterable[Row], shown: str) -> Iterator[Row]:
    end = time.monotonic() + LIMITS.parse_seconds
    for row in rows:
        if time.monotonic() > end:
            raise UnreadableFileError("ingest.too_slow", where=shown)
        yield row


def _without_separator_line(text: str) -> str:
    """Blank Excel's own ``sep=;`` first line, so that the rows keep their numbers."""
    first, newline, rest = text.partition("\n")
    return newline + rest if first.strip().lower().startswith("sep=") and len(first.strip()) <= 5 else text


def _skipped_sheet(problem: FileFormatError) -> Notice:
    said = Localized(problem.in_language("fr"), problem.in_language("en"))
    return Notice("ingest.sheet_skipped", localized("ingest.sheet_skipped", problem=said), "warning")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
