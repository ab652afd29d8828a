"""Learn ``copilot/facts/weights.yml`` from the fact sets, and say how well it holds on a set left out.

    python -m benchmarks.fit_facts [DATA…] [--check]

DATA are fact sets beside the project's own and its blind batches. Each set is left out of the learning in
turn; the tables tell what the weights learnt on the others do on it. ``--check`` writes nothing.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from rich.console import Console
from rich.table import Table
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from benchmarks.facts import GROUPS, NOW, OWN, Item, load, passages_of
from copilot.facts.doubts import doubts
from copilot.facts.pool import gather
from copilot.facts.reading import read
from copilot.records import Claim

TARGET = Path(__file__).parent.parent / "copilot" / "facts" / "weights.yml"
BLIND = OWN.parent / "facts_blind"
_VALUES = {*GROUPS["number-like"], *GROUPS["names"]}
TAUGHT_BY = {
    "statement": set(GROUPS["additions"]),
    "condition": {"condition_dropped"},
    "value": _VALUES,
    "rival": _VALUES,
    "named": _VALUES,
    "negation": {"negation"},
    "scope": {"scope_widened"},
    "swapped": {*GROUPS["names"], *GROUPS["additions"]},
    "promise": set(GROUPS["additions"]),
}
"""The classes of errors that a doubt of each family should catch."""
ALSO_BY = {
    "condition": set(GROUPS["conditions"]),
    "negation": set(GROUPS["conditions"]),
    "scope": set(GROUPS["conditions"]),
    "value": set(GROUPS["additions"]),
}
"""The classes that it may catch where the rule of its family objects."""
RAISED = {"statement": 0.15, "negation": 0.2, "scope": 0.2}
RAISED_ELSE = 0.25
"""The probability from which a doubt is raised: at worst four or five needless objections for a found error.

