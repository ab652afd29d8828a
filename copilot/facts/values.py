"""Is this value in the passages, about this very matter?"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from copilot.facts.candidates import (
    NEAR,
    Balance,
    Candidate,
    Theme,
    balance_of,
    nearest_of,
    outweighs,
    topic_of,
)
from copilot.facts.lexicon import common_ideas, lexicon, polar_ideas
from copilot.facts.mention import ROUND_THE_CLOCK, Mention
from copilot.facts.numbers import plain
from copilot.facts.pool import Pool, Source
from copilot.facts.reading import Clause, ReadSentence
from copilot.facts.regions import within
from copilot.facts.sameness import same
from copilot.facts.statements import Alignment
from copilot.facts.tokens import Token
from copilot.facts.weighing import Traits
from copilot.records import ClaimState

_COUNTED = (
    r" ?(?:[€%$£°]|(?:euros?|jours?|mois|ans?|h|heures?|min(?:utes?)?|km|kg|days?|months?|hours?|years?"
    r"|am|pm)\b|h\d|:\d)"
)
_AHEAD = re.compile(r" ?(?:avant|before|a l'avance|ahead|prior|in advance)\b")
_SHUT = re.compile(r"\b(?:fermee?s?|fermons|ferme|closes?|clos|repos|relache|closed|shut)\b")
_ADULT = re.compile(r"\b(?:majeure?s?|mineure?s?|adultes?|adults?|minors?|under ?age|of age)\b")
_HOURS = frozenset({"hours"})
_LOOKED_AT = 5


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state of a mention, with the source mention that says so (or otherwise).

    ``traits`` tell of its rivals. ``given``: a source gives the value, and ``otherwise`` is the opposite
    verdict, where there is one.
    """

    state: ClaimState
    source: Source | None = None
    mention: Mention | None = None
    reason: str = ""
    traits: Traits | None = None
    given: bool = False
    otherwise: Verdict | None = None


def judge(
    mention: Mention, clause: Clause, sentence: ReadSentence, pool: Pool, best: list[Alignment]
) -> Verdict:
    """Compare one typed mention with the passages' mentions of its kind.

    An equal value counts only when no other value stands nearer to what the clause talks about. ``best`` are
    the sources of the whole sentence, the nearest first.
    """
    topic = topic_of(mention, clause, sentence, pool)
    told = {m.value for m in sentence.mentions}
    equal, other, rivals = nearest_of(mention, sentence, topic, told, pool)
    near = [a.source for a in best[:_LOOKED_AT]]
    if other is not None and _closing(mention, clause, sentence, other):
        return Verdict("supported", other.source, other.mention)
    if equal:
        return _against(mention, clause, sentence, equal, other, rivals, topic, told, near, pool)
    granted = _granted(mention, clause, other, pool)
    return granted or replace(_denied(equal, other), traits=_unfound(other, rivals, topic, near, pool))


def _against(
    mention: Mention, clause: Clause, sentence: ReadSentence, equal: Candidate, other: Candidate | None,
    rivals: int, topic: dict[str, Theme], told: set[str], near: list[Source | None], pool: Pool,
) -> Verdict:  # fmt: skip
    """The verdict on a value that a source gives, with what tells whether another one is meant."""
    held = _fits(equal.mention, equal.source, sentence) or _backed(mention, equal, other, topic)
    outweighed = other is not None and outweighs(mention, other, equal, topic, pool, told)
    bounded = _bounded(mention, sentence, equal.source, equal.mention)
    balance = balance_of(other, equal, topic, told) if other else Balance(0.0, 0.0, 0.0, 0.0, False)
    whole, unknown = sum(theme.weight for theme in topic.values()) or 1.0, pool.unknown
    traits = _unfound(other, rivals, topic, near, pool) | {
        "held": held,
        "outweighed": outweighed and not held,
        "bounded": bounded.state != "supported" and not held,
        "gain": balance.gain / unknown,
        "loss": balance.loss / unknown,
        "top": balance.top / unknown,
        "lost": balance.lost / unknown,
        "named": balance.proper,
        "equal_nearness": equal.score / unknown,
        "equal_cover": equal.score / whole,
        "equal_first": bool(near) and near[0] is equal.source,
        "equal_rank": next((i for i, s in enumerate(near) if s is equal.source), _LOOKED_AT),
        "same_sentence": other is not None and other.source is equal.source,
        "rival_said": other is not None and other.mention.value in told,
        "same_writing": mention.value == equal.mention.value,
        "same_bound": mention.bound == equal.mention.bound,
        **_at_home(mention, sentence, pool),
        **_beside(mention, clause, sentence, equal, pool, "equal"),
        **(_beside(mention, clause, sentence, other, pool, "rival") if other else {}),
    }
    if bounded.reason == "other_bound" and not held:
        return bounded
    supported = Verdict("supported", equal.source, equal.mention)
    against = bounded if bounded.state != "supported" else _denied(equal, other) if other else None
    objects = against is not None and not held and (outweighed or bounded.state != "supported")
    if objects and against is not None:
        return replace(against, traits=traits, given=True, otherwise=supported)
    return replace(supported, traits=traits, given=True, otherwise=against)


