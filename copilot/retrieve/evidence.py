"""Which sentence of which passage a sentence stands on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from copilot.index import analysis
from copilot.records import Evidence, Language, Passage, Span
from copilot.retrieve.sentences import sentences

_LEAST = 0.35
_COMMON = frozenset().union(*analysis.FUNCTION_WORDS.values())


def evidence_for(sentence: str, passages: Sequence[Passage]) -> Evidence | None:
    """Return the span of the passages that supports a sentence best, or None where nothing does.

    The score is the share of the sentence's content words that the span holds, digits weighing
    double; a span is one sentence, or two neighbours where only both together hold them.
    """
    best: Evidence | None = None
    for passage in passages:
        wanted = _weights(sentence, passage.chunk.language)
        if not wanted:
            return None
        for span in _candidates(passage.chunk.text):
            quote = passage.chunk.text[span.start : span.end]
            score = _coverage(wanted, quote, passage.chunk.language)
            if score >= _LEAST and (best is None or score > best.score + 0.05):
                best = Evidence(passage.id, span, quote, round(score, 3), passage.chunk.version)
    return best


def highlights(query: str, text: str, language: Language, limit: int = 2) -> tuple[Span, ...]:
    """Return the sentences of a passage that share the most with a query, in text order."""
    wanted = _weights(query, language)
    spans = sentences(text)
    if not wanted or not spans:
        return tuple(spans[:1])
    scored = [(_coverage(wanted, text[s.start : s.end], language), -i, s) for i, s in enumerate(spans)]
    best = max(scored)
    chosen = [s for score, _, s in sorted(scored, reverse=True)[:limit] if score > max(0.0, best[0] / 2)]
    return tuple(sorted(chosen)) or (spans[0],)


@lru_cache(maxsize=2048)
def _candidates(text: str) -> tuple[Span, ...]:
    single = sentences(text)
    pairs = [Span(a.start, b.end) for a, b in pairwise(single)]
    return (*single, *pairs)


@lru_cache(maxsize=8192)
def _stemmed(text: str, language: Language) -> frozenset[str]:
    tokens = analysis.words(text)
    return frozenset(analysis.stems(tokens, language))


@lru_cache(maxsize=2048)
def _weights(text: str, language: Language) -> dict[str, float]:
    tokens = [t for t in analysis.words(text) if t not in _COMMON]
    weights = [2.0 if any(c.isdigit() for c in t) else 1.0 for t in tokens]
    return dict(zip(analysis.stems(tokens, language), weights, strict=True))


def _coverage(wanted: dict[str, float], text: str, language: Language) -> float:
    held = _stemmed(text, language)
    return sum(weight for stem, weight in wanted.items() if stem in held) / sum(wanted.values())