A needless objection costs a look at the sentence, a promise that nobody made costs money.
"""
STRENGTH, ROUNDS, SHOWN = 0.1, 4, (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5)
_HEADER = """\
# Learnt by `python -m benchmarks.fit_facts` from the fact sets of benchmarks/data: do not edit by hand.
# For each family of doubts, the probability from which it is raised and what each trait adds to the log-odds.
"""


@dataclass(frozen=True)
class Example:
    """A doubt with the reply that it stands in.

    ``hits``: it points at the injected error; ``right``: and should, ``None`` when there is nothing to learn.
    """

    family: str
    reply: tuple[str, str]
    group: int
    hits: bool
    right: bool | None
    traits: dict[str, float]


def examples(sets: dict[str, list[Item]]) -> list[Example]:
    """Return the doubts of every reply; claims that are never in doubt have the family ``certain``."""
    return [row for name, items in sets.items() for item in items for row in _of(name, item)]


def _of(collection: str, item: Item) -> Iterator[Example]:
    now = date.fromisoformat(item.get("now", NOW))
    pool = gather(passages_of(item), now, ())
    reading = read(item["reply"], item["lang"], now, "", ())
    foreign = reading.language not in pool.languages
    errors = item["spans"] if item["label"] == "mutated" else []
    for found in (d for s in reading.sentences for d in doubts(s, reading, pool)):
        claims = (found,) if isinstance(found, Claim) else found.raises
        places = [c.fact.span for c in claims if c.state not in ("supported", "unproved")]
        hits = any(a < place.end and place.start < b for a, b in errors for place in places)
        reply = (collection, item["id"])
        if isinstance(found, Claim):
            if places:
                yield Example("certain", reply, 0, hits, None, {})
            continue
        # What a rule objects to where a neighbouring kind of error stands is right as well.
        near = ALSO_BY.get(found.family, set()) if found.traits.get("by_rule") else set()
        unlearnt = hits and item["class"] not in TAUGHT_BY[found.family] | near
        unlearnt = unlearnt or (foreign and found.family == "statement")
        traits = {trait: float(value) for trait, value in found.traits.items()}
        yield Example(found.family, reply, found.group, hits, None if unlearnt else hits, traits)


@dataclass(frozen=True)
class Model:
    """A logistic model on raw traits."""

    names: list[str]
    weights: Any
    bias: float

    def probabilities(self, rows: Sequence[Example]) -> Any:
        """Of each example, that it is right."""
        matrix = np.array([[row.traits.get(name, 0.0) for name in self.names] for row in rows])
        return 1 / (1 + np.exp(-(matrix @ self.weights + self.bias)))


def learn(rows: Sequence[Example]) -> Model:
    """Fit a family; of several right doubts of a group, the likeliest stands for it."""
    rows = [row for row in rows if row.right is not None]
    vectors = DictVectorizer(sparse=False)
    matrix = vectors.fit_transform([row.traits for row in rows])
    right = np.array([bool(row.right) for row in rows])
    scaler = StandardScaler().fit(matrix)
    scaled, active = scaler.transform(matrix), np.ones(len(rows), bool)
    places: dict[tuple[tuple[str, str], int], list[int]] = defaultdict(list)
    for index in np.flatnonzero(right):
        places[rows[index].reply, rows[index].group].append(int(index))
    for _ in range(ROUNDS):
        model = LogisticRegression(C=STRENGTH, max_iter=5000).fit(scaled[active], right[active])
        odds = model.decision_function(scaled)
        active = ~right
        active[[max(group, key=odds.__getitem__) for group in places.values()]] = True
    weights = model.coef_[0] / scaler.scale_
    bias = float(model.intercept_[0] - (model.coef_[0] * scaler.mean_ / scaler.scale_).sum())
    return Model(list(vectors.get_feature_names_out()), weights, bias)


def left_out(rows: Sequence[Example]) -> Any:
    """Return the probability of each example of a family, its set left out of the learning."""
    found = np.zeros(len(rows))
    collections = np.array([row.reply[0] for row in rows])
    for name in sorted(set(collections)):
        inside = collections == name
        model = learn([row for row, held in zip(rows, inside, strict=True) if not held])
        found[inside] = model.probabilities([row for row, held in zip(rows, inside, strict=True) if held])
    return found


Highest = dict[tuple[str, str], float]
"""Of each reply, the highest probability of a doubt that counts."""


def highest(rows: Sequence[Example], scores: Any, hits: bool) -> Highest:
    """Of doubts that hit an error, or of all."""
    found: Highest = {}
    for row, score in zip(rows, scores, strict=True):
        if row.hits or not hits:
            found[row.reply] = max(found.get(row.reply, 0.0), float(score))
    return found


def show(families: dict[str, list[Example]], scores: dict[str, Any], sets: dict[str, list[Item]]) -> None:
    """Print what each family and all together find and stop, at several thresholds."""
    console = Console(width=140)
    faithful = [(name, i["id"]) for name, items in sets.items() for i in items if i["label"] == "faithful"]
    errors = {(name, i["id"]): i["class"] for name, items in sets.items() for i in items if i["class"]}
    table = Table(
        "family", "doubts", "right", *(f"{t:.2f}" for t in SHOWN), title="found / stopped, sets left out"
    )
    for family, rows in families.items():
        taught = [reply for reply, kind in errors.items() if kind in TAUGHT_BY[family]]
        found, stopped = highest(rows, scores[family], True), highest(rows, scores[family], False)
        cells = [f"{_rate(taught, found, t):.3f} / {_rate(faithful, stopped, t):.3f}" for t in SHOWN]
        table.add_row(family, str(len(rows)), str(sum(bool(r.right) for r in rows)), *cells)
    console.print(table)
    rows = [row for family in families.values() for row in family]
    every = np.concatenate([scores[family] for family in families])
    found, stopped = highest(rows, every, True), highest(rows, every, False)
    table = Table("all together", *(f"{t:.2f}" for t in SHOWN))
    for group, classes in {"all": tuple(set(errors.values())), **GROUPS}.items():
        inside = [reply for reply, kind in errors.items() if kind in classes]
        table.add_row(group, *(f"{_rate(inside, found, t):.3f}" for t in SHOWN))
    for name in sets:
        inside = [reply for reply in faithful if reply[0] == name]
        table.add_row(f"stopped, {name}", *(f"{_rate(inside, stopped, t):.3f}" for t in SHOWN))
    table.add_row("stopped", *(f"{_rate(faithful, stopped, t):.3f}" for t in SHOWN))
    console.print(table)


def _rate(replies: Sequence[tuple[str, str]], found: Highest, threshold: float) -> float:
    return sum(found.get(reply, 0.0) >= threshold for reply in replies) / max(1, len(replies))


def main() -> None:
    """Learn all families, show what they do on the sets left out and write the weights."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("data", nargs="*", type=Path)
    arguments.add_argument("--check", action="store_true", help="write nothing")
    options = arguments.parse_args()
    own, others = load([OWN]), load([BLIND, *options.data])
    families: dict[str, list[Example]] = defaultdict(list)
    for row in examples(own | others):
        families[row.family].append(row)
    certain = families.pop("certain")
    scores = {family: left_out(rows) for family, rows in families.items()}
    TAUGHT_BY["certain"] = _VALUES
    show(families | {"certain": certain}, scores | {"certain": np.ones(len(certain))}, others)
    if not options.check:
        weights = {}
        for family, rows in families.items():
            model = learn(rows)
            named = {n: round(float(w), 4) for n, w in zip(model.names, model.weights, strict=True)}
            weights[family] = {
                "raised": RAISED.get(family, RAISED_ELSE),
                "bias": round(model.bias, 4),
                "weights": named,
            }
        TARGET.write_text(_HEADER + yaml.safe_dump(weights, sort_keys=False), encoding="utf-8")


if __name__ == "__main__":
    main()
