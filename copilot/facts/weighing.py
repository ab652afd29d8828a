"""How likely an objection is to be right: the traits of what is objected to, weighed by examples.

``weights.yml`` is learnt by ``benchmarks/fit_facts.py`` from replies that we wrote, faithful ones and false
ones: for each family of objections a weight a trait, a bias and the probability from which it is raised.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from copilot import yamlfile

Traits = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model: ``bias`` and ``weights`` add up to log-odds; ``raised`` is a probability."""

    bias: float
    weights: Mapping[str, float]
    raised: float


def probability(family: str, traits: Traits) -> float:
    """How many objections of a family with such traits were right, 0..1, among the examples learnt from.

    Raises:
        KeyError: no such family.
    """
    model = _models()[family]
    odds = model.bias + sum(model.weights.get(name, 0.0) * value for name, value in traits.items())
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, odds))))


def threshold(family: str) -> float:
    """The probability from which an objection of a family is shown.

    Raises:
        KeyError: no such family.
    """
    return _models()[family].raised


@cache
def _models() -> dict[str, Weights]:
    return {name: Weights(**row) for name, row in yamlfile.shipped("copilot.facts", "weights.yml").items()}
