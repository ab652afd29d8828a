"""One ingestion: look at what changed, replace its chunks, forget what is gone."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from copilot.errors import InputError
from copilot.ingest import state as states
from copilot.ingest.changes import Index, Ledger, paragraphs_of
from copilot.ingest.choices import load_choices
from copilot.ingest.files import Found, discover
from copilot.ingest.parse import explain
from copilot.ingest.reading import Result, content_hash, read_chunks, read_source
from copilot.ingest.state import Seen, State
from copilot.messages import localized
from copilot.records import Chunk, IngestReport, Localized, Notice

_COMMIT_CHUNKS = 1_000
_COMMIT_SECONDS = 5.0
_SAVE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ingestion is: files done of ``total`` to do, the one at hand, seconds left.

    ``phase`` is ``reading`` before a file and ``written`` after a commit; ``part`` is how much of a
    large file is written, 0..1. ``seconds_left`` is None until there is something to judge by.
    """

    done: int
    total: int
    path: str
    phase: str = "reading"
    seconds_left: float | None = None
    part: float = 0.0


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
        rebuild: the index is a new one (``Index.rebuild``): forget what the last run saw.

    Raises:
        InputError: a rebuild was cancelled; raised so that the half-built index is not swapped in.
        WorkspaceError: the index can't be written.
        FileFormatError: ``cleaning.yml`` or ``entries.yml`` has a mistake.
    """
    started = time.monotonic()
    ledger = Ledger(workspace, index, State() if rebuild else states.load(workspace), load_choices(workspace))
    run = _Ingestion(ledger, progress or (lambda _: None), cancel or (lambda: False))
    run.everything()
    if run.cancelled and rebuild:
        raise InputError("ingest.rebuild_cancelled")
    states.save(workspace, ledger.state)
    if run.cancelled:
        run.tell("ingest.cancelled")
    return IngestReport(
        added=len(run.added),
        updated=len(run.updated),
        removed=run.removed,
        unchanged=len(run.unchanged - run.added - run.updated),
        chunks=run.chunks,
        seconds=time.monotonic() - started,
        failed=tuple(run.failed.items()),
        notices=tuple(dict.fromkeys(run.notices)),
    )


class _Ingestion:
    """The moving parts of one run."""

    def __init__(
        self, ledger: Ledger, progress: Callable[[Progress], None], cancel: Callable[[], bool]
    ) -> None:
        self.ledger = ledger
        self.index = ledger.index
        self.progress = progress
        self.cancel = cancel
        self.cancelled = False
        self.added: set[str] = set()
        self.updated: set[str] = set()
        self.unchanged: set[str] = set()
        self.removed = self.chunks = 0
        self.failed: dict[str, Localized] = {}
        self.notices: list[Notice] = []
        self._written: dict[str, Seen] = {}  # ingested, not yet committed
        self._claimed: dict[str, str] = {}  # chunk id → file, of this run
        self._waiting = 0
        self._committed_at = self._saved_at = time.monotonic()

    def tell(self, key: str, **params: object) -> None:
        """Add a warning to the report."""
        self.notices.append(Notice(key, localized(key, **params), "warning"))

    def everything(self) -> None:
        """Forget what is gone, ingest what changed, and once more what that changes elsewhere."""
        found = discover(self.ledger.workspace)
        self._forget(self.ledger.missing(found))
        self._pass(found)
        if not self.cancelled and self.ledger.recount_sites():
            self.ledger.indexed = self.index.versions()
            self._pass([f for f in found if f.path not in self.failed])

    def _pass(self, found: Sequence[Found]) -> None:
        changes = self.ledger.compare(found, self._asked_to_stop)
        self.failed.update(changes.failed)
        self.unchanged.update(changes.unchanged)
        total = sum(file.size + 1 for file in changes.files)
        done, begun = 0, time.monotonic()
        for number, file in enumerate(changes.files):
            if self._asked_to_stop():
                break
            left = (time.monotonic() - begun) / done * (total - done) if done else None
            step = Progress(number, len(changes.files), file.path, "reading", left)
            self.progress(step)
            self._try(file, step)
            done += file.size + 1
            if self._waiting >= _COMMIT_CHUNKS or time.monotonic() - self._committed_at > _COMMIT_SECONDS:
                self._commit()
                self.progress(replace(step, done=number + 1, phase="written"))
        self._commit()
        if changes.files and not self.cancelled:
            self.progress(Progress(len(changes.files), len(changes.files), "", "written", 0.0))

    def _try(self, file: Found, step: Progress) -> None:
        try:
            self._replace(file, step)
        except InputError as error:
            self.failed[file.path] = explain(error, file.path)

    def _replace(self, file: Found, step: Progress) -> None:
        """Replace the chunks of one file."""
        path, looked = file.path, states.now_ns()
        source = read_source(self.ledger.workspace, path)
        content = content_hash(source.data)
        version = self.ledger.version(path, content)
        result = read_chunks(source, version, self.ledger.choices, shared=self.ledger.shared(path))
        old = set(self.ledger.ids(path))
        chunks = self._named_apart(result, old)
        if len(chunks) <= 2 * _COMMIT_CHUNKS:
            self.index.upsert(chunks)
        elif not self._in_batches(path, chunks, step):
            return
        ids = [chunk.id for chunk in chunks]
        self.index.delete(old.difference(ids))
        self._waiting += len(chunks) + 1
        self._claimed.update(dict.fromkeys(ids, path))
        self._written[path] = Seen(
            file.size, file.changed, looked, content, version, ids, paragraphs_of(result)
        )
        self.notices.extend(result.notices)
        self.chunks += len(chunks)
        if path not in self.added:
            (self.updated if path in self.ledger.indexed else self.added).add(path)

    def _in_batches(self, path: str, chunks: Sequence[Chunk], step: Progress) -> bool:
        """Commit a large file batch by batch; what a former run already wrote is not written again.

        Returns False when cancelled half-way: the file is then marked as partly written.
        """
        state = self.ledger.state
        there = self.index.chunks() if path in state.partial else {}
        todo = [c for c in chunks if c.id not in there or there[c.id] != c]
        self._commit()
        state.partial.add(path)
        state.moved = True
        states.save(self.ledger.workspace, state)
        for start in range(0, len(todo), _COMMIT_CHUNKS):
            if self._asked_to_stop():
                return False
            self.index.upsert(todo[start : start + _COMMIT_CHUNKS])
            self.index.commit()
            self.progress(replace(step, phase="written", part=min(1.0, (start + _COMMIT_CHUNKS) / len(todo))))
        return True

    def _named_apart(self, result: Result, own: set[str]) -> list[Chunk]:
        """Give another id to a chunk whose id another file holds already."""
        path, there = result.document.path, self.index.chunks()
        chunks: list[Chunk] = []
        taken: dict[str, list[str]] = {}
        for chunk in result.chunks:
            holder = self._claimed.get(chunk.id, "")
            if not holder and chunk.id not in own and chunk.id in there:
                holder = there[chunk.id].path
            if holder and holder != path and (self.ledger.workspace / holder).exists():
                taken.setdefault(holder, []).append(chunk.id)
                chunk = replace(chunk, id=f"{path.removeprefix('knowledge/')}#{chunk.id}")
            chunks.append(chunk)
        for holder, ids in taken.items():
            self.tell("ingest.duplicate_id", id=ids[0], count=len(ids), path=path, other=holder)
        return chunks

    def _forget(self, paths: Sequence[str]) -> None:
        for path in paths:
            if path in self.ledger.indexed:
                self.index.delete(self.ledger.ids(path))
                self.removed += 1
                self._waiting += 1
            self.ledger.state.forget(path)
            self.ledger.indexed.pop(path, None)
        self._commit()

    def _asked_to_stop(self) -> bool:
        self.cancelled = self.cancelled or self.cancel()
        return self.cancelled

    def _commit(self) -> None:
        if self._waiting:
            self.index.commit()
        self._waiting = 0
        self._committed_at = time.monotonic()
        state = self.ledger.state
        for path, seen in self._written.items():
            state.remember(path, seen)
            state.partial.discard(path)
        self._written.clear()
        if self._committed_at - self._saved_at > _SAVE_SECONDS:
            self._saved_at = self._committed_at
            states.save(self.ledger.workspace, state)
