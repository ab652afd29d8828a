"""Retrieval sets in the form ``corpus.jsonl``, ``queries.jsonl``, ``qrels.tsv``, and their indexes."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from copilot.index import Embedder, Index, analysis
from copilot.records import Chunk


@dataclass(frozen=True)
class Query:
    """A query with the groups that answer it, none for an out-of-scope one."""

    id: str
    text: str
    groups: frozenset[str]
    oos: bool = False


@dataclass(frozen=True)
class RetrievalSet:
    """A corpus and its queries. ``groups[i]`` is the unit of relevance of ``chunks[i]``."""

    name: str
    chunks: list[Chunk]
    groups: dict[str, str]
    queries: list[Query]


def load(folder: Path) -> RetrievalSet:
    """Read one set; the language of its texts is guessed as ingestion would."""
    rows = _lines(folder / "corpus.jsonl")
    chunks = [
        Chunk(
            id=row["id"],
            document_id=folder.name,
            path=folder.name,
            text=row["text"],
            question=row["title"],
            end=len(row["text"]),
            language=analysis.guess_language(f"{row['title']} {row['text']}"),
            version="1",
        )
        for row in rows
    ]
    relevant: dict[str, set[str]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, group, _ = line.split("\t")
        relevant.setdefault(query, set()).add(group)
    queries = [
        Query(q["id"], q["text"], frozenset(relevant.get(q["id"], ())), bool(q.get("oos")))
        for q in _lines(folder / "queries.jsonl")
    ]
    return RetrievalSet(folder.name, chunks, {row["id"]: row["group"] for row in rows}, queries)


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def indexed(chunks: Iterable[Chunk], folder: Path, embedder: Embedder) -> Index:
    """Return an index of chunks in a new folder."""
    with Index.open(folder, embedder, write=True) as index:
        index.upsert(chunks)
        index.commit()
    return Index.open(folder, embedder)


def mistyped(queries: list[Query], share: float, seed: int) -> list[Query]:
    """Drop all accents and mistype a share of the words of four letters and more."""
    chance = random.Random(seed)
    return [
        replace(q, text=" ".join(_mistyped(word, share, chance) for word in analysis.fold(q.text).split(" ")))
        for q in queries
    ]


def _mistyped(word: str, share: float, chance: random.Random) -> str:
    if len(word) < 4 or chance.random() >= share:
        return word
    at, letter = chance.randrange(len(word) - 1), chance.choice(string.ascii_lowercase)
    return chance.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + letter + word[at + 1 :],
            word[:at] + letter + word[at:],
        ]
    )
