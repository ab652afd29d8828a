"""Is this value in the passages, about this very matter?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from copilot.facts.lexicon import common_ideas, polar_ideas
from copilot.facts.mention import CONTACTS, MOMENTS, ROUND_THE_CLOCK, Mention
from copilot.facts.numbers import plain
from copilot.facts.pool import Pool, Source
from copilot.facts.reading import Clause, ReadSentence
from copilot.facts.sameness import same
from copilot.facts.tokens import Token
from copilot.records import ClaimState

_ALIKE = (
    frozenset({"duration", "hours", "age"}),
    frozenset({"date", "days"}),
    frozenset({"number", "reference", "postcode"}),
)
_NEAR, _SENTENCE, _LEAD, _PREVIOUS = 1.0, 0.6, 0.4, 0.25
_COUNTED = (
    r" ?(?:[€%$£°]|(?:euros?|jours?|mois|ans?|h|heures?|min(?:utes?)?|km|kg|days?|months?|hours?|years?"
    r"|am|pm)\b|h\d|:\d)"
)
_AHEAD = re.compile(r" ?(?:avant|before|a l'avance|ahead|prior|in advance)\b")
_SHUT = re.compile(r"\b(?:fermee?s?|fermons|ferme|closes?|clos|repos|relache|closed|shut)\b")
_ADULT = re.compile(r"\b(?:majeure?s?|mineure?s?|adultes?|adults?|minors?|under ?age|of age)\b")
_GOES_ON = re.compile(
    r"\W*(?:sinon|autrement|il|elle|ils|elles|c'est|cela|ca|ce sera|celui|celle|au-dela|ensuite|puis|comptez"
    r"|compte|otherwise|it|they|that|this|these|those|beyond|after that|then|if not)\b"
)
_FAR = 400  # 48 hours taken for 48 minutes is 60 times too short, 14 months for 14 days 30 times too long
_HOURS = frozenset({"hours"})
_BESIDE = 0.2
_GAIN, _LOSS, _ASIDE = 0.35, 0.15, 0.6


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state of a mention, with the source mention that says so (or otherwise)."""

    state: ClaimState
    source: Source | None = None
    mention: Mention | None = None
    reason: str = ""


def judge(mention: Mention, clause: Clause, sentence: ReadSentence, pool: Pool) -> Verdict:
    """Compare one typed mention with the passages' mentions of its kind.

    An equal value counts only when no other value stands nearer to what the clause talks about.
    """
    kinds = next((k for k in _ALIKE if mention.kind in k), frozenset({mention.kind}))
    topic = _topic(mention, clause, sentence, pool)
    told = {m.value for m in sentence.mentions}
    equal: _Candidate | None = None
    other: _Candidate | None = None
    for found in _candidates(kinds, topic, pool):
        if same(mention, found.mention):
            equal = found if equal is None or found.score > equal.score else equal
        elif _rival(mention, found.mention) and not _said(mention, found.mention, told, sentence):
            other = found if other is None or found.score > other.score else other
    if equal is None and mention.kind == "days":
        equal = _together(mention, topic, pool)
    if other is not None and _closing(mention, clause, sentence, other):
        return Verdict("supported", other.source, other.mention)
    if equal and (_fits(equal.mention, equal.source, sentence) or _backed(mention, equal, other, topic)):
        return Verdict("supported", equal.source, equal.mention)
    if equal and not (other and _outweighs(mention, other, equal, topic, pool, told)):
        return _bounded(mention, sentence, equal.source, equal.mention)
    return (None if equal else _granted(mention, clause, other, pool)) or _denied(equal, other)


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


def _backed(mention: Mention, equal: _Candidate, other: _Candidate | None, topic: dict[str, _Theme]) -> bool:
    """Do the values that the text gives stand beside this name in the source, and none beside the other?"""
    if other is None:
        return False
    if mention.kind != "name":
        named = [i for i, theme in topic.items() if theme.proper and theme.own]
        return any(equal.levels.get(i, 0.0) == _NEAR > other.levels.get(i, 0.0) for i in named)
    values = [i for i in topic if i[0] == "=" and not topic[i].proper]
    here = [equal.levels.get(i, 0.0) for i in values]
    there = [other.levels.get(i, 0.0) for i in values]
    return any(a > b for a, b in zip(here, there, strict=True)) and all(
        a >= b for a, b in zip(here, there, strict=True)
    )


def _denied(equal: _Candidate | None, other: _Candidate | None) -> Verdict:
    if other is not None and (equal or other.score > 0):
        return Verdict("contradicted", other.source, other.mention, reason="other_value")
    return Verdict("not_found")


