"""One ingestion: look at what changed, replace its chunks, forget what is gone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from copilot.errors import InputError
from copilot.ingest import state as states
from copilot.ingest.choices import Choices, load_choices
from copilot.ingest.files import Found, discover
from copilot.ingest.parse import explain
from copilot.ingest.reading import Result, content_hash, read_chunks, read_source, version_of
from copilot.ingest.state import Seen, State
from copilot.messages import localized
from copilot.records import Chunk, IngestReport, Localized, Notice

_COMMIT_CHUNKS = 1_000
_COMMIT_SECONDS = 5.0
_SAVE_SECONDS = 20.0


class Index(Protocol):
    """What ingestion needs of an index that is open for writing."""

    def upsert(self, chunks: Iterable[Chunk], /) -> None: ...
    def delete(self, ids: Iterable[str], /) -> None: ...
    def chunks(self) -> Mapping[str, Chunk]: ...
    def versions(self) -> dict[str, str]: ...
    def commit(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ingestion is: files done of ``total`` to do, the one at hand, seconds left.

    ``phase`` is ``reading`` before a file, ``written`` after a commit; ``seconds_left`` is None until
    there is something to judge by.
    """

    done: int
    total: int
    path: str
    phase: str = "reading"
    seconds_left: float | None = None


@dataclass(slots=True)
class _Run:
    """The changing parts of one ingestion."""

    workspace: Path
    index: Index
    state: State
    choices: Choices
    progress: Callable[[Progress], None]
    cancel: Callable[[], bool]
    started: float
    committed_at: float = 0.0
    saved_at: float = 0.0
    waiting: int = 0
    written: list[tuple[str, Seen]] = field(default_factory=list)
    failed: list[tuple[str, Localized]] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    added: int = 0
    updated: int = 0
    removed: int = 0
    chunks: int = 0
    owners: dict[str, list[str]] | None = None


@dataclass(frozen=True, slots=True)
class _Change:
    found: Found
    content: str
    version: str


def ingest(
    workspace: Path,
    index: Index,
    *,
    progress: Callable[[Progress], None] | None = None,
    cancel: Callable[[], bool] | None = None,
    rebuild: bool = False,
) -> IngestReport:
    """Bring the index up to date with ``knowledge/{guidelines,faq,imported}``.

    Only files whose content changed are parsed; only those whose size or time of change moved are
    read. A file that can't be read is reported and what was known of it stays. Work is committed as it
    goes, so that a cancelled or killed run is taken up where it stopped.

    Args:
        workspace: the workspace's folder.
        index: open for writing; the caller closes it.
        progress: called before each file and after each commit.
        cancel: asked between files and batches; True ends the run with what is done so far, and the
            report carries the notice ``ingest.cancelled``.
        rebuild: read and index everything anew, whatever the last run saw.

    Raises:
        WorkspaceError: the index can't be written.
        FileFormatError: ``cleaning.yml`` or ``entries.yml`` has a mistake.
    """
    started = time.monotonic()
    run = _Run(
        workspace,
        index,
        states.load(workspace),
        load_choices(workspace),
        progress or (lambda _: None),
        cancel or (lambda: False),
        started,
        committed_at=started,
        saved_at=started,
    )
    if rebuild:
        run.state = State()
    known = {} if rebuild else index.versions()
    found = list(discover(workspace))
    _forget_missing(run, known, {f.path for f in found})
    changes, unchanged = _changes(run, found, known)
    cancelled = not _apply_all(run, changes, known)
    _commit(run)
    states.save(workspace, run.state)
    if cancelled:
        run.notices.append(Notice("ingest.cancelled", localized("ingest.cancelled"), "warning"))
    return IngestReport(
        added=run.added,
        updated=run.updated,
        removed=run.removed,
        unchanged=unchanged,
        chunks=run.chunks,
        seconds=time.monotonic() - started,
        failed=tuple(run.failed),
        notices=tuple(run.notices),
    )


def _changes(run: _Run, found: Sequence[Found], known: Mapping[str, str]) -> tuple[list[_Change], int]:
    changes: list[_Change] = []
    unchanged = 0
    for file in found:
        if run.cancel():
            break
        try:
            change = _change(run, file, known)
        except InputError as error:
            run.failed.append((file.path, explain(error, file.path)))
            continue
        if change:
            changes.append(change)
        else:
            unchanged += 1
    return changes, unchanged


def _change(run: _Run, file: Found, known: Mapping[str, str]) -> _Change | None:
    seen = run.state.unchanged(file)
    looked = states.now_ns()
    content = seen.content if seen else content_hash(read_source(run.workspace, file.path).data)
    version = version_of(content, *run.choices.of(file.path))
    before = run.state.files.get(file.path)
    indexed = known.get(file.path)
    # A file without chunks isn't in the index; only our own memory tells that it was done.
    done = indexed == version or (indexed is None and before and before.version == version and not before.ids)
    if not done or file.path in run.state.partial:
        return _Change(file, content, version)
    ids = before.ids if before and before.version == version else _owned(run, file.path)
    looked = seen.looked if seen else looked
    run.state.files[file.path] = Seen(file.size, file.changed, looked, content, version, ids)
    return None


