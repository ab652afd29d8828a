"""Bringing knowledge in from elsewhere: pages, sitemaps, archives, exports, past replies.

What is brought in is kept as a copy under ``knowledge/imported/``, pending, so that the index can be
rebuilt without the network; the next ingestion indexes it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote, urlsplit

from copilot.errors import InputError, UnreadableFileError
from copilot.ingest import choices
from copilot.ingest.files import write_atomically
from copilot.ingest.limits import check_archive, check_size, read_member
from copilot.ingest.metadata import fold
from copilot.ingest.parse import ARCHIVE, PARSERS, explain, parse
from copilot.ingest.reading import as_source
from copilot.ingest.web import Page, Web, WebLimits, same_site, sitemap_urls
from copilot.messages import localized
from copilot.records import Localized, Notice

_SITEMAPS = 50
IMPORTED = PurePosixPath("knowledge/imported")
_MEDIA = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "application/json": ".json",
    "application/ld+json": ".json",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}


@dataclass(slots=True)
class ImportReport:
    """The files written (relative to the workspace), and what was left out and why."""

    files: list[str] = field(default_factory=list)
    skipped: list[tuple[str, Localized]] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


def import_url(
    url: str,
    workspace: Path,
    *,
    limits: WebLimits | None = None,
    progress: Callable[[int, int, str], None] | None = None,
    cancel: Callable[[], bool] | None = None,
    now: datetime | None = None,
) -> ImportReport:
    """Copy a web page, or the pages of a sitemap that are of the same site.

    Args:
        progress: called with pages done, pages in all, and the address at hand.
        now: when the pages are read, for their provenance line.

    Raises:
        InputError: the address itself can't be read; a page of a sitemap that can't is only skipped.
        WorkspaceError: the copy can't be written.
    """
    limits = limits or WebLimits()
    web, report, at = Web(limits), ImportReport(), now or datetime.now(UTC)
    first = web.get(url)
    listed = sitemap_urls(first, limits)
    if listed is None:
        _keep_page(first, workspace, report, at)
        return report
    pages = _pages(web, listed, url, limits, report)
    for number, page_url in enumerate(pages):
        if cancel and cancel():
            break
        if progress:
            progress(number, len(pages), page_url)
        try:
            _keep_page(web.get(page_url), workspace, report, at)
        except InputError as error:
            report.skipped.append((page_url, explain(error, page_url)))
    return report


def import_file(path: Path, workspace: Path) -> ImportReport:
    """Copy a document that we can read, or the documents of a ZIP.

    Raises:
        UnreadableFileError, FileFormatError: it can't be read.
        WorkspaceError: the copy can't be written.
    """
    if path.suffix.lower() == ARCHIVE:
        return import_archive(path, workspace)
    data = _read(path)
    target = IMPORTED / _safe(path.name)
    parsed = parse(as_source(str(target), data))
    if not any(block.kind != "hidden" for block in parsed.blocks):
        raise InputError("ingest.nothing_imported", where=path.name)
    write_atomically(workspace / target, data)
    return ImportReport([str(target)], [], list(parsed.notices))


def import_export(path: Path, workspace: Path) -> ImportReport:
    """Copy a help centre's export (Zendesk, Intercom, Chatwoot, any CSV or JSON of entries).

    Raises:
        InputError: no question with its answer is in it, or as ``import_file``.
    """
    data = _read(path)
    if path.suffix.lower() != ARCHIVE:
        parsed = parse(as_source(str(IMPORTED / _safe(path.name)), data))
        if not any(block.kind == "entry" and block.title for block in parsed.blocks):
            raise InputError("ingest.no_entries", where=path.name)
    return import_file(path, workspace)


def import_archive(path: Path, workspace: Path) -> ImportReport:
    """Extract the readable documents of a ZIP into a folder of its name.

    Raises:
        UnreadableFileError: no ZIP, one beyond the limits, or one that would write elsewhere.
        InputError: it holds no document that we read.
        WorkspaceError: the copies can't be written.
    """
    check_size(path.stat().st_size if path.exists() else 0, path.name)
    report = ImportReport()
    try:
        with zipfile.ZipFile(path) as archive:
            check_archive(archive, path.name)
            for member in archive.infolist():
                if not member.is_dir():
                    _extract(archive, member, IMPORTED / _safe(path.stem), workspace, report)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise UnreadableFileError("ingest.broken_file", where=path.name, format="ZIP") from error
    if not report.files:
        raise InputError("ingest.nothing_imported", where=path.name)
    return report


def import_replies(path: Path, workspace: Path, *, country: str = "FR") -> ImportReport:
    """Copy past replies (a table of messages and the replies sent), personal data masked.

    Raises:
        InputError: no message with its reply is in it, or as ``import_file``.
    """
    from copilot.privacy import mask

    source = as_source(str(IMPORTED / _safe(path.name)), _read(path))
    parsed = parse(source)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["question", "answer", "status", "tags"])
    count = 0
    for block in parsed.blocks:
        if block.kind == "entry" and block.title:
            masked = mask(block.title, parsed.text[block.start : block.end], country=country).texts
            writer.writerow([*map(_inert, masked), "pending", "past reply"])
            count += 1
    if not count:
        raise InputError("ingest.no_entries", where=path.name)
    target = IMPORTED / "replies" / f"{_safe(path.stem)}.csv"
    write_atomically(workspace / target, out.getvalue().encode())
    return ImportReport([str(target)], [], list(parsed.notices))


def _pages(
    web: Web, listed: tuple[Sequence[str], bool], url: str, limits: WebLimits, report: ImportReport
) -> list[str]:
    """Follow a sitemap, and one level of sitemaps it names, to pages of the same site."""
    urls, nested = listed
    found: list[str] = []
    found.extend(() if nested else urls)
    for sitemap in urls[:_SITEMAPS] if nested else ():
        try:
            inner = sitemap_urls(web.get(sitemap), limits) if _is_here(sitemap, url) else None
        except InputError as error:
            report.skipped.append((sitemap, explain(error, sitemap)))
            continue
        found.extend(inner[0] if inner and not inner[1] else [])
    here = [page for page in dict.fromkeys(found) if _is_here(page, url)]
    if len(here) > limits.pages:
        message = localized("ingest.sitemap_cut", found=len(here), kept=limits.pages)
        report.notices.append(Notice("ingest.sitemap_cut", message, "warning"))
    return here[: limits.pages]


def _is_here(page: str, url: str) -> bool:
    try:
        return same_site(page, url)
    except InputError:
        return False


def _keep_page(page: Page, workspace: Path, report: ImportReport, at: datetime) -> None:
    suffix = _MEDIA.get(page.media_type) or PurePosixPath(urlsplit(page.url).path).suffix.lower()
    if suffix not in PARSERS:
        raise InputError("ingest.url_type", where=page.url[:200], type=page.media_type or suffix or "?")
    target = _place(page.url, suffix)
    data = _with_provenance(page, str(target), at) if suffix == ".html" else page.data
    parse(as_source(str(target), data))
    write_atomically(workspace / target, data)
    if suffix != ".html":
        choices.say(workspace, "files", str(target), {"source": page.url})
    report.files.append(str(target))


def _with_provenance(page: Page, shown: str, at: datetime) -> bytes:
    """Return the page in UTF-8 with a first line that says where it came from and when."""
    from copilot.ingest.formats.html import page_text

    html = page_text(as_source(shown, page.data), page.charset)
    address = quote(page.url, safe=":/?&=%#@+,~").replace("--", "%2D%2D")
    # The mark tells readers that the encoding is no longer the one that the page declares.
    line = f"<!-- source: {address}; fetched: {at:%Y-%m-%d} -->\n"
    return (line + html).encode("utf-8-sig")


def _place(url: str, suffix: str) -> PurePosixPath:
    """Return where a page's copy goes: the site's folder, a name made of its path and query."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    stem = path[: -len(suffix)] if path.lower().endswith(suffix) else path
    words = "-".join(fold(stem).split())[:80].strip("-") or "index"
    if parts.query:
        words += "-" + hashlib.sha256(parts.query.encode()).hexdigest()[:8]
    host = re.sub(r"[^\w.-]", "-", (parts.hostname or "site").lower().removeprefix("www."))
    return IMPORTED / host / f"{words}{suffix}"


def _extract(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    folder: PurePosixPath,
    workspace: Path,
    report: ImportReport,
) -> None:
    name = member.filename.replace("\\", "/")
    target = folder.joinpath(*(_safe(part) for part in PurePosixPath(name).parts))
    if target.name.startswith(".") or "__MACOSX" in target.parts:
        return
    try:
        data = read_member(archive, member, member.filename)
        parse(as_source(str(target), data))
    except InputError as error:
        report.skipped.append((name, explain(error, str(target))))
        return
    write_atomically(workspace / target, data)
    report.files.append(str(target))


def _inert(cell: str) -> str:
    """Keep a spreadsheet from taking a customer's words for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell


def _read(path: Path) -> bytes:
    try:
        check_size(path.stat().st_size, path.name)
        return path.read_bytes()
    except OSError as error:
        reason = localized("ingest.forbidden" if isinstance(error, PermissionError) else "ingest.missing")
        raise UnreadableFileError("ingest.unreadable_source", where=path.name, reason=reason) from error


def _safe(name: str) -> str:
    """Return a file name without what a file system or a terminal could stumble on."""
    clean = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*]', "-", name).strip(" .")
    return clean.encode("utf-8", "replace").decode()[:120] or "document"