def _granted(mention: Mention, clause: Clause, other: _Candidate | None, pool: Pool) -> Verdict | None:
    """Support that no equal mention gives: the bare text of a source."""
    if mention.kind == "number" and other is not None and other.score >= pool.unknown:
        return None
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


def _of_age(mention: Mention, pool: Pool) -> bool:
    """Eighteen years tell who is an adult, in years or in a word."""
    years = mention.base == "month" and mention.low == mention.high == 216
    return years and _ADULT.search(pool.text) is not None


def _closing(mention: Mention, clause: Clause, sentence: ReadSentence, other: _Candidate) -> bool:
    """ "Not on Saturdays" is told by the days that a source does give."""
    if mention.kind != "days" or mention.noun == "range":
        return False
    place = next(c for c in other.source.sentence.clauses if other.mention in c.mentions)
    told, said = (any(t.sign < 0 for t in c.tokens) for c in (clause, place))
    return (
        (told or _SHUT.search(sentence.text) is not None)
        and not said
        and not set(mention.value.split(",")) <= set(other.mention.value.split(","))
    )


def _candidates(kinds: frozenset[str], topic: dict[str, _Theme], pool: Pool) -> Iterator[_Candidate]:
    for source, place, candidate in pool.of_kind(kinds):
        levels = _levels(topic, source, place, candidate)
        yield _Candidate(source, candidate, levels, sum(topic[i].weight * v for i, v in levels.items()))


def _said(mention: Mention, candidate: Mention, told: set[str], sentence: ReadSentence) -> bool:
    """A name that the text gives beside the one in question is no rival to it."""
    if mention.kind == "number":
        return candidate.value in told
    if mention.kind != "name":
        return False
    last = candidate.value.rsplit(" ", 1)[-1]
    return candidate.value in told or (
        last.isdigit() and re.search(rf"\b{last}\b", sentence.text) is not None
    )


def _together(mention: Mention, topic: dict[str, _Theme], pool: Pool) -> _Candidate | None:
    """Days told one by one in a source sentence: Saturday, Sunday make a week-end."""
    mine = set(mention.value.split(","))
    for source in pool.sources:
        row = [m for m in source.sentence.mentions if m.kind == "days"]
        days = {d for m in row for d in m.value.split(",")}
        if len(row) > 1 and (mine == days or (mention.noun != "range" and mine <= days)):
            place = next(c for c in source.sentence.clauses if row[0] in c.mentions)
            return _Candidate(source, row[0], _levels(topic, source, place, row[0]), 0.0)
    return None


@dataclass(frozen=True, slots=True)
class _Candidate:
    source: Source
    mention: Mention
    levels: dict[str, float]
    score: float


def _outweighs(
    mention: Mention,
    other: _Candidate,
    equal: _Candidate,
    topic: dict[str, _Theme],
    pool: Pool,
    told: set[str],
) -> bool:
    """Is the other value so much nearer that the equal one must belong to another matter?"""
    gain = loss = top = lost = 0.0
    proper = False
    apart = other.source is not equal.source
    # Two values of one sentence: each goes with its own clause.
    listed = other.mention.value in told
    for idea, theme in ((i, t) for i, t in topic.items() if t.own or not listed):
        here, there = other.levels.get(idea, 0.0), equal.levels.get(idea, 0.0)
        if apart and min(here, there) >= _SENTENCE:
            # Between two sentences it does not matter in which clause an idea stands.
            here = there
        # What another clause speaks of says little for this one's value.
        heard = _BESIDE if here < there and not theme.own else 1.0
        difference = heard * theme.weight * (here - there)
        gain, loss = gain + max(difference, 0), loss + max(-difference, 0)
        if difference > top:
            top, proper = difference, theme.proper
        lost = max(lost, -difference)
    needed = _GAIN * pool.unknown
    if mention.kind in CONTACTS or mention.kind == "name":
        needed *= 2
    elif other.mention.value in told:
        needed *= 3
    if other.source is equal.source and other.mention.value in told:
        return False
    if gain < needed or top < lost:
        return False
    return loss <= _LOSS * gain or (proper and top >= 1.3 * lost)


@dataclass(frozen=True, slots=True)
class _Theme:
    """One thing a mention is about. ``own``: it stands in the mention's clause; ``proper``: a name."""

    weight: float
    own: bool = False
    proper: bool = False