def _apply_all(run: _Run, changes: Sequence[_Change], known: Mapping[str, str]) -> bool:
    """Ingest the changed files; return False when cancelled."""
    total = sum(c.found.size + 1 for c in changes)
    done = 0
    begun = time.monotonic()
    for number, change in enumerate(changes):
        if run.cancel():
            return False
        spent = time.monotonic() - begun
        left = spent / done * (total - done) if done else None
        run.progress(Progress(number, len(changes), change.found.path, "reading", left))
        try:
            whole = _apply(run, change, known)
        except InputError as error:
            run.failed.append((change.found.path, explain(error, change.found.path)))
            whole = True
        if not whole:
            return False
        done += change.found.size + 1
        if run.waiting >= _COMMIT_CHUNKS or time.monotonic() - run.committed_at > _COMMIT_SECONDS:
            _commit(run)
            run.progress(Progress(number + 1, len(changes), change.found.path, "written"))
    _commit(run)
    if changes:
        run.progress(Progress(len(changes), len(changes), "", "written", 0.0))
    return True


def _apply(run: _Run, change: _Change, known: Mapping[str, str]) -> bool:
    """Replace the chunks of one file; return False when cancelled half-way through a large one."""
    path = change.found.path
    looked = states.now_ns()
    source = read_source(run.workspace, path)
    content = content_hash(source.data)
    version = version_of(content, *run.choices.of(path))
    result = read_chunks(source, version, run.choices)
    before = run.state.files.get(path)
    old = before.ids if before and before.version == known.get(path) else _owned_if(run, path, known)
    chunks = _named_apart(run, result, set(old), path)
    if len(chunks) > 2 * _COMMIT_CHUNKS and not _in_batches(run, path, chunks):
        return False
    new = [c.id for c in chunks]
    run.index.delete(set(old) - set(new))
    if len(chunks) <= 2 * _COMMIT_CHUNKS:
        run.index.upsert(chunks)
    run.waiting += len(chunks) + 1
    run.chunks += len(chunks)
    run.written.append((path, Seen(change.found.size, change.found.changed, looked, content, version, new)))
    run.notices.extend(result.notices)
    if path in known:
        run.updated += 1
    else:
        run.added += 1
    return True


def _in_batches(run: _Run, path: str, chunks: Sequence[Chunk]) -> bool:
    """Commit a large file batch by batch; what a former run already wrote is not written again."""
    resumed = path in run.state.partial
    _commit(run)
    run.state.partial.add(path)
    states.save(run.workspace, run.state)
    there = run.index.chunks() if resumed else {}
    todo = [c for c in chunks if not (resumed and c.id in there and there[c.id] == c)]
    for start in range(0, len(todo), _COMMIT_CHUNKS):
        if run.cancel():
            return False
        run.index.upsert(todo[start : start + _COMMIT_CHUNKS])
        run.index.commit()
        run.progress(Progress(min(start + _COMMIT_CHUNKS, len(todo)), len(todo), path, "written"))
    return True


def _named_apart(run: _Run, result: Result, own: set[str], path: str) -> list[Chunk]:
    """Give another id to a chunk whose id another file already holds."""
    from dataclasses import replace

    there = run.index.chunks()
    waiting = {i: p for p, seen in run.written for i in seen.ids}
    chunks = []
    for chunk in result.chunks:
        holder = waiting.get(chunk.id, "")
        if not holder and chunk.id not in own and chunk.id in there:
            holder = there[chunk.id].path
        if holder and holder != path and (run.workspace / holder).exists():
            message = localized("ingest.duplicate_id", id=chunk.id, path=path, other=holder)
            run.notices.append(Notice("ingest.duplicate_id", message, "warning"))
            chunk = replace(chunk, id=f"{path.removeprefix('knowledge/')}#{chunk.id}")
        chunks.append(chunk)
    return chunks


def _forget_missing(run: _Run, known: Mapping[str, str], present: set[str]) -> None:
    for path in sorted({*known, *run.state.files} - present):
        if path in known:
            before = run.state.files.get(path)
            ids = before.ids if before and before.version == known[path] else _owned(run, path)
            run.index.delete(ids)
            run.removed += 1
            run.waiting += 1
        run.state.files.pop(path, None)
        run.state.partial.discard(path)
    _commit(run)


def _owned_if(run: _Run, path: str, known: Mapping[str, str]) -> list[str]:
    return _owned(run, path) if path in known or path in run.state.partial else []


def _owned(run: _Run, path: str) -> list[str]:
    """Ask the index which chunks a file has: the slow way, when our memory doesn't match it."""
    if run.owners is None:
        run.owners = {}
        for chunk in run.index.chunks().values():
            run.owners.setdefault(chunk.path, []).append(chunk.id)
    return run.owners.get(path, [])


def _commit(run: _Run) -> None:
    if run.waiting:
        run.index.commit()
    run.waiting = 0
    run.committed_at = time.monotonic()
    for path, seen in run.written:
        run.state.files[path] = seen
        run.state.partial.discard(path)
    run.written.clear()
    if run.committed_at - run.saved_at > _SAVE_SECONDS:
        run.saved_at = run.committed_at
        states.save(run.workspace, run.state)
