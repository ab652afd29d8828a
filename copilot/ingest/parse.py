"""From a file to its blocks, whatever the format."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from importlib import import_module
from pathlib import PurePosixPath
from typing import cast

from copilot.errors import CopilotError, InputError, UnreadableFileError
from copilot.ingest.limits import check_archive, check_size, read_member
from copilot.ingest.parts import Parsed, Source
from copilot.ingest.rendering import Rendering
from copilot.messages import localized
from copilot.records import Localized, Notice

# Extension → module and function, imported when first needed: some of them are heavy.
PARSERS = {
    ".md": "markdown:parse_markdown",
    ".markdown": "markdown:parse_markdown",
    ".txt": "markdown:parse_text",
    ".text": "markdown:parse_text",
    ".html": "html:parse_html",
    ".htm": "html:parse_html",
    ".xhtml": "html:parse_html",
    ".csv": "tables:parse_csv",
    ".tsv": "tables:parse_csv",
    ".xlsx": "tables:parse_xlsx",
    ".xlsm": "tables:parse_xlsx",
    ".docx": "office:parse_docx",
    ".pdf": "office:parse_pdf",
    ".json": "structured:parse_json",
    ".jsonl": "structured:parse_json",
    ".jsonld": "structured:parse_json",
}
ARCHIVE = ".zip"
# Formats that hold text we can't read: worth telling, unlike pictures and films.
TOLD = {
    *(".doc", ".docm", ".odt", ".rtf", ".pages", ".epub", ".xls", ".ods", ".numbers", ".xml"),
    *(".ppt", ".pptx", ".odp", ".eml", ".msg", ".7z", ".rar", ".tar", ".gz", ".tgz"),
}


def parse(source: Source) -> Parsed:
    """Parse one file (or a ZIP of them) by its extension.

    Raises:
        UnreadableFileError: too large, broken, protected, binary, or of a format we don't read.
        FileFormatError: a mistake at ``path:line``.
    """
    check_size(len(source.data), source.path)
    suffix = PurePosixPath(source.path).suffix.lower()
    try:
        return _parser(suffix, source.path)(source)
    except CopilotError:
        raise
    except Exception as error:
        # Foreign parsers on foreign files fail in every way there is; none may stop the others.
        kind = suffix.removeprefix(".").upper()
        raise UnreadableFileError("ingest.broken_file", where=source.path, format=kind) from error


def _parser(suffix: str, shown: str) -> Callable[[Source], Parsed]:
    if suffix == ARCHIVE:
        return _parse_archive
    if suffix not in PARSERS:
        raise UnreadableFileError("ingest.unknown_format", where=shown, suffix=suffix or "?")
    module, _, name = PARSERS[suffix].partition(":")
    function = getattr(import_module(f"copilot.ingest.formats.{module}"), name)
    return cast(Callable[[Source], Parsed], function)


def explain(error: CopilotError, path: str = "") -> Localized:
    """Return the error's sentence in the two languages.

    Args:
        path: a file that is named beside the sentence already; only the place inside it is said then.
    """
    place = error.where.removeprefix(path).lstrip(":") if path else error.where
    if path and not place:
        return localized(error.key, **error.params)
    if path and error.where.startswith(path):
        inside = localized(error.key, **error.params)
        return localized("ingest.at_line", line=place, problem=inside)
    return Localized(error.in_language("fr"), error.in_language("en"))


def _parse_archive(source: Source) -> Parsed:
    out = Rendering("zip")
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        check_archive(archive, source.path)
        for member in archive.infolist():
            if not member.is_dir() and PurePosixPath(member.filename).suffix.lower() in PARSERS:
                _parse_member(archive, member, source, out)
    return out.done()


def _parse_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, source: Source, out: Rendering) -> None:
    shown = f"{source.path}/{member.filename}"
    try:
        data = read_member(archive, member, shown)
        out.include(parse(Source(shown, data, source.faq, source.imported)), member.filename)
    except InputError as error:
        message = localized("ingest.member_skipped", problem=explain(error))
        out.notices.append(Notice("ingest.member_skipped", message, "warning"))
