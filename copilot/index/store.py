"""``Index``: the chunks of a workspace, their lexical index and their vectors, in one folder.

Truth lives in files elsewhere; this folder can always be rebuilt. One process writes at a time (a file
lock), any number read: a reader looks at the manifest before each use and takes up a new generation.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from copilot.errors import DamagedIndexError, WorkspaceError
from copilot.index import loading, timing
from copilot.index import manifest as manifests
from copilot.index import segment as segments
from copilot.index.embedders import DEFAULT, Embedder, Vectors
from copilot.index.embedders import embedder as named_embedder
from copilot.index.manifest import Manifest, Part
from copilot.index.mirror import Mirror
from copilot.index.snapshot import ChunkTable, Mask, Rows, Snapshot
from copilot.messages import localized
from copilot.records import Chunk, Notice

_EMBED_AT_ONCE = 256
_SCANNED = 8_000_000
"""Numbers in all vectors up to which looking at each is as fast as Chroma: 20,000 passages of 384."""


class Index:
    """An open index. Use ``Index.open`` or ``Index.rebuild``; close it, or use it in a ``with``."""

    def __init__(
        self, folder: Path, embedder: Embedder, snapshot: Snapshot, lock: Any = None, chroma: str = ""
    ) -> None:
        self.folder = folder
        self.notices: list[Notice] = []
        self._chroma = chroma
        self._mirror = Mirror(folder, snapshot.manifest.build, chroma)
        self.embedder = embedder
        self._snapshot = snapshot
        self._lock = lock
        self._stamp = loading.stamp(folder)
        self._published = True
        self._searches = 0
        self._begun = time.monotonic()
        self._embedding = 0.0
        self._written = 0
        self._former: dict[str, Vectors] | None = None
        self._pending: dict[str, Chunk] = {}
        self._deleted: set[str] = set()

    @classmethod
    def open(
        cls, folder: Path, embedder: Embedder | None = None, *, write: bool = False, chroma: str = ""
    ) -> Index:
        """Open the index of a folder; with ``write`` an empty one is made where there is nothing.

        Args:
            embedder: the configured one; None takes the one that built the index.
            chroma: ``host:port`` of a Chroma server; empty for the one embedded in the folder.

        Raises:
            DamagedIndexError: missing, damaged, or built by another embedder.
            WorkspaceError: with ``write``, another process writes or the folder is read-only.
        """
        lock = loading.locked(folder) if write else None
        try:
            if write and not any(p.name not in (loading.LOCK,) for p in folder.iterdir()):
                manifests.save(folder, _empty(embedder or named_embedder()))
            snapshot = loading.load(folder, None)
            embedder = _matching(snapshot.manifest, embedder, folder)
            index = cls(folder, embedder, snapshot, lock, chroma)
            if write:
                index._sweep()
            index._look_after_mirror(write)
            return index
        except BaseException:
            if lock is not None:
                lock.release()
            raise

    @classmethod
    @contextmanager
    def rebuild(cls, folder: Path, embedder: Embedder | None = None, *, chroma: str = "") -> Iterator[Index]:
        """Give an empty index to fill; it replaces the present one when the block ends without error.

        Vectors of texts that have not changed are taken over, so that an endpoint is not paid twice.

        Raises:
            WorkspaceError: another process writes or the folder is read-only.
        """
        lock = loading.locked(folder)
        try:
            embedder = embedder or named_embedder()
            build = _next_build(folder)
            index = cls(folder, embedder, Snapshot(_empty(embedder, build), ()), None, chroma)
            index._published = False
            index._former = loading.vectors(folder, embedder)
            yield index
            index.commit()
            index._publish()
            index._mirror.close()
            index._sweep()
            index._refill()
            index._mirror.close()
            index._remember_pace()
        finally:
            lock.release()

    @property
    def snapshot(self) -> Snapshot:
        """The newest generation on the disk; what this process has not committed is not in it."""
        if self._lock is None and self._published:
            self._refresh()
        return self._snapshot

    def chunks(self) -> Mapping[str, Chunk]:
        """Return the committed chunks by id."""
        return ChunkTable(self.snapshot)

    def versions(self) -> dict[str, str]:
        """Return the version of each source path that has chunks."""
        return dict(self.snapshot.versions)

    def upsert(self, chunks: Iterable[Chunk]) -> None:
        """Add chunks or replace those of the same id, at the next ``commit``."""
        for chunk in chunks:
            self._pending[chunk.id] = chunk
            self._deleted.discard(chunk.id)

    def delete(self, ids: Iterable[str]) -> None:
        """Remove chunks by id, at the next ``commit``; unknown ids are ignored."""
        for chunk_id in ids:
            self._pending.pop(chunk_id, None)
            self._deleted.add(chunk_id)

    def commit(self) -> None:
        """Make all changes since the last commit visible, all or nothing.

        Raises:
            WorkspaceError: the folder cannot be written.
            LLMError: the embedder's endpoint failed; nothing has changed, the changes are still pending.
        """
        before, rows = self._snapshot.manifest.generation, self._snapshot.rows
        gone = {rows[i] for i in (*self._pending, *self._deleted) if i in rows}
        if not gone and not self._pending:
            return
        chunks = list(self._pending.values())
        vectors = self._embed(chunks) if chunks else np.zeros((0, 0), dtype=np.float32)
        parts = _without(self._snapshot, gone)
        try:
            added = self._write(chunks, vectors) if chunks else ()
            dimension = self._snapshot.manifest.dimension or vectors.shape[1]
            self._take(self._snapshot.manifest.advanced((*parts, *added), dimension))
            self._merge()
        except OSError as error:
            raise WorkspaceError("index.read_only", where=str(self.folder), problem=str(error)) from error
        self._written += len(chunks)
        dropped = [i for i in self._deleted if i in rows]
        self._pending.clear()
        self._deleted.clear()
        if self._published:
            self._publish()
            self._sweep()
            self._follow(before, dropped, ([c.id for c in chunks], vectors))

    def _follow(self, before: int, gone: Sequence[str], added: tuple[Sequence[str], Vectors]) -> None:
        manifest = self._snapshot.manifest
        if not self._mirror.follow(before, manifest.generation, manifest.count, gone, [added]):
            self._refill()

    def _refill(self, told: str = "") -> None:
        manifest = self._snapshot.manifest
        if not self._mirror.refill(manifest.generation, manifest.count, self._snapshot.batches()):
            told = "index.chroma_behind"
        self._tell(told)

    def _look_after_mirror(self, write: bool) -> None:
        """See whether Chroma follows; mend it when writing, else tell that vectors are scanned."""
        generation = self._snapshot.manifest.generation
        if not generation:
            return
        if not write:
            self._tell("" if self._mirror.untouched(generation) else "index.chroma_behind")
        elif not self._mirror.sound(generation):
            self._refill("index.chroma_rebuilt")

    def _tell(self, code: str) -> None:
        if code and all(notice.code != code for notice in self.notices):
            self.notices.append(Notice(code, localized(code), "warning"))

    def nearest(self, snapshot: Snapshot, vector: Vectors, limit: int, allowed: Mask) -> Rows:
        """Return the allowed rows whose vectors are nearest to one of shape ``(dimension,)``.

        Chroma is asked in a large index, from the second search of a process on: loading it takes
        seconds, a scan of the vectors milliseconds, is exact, and takes Chroma's place wherever it is
        busy or behind.
        """
        self._searches += 1
        if self._large(snapshot) and self._searches > 1:
            ids = self._mirror.nearest(snapshot.manifest.generation, vector, limit)
            if ids is not None:
                rows = np.array([snapshot.rows[i] for i in ids if i in snapshot.rows], dtype=np.int64)
                return rows[allowed[rows]]
        return snapshot.scan(vector, limit, allowed)

    def warm_up(self) -> None:
        """Load what the first searches would wait for."""
        snapshot = self.snapshot
        if self._large(snapshot):
            self._searches += 1
            vector = np.ones(snapshot.manifest.dimension, dtype=np.float32)
            self.nearest(snapshot, vector, 1, snapshot.alive)

    def _large(self, snapshot: Snapshot) -> bool:
        return snapshot.size * snapshot.manifest.dimension > _SCANNED

    def close(self) -> None:
        """Let go of the folder; what was not committed is lost."""
        self._mirror.close()
        if self._lock is not None:
            self._remember_pace()
            self._lock.release()
            self._lock = None

    def _remember_pace(self) -> None:
        timing.remember(self.folder, self._written, time.monotonic() - self._begun - self._embedding)

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _embed(self, chunks: Sequence[Chunk]) -> Vectors:
        known: dict[str, Vectors] = {}
        if self.embedder.name != DEFAULT:
            known = self._former if self._former is not None else _known_vectors(self._snapshot)
        new = [c for c in chunks if content_hash(c) not in known]
        for start in range(0, len(new), _EMBED_AT_ONCE):
            part = new[start : start + _EMBED_AT_ONCE]
            started = time.monotonic()
            found = self.embedder.embed([embedded_text(c) for c in part])
            self._embedding += time.monotonic() - started
            self.check_dimension(found.shape[1])
            known |= zip(map(content_hash, part), found, strict=True)
        return np.stack([known[content_hash(c)] for c in chunks]).astype(np.float32)

    def check_dimension(self, dimension: int) -> None:
        """Make sure that vectors fit those of the index.

        Raises:
            DamagedIndexError: they don't; the model behind the embedder's name has changed.
        """
        built = self._snapshot.manifest.dimension
        if built and built != dimension:
            name = self.embedder.name
            raise DamagedIndexError(
                "index.other_embedder",
                where=str(self.folder),
                built=f"{name} ({built})",
                configured=f"{name} ({dimension})",
            )

    def _write(self, chunks: Sequence[Chunk], vectors: Vectors) -> tuple[Part, ...]:
        folder = self._next_segment()
        segments.write(folder, chunks, [content_hash(c) for c in chunks], vectors)
        return (Part(folder.name, len(chunks), segments.checksums(folder)),)

    def _next_segment(self) -> Path:
        manifest = self._snapshot.manifest
        folder = self.folder / "segments" / f"{manifest.build}-{manifest.generation + 1:06d}"
        shutil.rmtree(folder, ignore_errors=True)
        return folder

    def _take(self, manifest: Manifest) -> None:
        self._snapshot = loading.snapshot(self.folder, manifest, self._snapshot)

    def _merge(self) -> None:
        """Join the newest segments, see ``Manifest.mergeable``."""
        snapshot = self._snapshot
        first = snapshot.manifest.mergeable
        if first is None:
            return
        spans = zip(snapshot.bases, snapshot.segments, strict=False)
        kept = [(segment, snapshot.alive[base : base + len(segment)]) for base, segment in spans]
        folder = self._next_segment()
        segments.join(folder, kept[first:])
        rows = sum(int(mask.sum()) for _, mask in kept[first:])
        parts = (*snapshot.manifest.parts[:first], Part(folder.name, rows, segments.checksums(folder)))
        self._take(snapshot.manifest.advanced(parts, snapshot.manifest.dimension))

    def _publish(self) -> None:
        manifests.save(self.folder, self._snapshot.manifest)
        self._published = True
        self._stamp = loading.stamp(self.folder)

    def _refresh(self) -> None:
        stamp = loading.stamp(self.folder)
        if stamp != self._stamp:
            self._snapshot = loading.load(self.folder, self._snapshot)
            self._stamp = stamp
            self._mirror.close()
            self._mirror = Mirror(self.folder, self._snapshot.manifest.build, self._chroma)

    def _sweep(self) -> None:
        """Remove what the manifest does not name: the remains of merges and of broken-off runs."""
        named = {part.name for part in self._snapshot.manifest.parts}
        for path in (self.folder / "segments").glob("*"):
            if path.name not in named:
                shutil.rmtree(path, ignore_errors=True)
        for path in self.folder.glob("chroma-*"):
            if path != self._mirror.place:
                shutil.rmtree(path, ignore_errors=True)


def embedded_text(chunk: Chunk) -> str:
    """Return the text of a chunk that is turned into its vector."""
    return f"{chunk.question}\n{chunk.text}" if chunk.question else chunk.text


def content_hash(chunk: Chunk) -> str:
    """Return a hash of the text that a chunk's vector stands for."""
    return blake2b(embedded_text(chunk).encode(), digest_size=12).hexdigest()


