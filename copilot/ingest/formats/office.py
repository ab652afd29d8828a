"""Word documents and PDF, as plain text: headings and tables for the first, pages for the second."""

from __future__ import annotations

import io
import logging
import re
import time
import zipfile
from collections.abc import Iterator
from typing import Any

from copilot.errors import UnreadableFileError
from copilot.ingest import metadata
from copilot.ingest.limits import LIMITS, check_office
from copilot.ingest.parts import Metadata, Parsed, Source
from copilot.ingest.rendering import Rendering
from copilot.messages import localized
from copilot.records import Notice

_HEADING_STYLE = re.compile(r"(?:heading|titre|title)\s*(\d)?", re.IGNORECASE)
_HYPHEN = re.compile(r"(?<=[a-zà-ÿ])-\n(?=[a-zà-ÿ])")
_SENTENCE_END = re.compile(r"[.!?…:;»”\"]\s*$")
_QUESTION = re.compile(r"[A-ZÀ-ÝŒ][^.!?]{8,}[?？]\s*$")
_LIST_ITEM = re.compile(r"\s*(?:[•·▪◦‣–—*-]|\d{1,2}[.)]|[a-z]\))\s")


def parse_docx(source: Source) -> Parsed:
    """Read a Word document: headings by style, two-column question tables as entries.

    Raises:
        UnreadableFileError: not a Word document, or one beyond the limits.
    """
    import docx

    out = Rendering("docx")
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        check_office(archive, source.path)
    document = docx.Document(io.BytesIO(source.data))
    title = str(document.core_properties.title or "")
    out.metadata = Metadata(title=title)
    for item in document.iter_inner_content():
        if hasattr(item, "rows"):
            _table(item, out)
        else:
            _paragraph(item, out)
    return out.done()


def parse_pdf(source: Source) -> Parsed:
    """Read the text of a PDF by pages; lines that repeat at page edges are marked to be dropped.

    Raises:
        UnreadableFileError: not a PDF, protected by a password, without text, or beyond the limits.
    """
    pages = _pdf_pages(source)
    if not any(page.strip() for page in pages):
        raise UnreadableFileError("ingest.no_text", where=source.path)
    edges = _repeated_edges(pages)
    out = Rendering("pdf")
    for number, page in enumerate(pages, 1):
        for text in _paragraphs(page, edges):
            out.paragraph(text, page=number, drop="page_edge" if _edge_key(text) in edges else "")
    empty = sum(1 for page in pages if not page.strip())
    if empty:
        message = localized("ingest.pages_without_text", path=source.path, count=empty)
        out.notices.append(Notice("ingest.pages_without_text", message, "warning"))
    return out.done()


def _paragraph(item: Any, out: Rendering) -> None:
    style = str(item.style.name) if item.style is not None else ""
    match = _HEADING_STYLE.match(style)
    text = str(item.text)
    if match and text.strip():
        out.heading(text, int(match[1] or 1))
    elif "list" in style.lower() or "liste" in style.lower():
        out.paragraph(f"- {text}" if text.strip() else "")
    else:
        out.paragraph(text)


def _table(table: Any, out: Rendering) -> None:
    rows = [[str(cell.text).strip() for cell in row.cells] for row in table.rows]
    roles = metadata.match_columns(rows[0]) if rows else {}
    if "question" in roles and "answer" in roles:
        for row in rows[1:]:
            values = {role: row[at] for role, at in roles.items() if at < len(row)}
            question, answer = values.pop("question", ""), values.pop("answer", "")
            meta, problem = metadata.from_cells(values, question[:60])
            out.notices.extend([problem] if problem else [])
            out.entry(question, answer, meta)
        return
    lines = [" | ".join(dict.fromkeys(cell for cell in row if cell)) for row in rows]
    out.paragraph("\n".join(line for line in lines if line))


def _pdf_pages(source: Source) -> list[str]:
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    end = time.monotonic() + LIMITS.parse_seconds
    reader = pypdf.PdfReader(io.BytesIO(source.data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableFileError("ingest.encrypted", where=source.path)
    pages: list[str] = []
    for page in reader.pages:
        if time.monotonic() > end or len(pages) >= LIMITS.pages:
            raise UnreadableFileError("ingest.too_slow", where=source.path)
        pages.append(page.extract_text() or "")
    return pages


def _edge_key(line: str) -> str:
    return re.sub(r"\d+", "#", metadata.fold(line))


def _repeated_edges(pages: list[str]) -> set[str]:
    """The first and last two lines that at least three pages (and half of them) share, numbers aside."""
    counts: dict[str, int] = {}
    for page in pages:
        lines = [line for line in page.split("\n") if line.strip()]
        for key in {_edge_key(line) for line in (*lines[:2], *lines[-2:])}:
            counts[key] = counts.get(key, 0) + 1
    return {key for key, count in counts.items() if count >= 3 and count * 2 >= len(pages)}


def _paragraphs(page: str, edges: set[str]) -> Iterator[str]:
    """Join a page's lines into paragraphs: a PDF knows lines only."""
    lines = [line.rstrip() for line in _HYPHEN.sub("", page).split("\n")]
    widest = max((len(line) for line in lines), default=0)
    current: list[str] = []
    for line in lines:
        # A question on a line of its own opens something new, as a heading would.
        asks = _QUESTION.match(line)
        edge = _edge_key(line) in edges or (current and _edge_key(current[-1]) in edges)
        if current and (not line.strip() or asks or edge or _LIST_ITEM.match(line)):
            yield " ".join(current)
            current = []
        if line.strip():
            current.append(line.strip())
        if current and (asks or (_SENTENCE_END.search(line) and len(line) < 0.75 * widest)):
            yield " ".join(current)
            current = []
    if current:
        yield " ".join(current)