def _beside(
    mention: Mention, clause: Clause, sentence: ReadSentence, found: Candidate, pool: Pool, name: str
) -> dict[str, float]:
    """How well the clause of a candidate fits the clause of the value: what each says that the other does."""
    place = found.source.sentence.clause_of(found.mention)
    there = place.ideas
    lead = found.source.sentence.lead | found.source.sentence.subject
    here = [t for t in clause.tokens if t.idea not in common_ideas() and not _inside(t, mention)]
    ideas = frozenset(t.idea for t in here)
    before = [t.idea for t in here if t.end <= mention.start][-1:]
    after = [t.idea for t in here if t.start >= mention.end][:1]
    told = there - common_ideas()
    names = {m.value for m in sentence.mentions if m.kind in ("name", "reference") and m is not mention}
    theirs = {m.value for m in place.mentions if m.kind in ("name", "reference")}
    beside = {m.value for m in clause.mentions if m is not mention}
    return {
        f"{name}_fits": pool.weigh(ideas & (there | lead)) / (pool.weigh(ideas) or 1.0),
        f"{name}_told": pool.weigh(told & sentence.ideas) / (pool.weigh(told) or 1.0),
        f"{name}_before": any(i in there for i in before),
        f"{name}_after": any(i in there for i in after),
        f"{name}_named": bool(names & theirs),
        f"{name}_misnamed": bool(theirs - names - {mention.value}),
        f"{name}_values": min(sum(m.value in beside for m in place.mentions), 2),
    }


def _at_home(mention: Mention, sentence: ReadSentence, pool: Pool) -> dict[str, float]:
    """Does the source that says most of what stands around a value also give the value, or another one?"""
    ideas = frozenset(t.idea for t in sentence.tokens if not _inside(t, mention)) - common_ideas()
    others = [m for m in sentence.mentions if m is not mention]
    best = best_with = 0.0
    home: Source | None = None
    for source in pool.sources:
        there = source.sentence
        shared = pool.weigh(ideas & there.ideas) + 0.4 * pool.weigh((ideas - there.ideas) & there.lead)
        score = shared + 1.5 * sum(any(same(m, n) for n in there.mentions) for m in others)
        if (
            any(same(mention, n) for n in there.mentions)
            or mention.value in source.passage.chunk.question.lower()
        ):
            best_with = max(best_with, score)
        if score > best:
            best, home = score, source
    told = {m.value for m in sentence.mentions}
    rivals = [n for n in home.sentence.mentions if n.kind == mention.kind] if home else []
    return {
        "home_margin": (best - best_with) / (best or 1.0),
        "home_gap": min((best - best_with) / pool.unknown, 4.0),
        "home_untold": any(n.value not in told for n in rivals),
        "home_alone": len({n.value for n in rivals}) == 1,
        "home_gives": any(same(mention, n) for n in rivals),
    }


def _inside(token: Token, mention: Mention) -> bool:
    return mention.start <= token.start < mention.end


