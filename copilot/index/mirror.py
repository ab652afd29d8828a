"""The vectors in Chroma, for nearest-neighbour search beyond what a scan can do in time.

The segments hold the truth; Chroma follows them and can be filled again from them without asking an
embedder. What was measured of it decides how it is used: two processes in one directory lose rows or
crash, so a short lock is held for each use and a client is opened anew when another process has
written; a damaged directory can take the process down, so a directory that does not look as it was
left is first opened by a subprocess.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from copilot.index.embedders import Vectors

COLLECTION = "passages"
_BATCH = 1_000
_WRITER_WAITS = 60.0
_PROBE_SECONDS = 120.0
_SILENCE = 30.0
"""Seconds for which a server that did not answer is not asked again."""
_STATE = "chroma.json"
_PROBE = """
import sys
from copilot.index.mirror import embedded_client, collection_of
client = embedded_client(sys.argv[1])
found = collection_of(client, sys.argv[2])
count = found.count()
if count:
    some = found.get(limit=min(count, 5), include=["embeddings"])
    near = found.query(query_embeddings=some["embeddings"], n_results=min(count, 10), include=[])
    assert all(len(ids) == min(count, 10) for ids in near["ids"])
assert count == int(sys.argv[3])
"""


class Mirror:
    """Chroma beside one index folder: embedded in it, or a server's collection of that folder's name.

    Every method tells by its return value whether Chroma could serve; nothing here raises because of it.
    """

    def __init__(self, folder: Path, build: str, address: str = "") -> None:
        self.folder = folder
        self.place = folder / f"chroma-{build}"
        self.name = _collection_name(folder, build) if address else COLLECTION
        self._address = address
        self._client: Any = None
        self._opened_collection: Any = None
        self._known: tuple[tuple[int, int, int], dict[str, Any] | None] = ((0, 0, 0), None)
        self._epoch = ""
        self._silent_until = 0.0

    @property
    def loaded(self) -> bool:
        """Whether this process has already paid for the client."""
        return self._client is not None

    def nearest(self, generation: int, vector: Vectors, limit: int) -> list[str] | None:
        """Return the ids nearest to a vector, or None where Chroma is busy, behind or unusable."""
        with self._held(0.0) as held:
            if not held or not self._opened(generation):
                return None
            try:
                found = self._collection().query(
                    query_embeddings=vector.reshape(1, -1), n_results=limit, include=[]
                )
            except Exception:  # noqa: BLE001 - Chroma's own errors are of many kinds
                self._drop()
                return None
            self._renote()
            return list(found["ids"][0])

    def follow(
        self,
        before: int,
        generation: int,
        count: int,
        gone: Sequence[str],
        added: Iterable[tuple[Sequence[str], Vectors]],
    ) -> bool:
        """Apply a change that leads from one generation to the next; False: fill it again later.

        Args:
            count: rows after the change.
            added: batches of ids and vectors of shape ``(len(ids), dimension)``.
        """
        with self._held(_WRITER_WAITS) as held:
            return held and self._opened(before) and self._written(generation, count, gone, added)

    def refill(self, generation: int, count: int, rows: Iterable[tuple[Sequence[str], Vectors]]) -> bool:
        """Empty Chroma and fill it with all rows."""
        with self._held(_WRITER_WAITS) as held:
            if not held:
                return False
            self._drop()
            self._note(None)
            if not self._address:
                shutil.rmtree(self.place, ignore_errors=True)
            return self._started() and self._written(generation, count, (), rows, fresh=True)

    def untouched(self, generation: int) -> bool:
        """Tell at once whether Chroma is as it was left at this generation, from its files alone.

        Of a server nothing can be told without asking it: then what was noted counts.
        """
        state = self._state()
        return state is not None and state["generation"] == generation and state["files"] == self._files()

    def sound(self, generation: int) -> bool:
        """Tell whether Chroma can serve this generation; a directory that looks off is probed (seconds)."""
        state = self._state()
        if not state or state["generation"] != generation:
            return False
        if state["files"] == self._files() and not self._address:
            return True
        with self._held(_WRITER_WAITS) as held:
            if self._address:
                return held and self._opened(generation)
            if not held or not probe(self.place, state["count"]):
                return False
            self._note({**state, "files": self._files()})
            return True

    def close(self) -> None:
        """Let go of the client."""
        self._drop()

    # -- the client, always under the lock -----------------------------------------------------

    @contextmanager
    def _held(self, patience: float) -> Iterator[bool]:
        from filelock import FileLock, Timeout

        lock = FileLock(self.folder / "chroma.lock", timeout=patience)
        try:
            lock.acquire()
        except (Timeout, OSError):
            yield False
            return
        try:
            yield True
        finally:
            lock.release()

    def _opened(self, generation: int) -> bool:
        state = self._state()
        if not state or state["generation"] != generation:
            return False
        if self._client is not None and self._epoch == state["epoch"]:
            return True
        self._drop()
        if state["files"] != self._files() or not self._started() or self._count() != state["count"]:
            self._drop()
            return False
        self._epoch = state["epoch"]
        return True

    def _started(self) -> bool:
        if time.monotonic() < self._silent_until:
            return False
        try:
            self._client = server_client(self._address) if self._address else embedded_client(str(self.place))
        except Exception:  # noqa: BLE001 - see nearest
            self._drop()
            self._silent_until = time.monotonic() + _SILENCE if self._address else 0.0
        return self._client is not None

    def _count(self) -> int:
        try:
            return int(self._collection().count())
        except Exception:  # noqa: BLE001 - see nearest
            return -1

    def _collection(self) -> Any:
        if self._opened_collection is None:
            self._opened_collection = collection_of(self._client, self.name)
        return self._opened_collection

    def _written(
        self,
        generation: int,
        count: int,
        gone: Sequence[str],
        added: Iterable[tuple[Sequence[str], Vectors]],
        *,
        fresh: bool = False,
    ) -> bool:
        self._note(None)
        try:
            if fresh and self._address:
                _forget(self._client, self.name.rpartition("-")[0])
            collection = self._collection()
            for start in range(0, len(gone), _BATCH):
                collection.delete(ids=list(gone[start : start + _BATCH]))
            for ids, vectors in added:
                for start in range(0, len(ids), _BATCH):
                    part = slice(start, start + _BATCH)
                    collection.upsert(ids=list(ids[part]), embeddings=vectors[part])
            if collection.count() != count:
                return False
        except Exception:  # noqa: BLE001 - see nearest
            self._drop()
            return False
        self._epoch = uuid4().hex
        self._note({"generation": generation, "count": count, "epoch": self._epoch, "files": self._files()})
        return True

    def _drop(self) -> None:
        if self._client is not None and hasattr(self._client, "close"):
            self._client.close()
        self._client = self._opened_collection = None

    # -- what was left behind ----------------------------------------------------------------------

    def _state(self) -> dict[str, Any] | None:
        """Return how Chroma was left, read again only when the file is another one."""
        path = self.folder / _STATE
        try:
            status = path.stat()
            stamp = (status.st_mtime_ns, status.st_ino, status.st_size)
            if stamp != self._known[0]:
                self._known = (stamp, json.loads(path.read_bytes()))
            state = self._known[1]
            return state if state and state["place"] == self._home() else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _renote(self) -> None:
        """Write down the files again: a query may make Chroma persist what was still in its log."""
        state = self._state()
        if state is not None and state["files"] != self._files():
            self._note({**state, "files": self._files()})

    def _note(self, state: dict[str, Any] | None) -> None:
        path = self.folder / _STATE
        try:
            if state is None:
                path.unlink(missing_ok=True)
                return
            new = path.with_suffix(".new")
            new.write_text(json.dumps({**state, "place": self._home()}), encoding="utf-8")
            new.replace(path)
        except OSError:
            return

    def _files(self) -> dict[str, list[int]]:
        return {} if self._address else _marks(self.place)

    def _home(self) -> str:
        return f"{self._address}/{self.name}" if self._address else self.place.name


def embedded_client(place: str) -> Any:
    """Open a Chroma directory; telemetry of Chroma and of onnxruntime, which it brings, stays off."""
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(place, settings=Settings(anonymized_telemetry=False))


def server_client(address: str) -> Any:
    """Connect to a Chroma server at ``host:port``."""
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    import chromadb
    from chromadb.config import Settings

    host, _, port = address.rpartition("://")[2].partition(":")
    return chromadb.HttpClient(
        host=host,
        port=int(port or 8000),
        ssl=address.startswith("https://"),
        settings=Settings(anonymized_telemetry=False),
    )


def collection_of(client: Any, name: str) -> Any:
    """Return the collection of an index, vectors always handed in, cosine distance."""
    return client.get_or_create_collection(
        name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
    )


def probe(place: Path, count: int) -> bool:
    """Open a directory in a subprocess, count its rows and query it; a crash there is no crash here."""
    command = [sys.executable, "-c", _PROBE, str(place), COLLECTION, str(count)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_PROBE_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _forget(client: Any, prefix: str) -> None:
    for collection in client.list_collections():
        if collection.name.startswith(prefix):
            client.delete_collection(collection.name)


def _collection_name(folder: Path, build: str) -> str:
    from hashlib import blake2b

    return f"porte-voix-{blake2b(str(folder.resolve()).encode(), digest_size=6).hexdigest()}-{build}"


def _marks(place: Path) -> dict[str, list[int]]:
    """Return size and time of each file, of the database the size alone: opening it touches the time.

    SQLite's side files come and go on their own.
    """
    found = {}
    for path in sorted(place.rglob("*")):
        if path.is_file() and not path.name.endswith(("-wal", "-shm", "-journal")):
            status = path.stat()
            time = 0 if path.suffix == ".sqlite3" else status.st_mtime_ns
            found[str(path.relative_to(place))] = [status.st_size, time]
    return found
