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
from copilot.index.snapshot import Snapshot
from copilot.records import Chunk, Language
from copilot.retrieve.query import LIGHT, weighted_words

FEATURES = (
    "score",
    "lead",
    "lead_over_rest",
    "entropy",
    "cosine",
    "learnt",
    "matched_mass",
    "matched_words",
    "cover",
    "cover_stems",
    "cover_question",
    "cover_elsewhere",
    "known",
    "rarest_matched",
    "question_covered",
    "words",
)


class Found(NamedTuple):
    """What a search found: chunks best first, their scores before learning, the best one's cosine and
    what was learnt of it."""

    chunks: Sequence[Chunk]
    scores: Sequence[float]
    cosine: float
    learnt: float


class _Wanted(NamedTuple):
    """A content word of the query: ways to write its beginning and its stem, and its weight."""

    beginnings: frozenset[str]
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


def features(snapshot: Snapshot, query: str, language: Language, found: Found) -> dict[str, float]:
    """Return the features of one search, all zero where nothing was found."""
    if not found.chunks:
        return dict.fromkeys(FEATURES, 0.0)
    wanted = _content(snapshot, query, language)
    return _of_scores(found) | _of_words(wanted, found.chunks)


def _of_scores(found: Found) -> dict[str, float]:
    scores = [*found.scores, *[0.0] * 10][:10]
    powers = [math.exp(20 * (score - scores[0])) for score in scores]
    shares = [power / sum(powers) for power in powers]
    return {
        "score": scores[0],
        "lead": scores[0] - scores[1],
        "lead_over_rest": scores[0] - sum(scores[2:5]) / 3,
        "entropy": -sum(p * math.log(p) for p in shares if p > 0) / math.log(10),
        "cosine": found.cosine,
        "learnt": found.learnt,
    }


def _of_words(wanted: Sequence[_Wanted], chunks: Sequence[Chunk]) -> dict[str, float]:
    mass = sum(word.idf for word in wanted) or 1.0
    first = chunks[0]
    language = analysis.language_of(first)
    question = analysis.words(analysis.question_of(first))
    everything = [*question, *analysis.words(first.text)]
    beginnings, held = _beginnings(everything), frozenset(analysis.stems(everything, language))
    matched = [word for word in wanted if word.beginnings & beginnings]
    by_stem = [word for word in wanted if word.stems & held]
    rarest = max(wanted, key=lambda word: word.idf, default=None)
    return {
        "matched_mass": math.log1p(sum(word.idf for word in by_stem)),
        "matched_words": math.log1p(len(by_stem)),
        "cover": sum(word.idf for word in matched) / mass,
        "cover_stems": sum(word.idf for word in by_stem) / mass,
        "cover_question": sum(w.idf for w in wanted if w.beginnings & _beginnings(question)) / mass,
        "cover_elsewhere": max((_cover(wanted, chunk) for chunk in chunks[1:5]), default=0.0),
        "known": sum(word.idf for word in wanted if word.known) / mass,
        "rarest_matched": float(rarest is not None and bool(rarest.stems & held)),
        "question_covered": _covered(question, language, wanted),
        "words": math.log1p(len(wanted)),
    }


def _content(snapshot: Snapshot, query: str, language: Language) -> list[_Wanted]:
    found: list[_Wanted] = []
    for word in weighted_words(snapshot, query, language):
        ways = [word.text]
        if word.weight == LIGHT:
            if word.text in analysis.FUNCTION_WORDS.get(language, analysis.FUNCTION_WORDS["fr"]) or not found:
                continue
            # The word that was probably meant follows the one that was typed.
            last = found.pop()
            found.append(
                last._replace(
                    beginnings=last.beginnings | _beginnings(ways),
                    stems=last.stems | frozenset(analysis.stems(ways, language)),
                )
            )
            continue
        term = analysis.prefix_terms(ways)[0]
        idf = min(snapshot.idf("question_prefixes", term), snapshot.idf("answer_prefixes", term))
        stems = frozenset(analysis.stems(ways, language))
        found.append(_Wanted(_beginnings(ways), stems, idf, snapshot.knows(word.text)))
    return found


def _beginnings(words: Sequence[str]) -> frozenset[str]:
    return frozenset(word[:4] for word in words)


def _cover(wanted: Sequence[_Wanted], chunk: Chunk) -> float:
    held = _beginnings(analysis.words(f"{chunk.question} {chunk.text}"))
    mass = sum(word.idf for word in wanted) or 1.0
    return sum(word.idf for word in wanted if word.beginnings & held) / mass


def _covered(question: Sequence[str], language: Language, wanted: Sequence[_Wanted]) -> float:
    light = analysis.FUNCTION_WORDS.get(language, analysis.FUNCTION_WORDS["fr"])
    content = {word[:4] for word in question if word not in light}
    asked = frozenset().union(*(word.beginnings for word in wanted))
    return len(content & asked) / len(content) if content else 0.0