def _unfound(
    other: Candidate | None, rivals: int, topic: dict[str, Theme], near: list[Source | None], pool: Pool
) -> dict[str, float]:
    """Traits of a value that no source gives: how near the nearest other one stands."""
    whole = sum(theme.weight for theme in topic.values()) or 1.0
    rank = next((i for i, source in enumerate(near) if other and source is other.source), _LOOKED_AT)
    return {
        "rival": other is not None,
        "rivals": min(rivals, 8),
        "rival_nearness": other.score / pool.unknown if other else 0.0,
        "rival_cover": other.score / whole if other else 0.0,
        "rival_first": other is not None and rank == 0,
        "rival_rank": rank,
    }


def _fits(found: Mention, source: Source, sentence: ReadSentence) -> bool:
    """ "42 € for your daughter of 16": the source gives the value beside the range that holds her age."""
    beside = [
        m for m in source.sentence.mentions if -12 < m.start - found.end < 12 or -4 < found.start - m.end < 12
    ]
    return any(
        m.base == own.base and m.low is not None and m.high is not None and m.low <= own.low <= m.high
        for own in sentence.mentions
        if own.own and own.low is not None
        for m in beside
        if m.low != m.high
    )


def _backed(mention: Mention, equal: Candidate, other: Candidate | None, topic: dict[str, Theme]) -> bool:
    """Do the values that the text gives stand beside this name in the source, and none beside the other?"""
    if other is None:
        return False
    if mention.kind != "name":
        named = [i for i, theme in topic.items() if theme.proper and theme.own]
        return any(equal.levels.get(i, 0.0) == NEAR > other.levels.get(i, 0.0) for i in named)
    values = [i for i in topic if i[0] == "=" and not topic[i].proper]
    here = [equal.levels.get(i, 0.0) for i in values]
    there = [other.levels.get(i, 0.0) for i in values]
    return any(a > b for a, b in zip(here, there, strict=True)) and all(
        a >= b for a, b in zip(here, there, strict=True)
    )


def _denied(equal: Candidate | None, other: Candidate | None) -> Verdict:
    if other is not None and (equal or other.score > 0):
        return Verdict("contradicted", other.source, other.mention, reason="other_value")
    return Verdict("not_found")


def _granted(mention: Mention, clause: Clause, other: Candidate | None, pool: Pool) -> Verdict | None:
    """Support that no equal mention gives: the bare text of a source."""
    if mention.kind == "number" and other is not None and other.score >= pool.unknown:
        return None
    if mention.kind == "name" and (region := _region(mention, clause, pool)) is not None:
        return Verdict("supported", region)
    if mention.kind == "price" and mention.low == 0 and (free := _free(clause, pool)) is not None:
        return Verdict("supported", free)
    if mention.kind == "days" and (always := _round_the_clock(clause, pool)) is not None:
        return Verdict("supported", always)
    if _elsewhere(mention, pool) or _translated(mention, clause, pool) or _of_age(mention, pool):
        return Verdict("supported", *_where(mention, pool))
    return None


def _round_the_clock(clause: Clause, pool: Pool) -> Source | None:
    """The source that is open day and night, if it speaks of what the clause does."""
    for source, place, found in pool.of_kind(_HOURS):
        if ROUND_THE_CLOCK in found.values and place.ideas & clause.ideas:
            return source
    return None


def _region(mention: Mention, clause: Clause, pool: Pool) -> Source | None:
    """The source that speaks of what the clause does, of the region where a country lies."""
    near = [s for s in pool.sources if clause.ideas & s.sentence.ideas and not _limits(s)]
    return next((s for s in near if within(mention.value, s.sentence.text)), None)


def _limits(source: Source) -> bool:
    """ "We do not deliver abroad", "all of Europe except Switzerland": no country follows from that."""
    restricted = lexicon(source.reading.language).restrict.search(source.sentence.text) is not None
    return restricted or _denies(source.sentence)


def _free(clause: Clause, pool: Pool) -> Source | None:
    """ "0 €" is free: the nearest source that says so."""
    given = [s for s in pool.sources if any(t.idea == "free" and t.sign > 0 for t in s.sentence.tokens)]
    return max(given, key=lambda s: pool.weigh(clause.ideas & s.sentence.ideas), default=None)


