"""Which restriction of a source did a sentence lose?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from copilot.facts.conditions import (
    DECISIVE,
    EXCEPT,
    IF,
    ONLY,
    SUBJECT,
    TIME_LIMIT,
    Restriction,
    another_subject,
    host_of,
    ideas_of,
    kept,
    main_ideas,
    meets,
    restrictions,
    sets_limits,
    states_host,
    told_otherwise,
    values_of,
)
from copilot.facts.lexicon import lexicon
from copilot.facts.pool import Pool, Source
from copilot.facts.reading import Reading, ReadSentence
from copilot.facts.sameness import same
from copilot.facts.statements import Alignment, align
from copilot.facts.weighing import Traits

_MAIN = re.compile(r",\W*\w+(?:\W+\w+){2}")
_NEAREST, _NEAR, _BY_CLAUSE, _BEGUN, _WHOLE = 4, 0.4, 5, 4, 0.9
_PERHAPS = re.compile(
    r"\bc'est (?:peut-etre|probablement|sans doute) (?:que|qu'|du|parce)|\bil se peut que"
    r"|^\W*(?:perhaps|maybe)\b"
)
_FOLLOWS = re.compile(
    r"^(?:\W*)(?:cette|cet|ce|ces|cela|elle|il|ils|elles|sont exclus?|this|these|it|they"
    r"|the offer|that)\b|\bne s'applique|\bexclus?\b|\bexclues?\b"
    r"|\bexclusions?\b|\bdo(?:es)? not apply\b|\bne (?:sont|est) pas concern|\bn'est pas concern"
    r"|\bnot (?:covered|eligible|included|concerned)\b|\bare excluded\b|\bis excluded\b"
    r"|\bexceptions?\b|^(?:\W*)(?:seuls?|seules?|uniquement|attention|only|hors|sauf|except)"
)


@dataclass(frozen=True, slots=True)
class Loss:
    """A restriction that a sentence may have lost.

    ``start:end`` is where it stands in the folded source, ``denied`` the sentence of the text that tells it
    as if it were none.
    """

    source: Source
    start: int
    end: int
    denied: ReadSentence | None
    traits: Traits


def losses(sentence: ReadSentence, reading: Reading, best: list[Alignment], pool: Pool) -> Iterator[Loss]:
    """Yield the restrictions of the sources near a sentence, with what tells whether it lost them."""
    for concerned in _concerned(sentence, best, pool):
        source = concerned.source
        if source.sentence.text.rstrip().endswith("?"):
            continue
        limits = restrictions(source.sentence, source.reading.language)
        near = _of_source(concerned, sentence, best, pool, reading.language) if limits else {}
        for restriction in limits:
            there, denied = kept(restriction, source, reading, pool)
            traits = (
                near
                | _of_host(restriction, source, sentence, pool)
                | _of_restriction(restriction, source, sentence, reading, pool)
            )
            states = states_host(sentence, source, restriction, pool)
            reworded = told_otherwise(sentence, restriction, source, reading, pool)
            affirms = bool(traits["except"]) and traits["told_here"] >= _WHOLE and not traits["limits"]
            traits |= {
                "affirms": affirms,
                "states": states,
                "reworded": reworded,
                "kept": there,
                "denied": denied is not None,
                "by_rule": states and not reworded and not there,
            }
            yield Loss(source, restriction.start, restriction.end, denied, traits)


@dataclass(frozen=True, slots=True)
class _Concerned:
    """A source near a sentence: how it ranks, and whether it only follows one that does."""

    rank: int
    alignment: Alignment
    source: Source
    after: bool


def _concerned(sentence: ReadSentence, best: list[Alignment], pool: Pool) -> Iterator[_Concerned]:
    tops = [(i, a) for i, a in enumerate(best[:_NEAREST]) if a.score >= _NEAR * best[0].score]
    for clause in sentence.clauses:
        if len(clause.tokens) > 1:
            tops += [(_BY_CLAUSE, a) for a in align(clause.tokens, sentence, pool)[:1]]
    seen: set[tuple[str, int]] = set()
    for rank, alignment in tops:
        source = alignment.source
        if source is None:
            continue
        follower = _next(source, pool)
        if follower is not None and not _FOLLOWS.search(follower.sentence.text):
            follower = None
        for place, after in ((source, False), (follower, True)):
            key = (place.passage.chunk.id, place.sentence.start) if place is not None else None
            if place is None or key is None or key in seen:
                continue
            seen.add(key)
            yield _Concerned(rank, alignment, place, after)


def _next(source: Source, pool: Pool) -> Source | None:
    own = [s for s in pool.sources if s.passage.chunk.id == source.passage.chunk.id]
    at = own.index(source)
    return own[at + 1] if at + 1 < len(own) else None


def _of_source(
    concerned: _Concerned, sentence: ReadSentence, best: list[Alignment], pool: Pool, language: str
) -> dict[str, float]:
    source, alignment = concerned.source, concerned.alignment
    words = lexicon(source.reading.language)
    return {
        "rank": concerned.rank,
        "first": concerned.rank == 0,
        "quoted": _bare(sentence.text) in source.sentence.text,
        "quoted_beside": not concerned.after and _quoted(sentence, source, best),
        "near_first": alignment.score / best[0].score if best else 0.0,
        "follows": concerned.after,
        "nearness": min(alignment.score / pool.unknown, 6.0),
        "cover": alignment.cover,
        "sentence_held": _share(sentence.ideas & source.sentence.ideas, sentence.ideas, pool),
        "restricts": words.restrict.search(sentence.text) is not None,
        "conditional": words.conditional.search(sentence.text) is not None,
        "limits": sets_limits(sentence, source.reading.language),
        "denies": any(t.sign < 0 for t in sentence.tokens),
        "source_denies": any(t.sign < 0 for t in source.sentence.tokens),
        "other_subject": another_subject(sentence, source, pool),
        "words": min(len(sentence.tokens), 14),
        "foreign": pool.foreign(language),
        "perhaps": _PERHAPS.search(sentence.text) is not None,
    }


def _quoted(sentence: ReadSentence, source: Source, best: list[Alignment]) -> bool:
    """Is the sentence word for word that of another source?"""
    told = _bare(sentence.text)
    others = (a.source for a in best[:_NEAREST] if a.source is not None and a.source is not source)
    return any(told in other.sentence.text for other in others)


def _bare(text: str) -> str:
    return text.strip(" .!:;")


def _share(part: frozenset[str] | set[str], whole: frozenset[str] | set[str], pool: Pool) -> float:
    return pool.weigh(part) / (pool.weigh(whole) or 1.0)


def _of_host(
    restriction: Restriction, source: Source, sentence: ReadSentence, pool: Pool
) -> dict[str, float]:
    ideas, values = host_of(source.sentence, restriction)
    told = sum(any(same(m, n) for n in values) for m in sentence.mentions)
    whole = pool.weigh(ideas) + 1.5 * len(values)
    affirmed = {t.idea for t in source.sentence.tokens if t.sign > 0}
    decisive = ideas & DECISIVE & affirmed
    main = main_ideas(source, restriction)
    return {
        "host": (pool.weigh(ideas & sentence.ideas) + 1.5 * told) / whole if whole else 0.0,
        "host_size": min(len(ideas) + len(values), 6),
        "no_host": not whole,
        "decisive": bool(decisive),
        "decisive_told": bool(decisive & sentence.ideas),
        "decisive_untold": bool(decisive) and not decisive & sentence.ideas,
        "host_values": min(told, 3),
        "main": _share(main & sentence.ideas, main, pool),
        "leads": _leads(restriction, source.sentence),
        "front": restriction.start - source.sentence.start <= 8,
        "size": (restriction.end - restriction.start) / max(1, source.sentence.end - source.sentence.start),
    }


def _leads(restriction: Restriction, sentence: ReadSentence) -> bool:
    """ "…; if you miss it, the second one costs 28 €": the condition is that of what follows it."""
    before = sentence.text[: restriction.start - sentence.start].rstrip()
    after = sentence.text[restriction.end - sentence.start :]
    return (not before or before[-1] in ";:.(–—") and _MAIN.match(after) is not None


def _of_restriction(
    restriction: Restriction, source: Source, sentence: ReadSentence, reading: Reading, pool: Pool
) -> dict[str, float]:
    inside, values = ideas_of(restriction, source), values_of(restriction, source)
    wanted = inside - main_ideas(source, restriction) - source.sentence.lead or inside
    begun = {idea[:_BEGUN] for idea in reading.ideas}
    told = sum(any(meets(n, m) for s in reading.sentences for n in s.mentions) for m in values)
    total = pool.weigh(wanted) + 2 * len(values)
    marker = restriction.marker
    return {
        "told": (pool.weigh(wanted & reading.ideas) + 2 * told) / total if total else 1.0,
        "begun": (pool.weigh(i for i in wanted if i[:_BEGUN] in begun) + 2 * told) / total if total else 1.0,
        "told_here": pool.weigh(wanted & sentence.ideas) / total if total else 0.0,
        "values_told": bool(values) and told == len(values),
        "values_lost": bool(values) and not told,
        "values": min(len(values), 3),
        "ideas": min(len(wanted), 8),
        "only": ONLY.search(marker) is not None,
        "except": EXCEPT.search(marker) is not None,
        "if": IF.match(marker) is not None,
        "time": TIME_LIMIT.match(marker) is not None,
        "threshold": marker in ("from", "within"),
        "subject": SUBJECT.match(marker) is not None,
        "soft": restriction.soft,
    }
