"""The values of the passages that a value of the text may be, by what stands around both."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from copilot.facts.lexicon import common_ideas, polar_ideas
from copilot.facts.mention import CONTACTS, MOMENTS, Mention
from copilot.facts.pool import Pool, Source
from copilot.facts.reading import Clause, ReadSentence
from copilot.facts.sameness import same
from copilot.facts.tokens import Token

_ALIKE = (
    frozenset({"duration", "hours", "age"}),
    frozenset({"date", "days"}),
    frozenset({"number", "reference", "postcode"}),
)
_GOES_ON = re.compile(
    r"\W*(?:sinon|autrement|il|elle|ils|elles|c'est|cela|ca|ce sera|celui|celle|au-dela|ensuite|puis|comptez"
    r"|compte|otherwise|it|they|that|this|these|those|beyond|after that|then|if not)\b"
)
_FAR = 400  # 48 hours taken for 48 minutes is 60 times too short, 14 months for 14 days 30 times too long
_BESIDE = 0.2
NEAR, _SENTENCE, _LEAD, _PREVIOUS = 1.0, 0.6, 0.4, 0.25
_GAIN, _LOSS, _ASIDE = 0.35, 0.15, 0.6


def nearest_of(
    mention: Mention, sentence: ReadSentence, topic: dict[str, Theme], told: set[str], pool: Pool
) -> tuple[Candidate | None, Candidate | None, int]:
    """The nearest equal mention of the passages, the nearest rival and the number of rivals."""
    kinds = next((k for k in _ALIKE if mention.kind in k), frozenset({mention.kind}))
    equal: Candidate | None = None
    other: Candidate | None = None
    rivals = 0
    for found in _candidates(kinds, topic, pool):
        if same(mention, found.mention):
            equal = found if equal is None or found.score > equal.score else equal
        elif _rival(mention, found.mention) and not _said(mention, found.mention, told, sentence):
            other = found if other is None or found.score > other.score else other
            rivals += 1
    if equal is None and mention.kind == "days":
        equal = _together(mention, topic, pool)
    if equal is None and mention.kind == "date" and "/" in mention.value:
        equal = _both_ends(mention, topic, pool)
    return equal, other, rivals


def _candidates(kinds: frozenset[str], topic: dict[str, Theme], pool: Pool) -> Iterator[Candidate]:
    for source, place, candidate in pool.of_kind(kinds):
        levels = _levels(topic, source, place, candidate)
        yield Candidate(source, candidate, levels, sum(topic[i].weight * v for i, v in levels.items()))


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


def _both_ends(mention: Mention, topic: dict[str, Theme], pool: Pool) -> Candidate | None:
    """ "From 11 to 13 December" where a source tells Friday 11, Saturday 12 and Sunday 13."""
    ends = [replace(mention, value=end, also=frozenset()) for end in mention.value.split("/")]
    for source in pool.sources:
        row = [m for m in source.sentence.mentions if m.kind == "date"]
        first = next((m for m in row if same(ends[0], m)), None)
        if first is not None and any(same(ends[-1], m) for m in row):
            return _unscored(source, first, topic)
    return None


def _unscored(source: Source, found: Mention, topic: dict[str, Theme]) -> Candidate:
    return Candidate(source, found, _levels(topic, source, source.sentence.clause_of(found), found), 0.0)


def _together(mention: Mention, topic: dict[str, Theme], pool: Pool) -> Candidate | None:
    """Days told one by one in a source sentence: Saturday, Sunday make a week-end."""
    mine = set(mention.value.split(","))
    for source in pool.sources:
        row = [m for m in source.sentence.mentions if m.kind == "days"]
        days = {d for m in row for d in m.value.split(",")}
        if len(row) > 1 and (mine == days or (mention.noun != "range" and mine <= days)):
            return _unscored(source, row[0], topic)
    return None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mention of a source, how near each theme of the value stands to it and the sum of that."""

    source: Source
    mention: Mention
    levels: dict[str, float]
    score: float


def outweighs(
    mention: Mention,
    other: Candidate,
    equal: Candidate,
    topic: dict[str, Theme],
    pool: Pool,
    told: set[str],
) -> bool:
    """Is the other value so much nearer that the equal one must belong to another matter?"""
    balance = balance_of(other, equal, topic, told)
    needed = _GAIN * pool.unknown
    if mention.kind in CONTACTS or mention.kind == "name":
        needed *= 2
    elif other.mention.value in told:
        needed *= 3
    if other.source is equal.source and other.mention.value in told:
        return False
    if balance.gain < needed or balance.top < balance.lost:
        return False
    named = balance.proper and balance.top >= 1.3 * balance.lost
    return balance.loss <= _LOSS * balance.gain or named


@dataclass(frozen=True, slots=True)
class Balance:
    """What stands nearer to the rival (``top``: the most telling, a name if ``proper``) or to the equal."""

    gain: float
    loss: float
    top: float
    lost: float
    proper: bool


def balance_of(other: Candidate, equal: Candidate, topic: dict[str, Theme], told: set[str]) -> Balance:
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
    return Balance(gain, loss, top, lost, proper)


@dataclass(frozen=True, slots=True)
class Theme:
    """One thing a mention is about. ``own``: it stands in the mention's clause; ``proper``: a name."""

    weight: float
    own: bool = False
    proper: bool = False


def topic_of(mention: Mention, clause: Clause, sentence: ReadSentence, pool: Pool) -> dict[str, Theme]:
    """What the mention is about: ideas and neighbouring values, by how near and how telling they are."""
    before = 0.5 if _GOES_ON.match(sentence.text) else 0.15
    topic = {i: Theme(before * pool.weight(i)) for i in sentence.previous - common_ideas()}
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
                topic[token.idea] = Theme(weight, own, name is not None)
        for value in part.mentions:
            if value is not mention:
                weight = (1.2 if value.kind == "name" else 0.9) * pool.unknown
                topic["=" + value.value] = Theme(weight * (1.0 if own else 0.5), own, value.kind == "name")
    if mention.noun:
        topic["#" + mention.noun[:5]] = Theme(1.5, True)
    return topic


def _spoken_for(at: int, mention: Mention, name: Mention | None) -> bool:
    """A token inside the mention, the noun it counts, or part of a numbered name ("Ampère 504")."""
    noun = bool(mention.noun) and 0 <= at - mention.end < 2
    return mention.start <= at < mention.end or noun or (name is not None and name.value[-1].isdigit())


def _levels(topic: dict[str, Theme], source: Source, place: Clause, candidate: Mention) -> dict[str, float]:
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
            levels[idea] = NEAR
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
