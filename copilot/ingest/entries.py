"""FAQ entries created, edited, approved and retired: the change lands in the file, and nothing else moves.

Markdown and CSV are edited in place, with the smallest difference a person could have made by hand. For
other formats the state goes to ``knowledge/entries.yml`` and the words must be changed in their software.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from copilot.errors import ConflictError, InputError
from copilot.ingest import choices
from copilot.ingest.edit_csv import append_row, edit_row
from copilot.ingest.edit_markdown import append_section, edit_section
from copilot.ingest.files import write_atomically
from copilot.ingest.reading import as_source, content_hash, read_chunks, read_source
from copilot.ingest.rendering import tidy
from copilot.records import Chunk, Language, Status, Visibility

NEW_ENTRIES = "knowledge/faq/nouvelles-fiches.md"
_MARKDOWN = (".md", ".markdown")
_TABLES = (".csv", ".tsv")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as its file holds it now; ``version`` is the file's, to be given back with an edit.

    ``words_editable`` is False where only the state can be changed (PDF, Word, spreadsheets…).
    """

    id: str
    path: str
    question: str
    answer: str
    status: Status
    visibility: Visibility
    language: Language
    valid_from: date | None
    valid_until: date | None
    tags: tuple[str, ...]
    version: str
    words_editable: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What to change of an entry; None leaves a field as it is.

    ``clear`` names dates (``valid_from``, ``valid_until``) or ``tags`` to empty.
    """

    question: str | None = None
    answer: str | None = None
    status: Status | None = None
    visibility: Visibility | None = None
    language: Language | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    tags: tuple[str, ...] | None = None
    clear: tuple[Literal["valid_from", "valid_until", "tags"], ...] = ()

    def metadata(self) -> dict[str, str]:
        """Return the fields beside question and answer that are to be said, as people write them."""
        said = {
            "lang": self.language,
            "status": self.status,
            "visibility": self.visibility,
            "valid_from": self.valid_from,
            "valid_until": self.valid_until,
            "tags": None if self.tags is None else ", ".join(self.tags),
        }
        # A semicolon or a comment's end inside a value would say something else.
        clean = {k: str(v).replace(";", ",").replace("--", "-") for k, v in said.items() if v is not None}
        clean.update(dict.fromkeys(self.clear, ""))
        return {key: " ".join(value.split()) for key, value in clean.items()}


def read_entry(workspace: Path, path: str, entry_id: str) -> Entry:
    """Read an entry from its file.

    Args:
        path: the file, relative to the workspace, as in ``Chunk.path``.
        entry_id: the chunk's id.

    Raises:
        InputError: the file holds no such entry (any more) or can't be read.
    """
    source = read_source(workspace, path)
    chunk = _chunk(workspace, path, source.data, entry_id)
    return Entry(
        entry_id,
        path,
        chunk.question,
        chunk.text,
        chunk.status,
        chunk.visibility,
        chunk.language,
        chunk.valid_from,
        chunk.valid_until,
        chunk.tags,
        content_hash(source.data),
        path.lower().endswith((*_MARKDOWN, *_TABLES)),
    )


def edit_entry(workspace: Path, path: str, entry_id: str, change: Change, *, version: str) -> Entry:
    """Change an entry in its file; return it as it now stands.

    Args:
        version: the ``Entry.version`` that the person saw.

    Raises:
        ConflictError: the file changed since; nothing was written.
        InputError: no such entry, its words can't be edited in this format, or the new words would
            change the file's structure (a heading or a comment in an answer).
        WorkspaceError: the file can't be written.
    """
    with _writing(workspace):
        source = read_source(workspace, path)
        if content_hash(source.data) != version:
            raise ConflictError("ingest.changed_meanwhile", where=path)
        chunk = _chunk(workspace, path, source.data, entry_id)
        if path.lower().endswith(_MARKDOWN):
            data = edit_section(source, chunk, change.question, change.answer, change.metadata())
        elif path.lower().endswith(_TABLES):
            data = edit_row(source, chunk, change.question, change.answer, change.metadata())
        else:
            _say_outside(workspace, chunk, change)
            return read_entry(workspace, path, entry_id)
        _verify(workspace, path, (source.data, data), chunk, change)
        write_atomically(workspace / path, data)
    return read_entry(workspace, path, entry_id)


def create_entry(
    workspace: Path,
    question: str,
    answer: str,
    change: Change | None = None,
    *,
    path: str = NEW_ENTRIES,
) -> Entry:
    """Add an entry at the end of a Markdown or CSV file, made if need be; pending unless said otherwise.

    Raises:
        InputError: no question or answer, another format, or words that would change the structure.
        WorkspaceError: the file can't be written.
    """
    question, answer = " ".join(question.split()), answer.strip()
    if not question or not answer:
        raise InputError("ingest.entry_empty")
    if not path.startswith("knowledge/faq/") or ".." in path.split("/"):
        raise InputError("ingest.entry_place", where=path)
    said = {"status": "pending", **(change.metadata() if change else {})}
    with _writing(workspace):
        exists = (workspace / path).exists()
        old = read_source(workspace, path).data if exists else b""
        source = as_source(path, old)
        if path.lower().endswith(_MARKDOWN):
            entry_id, data = append_section(source, question, answer, said)
        elif path.lower().endswith(_TABLES):
            entry_id, data = append_row(source, question, answer, said)
        else:
            raise InputError("ingest.entry_place", where=path)
        before = set(_chunks(workspace, path, old)) if exists else set()
        after = _chunks(workspace, path, data)
        if set(after) - before != {entry_id} or tidy(after[entry_id].text) != tidy(answer):
            raise InputError("ingest.entry_structure", where=path)
        write_atomically(workspace / path, data)
    return read_entry(workspace, path, entry_id)


def approve_entry(workspace: Path, path: str, entry_id: str, *, version: str) -> Entry:
    """Let an entry feed public drafts. Raises as ``edit_entry``."""
    return edit_entry(workspace, path, entry_id, Change(status="approved"), version=version)


def retire_entry(workspace: Path, path: str, entry_id: str, *, version: str) -> Entry:
    """Take an entry out of use without deleting it. Raises as ``edit_entry``."""
    return edit_entry(workspace, path, entry_id, Change(status="retired"), version=version)


def _say_outside(workspace: Path, chunk: Chunk, change: Change) -> None:
    if change.question is not None or change.answer is not None:
        raise InputError("ingest.words_not_editable", where=chunk.path)
    choices.say(workspace, "entries", chunk.id, {"file": chunk.path, **change.metadata()})


def _chunks(workspace: Path, path: str, data: bytes) -> dict[str, Chunk]:
    result = read_chunks(as_source(path, data), "", choices.load_choices(workspace))
    return {chunk.id: chunk for chunk in result.chunks}


def _chunk(workspace: Path, path: str, data: bytes, entry_id: str) -> Chunk:
    chunks = _chunks(workspace, path, data)
    # An id that two files share was indexed as "file#id".
    chunk = chunks.get(entry_id) or chunks.get(entry_id.rpartition("#")[2])
    if chunk is None:
        raise InputError("ingest.no_such_entry", where=path, id=entry_id)
    return chunk


def _verify(workspace: Path, path: str, data: tuple[bytes, bytes], chunk: Chunk, change: Change) -> None:
    """Read the edited file as the next ingestion will: the entry as wished, the others as they were."""
    before, after = (_chunks(workspace, path, d) for d in data)
    wished = chunk.question if change.question is None else change.question
    answer = chunk.text if change.answer is None else change.answer
    there = after.pop(chunk.id, None)
    fields = ("status", "visibility", "language", "valid_from", "valid_until")
    before.pop(chunk.id)
    same = _words(before) == _words(after)
    same = same and all(getattr(change, f) in (None, getattr(there, f, None)) for f in fields)
    if not (
        same
        and there
        and same
        and _flat(there.question) == _flat(wished)
        and tidy(there.text) == tidy(answer)
    ):
        raise InputError("ingest.entry_structure", where=path)


def _words(chunks: Mapping[str, Chunk]) -> dict[str, tuple[object, ...]]:
    return {i: (c.question, c.text, c.status, c.visibility, c.valid_until) for i, c in chunks.items()}


def _flat(text: str) -> str:
    return " ".join(tidy(text).split())


def _writing(workspace: Path) -> _Lock:
    return _Lock(workspace / ".copilot" / "entries.lock")


class _Lock:
    """One edit of the workspace's files at a time, whichever process makes it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        from filelock import FileLock, Timeout

        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.lock = FileLock(self.path, timeout=10)
            self.lock.acquire()
        except (OSError, Timeout) as error:
            raise ConflictError("ingest.entries_locked") from error

    def __exit__(self, *_: object) -> None:
        self.lock.release()
