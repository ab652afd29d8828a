"""Does the copilot know when there is no answer? Against a threshold on the bare score.

    python -m benchmarks.answerable DIR… [--embedder NAME] [--plot PNG] [--json OUT]

For each set, answered queries stand against three kinds of negatives, as many of each as there are:
``elsewhere`` (queries of the other sets given, of other corpora), ``oos`` (the set's own out-of-scope
queries) and ``removed`` (the answering entry taken out of the index). ``coverage@p90`` is the share of
all queries that can be answered while nine in ten of those answered have an answer. The system
``leave-one-set-out`` is the same logistic fitted on the other sets given instead of what ships.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks import _report
from benchmarks._answerable_cases import Case, cases
from benchmarks._retrieval_sets import Query, RetrievalSet, load
from benchmarks.fit_answerable import fitted
from copilot.index import embedder
from copilot.retrieve import answerable

SEED = 7
MOST = 250
KINDS = ("elsewhere", "oos", "removed")


def metrics(truth: np.ndarray, chance: np.ndarray) -> dict[str, float]:
    """Return the figures for 0/1 truths and the probabilities given to 1."""
    from sklearn.metrics import roc_auc_score

    threshold = np.quantile(chance[truth == 1], 0.05)
    order = np.argsort(-chance, kind="stable")
    precise = np.flatnonzero(np.cumsum(truth[order]) / np.arange(1, len(truth) + 1) >= 0.9)
    figures = {
        "auroc": roc_auc_score(truth, chance),
        "fpr@95tpr": (chance[truth == 0] >= threshold).mean(),
        "coverage@p90": (precise[-1] + 1) / len(truth) if len(precise) else 0.0,
        "brier": ((chance - truth) ** 2).mean(),
    }
    return {name: round(float(value), 4) for name, value in figures.items()}


def foreign(data: RetrievalSet, sets: Sequence[RetrievalSet]) -> list[Query]:
    """Return queries of sets whose corpus shares no text with this one's."""
    mine = {c.text for c in data.chunks}
    others = [s for s in sets if not mine & {c.text for c in s.chunks}]
    queries = [replace(q, groups=frozenset()) for s in others for q in s.queries if q.groups]
    return random.Random(SEED).sample(queries, min(MOST, len(queries)))


def thinned(data: RetrievalSet) -> RetrievalSet:
    """Return the set with at most ``MOST`` answered queries and as many out-of-scope ones."""
    chance = random.Random(SEED)
    asked = [q for q in data.queries if q.groups and not q.oos]
    oos = [q for q in data.queries if q.oos]
    some = [chance.sample(part, min(MOST, len(part))) for part in (asked, oos)]
    return replace(data, queries=some[0] + some[1])


def balanced(found: list[Case], kind: str) -> list[Case]:
    """Return answered cases and negatives of one kind, as many of each."""
    chance = random.Random(SEED)
    yes, no = ([c for c in found if c.kind == k] for k in ("answered", kind))
    size = min(len(yes), len(no))
    return chance.sample(yes, size) + chance.sample(no, size)


def logistic(weights: dict[str, float], found: list[Case]) -> np.ndarray:
    """Return the probabilities that other coefficients give."""
    table = np.array([[case.signs[name] for name in answerable.FEATURES] for case in found])
    slopes = np.array([weights[name] for name in answerable.FEATURES])
    return np.asarray(1 / (1 + np.exp(-(table @ slopes + weights["intercept"]))))


def results(found: dict[str, list[Case]]) -> list[_report.Result]:
    """Measure every set and kind."""
    rows = []
    for name, mine in found.items():
        stem = name.split("_")[0]
        rest = [c for other, c in found.items() if not other.startswith(stem)]
        held_out = fitted(rest) if len(rest) > 1 else None
        for kind in KINDS:
            some = balanced(mine, kind)
            if not some:
                continue
            truth = np.array([case.kind == "answered" for case in some]) * 1
            systems = {
                _report.OURS: np.array([case.probability for case in some]),
                "score": np.array([case.score for case in some]),
            }
            if held_out:
                systems["leave-one-set-out"] = logistic(held_out, some)
            rows += [
                _report.Result(f"{name}/{kind}", system, len(some), metrics(truth, chance))
                for system, chance in systems.items()
            ]
    return rows


def plot(found: dict[str, list[Case]], out: Path) -> None:
    """Draw the calibration curve: how often there was an answer, by the probability given."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(5, 5))
    axes.plot([0, 1], [0, 1], color="0.7")
    for name, mine in found.items():
        some = [case for kind in KINDS for case in balanced(mine, kind)]
        chance = np.array([case.probability for case in some])
        truth = np.array([case.kind == "answered" for case in some])
        bins = np.clip((chance * 10).astype(int), 0, 9)
        points = [(chance[bins == b].mean(), truth[bins == b].mean()) for b in range(10) if (bins == b).any()]
        axes.plot(*zip(*points, strict=True), marker="o", label=name)
    axes.set(xlabel="probability given", ylabel="share answered", xlim=(0, 1), ylim=(0, 1))
    axes.legend()
    figure.savefig(out, bbox_inches="tight", dpi=120)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run from the command line."""
    parser = _report.parser(__doc__, data="+")
    parser.add_argument("--embedder", default="embedded", metavar="NAME")
    parser.add_argument("--plot", type=Path, metavar="PNG", help="draw the calibration curve here")
    options = parser.parse_args(arguments)
    used = embedder(options.embedder)
    sets = [load(folder) for folder in options.data]
    found = {s.name: cases(thinned(s), foreign(s, sets), used) for s in sets}
    _report.write("answerable", results(found), options.json)
    if options.plot:
        plot(found, options.plot)


if __name__ == "__main__":
    main()
