"""Learn ``copilot/triage/data/learned.json`` from examples that we wrote, and say how well it generalises.

    python -m benchmarks.fit_triage [--check]

The material is our own: ``data/triage_learning`` (a label a file), the lots of ``data/triage_blind`` that
were read while the rules were written, and the examples of ``data/triage``. The lots named in ``KEPT`` are
never learnt from: they go on judging. ``--check`` leaves every fifth example out in turn and writes nothing.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from benchmarks._labelled import read
from copilot.moderation.words import cut
from copilot.triage.learned import LABELS, features

DATA = Path(__file__).parent / "data"
TARGET = Path(__file__).parent.parent / "copilot" / "triage" / "data" / "learned.json"
KEPT = frozenset(("tenth", "lookalikes"))
STRENGTH, LEAST, SCALE = 10.0, 0.15, 20
RAREST = (2, 3)
"""In how many examples a feature of each block must be."""
_OF_FILE = {
    "mixed": {"praise", "complaint"},
    "danger": {"complaint"},
    "selfharm": set[str](),
    "other": set[str](),
}
_OF_LETTER = {"p": "praise", "c": "complaint", "s": "suggestion", "q": "question"}
_ASIDE = frozenset(("lookalike",))


class Example(NamedTuple):
    """A text with what it is."""

    text: str
    intents: frozenset[str]


def examples() -> list[Example]:
    """Return all that is learnt from, in a fixed order."""
    found: list[Example] = []
    for path in sorted((DATA / "triage_learning").glob("*.txt")):
        kind = path.name.split(".")[0]
        if kind not in _ASIDE:
            found += [_example(kind, line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    lots = [path for path in sorted((DATA / "triage_blind").glob("*.jsonl")) if path.stem not in KEPT]
    for path in [*lots, *sorted((DATA / "triage").glob("*.jsonl"))]:
        found += [
            Example(row.text, frozenset(row.data["intents"])) for row in read(path) if "intents" in row.data
        ]
    random.Random(0).shuffle(found)
    return found


def _example(kind: str, line: str) -> Example:
    if kind == "review":
        letters, text = line.split("|", 1)
        return Example(text, frozenset(_OF_LETTER[letter] for letter in letters if letter in _OF_LETTER))
    return Example(line, frozenset(_OF_FILE.get(kind, {kind})))


class Table(NamedTuple):
    """Examples by features: each block of a row has length 1."""

    matrix: Any
    names: list[str]


def table(texts: Sequence[str], names: tuple[list[str], list[str]] | None = None) -> tuple[Table, Any]:
    """Return the features of texts; with ``names``, those alone."""
    blocks = [features(cut(text)) for text in texts]
    kept = names or (_frequent(blocks, 0), _frequent(blocks, 1))
    parts = [_sparse([row[i] for row in blocks], kept[i]) for i in (0, 1)]
    return Table(hstack(parts).tocsr(), [*kept[0], *kept[1]]), kept


def _frequent(blocks: Sequence[Sequence[frozenset[str]]], number: int) -> list[str]:
    counts: dict[str, int] = {}
    for row in blocks:
        for name in row[number]:
            counts[name] = counts.get(name, 0) + 1
    return sorted(name for name, count in counts.items() if count >= RAREST[number])


def _sparse(rows: Sequence[frozenset[str]], names: Sequence[str]) -> Any:
    places = {name: i for i, name in enumerate(names)}
    values, columns, starts = [], [], [0]
    for row in rows:
        known = [places[name] for name in sorted(row) if name in places]
        columns += known
        values += [1 / max(1, len(known)) ** 0.5] * len(known)
        starts.append(len(columns))
    return csr_matrix((values, columns, starts), shape=(len(rows), len(names)))


def fitted(matrix: Any, truth: Any) -> LogisticRegression:
    """Return a logistic in which yes and no weigh the same, small weights dropped."""
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", solver="liblinear", max_iter=300)
    model.fit(matrix, truth)
    model.coef_[np.abs(model.coef_) < LEAST] = 0
    return model


def check(found: Sequence[Example]) -> None:
    """Print the F1 of each label on examples that were left out."""
    folds = np.arange(len(found)) % 5
    for label in LABELS:
        truth = np.array([label in example.intents for example in found])
        said = np.zeros(len(found), bool)
        for fold in range(5):
            rows = folds != fold
            learnt, names = table([e.text for e, chosen in zip(found, rows, strict=True) if chosen])
            left, _ = table([e.text for e, chosen in zip(found, rows, strict=True) if not chosen], names)
            said[~rows] = fitted(learnt.matrix, truth[rows]).predict(left.matrix)
        print(f"{label:12} {f1_score(truth, said):.3f}  ({truth.sum()} of {len(found)})")


def main(arguments: Sequence[str] | None = None) -> None:
    """Learn and write, or check."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="leave examples out in turn, write nothing")
    options = parser.parse_args(arguments)
    found = examples()
    if options.check:
        check(found)
        return
    learnt, _ = table([example.text for example in found])
    models = [fitted(learnt.matrix, [label in e.intents for e in found]) for label in LABELS]
    coefficients = np.vstack([model.coef_[0] for model in models])
    rounded = np.rint(coefficients * SCALE).astype(int)
    weights = {name: rounded[:, i].tolist() for i, name in enumerate(learnt.names)}
    bias = [round(float(model.intercept_[0]), 3) for model in models]
    lines = ",\n".join(
        f"{json.dumps(name, ensure_ascii=False)}:{json.dumps(values, separators=(',', ':'))}"
        for name, values in weights.items()
    )
    head = f'{{"scale":{SCALE},"bias":{bias},"weights":{{\n'
    TARGET.write_text(f"{head}{lines}\n}}}}\n", encoding="utf-8")
    print(f"{len(weights)} features of {len(found)} examples, {TARGET.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