def _known_vectors(snapshot: Snapshot) -> dict[str, Vectors]:
    return {
        h: v for segment in snapshot.segments for h, v in zip(segment.hashes, segment.vectors, strict=True)
    }


def _empty(embedder: Embedder, build: str = "000001") -> Manifest:
    return Manifest(embedder.name, 0, build)


def _next_build(folder: Path) -> str:
    names = [path.name.split("-")[0] for path in (folder / "segments").glob("*")]
    with suppress(DamagedIndexError):
        names.append(manifests.load(folder).build)
    return f"{max((int(n) for n in names if n.isdigit()), default=0) + 1:06d}"


def _matching(manifest: Manifest, embedder: Embedder | None, folder: Path) -> Embedder:
    found = embedder or named_embedder(manifest.embedder)
    if found.name != manifest.embedder:
        raise DamagedIndexError(
            "index.other_embedder", where=str(folder), built=manifest.embedder, configured=found.name
        )
    return found


def _without(snapshot: Snapshot, gone: set[int]) -> tuple[Part, ...]:
    parts = []
    for base, part in zip(snapshot.bases, snapshot.manifest.parts, strict=False):
        dead = {*part.dead, *(row - base for row in gone if base <= row < base + part.rows)}
        if len(dead) < part.rows:
            parts.append(Part(part.name, part.rows, part.files, tuple(sorted(dead))))
    return tuple(parts)
