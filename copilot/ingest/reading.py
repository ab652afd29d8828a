"""From one file of the workspace to its finished chunks: read, parse, clean, split, complete."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from copilot.errors import UnreadableFileError
from copilot.ingest.choices import Choices
from copilot.ingest.clean import clean
from copilot.ingest.limits import check_size
from copilot.ingest.outline import outline, unanswered
from copilot.ingest.parse import parse
from copilot.ingest.parts import Decision, Parsed, Source
from copilot.ingest.questions import with_questions
from copilot.ingest.split import filled, split
from copilot.messages import localized
from copilot.records import Chunk, Document, Notice

PIPELINE = "2"
"""Raise it when the same file must give other chunks than before: every file is then read again."""

_LANGUAGE_SAMPLE = 4_000
_LANGUAGE_MINIMUM = 60


@dataclass(frozen=True, slots=True)
class Result:
    """A file as ingested: its document, chunks, cleaning decisions, and what to tell about it."""

    document: Document
    chunks: tuple[Chunk, ...]
    decisions: tuple[Decision, ...]
    notices: tuple[Notice, ...]
    text: str


def read_source(workspace: Path, path: str) -> Source:
    """Read a file of the workspace.

    Raises:
        UnreadableFileError: missing, forbidden, too large, or a link that leaves the workspace.
    """
    full = workspace / path
    try:
        path.encode("utf-8")
        if not full.resolve().is_relative_to(workspace.resolve()):
            raise UnreadableFileError("ingest.outside", where=path)
        check_size(full.stat().st_size, path)
        data = full.read_bytes()
    except UnicodeEncodeError as error:
        shown = path.encode("utf-8", "replace").decode()
        raise UnreadableFileError("ingest.bad_name", where=shown) from error
    except OSError as error:
        reason = localized("ingest.forbidden" if isinstance(error, PermissionError) else "ingest.missing")
        raise UnreadableFileError("ingest.unreadable", where=path, reason=reason) from error
    return as_source(path, data)


def source_text(workspace: Path, path: str) -> str:
    """Return the text that the offsets of a file's chunks refer to, as a person opens the file.

    Raises:
        UnreadableFileError, FileFormatError: the file can't be read (any more).
    """
    return parse(read_source(workspace, path)).text


def as_source(path: str, data: bytes) -> Source:
    """Name the bytes of a file and tell by its folder what it is."""
    folder = path.split("/")[1] if path.count("/") > 1 else ""
    return Source(path, data, faq=folder == "faq", imported=folder == "imported")


def version_of(content: str, *choices: Collection[str]) -> str:
    """Return the version of a file: its content and all that decides what becomes of it."""
    said = "\n".join("|".join(sorted(choice)) for choice in choices)
    return hashlib.sha256(f"{PIPELINE}\n{content}\n{said}".encode()).hexdigest()[:16]


def content_hash(data: bytes) -> str:
    """Return the hash of a file's bytes."""
    return hashlib.sha256(data).hexdigest()[:32]


def read_chunks(source: Source, version: str, choices: Choices, *, shared: Collection[str] = ()) -> Result:
    """Turn a file into chunks.

    Args:
        version: goes into every chunk.
        choices: what people decided about the file from the outside.
        shared: fingerprints of paragraphs that most pages of its site carry.

    Raises:
        UnreadableFileError, FileFormatError: as ``parse``.
    """
    parsed = parse(source)
    said = choices.metadata(source.path)
    whole = said.over(parsed.metadata) if said else parsed.metadata
    parsed = replace(parsed, metadata=replace(whole, id=parsed.metadata.id))
    faq, imported = _treatment(source, parsed)
    parsed = with_questions(parsed) if faq else parsed
    kept, _ = choices.of(source.path)
    cleaned, decisions = clean(parsed, source.path, imported=source.imported, kept=kept, shared=shared)
    document = _document(source, parsed, version)
    model = Chunk(
        id="",
        document_id=document.id,
        path=source.path,
        text="",
        language=document.language,
        status=document.status,
        visibility=document.visibility,
        version=version,
    )
    chunks = split(cleaned, model, faq=faq, imported=imported)
    if not whole.language:
        chunks = [_in_own_language(chunk, document) for chunk in chunks]
    chunks = [_as_decided(chunk, choices) for chunk in chunks]
    notices = (*parsed.notices, *_empty_questions(source, cleaned, faq, imported))
    notices = (*notices, *_repeated_entries(source, parsed, decisions))
    return Result(document, tuple(chunks), decisions, notices, parsed.text)


def language_of(text: str) -> str:
    """Return the language of a text, ``und`` when nobody can tell."""
    from copilot.language import detect

    language, confidence = detect(text[:_LANGUAGE_SAMPLE])
    return language if confidence >= 0.6 else "und"


def _treatment(source: Source, parsed: Parsed) -> tuple[bool, bool]:
    kind = parsed.metadata.kind.lower()
    if kind in ("faq", "prose", "guideline", "guidelines"):
        return kind == "faq", source.imported and kind == "faq"
    return source.faq, source.imported


def _document(source: Source, parsed: Parsed, version: str) -> Document:
    said = parsed.metadata
    guidelines = source.path.startswith("knowledge/guidelines/")
    stem = os.path.splitext(os.path.basename(source.path))[0]
    first = next((b.title for b in parsed.blocks if b.kind == "heading"), "")
    return Document(
        id=said.id or source.path,
        path=source.path,
        title=said.title or first or stem,
        version=version,
        language=said.language or language_of(parsed.text),
        format=parsed.format,
        status=said.status or ("pending" if source.imported else "approved"),
        visibility=said.visibility or ("internal" if guidelines else "public"),
        valid_from=said.valid_from,
        valid_until=said.valid_until,
    )


def _in_own_language(chunk: Chunk, document: Document) -> Chunk:
    """Let a long enough chunk speak for itself where the file doesn't say its language."""
    text = f"{chunk.question}\n{chunk.text}"
    if chunk.language != document.language or len(text) < _LANGUAGE_MINIMUM:
        return chunk
    from copilot.language import detect

    language, confidence = detect(text[:_LANGUAGE_SAMPLE])
    sure = confidence >= 0.8 and language != "und"
    return replace(chunk, language=language) if sure and language != chunk.language else chunk


def _as_decided(chunk: Chunk, choices: Choices) -> Chunk:
    said = choices.entry(chunk.path, chunk.id)
    return filled(chunk, said) if said else chunk


def _repeated_entries(source: Source, parsed: Parsed, decisions: Sequence[Decision]) -> Sequence[Notice]:
    entries = {block.start for block in parsed.blocks if block.kind == "entry"}
    count = sum(1 for d in decisions if not d.kept and d.reason == "repeated" and d.start in entries)
    if not count:
        return ()
    message = localized("ingest.repeated_entries", path=source.path, count=count)
    return (Notice("ingest.repeated_entries", message),)


def _empty_questions(source: Source, parsed: Parsed, faq: bool, imported: bool) -> Sequence[Notice]:
    notices = []
    for section in unanswered(outline(parsed, faq=faq, imported=imported)):
        line = parsed.text.count("\n", 0, section.start) + 1
        message = localized("ingest.no_answer", question=section.question[:80], where=f"{source.path}:{line}")
        notices.append(Notice("ingest.no_answer", message, "warning"))
    return notices
