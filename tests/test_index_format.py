"""An index that another version wrote is found, told and made again from the files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from copilot import Copilot
from copilot.errors import DamagedIndexError
from copilot.index import Index, manifest, timing
from tests.test_index_chroma import Direction, entry

Change = Callable[[dict[str, Any]], None]


def rewritten(index: Path, change: Change) -> None:
    """Change the manifest of an index as another version would have written it."""
    path = index / manifest.FILE_NAME
    record = json.loads(path.read_bytes())
    del record["hash"]
    change(record)
    record["hash"] = manifest._digest(record)
    path.write_text(json.dumps(record), encoding="utf-8")


def first_format(record: dict[str, Any]) -> None:
    record["format"] = 1
    del record["layout"]


def other_layout(record: dict[str, Any]) -> None:
    record["layout"] = "0123456789ab"


def later_format(record: dict[str, Any]) -> None:
    record |= {"format": 99, "shards": []}


CHANGES = pytest.mark.parametrize("change", [first_format, other_layout, later_format])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Index.open(tmp_path, Direction(), write=True) as index:
        index.upsert(entry(n) for n in range(8))
        index.commit()
    return tmp_path


@CHANGES
def test_another_format_is_told(folder: Path, change: Change) -> None:
    rewritten(folder, change)
    for write in (False, True):
        with pytest.raises(DamagedIndexError, match="another version"):
            Index.open(folder, Direction(), write=write)


@CHANGES
def test_another_format_is_rebuilt_without_paying_the_endpoint_again(folder: Path, change: Change) -> None:
    rewritten(folder, change)
    embedder = Direction()
    with Index.rebuild(folder, embedder) as index:
        index.upsert(entry(n) for n in range(9))
    assert embedder.asked == 1
    with Index.open(folder, embedder) as index:
        assert len(index.chunks()) == 9


def test_the_pace_is_learnt_from_the_last_build(tmp_path: Path) -> None:
    assert timing.rows_per_second(tmp_path) == timing.ROWS_PER_SECOND
    with Index.open(tmp_path, Direction(), write=True) as index:
        index.upsert(entry(n) for n in range(timing.ENOUGH_ROWS))
        index.commit()
    learnt = timing.rows_per_second(tmp_path)
    assert learnt not in (1.0, timing.ROWS_PER_SECOND)
    with Index.open(tmp_path, Direction(), write=True) as index:
        index.upsert([entry(5_000)])
        index.commit()
    assert timing.rows_per_second(tmp_path) == learnt
    (tmp_path / timing.FILE_NAME).write_text("{")
    assert timing.rows_per_second(tmp_path) == timing.ROWS_PER_SECOND


class Longer(Direction):
    """The same name, vectors of another length."""

    dimension = 12

    def embed(self, texts: Any, *, query: bool = False) -> np.ndarray:
        return np.pad(super().embed(texts, query=query), ((0, 0), (0, 4)))


def test_vectors_of_another_length_are_not_taken_over(folder: Path) -> None:
    embedder = Longer()
    with Index.rebuild(folder, embedder) as index:
        index.upsert(entry(n) for n in range(9))
    assert embedder.asked == 9
    with Index.open(folder, embedder) as index:
        assert index.snapshot.manifest.dimension == 12


@CHANGES
def test_a_workspace_mends_itself(sample: Copilot, change: Change) -> None:
    today = sample.now().date()
    before = [p.id for p in sample.retriever.search("délais de livraison", today=today)]
    rewritten(sample.workspace.index, change)
    sample.refresh()
    assert [p.id for p in sample.retriever.search("délais de livraison", today=today)] == before


def test_an_ingestion_says_that_it_rebuilt(sample: Copilot) -> None:
    rewritten(sample.workspace.index, first_format)
    assert [n.code for n in sample.ingest().notices] == ["index.other_format"]
    assert sample.ingest().notices == ()