def _topic(mention: Mention, clause: Clause, sentence: ReadSentence, pool: Pool) -> dict[str, _Theme]:
    """What the mention is about: ideas and neighbouring values, by how near and how telling they are."""
    before = 0.5 if _GOES_ON.match(sentence.text) else 0.15
    topic = {i: _Theme(before * pool.weight(i)) for i in sentence.previous - common_ideas()}
    named = [m for m in sentence.mentions if m.kind == "name" and m is not mention]
    for part in sentence.clauses:
        own = part is clause
        for token in part.tokens:
            name = next((n for n in named if n.start <= token.start < n.end), None)
            if token.idea in common_ideas() or _spoken_for(token.start, mention, name):
                continue
            near = _ASIDE if not own else 1.4 if abs(token.start - mention.start) < 30 else 1.0
            weight = near * (1.5 if name else 1.0) * pool.weight(token.idea)
            if token.idea not in topic or topic[token.idea].weight < weight:
                topic[token.idea] = _Theme(weight, own, name is not None)
        for value in part.mentions:
            if value is not mention:
                weight = (1.2 if value.kind == "name" else 0.9) * pool.unknown
                topic["=" + value.value] = _Theme(weight * (1.0 if own else 0.5), own, value.kind == "name")
    if mention.noun:
        topic["#" + mention.noun[:5]] = _Theme(1.5, True)
    return topic


def _spoken_for(at: int, mention: Mention, name: Mention | None) -> bool:
    """A token inside the mention, the noun it counts, or part of a numbered name ("Ampère 504")."""
    noun = bool(mention.noun) and 0 <= at - mention.end < 2
    return mention.start <= at < mention.end or noun or (name is not None and name.value[-1].isdigit())


def _levels(topic: dict[str, _Theme], source: Source, place: Clause, candidate: Mention) -> dict[str, float]:
    """How near to the candidate each theme stands, 0..1, absent ones left out."""
    sentence = source.sentence
    row = sentence.mentions
    at = next((i for i, m in enumerate(row) if m is candidate), 0)
    # Opening hours stand in lists, where a clause is a day or a time.
    beside = (*place.mentions, *_neighbours(row, at))
    near = _affirmed(place.tokens) | {"=" + v for m in beside if m is not candidate for v in _ends(m)}
    far = _affirmed(sentence.tokens) | {"=" + m.value for m in row if m is not candidate}
    levels: dict[str, float] = {}
    for idea, theme in topic.items():
        if idea == "=" + candidate.value:
            continue
        if idea[0] == "#":
            levels[idea] = 1.0 if idea == "#" + candidate.noun[:5] else 0.7 if not candidate.noun else 0.0
        elif theme.own and idea in near:
            levels[idea] = _NEAR
        elif idea in far or idea in near:
            levels[idea] = _SENTENCE
        elif idea in sentence.lead:
            levels[idea] = _LEAD
        elif idea in sentence.previous or idea in source.whole:
            levels[idea] = _PREVIOUS
    return levels


def _neighbours(row: Sequence[Mention], at: int) -> list[Mention]:
    """The day of some hours or the hours of a day: what stands in front, else what follows."""
    if not row or row[at].kind not in MOMENTS:
        return []
    around = [row[i] for i in (at - 1, at + 1) if 0 <= i < len(row)]
    if row[at].kind == "days":
        around.reverse()
    return [m for m in around if m.kind in MOMENTS and m.kind != row[at].kind][:1]


def _ends(mention: Mention) -> list[str]:
    return [mention.value, *mention.value.split("-")] if mention.kind == "hours" else [mention.value]


def _affirmed(tokens: tuple[Token, ...]) -> set[str]:
    """The ideas of some tokens; one with an opposite only where it is affirmed ("charged" is not "free")."""
    return {t.idea for t in tokens if t.sign > 0 or t.idea not in polar_ideas()}


def _rival(mention: Mention, candidate: Mention) -> bool:
    if mention.kind != candidate.kind:
        return False
    if mention.kind == "duration" and not _comparable(mention, candidate):
        return False
    if mention.low != mention.high and candidate.low == candidate.high:
        # "Between 5 and 12" does not contradict "under 5".
        return candidate.low not in (mention.low, mention.high)
    if mention.kind in ("unit", "price"):
        return mention.base == candidate.base or mention.kind == "price"
    if mention.kind == "number":
        return mention.noun[:5] == candidate.noun[:5]
    return True


def _comparable(a: Mention, b: Mention) -> bool:
    """Three quarters of an hour and a year are never two readings of one delay."""
    if a.low is None or b.low is None:
        return True
    return a.minutes <= _FAR * b.minutes and b.minutes <= _FAR * a.minutes


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
        if (mine <= low and theirs <= high) or (mine <= high | {"within"} and theirs <= low):
            return Verdict("contradicted", source, found, reason="other_bound")
        if not mention.bound and theirs <= low | high and mention.kind in ("price", "percent", "unit"):
            return Verdict("condition_dropped", source, found, reason="bound")
    return Verdict("supported", source, found)