def _of_age(mention: Mention, pool: Pool) -> bool:
    """Eighteen years tell who is an adult, in years or in a word."""
    years = mention.base == "month" and mention.low == mention.high == 216
    return years and _ADULT.search(pool.text) is not None


def _closing(mention: Mention, clause: Clause, sentence: ReadSentence, other: Candidate) -> bool:
    """ "Not on Saturdays" is told by the days that a source does give."""
    if mention.kind != "days" or mention.noun == "range":
        return False
    place = other.source.sentence.clause_of(other.mention)
    told, said = (any(t.sign < 0 for t in c.tokens) for c in (clause, place))
    return (
        (told or _SHUT.search(sentence.text) is not None)
        and not said
        and not set(mention.value.split(",")) <= set(other.mention.value.split(","))
    )


def _elsewhere(mention: Mention, pool: Pool) -> bool:
    if mention.kind == "link" and "/" not in mention.value:
        return f"@{mention.value}" in pool.text or mention.value in pool.text
    if mention.kind in ("number", "reference", "postcode") and mention.low is not None:
        return (
            re.search(rf"(?<![\d.,]){re.escape(plain(mention.low))}(?!\d|[.,]\d|{_COUNTED})", pool.text)
            is not None
        )
    if mention.kind == "name":
        parts = [rf"(?<!\w){re.escape(p)}(?!\w)" for p in mention.value.split(" ")]
        return any(all(re.search(p, s.sentence.text) for p in parts) for s in pool.sources) or (
            re.search(rf"(?<!\w){re.escape(mention.value)}(?!\w)", pool.text) is not None
        )
    if mention.kind == "reference":
        return mention.value in pool.text.replace("-", "")
    return False


def _translated(mention: Mention, clause: Clause, pool: Pool) -> bool:
    """A name whose words the lexicon knows under another writing: Corsica, Corse."""
    if mention.kind != "name" or re.search(r"\d", mention.value):
        return False
    ideas = {t.idea for t in clause.tokens if mention.start <= t.start < mention.end}
    return bool(ideas) and ideas <= pool.ideas


def _where(mention: Mention, pool: Pool) -> tuple[Source | None, Mention | None]:
    written = plain(mention.low) if mention.low is not None else mention.value
    return next((s for s in pool.sources if written in s.sentence.text), None), None


def _denies(sentence: ReadSentence) -> bool:
    return any(t.sign < 0 for t in sentence.tokens)


def _same_outcome(sentence: ReadSentence, source: ReadSentence) -> bool:
    """Do both affirm the same thing with an opposite, free or allowed, or both deny it?"""
    there = {(t.idea, t.sign) for t in source.tokens}
    return any(t.sign and t.idea in polar_ideas() and (t.idea, t.sign) in there for t in sentence.tokens)


def _bounded(mention: Mention, sentence: ReadSentence, source: Source, found: Mention) -> Verdict:
    """An equal number still says something else when "from 5 €" became "5 €" or "up to 5 €"."""
    if _denies(sentence) != _denies(source.sentence):
        # "At least 16" and "forbidden under 16" are one limit seen from two sides.
        return Verdict("supported", source, found)
    low, high = {"from"}, {"max"}
    if mention.kind == "duration" and _AHEAD.search(source.reading.text, found.end, found.end + 16):
        # "More than 72 h before" and "up to 72 h before" are one limit seen from two sides.
        return Verdict("supported", source, found)
    if mention.kind in ("price", "percent", "unit", "number", "duration"):
        mine, theirs = {mention.bound}, {found.bound}
        turned = (mine <= low and theirs <= high) or (mine <= high | {"within"} and theirs <= low)
        if turned and mine and theirs:
            if not _same_outcome(sentence, source.sentence):
                # "Free from 60 €" and "4 € below 60 €" are two sides of one limit.
                return Verdict("supported", source, found)
            return Verdict("contradicted", source, found, reason="other_bound")
        if not mention.bound and theirs <= low | high and mention.kind in ("price", "percent", "unit"):
            return Verdict("condition_dropped", source, found, reason="bound")
    return Verdict("supported", source, found)
