"""Is this value in the passages, about this very matter?"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from copilot.facts.mention import CONTACTS, Mention
from copilot.facts.numbers import plain
from copilot.facts.pool import Pool, Source
from copilot.facts.reading import Clause, ReadSentence
from copilot.records import ClaimState

_ALIKE = (
    frozenset({"duration", "hours"}),
    frozenset({"date", "days"}),
    frozenset({"number", "reference", "postcode"}),
)
_NEAR, _SENTENCE, _LEAD, _PREVIOUS = 1.0, 0.6, 0.4, 0.2


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state of a mention, with the source mention that says so (or otherwise)."""

    state: ClaimState
    source: Source | None = None
    mention: Mention | None = None
    reason: str = ""


def judge(mention: Mention, clause: Clause, sentence: ReadSentence, pool: Pool) -> Verdict:
    """Compare one typed mention with the passages' mentions of its kind.

    An equal value counts only when no other value stands much nearer to what the clause talks about.
    """
    kinds = next((k for k in _ALIKE if mention.kind in k), frozenset({mention.kind}))
    topic = _topic(mention, clause, sentence, pool)
    equal = other = None
    equal_score = other_score = -1.0
    for source, place, candidate in pool.of_kind(kinds):
        score = _affinity(topic, source, place, candidate)
        if same(mention, candidate, clause, place):
            if score > equal_score:
                equal, equal_score = (source, candidate), score
        elif _rival(mention, candidate) and score > other_score:
            other, other_score = (source, candidate), score
    if equal and not (other and _outweighs(mention, other_score, equal_score, topic)):
        return _bounded(mention, *equal)
    if equal is None and _elsewhere(mention, pool):
        return Verdict("supported", *_where(mention, pool))
    if other and (equal or other_score > 0):
        return Verdict("contradicted", *other, reason="other_value")
    return Verdict("not_found")


def _outweighs(mention: Mention, other: float, equal: float, topic: dict[str, float]) -> bool:
    if mention.kind in CONTACTS or not topic:
        return False
    return other > equal * 1.5 + 0.15 * sum(topic.values()) and other > 1.0


def _topic(mention: Mention, clause: Clause, sentence: ReadSentence, pool: Pool) -> dict[str, float]:
    topic: dict[str, float] = {}
    for idea in sentence.previous:
        topic[idea] = 0.15 * pool.weight(idea)
    for part in sentence.clauses:
        own = part is clause
        for token in part.tokens:
            near = 1.4 if own and abs(token.start - mention.start) < 30 else 1.0
            topic[token.idea] = max(
                topic.get(token.idea, 0), (near if own else 0.4) * pool.weight(token.idea)
            )
        for value in part.mentions:
            if value is not mention:
                topic["=" + value.value] = 1.0 if own else 0.4
    if mention.noun:
        topic["#" + mention.noun[:5]] = 1.5
    return topic


def _affinity(topic: dict[str, float], source: Source, place: Clause, candidate: Mention) -> float:
    sentence = source.sentence
    near_values = {"=" + m.value for m in place.mentions if m is not candidate}
    far_values = {"=" + m.value for m in sentence.mentions if m is not candidate}
    total = 0.0
    for idea, weight in topic.items():
        if idea in place.ideas or idea in near_values or idea == "#" + candidate.noun[:5]:
            total += weight * _NEAR
        elif idea in sentence.ideas or idea in far_values:
            total += weight * _SENTENCE
        elif idea in sentence.lead:
            total += weight * _LEAD
        elif idea in sentence.previous:
            total += weight * _PREVIOUS
    return total


def _rival(mention: Mention, candidate: Mention) -> bool:
    if mention.kind != candidate.kind:
        return False
    if mention.kind in ("unit", "price"):
        return mention.base == candidate.base or mention.kind == "price"
    if mention.kind == "number":
        return mention.noun[:5] == candidate.noun[:5]
    return True


