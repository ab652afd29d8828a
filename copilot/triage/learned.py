"""What a small linear model, learnt from examples that we wrote, says of a text beside the rules.

It knows stems, pairs of stems and the letters inside words, so that it generalises where the lists are
silent; its word alone never makes an alarm. ``benchmarks/fit_triage.py`` is the recipe.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise
from typing import Any, NamedTuple

from copilot.moderation.words import Words, cut
from copilot.records import Span

LABELS = ("question", "complaint", "praise", "suggestion", "purchase")
_SHORTEST, _LONGEST = 3, 5
_LENGTH_STEP, _LENGTHS = 6, 6
_TELLING = 3
# Chosen on our own examples, left out of the learning in turn.
_THIN, _HEARD = 1.5, 0.6
_DENIED, _DENIED_ELSE = {"suggestion": -9.0, "purchase": -3.0}, -2.0
_SURE, _SURE_ELSE = {"praise": 0.0, "purchase": 1.5}, 0.5


def features(words: Words) -> tuple[frozenset[str], frozenset[str]]:
    """Return what the model looks at: stems, pairs and shape; then the letters inside words."""
    stems = ["^", *(_stem(word) for word in words.words), "$"]
    pairs = (f"{one} {two}" for one, two in pairwise(stems))
    letters = (_letters(word) for word in words.words)
    return frozenset((*stems[1:-1], *pairs, *_shape(words))), frozenset().union(*letters)


def _shape(words: Words) -> list[str]:
    names = [f"L:{min(len(words.words) // _LENGTH_STEP, _LENGTHS)}"]
    names += [f"has:{mark}" for mark in "?!" if mark in words.original]
    return names + (["has:..."] if "..." in words.original or "…" in words.original else [])


@lru_cache(maxsize=32_768)
def _letters(word: str) -> tuple[str, ...]:
    framed = f" {word} "
    return tuple(
        f"c:{framed[i : i + size]}"
        for size in range(_SHORTEST, _LONGEST + 1)
        for i in range(len(framed) - size + 1)
    )


@lru_cache(maxsize=32_768)
def _stem(word: str) -> str:
    french, english = _stemmers()
    if word.isdigit():
        return "0"
    try:
        return str(french.stemWord(english.stemWord(word)))
    except UnicodeEncodeError:  # half a surrogate pair
        return word


@cache
def _stemmers() -> tuple[Any, Any]:
    import Stemmer

    return Stemmer.Stemmer("french"), Stemmer.Stemmer("english")


def settled(text: str, label: str, *, ruled: bool, own: float = 0.0, other: float = 0.0) -> bool:
    """Whether a text bears a label, by the rules and the model together.

    The model drops what the rules found on thin evidence and it denies, and finds what it is sure of where
    the rules heard nothing else.

    Args:
        text: the text.
        label: one of ``LABELS``.
        ruled: what the rules say.
        own: how much the rules weighed for the label.
        other: how much they weighed for its opposite.
    """
    odds = leanings(text)[label]
    if ruled:
        return own >= _THIN or odds >= _DENIED.get(label, _DENIED_ELSE)
    return other < _HEARD and odds > _SURE.get(label, _SURE_ELSE)


@lru_cache(maxsize=1024)
def leanings(text: str) -> Mapping[str, float]:
    """Return the log odds of each label of ``LABELS``; above 0 the model says yes."""
    model = _model()
    sums = model.bias.copy()
    for block in features(cut(text)):
        rows = [model.rows[name] for name in block if name in model.rows]
        if rows:
            sums += model.weights[rows].sum(axis=0) / len(rows) ** 0.5
    return dict(zip(LABELS, sums.tolist(), strict=True))


def told_by(text: str, label: str) -> tuple[Span, ...]:
    """Return the words that speak most for a label, in text order."""
    model, words = _model(), cut(text)
    number = LABELS.index(label)
    sums = {
        place: sum(
            float(model.weights[model.rows[name], number])
            for name in (_stem(word), *_letters(word))
            if name in model.rows
        )
        for place, word in enumerate(words.words)
    }
    ranked = sorted((p for p in sums if sums[p] > 0 and words.words[p][0].isalnum()), key=lambda p: -sums[p])
    best = sorted(ranked[:_TELLING])
    return tuple(words.span(place, place) for place in best) or (Span(0, len(text)),)


class _Model(NamedTuple):
    """``weights`` has a row a feature (``rows`` says which) and a column a label."""

    bias: Any
    weights: Any
    rows: Mapping[str, int]


@cache
def _model() -> _Model:
    import numpy as np

    file = resources.files("copilot.triage") / "data" / "learned.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    weights = np.array(list(data["weights"].values()), dtype=np.float64) / data["scale"]
    return _Model(np.array(data["bias"]), weights, {name: row for row, name in enumerate(data["weights"])})
