"""Chroma beside the index: it follows, its damages are found and mended, two processes don't collide."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from copilot.index import Index
from copilot.index import store as stores
from copilot.index.mirror import COLLECTION, collection_of, embedded_client
from copilot.records import Chunk


class Direction:
    """Vectors of eight numbers that depend on the text alone."""

    name = "openai:direction"
    dimension = 8

    def __init__(self) -> None:
        self.asked = 0

    def embed(self, texts: Sequence[str], *, query: bool = False) -> np.ndarray:  # noqa: ARG002
        self.asked += len(texts)
        seeds = [int.from_bytes(text.encode()[-6:], "big") for text in texts]
        rows = [np.random.default_rng(seed).standard_normal(8) for seed in seeds]
        return np.array(rows, dtype=np.float32).reshape(len(texts), 8)


def entry(number: int) -> Chunk:
    return Chunk(
        id=f"c{number}", document_id="d", path="d.md", text=f"Texte {number}", language="fr", version="1"
    )


def rows_in_chroma(folder: Path) -> int:
    place = next(folder.glob("chroma-*/"))
    client = embedded_client(str(place))
    count = int(collection_of(client, COLLECTION).count())
    client.close()
    return count


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # More than 1,000 rows: from there on Chroma writes its graph to files of its own.
    folder = tmp_path_factory.mktemp("filled") / "index"
    with Index.open(folder, Direction(), write=True) as index:
        index.upsert(entry(n) for n in range(1_200))
        index.commit()
    return folder


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Path:
    shutil.copytree(filled, tmp_path / "index", copy_function=shutil.copy2)
    return tmp_path / "index"


@pytest.fixture
def always_chroma(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "_SCANNED", 0)


def nearest(index: Index, number: int) -> str:
    index.warm_up()
    snapshot = index.snapshot
    vector = index.embedder.embed([f"Texte {number}"], query=True)[0]
    rows = index.nearest(snapshot, vector, 5, snapshot.alive)
    return snapshot.chunk(int(rows[0])).id


@pytest.mark.usefixtures("always_chroma")
def test_chroma_follows_changes(folder: Path) -> None:
    with Index.open(folder, Direction(), write=True) as index:
        index.delete(["c3"])
        index.upsert([entry(5_000)])
        index.commit()
        assert nearest(index, 5_000) == "c5000"
        assert nearest(index, 3) != "c3"
        assert index.notices == []
    assert rows_in_chroma(folder) == 1_200


@pytest.mark.usefixtures("always_chroma")
def test_reading_leaves_chroma_as_it_was(folder: Path) -> None:
    for _ in range(2):
        with Index.open(folder, Direction()) as index:
            assert nearest(index, 7) == "c7"
            assert index.notices == []
            assert index._mirror.loaded


def damaged(place: Path, kind: str) -> None:
    graph = next(place.glob("*/header.bin"))
    if kind == "half header":
        graph.write_bytes(graph.read_bytes()[: graph.stat().st_size // 2])
    elif kind == "empty sqlite":
        (place / "chroma.sqlite3").write_bytes(b"")
    elif kind == "no pickle":
        next(place.glob("*/*.pickle")).unlink()
    elif kind == "no vectors":
        graph.with_name("data_level0.bin").unlink()
    elif kind == "no folder":
        shutil.rmtree(place)


@pytest.mark.usefixtures("always_chroma")
@pytest.mark.parametrize("kind", ["half header", "empty sqlite", "no pickle", "no vectors", "no folder"])
def test_a_damaged_chroma_is_told_and_mended_and_costs_no_passage(folder: Path, kind: str) -> None:
    damaged(next(folder.glob("chroma-*/")), kind)
    with Index.open(folder, Direction()) as reader:
        assert [n.code for n in reader.notices] == ["index.chroma_behind"]
        assert [nearest(reader, n) for n in (0, 600, 1_199)] == ["c0", "c600", "c1199"]
    with Index.open(folder, Direction(), write=True) as writer:
        assert [n.code for n in writer.notices] == ["index.chroma_rebuilt"]
        assert writer.embedder.asked == 0  # type: ignore[attr-defined]
    assert rows_in_chroma(folder) == 1_200
    with Index.open(folder, Direction()) as reader:
        assert reader.notices == []


def test_a_copied_index_is_probed_and_kept(folder: Path) -> None:
    for path in folder.glob("chroma-*/**/*"):
        os.utime(path)
    with Index.open(folder, Direction(), write=True) as index:
        assert index.notices == []


@pytest.mark.usefixtures("always_chroma")
def test_a_reader_beside_a_writer_takes_up_what_is_new(folder: Path) -> None:
    with Index.open(folder, Direction()) as reader:
        assert nearest(reader, 7) == "c7"
        code = (
            "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[2])\n"
            "from tests.test_index_chroma import Direction, Index, entry\n"
            "with Index.open(Path(sys.argv[1]), Direction(), write=True) as index:\n"
            "    index.upsert([entry(9000)]); index.commit()\n"
        )
        root = Path(__file__).parent.parent
        subprocess.run([sys.executable, "-c", code, str(folder), str(root)], check=True, cwd=root)
        assert nearest(reader, 9_000) == "c9000"
        assert len(reader.chunks()) == 1_201


def test_a_rebuild_pays_for_no_vector_twice(folder: Path) -> None:
    embedder = Direction()
    with Index.rebuild(folder, embedder) as index:
        index.upsert(entry(n) for n in range(1_100, 1_201))
    assert embedder.asked == 1
    assert rows_in_chroma(folder) == 101
    assert len(list(folder.glob("chroma-*/"))) == 1


_WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from tests.test_index_chroma import Direction, Index, entry
with Index.open(Path(sys.argv[1]), Direction(), write=True) as index:
    for n in range(2000, 3000):
        index.upsert([entry(n)])
        index.commit()
        print(n, flush=True)
"""


def test_a_kill_amid_small_changes_to_a_large_index_loses_none(folder: Path) -> None:
    kills_at = 2_014
    root = Path(__file__).parent.parent
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(folder), str(root)], stdout=subprocess.PIPE, text=True, cwd=root
    ) as writer:
        assert writer.stdout is not None
        for line in writer.stdout:
            if int(line) >= kills_at:
                writer.send_signal(signal.SIGKILL)
                break
    with Index.open(folder, Direction()) as reader:
        known = set(reader.chunks())
    assert {f"c{n}" for n in (*range(1_200), *range(2_000, kills_at + 1))} <= known
    with Index.open(folder, Direction(), write=True) as index:
        index.upsert([entry(4_000)])
        index.commit()
    assert rows_in_chroma(folder) == len(known) + 1
