"""Does the knowledge hold an answer? A logistic over what one search shows, with shipped coefficients.

``answerable.yml`` holds an intercept and one weight a feature; ``benchmarks/fit_answerable.py`` says how
they were learnt and learns them again. Each feature is a plain number around 0..1 (logarithms reach 3).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from copilot.index import analysis
from copilot.index.embedders import HashedEmbedder
from copilot.index.snapshot import Snapshot
from copilot.records import Chunk, Language
from copilot.retrieve.query import weighted_words

FEATURES = ("score", "lead", "lead_over_rest", "cosine", "matched_words", "cover_stems", "known")


class _Wanted(NamedTuple):
    """A content word of the query: the stems it may have, its weight, and whether any chunk holds it."""

    stems: frozenset[str]
    idf: float
    known: bool


def probability(values: Mapping[str, float]) -> float:
    """Return the calibrated probability for one set of features."""
    weights = coefficients()
    total = weights["intercept"] + sum(weights[name] * values[name] for name in FEATURES)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@lru_cache(maxsize=1)
def coefficients() -> Mapping[str, float]:
    """Return the shipped coefficients by feature, and ``intercept``."""
    import yaml

    text = (resources.files(__package__) / "answerable.yml").read_text(encoding="utf-8")
    return {name: float(value) for name, value in yaml.safe_load(text).items()}


def features(
    snapshot: Snapshot, query: str, language: Language, chunks: Sequence[Chunk], scores: Sequence[float]
) -> dict[str, float]:
    """Return the features of one search, by name, all zero where nothing was found.

    Args:
        chunks: what was found, best first.
        scores: their scores by words and by what was learnt, without an endpoint's vectors: those have
            no scale in common from one model to another.
    """
    if not chunks:
        return dict.fromkeys(FEATURES, 0.0)
    wanted = _content(snapshot, query, language)
    mass = sum(word.idf for word in wanted) or 1.0
    first = chunks[0]
    held = frozenset(analysis.stems(analysis.words(_text(first)), analysis.language_of(first)))
    matched = [word for word in wanted if word.stems & held]
    vectors = HashedEmbedder().embed([query, _text(first)])
    padded = [*scores, 0.0, 0.0, 0.0, 0.0]
    return {
        "score": padded[0],
        "lead": padded[0] - padded[1],
        "lead_over_rest": padded[0] - sum(padded[2:5]) / 3,
        "cosine": float(vectors[0] @ vectors[1]),
        "matched_words": math.log1p(len(matched)),
        "cover_stems": sum(word.idf for word in matched) / mass,
        "known": sum(word.idf for word in wanted if word.known) / mass,
    }


def _text(chunk: Chunk) -> str:
    return f"{analysis.question_of(chunk)}\n{analysis.answer_of(chunk)}"


def _content(snapshot: Snapshot, query: str, language: Language) -> list[_Wanted]:
    light = analysis.FUNCTION_WORDS.get(language, analysis.FUNCTION_WORDS["fr"])
    found: list[_Wanted] = []
    for word in weighted_words(snapshot, query, language):
        stems = frozenset(analysis.stems([word.text], language))
        if word.text in light:
            continue
        if word.weight < 1 and found:
            # The word that was probably meant follows the one that was typed.
            typed = found.pop()
            found.append(typed._replace(stems=typed.stems | stems))
            continue
        term = analysis.prefix_terms([word.text])[0]
        idf = min(float(snapshot.idf(name, [term])[0]) for name in ("question_prefixes", "answer_prefixes"))
        found.append(_Wanted(stems, idf, snapshot.knows(word.text)))
    return found
