"""A customer's words as weighted terms, with mistyped words set beside what they probably mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from copilot.index import analysis
from copilot.index.snapshot import Snapshot
from copilot.records import Language

LIGHT = 0.5
_MEANT = 0.5
_SHORTEST = 4


class Word(NamedTuple):
    """A folded word of the query and its weight."""

    text: str
    weight: float


def weighted_words(snapshot: Snapshot, query: str, language: Language) -> list[Word]:
    """Return the words of a query, function words at half weight.

    A word that no chunk holds is joined, at half weight, by the known word that it was probably meant to be.
    """
    light = analysis.FUNCTION_WORDS.get(language, analysis.FUNCTION_WORDS["fr"])
    found: list[Word] = []
    for word in analysis.words(query):
        if word in light:
            found.append(Word(word, LIGHT))
            continue
        meant = _meant(snapshot, word)
        found += [Word(word, 1.0), Word(meant, _MEANT)] if meant else [Word(word, 1.0)]
    return found


def _meant(snapshot: Snapshot, word: str) -> str | None:
    if len(word) < _SHORTEST or any(c.isdigit() for c in word) or snapshot.knows(word):
        return None
    return snapshot.nearest_word(word, 1 if len(word) <= 5 else 2)


def query_terms(words: list[Word], language: Language) -> Mapping[str, Mapping[int, float]]:
    """Return the weighted terms of a query for each field of the index."""
    prefixes = _heaviest((t, w.weight) for w in words for t in analysis.prefix_terms([w.text]))
    grams = _heaviest((t, w.weight) for w in words for t in analysis.gram_terms([w.text]))
    pairs = dict.fromkeys(analysis.pair_terms([w.text for w in words], language), 1.0)
    return {
        "question_prefixes": prefixes,
        "question_grams": grams,
        "answer_prefixes": prefixes,
        "answer_grams": grams,
        "pairs": pairs,
    }


def _heaviest(terms: Iterator[tuple[int, float]]) -> dict[int, float]:
    found: dict[int, float] = {}
    for term, weight in terms:
        found[term] = max(found.get(term, 0.0), weight)
    return found
