"""Queries with and without an answer, from retrieval sets: three kinds of negatives."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from benchmarks._retrieval_sets import Query, RetrievalSet, indexed
from copilot.index import Embedder
from copilot.retrieve import Retriever

TODAY = date(2026, 1, 1)
FOLDS = 4


@dataclass(frozen=True)
class Case:
    """One decision: the features of the search, our probability, the bare score, and the truth.

    ``kind`` is ``answered``, ``elsewhere`` (asked of another set), ``oos`` or ``removed`` (entry gone).
    """

    kind: str
    signs: dict[str, float]
    probability: float
    score: float


def cases(data: RetrievalSet, foreign: Sequence[Query], used: Embedder) -> list[Case]:
    """Return the cases of one set."""
    asked = [q for q in data.queries if q.groups and not q.oos]
    named = [("answered", q) for q in asked] + [("oos", q) for q in data.queries if q.oos]
    found = _decided(data, named + [("elsewhere", q) for q in foreign], used)
    groups = sorted({g for q in asked for g in q.groups})
    for fold in range(FOLDS):
        gone = set(groups[fold::FOLDS])
        left = replace(data, chunks=[c for c in data.chunks if data.groups[c.id] not in gone])
        found += _decided(left, [("removed", q) for q in asked if q.groups <= gone], used)
    return found


def _decided(data: RetrievalSet, named: Iterable[tuple[str, Query]], used: Embedder) -> list[Case]:
    with tempfile.TemporaryDirectory() as folder:
        index = indexed(data.chunks, Path(folder), used)
        retriever = Retriever(index)
        found = []
        for kind, query in named:
            passages = retriever.search(query.text, today=TODAY)
            signs = retriever.signs(query.text, passages)
            score = passages[0].score if passages else 0.0
            found.append(Case(kind, signs, retriever.answerable(query.text, passages), score))
        index.close()
        return found
