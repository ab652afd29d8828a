"""The index on disk: what is put in is found again, and damage is told, never silent."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from copilot.errors import DamagedIndexError, WorkspaceError
from copilot.index import Index, embedder
from copilot.records import Chunk


def entry(number: int, question: str, text: str, **more: object) -> Chunk:
    return Chunk(
        id=f"faq/{number}",
        document_id="d1",
        path=f"faq/{number % 3}.md",
        text=text,
        question=question,
        end=len(text),
        language="fr",
        version=f"v{number}",
        **more,  # type: ignore[arg-type]
    )


CHUNKS = [
    entry(0, "Quels sont les délais de livraison ?", "Comptez 5 jours ouvrés.", headings=("Livraison",)),
    entry(
        1, "Puis-je payer en plusieurs fois ?", "Oui, en 3 fois sans frais.", valid_until=date(2026, 1, 31)
    ),
    entry(2, "Où trouver une boutique ?", "À Lille, Lyon et Nantes.", tags=("boutique",), row=4),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Index.open(tmp_path / "index", write=True) as index:
        index.upsert(CHUNKS)
        index.commit()
    return tmp_path / "index"


def test_chunks_come_back_as_they_went_in(folder: Path) -> None:
    with Index.open(folder) as index:
        assert dict(index.chunks()) == {c.id: c for c in CHUNKS}
        assert index.versions() == {"faq/0.md": "v0", "faq/1.md": "v1", "faq/2.md": "v2"}


def test_a_change_replaces_and_a_deletion_leaves_nothing(folder: Path) -> None:
    with Index.open(folder, write=True) as index:
        index.upsert([dataclasses.replace(CHUNKS[0], text="Comptez 3 jours.")])
        index.delete(["faq/1", "unknown"])
        index.commit()
    with Index.open(folder) as index:
        assert {i: c.text for i, c in index.chunks().items()} == {
            "faq/0": "Comptez 3 jours.",
            "faq/2": "À Lille, Lyon et Nantes.",
        }
        assert "faq/1.md" not in index.versions()


def test_a_reader_sees_what_a_writer_commits(folder: Path) -> None:
    with Index.open(folder) as reader, Index.open(folder, write=True) as writer:
        assert len(reader.chunks()) == 3
        for number in range(3, 40):
            writer.upsert([entry(number, f"Question {number}", "Réponse")])
            writer.commit()
            assert len(reader.chunks()) == number + 1
        assert len(list((folder / "segments").iterdir())) > 0


def test_uncommitted_changes_are_not_kept(folder: Path) -> None:
    with Index.open(folder, write=True) as index:
        index.delete(["faq/0"])
    with Index.open(folder) as index:
        assert len(index.chunks()) == 3


def test_one_process_writes(folder: Path) -> None:
    with (
        Index.open(folder, write=True),
        pytest.raises(WorkspaceError, match="Another process"),
    ):
        Index.open(folder, write=True)


def test_rebuild_swaps_on_success_only(folder: Path) -> None:
    def broken_off() -> None:
        with Index.rebuild(folder) as index:
            index.upsert(CHUNKS[:1])
            index.commit()
            raise KeyError

    with pytest.raises(KeyError):
        broken_off()
    with Index.open(folder) as reader:
        assert len(reader.chunks()) == 3
        with Index.rebuild(folder) as index:
            index.upsert(CHUNKS[:1])
            index.commit()
            index.upsert(CHUNKS[1:2])
            assert len(reader.chunks()) == 3
        assert set(reader.chunks()) == {"faq/0", "faq/1"}


def test_a_missing_index_is_told(tmp_path: Path) -> None:
    with pytest.raises(DamagedIndexError, match="copilot ingest"):
        Index.open(tmp_path / "nothing")


def files(folder: Path) -> Iterator[Path]:
    yield folder / "manifest.json"
    yield from sorted((folder / "segments").glob("*/*"))


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("damage", ["removed", "emptied", "halved", "flipped"])
def test_every_damage_is_told(folder: Path, number: int, damage: str) -> None:
    path = list(files(folder))[number]
    content = path.read_bytes()
    if damage == "removed":
        path.unlink()
    elif damage == "flipped":
        middle = len(content) // 2
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
    else:
        path.write_bytes(content[: len(content) // 2] if damage == "halved" else b"")
    with pytest.raises(DamagedIndexError):
        Index.open(folder)
    with pytest.raises(DamagedIndexError):
        Index.open(folder, write=True)
    with Index.rebuild(folder) as index:
        index.upsert(CHUNKS)
    with Index.open(folder) as index:
        assert len(index.chunks()) == 3


def test_a_lost_folder_of_segments_is_told(folder: Path) -> None:
    shutil.rmtree(folder / "segments")
    with pytest.raises(DamagedIndexError):
        Index.open(folder)


class Other:
    name, dimension = "openai:other", 8

    def embed(self, texts, *, query=False):  # type: ignore[no-untyped-def]  # noqa: ARG002
        import numpy as np

        return np.ones((len(texts), 8), dtype=np.float32)


def test_another_embedder_is_told(folder: Path) -> None:
    with pytest.raises(DamagedIndexError, match="openai:other"):
        Index.open(folder, Other())


def test_the_default_embedder_is_deterministic_and_unit_length() -> None:
    import numpy as np

    vectors = embedder("embedded").embed(["Où est mon colis ?", "", "ou est mon colis"])
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1).round(5).tolist() == [1.0, 0.0, 1.0]
    assert float(vectors[0] @ vectors[2]) > 0.99
