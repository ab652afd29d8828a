"""Restrictions that the source attaches to a statement, and claims that go wider than the source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from copilot.facts.lexicon import lexicon
from copilot.facts.pool import Pool, Source
from copilot.facts.reading import Reading, ReadSentence
from copilot.facts.statements import Alignment
from copilot.facts.values import same

_ONLY = re.compile(
    r"uniquement|seule|exclusivement|only|solely|exclusively|n[e'].* qu|reserve|strictly|restricted|limited|limite"
)
_MUST = re.compile(
    r"\b(?:doit|doivent|devez|faut|necessaire|obligatoire|must|need|needs|required|require[sd]?|il suffit)\b"
)
_END = re.compile(r"[.;:!?\n)]|,? (?:mais|puis|but|then) ")
_FOLLOWS = re.compile(
    r"^(?:\W*)(?:cette|cet|ce|ces|cela|elle|il|ils|elles|sont exclus?|this|these|it|they|the offer|that)\b|\bne s'applique|\bexclus?\b|\bexclues?\b"
    r"|\bexclusions?\b|\bdo(?:es)? not apply\b|\bare excluded\b|\bis excluded\b|\bexceptions?\b|^(?:\W*)(?:seuls?|seules?|uniquement|attention|only|hors|sauf|except)"
)


@dataclass(frozen=True, slots=True)
class Restriction:
    """A restriction of a source sentence: where it stands and the marker that opens it."""

    start: int
    end: int
    marker: str
    soft: bool


def dropped(
    sentence: ReadSentence, reading: Reading, best: list[Alignment], pool: Pool
) -> tuple[Source, int, int] | None:
    """Find a restriction on what ``sentence`` states that the whole text never mentions.

    Returns:
        The source and the folded span of the restriction in it, None when nothing was lost.
    """
    for source in _concerned(sentence, best, pool):
        words = lexicon(source.reading.language)
        for restriction in restrictions(source.sentence, source.reading.language):
            main = _main_ideas(source, restriction)
            if not _states(sentence, source, main, pool):
                continue
            if not _kept(restriction, source, reading, pool):
                return source, restriction.start, restriction.end
        del words
    return None


def _concerned(sentence: ReadSentence, best: list[Alignment], pool: Pool) -> Iterator[Source]:
    tops = [a for a in best[:2] if a.source is not None and a.score >= 0.7 * best[0].score]
    for alignment in tops:
        source = alignment.source
        if source is None:
            continue
        yield source
        after = _next(source, pool)
        if (
            after is not None
            and _FOLLOWS.search(after.sentence.text)
            and not (after.sentence.ideas & sentence.ideas - source.sentence.ideas)
        ):
            yield after


def _next(source: Source, pool: Pool) -> Source | None:
    own = [s for s in pool.sources if s.passage.chunk.id == source.passage.chunk.id]
    at = own.index(source)
    return own[at + 1] if at + 1 < len(own) else None


@lru_cache(maxsize=4096)
def restrictions(sentence: ReadSentence, language: str) -> tuple[Restriction, ...]:
    """All restrictions of a source sentence."""
    words = lexicon(language)
    found = []
    for match in words.restrict.finditer(sentence.text):
        found.append(_restriction(sentence, match, soft=False))
    for match in words.conditional.finditer(sentence.text):
        # "Si vous avez…, …" in front sets the scene; behind the statement it limits it.
        if match.start() > 8 and not any(r.start <= sentence.start + match.start() < r.end for r in found):
            found.append(_restriction(sentence, match, soft=True))
    return tuple(found)


def _restriction(sentence: ReadSentence, match: re.Match[str], soft: bool) -> Restriction:
    stop = _END.search(sentence.text, match.end())
    end = stop.start() if stop else len(sentence.text.rstrip(" ."))
    return Restriction(sentence.start + match.start(), sentence.start + max(end, match.end()), match[0], soft)


def _main_ideas(source: Source, restriction: Restriction) -> frozenset[str]:
    return frozenset(
        t.idea for t in source.sentence.tokens if not restriction.start <= t.start < restriction.end
    )


def _states(sentence: ReadSentence, source: Source, main: frozenset[str], pool: Pool) -> bool:
    if source.sentence.text.rstrip().endswith("?"):
        return False
    shared = sentence.ideas & (main or source.sentence.lead)
    values = sum(any(same(m, n) for n in source.sentence.mentions) for m in sentence.mentions)
    weight = pool.weigh(shared)
    return weight + 1.5 * values >= 0.45 * (pool.weigh(main) + 1.5 * len(source.sentence.mentions)) and bool(
        shared or values
    )


def _kept(restriction: Restriction, source: Source, reading: Reading, pool: Pool) -> bool:
    tokens = [t for t in source.sentence.tokens if restriction.start <= t.start < restriction.end]
    values = [m for m in source.sentence.mentions if restriction.start <= m.start < restriction.end]
    spoken = frozenset(t.idea for s in reading.sentences for t in s.tokens)
    told = [m for s in reading.sentences for m in s.mentions]
    wanted = {t.idea for t in tokens}
    total = pool.weigh(wanted) + 1.2 * len(values)
    held = pool.weigh(wanted & spoken) + 1.2 * sum(
        any(same(n, m) or same(m, n) for n in told) for m in values
    )
    words = lexicon(reading.language)
    marked = bool(
        words.restrict.search(reading.text)
        or words.conditional.search(reading.text)
        or _MUST.search(reading.text)
        or words.negation.search(reading.text)
    )
    if total == 0:
        return marked
    if _ONLY.search(restriction.marker) and not marked:
        return False
    return held / total >= (0.3 if marked else 0.5)


def widened(
    sentence: ReadSentence, reading: Reading, best: list[Alignment]
) -> Iterator[tuple[int, int, Source | None]]:
    """Yield the words that claim all cases (``tous``, ``always``) where no aligned source does."""
    words = lexicon(reading.language)
    if not best or best[0].source is None:
        return
    near = [a.source for a in best[:3] if a.source is not None]
    if any(lexicon(s.reading.language).wide.search(s.sentence.text) for s in near):
        return
    for match in words.wide.finditer(sentence.text):
        start = sentence.start + match.start()
        if any(m.start <= start < m.end for m in sentence.mentions):
            continue
        yield start, sentence.start + match.end(), near[0]