def same(a: Mention, b: Mention, clause: Clause | None = None, place: Clause | None = None) -> bool:
    """Do two mentions state the same value?"""
    compare = _COMPARE.get(a.kind)
    if compare is not None and a.kind == b.kind:
        return compare(a, b)
    return bool(a.values & b.values)


def _link(a: Mention, b: Mention) -> bool:
    return a.value == b.value or ("/" not in a.value and b.value.split("/")[0] == a.value)


def _numeric(a: Mention, b: Mention) -> bool:
    if a.values & b.values:
        return True
    if a.base != b.base or a.low is None or b.low is None or a.high is None or b.high is None:
        return False
    if a.rate and b.rate and a.rate != b.rate:
        return False
    if (a.low, a.high) == (b.low, b.high):
        return True
    if a.low == a.high and b.low != b.high:
        return (a.high == b.high and a.bound in ("max", "within")) or (a.low == b.low and a.bound == "from")
    return False


def _date(a: Mention, b: Mention) -> bool:
    return any(_same_day(x, y) for x in a.values for y in b.values)


def _same_day(x: str, y: str) -> bool:
    if x == y:
        return True
    if "/" in y and "/" not in x:
        return any(_same_day(x, end) for end in y.split("/"))
    if "/" in x or "/" in y:
        return x.count("/") == y.count("/") and all(
            _same_day(i, j) for i, j in zip(x.split("/"), y.split("/"), strict=True)
        )
    if x.startswith("--") or y.startswith("--"):
        short, full = (x, y) if x.startswith("--") else (y, x)
        tail = full[4:] if not full.startswith("--") else full[1:]
        return tail.startswith(short[1:]) if x is short or len(short) == len(full) else tail == short[1:]
    # A month or a year alone is true of a fuller date of the source, never the reverse.
    return len(x) < len(y) and y.startswith(x + "-")


def _days(a: Mention, b: Mention) -> bool:
    mine, theirs = set(a.value.split(",")), set(b.value.split(","))
    return mine == theirs or (a.noun != "range" and mine <= theirs)


def _hours(a: Mention, b: Mention) -> bool:
    return bool(a.values & b.values) or ("-" not in a.value and a.value in b.value.split("-"))


def _reference(a: Mention, b: Mention) -> bool:
    return a.value == b.value


_COMPARE: dict[str, Callable[[Mention, Mention], bool]] = {
    "link": _link,
    "price": _numeric,
    "percent": _numeric,
    "unit": _numeric,
    "age": _numeric,
    "duration": _numeric,
    "number": _numeric,
    "date": _date,
    "days": _days,
    "hours": _hours,
    "reference": _reference,
}


def _elsewhere(mention: Mention, pool: Pool) -> bool:
    if mention.kind == "link" and "/" not in mention.value:
        return f"@{mention.value}" in pool.text or mention.value in pool.text
    if mention.kind in ("number", "reference", "postcode") and mention.low is not None:
        return re.search(rf"(?<![\d.,]){re.escape(plain(mention.low))}(?![\d]|[.,]\d)", pool.text) is not None
    if mention.kind == "reference":
        return mention.value in pool.text.replace("-", "")
    return False


def _where(mention: Mention, pool: Pool) -> tuple[Source | None, Mention | None]:
    written = plain(mention.low) if mention.low is not None else mention.value
    return next((s for s in pool.sources if written in s.sentence.text), None), None


def _bounded(mention: Mention, source: Source, found: Mention) -> Verdict:
    """An equal number still says something else when "from 5 €" became "5 €" or "up to 5 €"."""
    low, high = {"from"}, {"max"}
    if mention.kind in ("price", "percent", "unit", "number", "duration"):
        mine, theirs = {mention.bound}, {found.bound}
        if (mine <= low and theirs <= high) or (mine <= high | {"within"} and theirs <= low):
            return Verdict("contradicted", source, found, reason="other_bound")
        if (
            not mention.bound
            and theirs <= low | high
            and mention.kind in ("price", "percent", "unit", "number")
        ):
            return Verdict("condition_dropped", source, found, reason="bound")
    return Verdict("supported", source, found)
