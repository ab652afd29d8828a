"""Cells of CSV files that a spreadsheet may open: a text must never run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
# What a scheduler's file can't keep: calls (=SUM(…), @SUM(…), +cmd|…) as opposed to « -20 % » or « @nom ».
_ACTIVE = re.compile(r"[=\t\r＝]|[+\-@＋－＠][^\n]*?(?:\w\(|\|)")


def neutral(cell: str) -> str:
    """Return a cell that spreadsheets show as text: an apostrophe goes before ``= + - @``, tab and return."""
    return f"'{cell}" if cell.lstrip(" \u00a0")[:1] in _STARTS and cell.strip(" \u00a0") else cell


def neutral_for_import(cell: str) -> str:
    """Return a cell for a scheduler: as written (« @nom », « -20 % »), unless it would run as a formula."""
    return f"'{cell}" if _ACTIVE.match(cell.lstrip(" \u00a0")) else cell


def table(header: Sequence[str], rows: Iterable[Sequence[str]], *, mark: bool) -> bytes:
    """Return a CSV file in UTF-8.

    Args:
        header: the names of the columns.
        rows: the cells, already neutral.
        mark: begin with a byte order mark, without which Excel misreads accents; importers do without.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig" if mark else "utf-8", errors="replace")
