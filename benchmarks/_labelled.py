"""Labelled texts in the two forms that the safety benchmarks read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One text. ``data`` is the whole object of the line; ``labels`` its public labels, if any."""

    text: str
    lang: str
    data: Mapping[str, Any]

    @property
    def labels(self) -> Mapping[str, Any]:
        """The labels of a public set."""
        found = self.data.get("labels")
        return found if isinstance(found, Mapping) else {}


def files(arguments: Iterable[Path]) -> Iterator[Path]:
    """Yield the JSON Lines files named, or held by the directories named."""
    for argument in arguments:
        yield from sorted(argument.rglob("*.jsonl")) if argument.is_dir() else (argument,)


def read(path: Path) -> list[Row]:
    """Read the rows of a file that hold a text."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        data = json.loads(line) if line.strip() else {}
        if isinstance(data, dict) and isinstance(data.get("text"), str):
            rows.append(Row(data["text"], str(data.get("lang", "")), data))
    return rows


def binary(truth: Sequence[bool], guess: Sequence[bool]) -> tuple[float, float, float]:
    """Return precision, recall and F1."""
    hit = sum(t and g for t, g in zip(truth, guess, strict=True))
    precision = hit / sum(guess) if any(guess) else 0.0
    recall = hit / sum(truth) if any(truth) else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if hit else 0.0


def macro_f1(truth: Sequence[Any], guess: Sequence[Any]) -> float:
    """Return the mean F1 of the classes that the truth holds."""
    classes = sorted(set(truth), key=str)
    return sum(binary([t == c for t in truth], [g == c for g in guess])[2] for c in classes) / len(classes)


def auroc(truth: Sequence[bool], score: Sequence[float]) -> float:
    """Return the area under the ROC curve (ties count half)."""
    order = sorted(range(len(score)), key=lambda i: score[i])
    ranks = [0.0] * len(score)
    start = 0
    while start < len(order):
        stop = start
        while stop < len(order) and score[order[stop]] == score[order[start]]:
            stop += 1
        for i in order[start:stop]:
            ranks[i] = (start + stop + 1) / 2
        start = stop
    positives = sum(truth)
    negatives = len(truth) - positives
    if not positives or not negatives:
        return float("nan")
    total = sum(rank for rank, t in zip(ranks, truth, strict=True) if t)
    return (total - positives * (positives + 1) / 2) / (positives * negatives)
