"""Valence of words that our own lists do not know, from public lexicons (see ``data/valence.json``)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources

_SCALE = 3.0


def valence(word: str, tongue: str) -> float:
    """Return the weight of a folded word in ``tongue``, about -1.3 to 1.3; 0 when unknown."""
    return _lists().get(tongue, {}).get(word, 0.0)


def known(word: str) -> bool:
    """Whether a folded word has a valence in any language."""
    return word in _all()


@cache
def _all() -> frozenset[str]:
    return frozenset().union(*_lists().values())


@cache
def _lists() -> Mapping[str, Mapping[str, float]]:
    file = resources.files("copilot.triage") / "data" / "valence.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    return {
        tongue: {
            word: float(value) / _SCALE for value, words in data[tongue].items() for word in words.split()
        }
        for tongue in ("fr", "en")
    }
