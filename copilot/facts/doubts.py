"""All that could be objected to in a sentence, each with the traits by which it is weighed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from copilot.facts.derived import glossed, worked_out
from copilot.facts.extract import as_fact
from copilot.facts.lexicon import lexicon
from copilot.facts.losses import losses
from copilot.facts.mention import CONTACTS, Mention
from copilot.facts.polarity import opposed
from copilot.facts.pool import Pool
from copilot.facts.reading import Clause, Reading, ReadSentence
from copilot.facts.scope import widenings
from copilot.facts.statements import Alignment, align, coverage, favour, stretches, swapped
from copilot.facts.traits import around, of_statement, of_value
from copilot.facts.values import Verdict, judge
from copilot.facts.weighing import Traits
from copilot.messages import localized
from copilot.records import Claim, ClaimState, Evidence, Fact, Localized

_OURS = re.compile(r"\b(?:nous|on|je|j'|notre|nos|we|i|our|us|will|recevr\w+|aur(?:ez|as)|d'ici|by)\b")
_PROMISED_FOR = frozenset(
    {"delivery", "receive", "refund", "exchange", "callback", "answer", "open", "closed", "discount", "free"}
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """An objection that could be raised.

    ``family`` names its weights; ``raises`` are the claims it makes, ``otherwise`` the claim that stands when
    it is not raised. Of the doubts of one family and ``group`` one at most is raised.
    """

    family: str
    group: int
    traits: Traits
    raises: tuple[Claim, ...]
    otherwise: Claim | None = None


def doubts(sentence: ReadSentence, reading: Reading, pool: Pool) -> Iterator[Doubt | Claim]:
    """Yield the doubts about a sentence, and the claims of which there is none."""
    best = align(sentence.tokens, sentence, pool)
    if sentence.kind != "statement":
        for clause in sentence.clauses:
            for mention in clause.mentions:
                if mention.kind in CONTACTS:
                    yield _as_claim(mention, judge(mention, clause, sentence, pool, best), reading)
        return
    values = list(_values(sentence, reading, pool, best))
    yield from values
    read = [v if isinstance(v, Claim) else v.raises[0] if _by_rule(v) else v.otherwise for v in values]
    yield from _stretches(sentence, reading, pool, [claim for claim in read if claim is not None])
    yield from _opposed(sentence, reading, pool, best)
    yield from _replaced(sentence, reading, pool, best)
    yield from _wider(sentence, reading, pool, best)
    yield from _lost(sentence, reading, pool, best)


def _by_rule(doubt: Doubt) -> bool:
    return bool(doubt.traits["by_rule"])


def _values(
    sentence: ReadSentence, reading: Reading, pool: Pool, best: list[Alignment]
) -> Iterator[Doubt | Claim]:
    """The values of a sentence against the passages."""
    found = [
        (mention, clause, judge(mention, clause, sentence, pool, best))
        for clause in sentence.clauses
        for mention in clause.mentions
        if not mention.own and not _passing(mention, clause, reading.text)
    ]
    proved = [mention for mention, _, verdict in found if verdict.state == "supported"]
    money = [verdict for mention, _, verdict in found if mention.kind in ("price", "percent")]
    operands = tuple(e for verdict in money for e in _evidence(verdict))
    for mention, clause, verdict in found:
        claim = _as_claim(mention, verdict, reading)
        if claim.state != "supported" and worked_out(mention, reading.text, proved, sentence.mentions):
            said = localized("facts.worked_out")
            yield replace(claim, state="supported", evidence=operands, message=said)
        elif not _needless(mention, claim, reading, proved):
            traits = of_value(mention, clause, sentence, reading, pool, len(proved))
            yield _weighed(mention, claim, verdict, traits)


def _needless(mention: Mention, claim: Claim, reading: Reading, proved: Sequence[Mention]) -> bool:
    """Is a value no claim: too loose, or another writing of one that is proved?"""
    if claim.state == "supported":
        return mention.loose
    return glossed(mention, reading.text, proved) or (mention.loose and claim.state != "contradicted")


def _weighed(mention: Mention, claim: Claim, verdict: Verdict, traits: Traits) -> Doubt | Claim:
    objects = claim.state != "supported"
    if verdict.traits is None or mention.kind in CONTACTS:
        return claim
    traits = {**verdict.traits, **traits, "by_rule": objects}
    if not verdict.given:
        return Doubt("value", mention.start, traits, (claim,))
    other = _turned(claim, verdict.otherwise)
    if other is None:
        return claim
    family = "named" if mention.kind == "name" else "rival"
    return Doubt(family, mention.start, traits, (claim if objects else other,), other if objects else claim)


def _turned(claim: Claim, verdict: Verdict | None) -> Claim | None:
    if verdict is None:
        return None
    return replace(claim, state=verdict.state, evidence=_evidence(verdict), message=_said(verdict))


def _passing(mention: Mention, clause: Clause, text: str) -> bool:
    """ "This week" tells when the customer asks, unless the brand says what it does by then."""
    return (
        mention.value.startswith("~")
        and not clause.ideas & _PROMISED_FOR
        and _OURS.search(text, clause.start, clause.end) is None
    )


def _as_claim(mention: Mention, verdict: Verdict, reading: Reading) -> Claim:
    return Claim(as_fact(mention, reading.normalized), verdict.state, _evidence(verdict), _said(verdict))


def _stretches(
    sentence: ReadSentence, reading: Reading, pool: Pool, values: Sequence[Claim]
) -> Iterator[Doubt | Claim]:
    """One claim a stretch of clauses: supported by its best source, or by none."""
    modal = lexicon(reading.language).modal
    for start, end, tokens in stretches(sentence):
        best = align(tokens, sentence, pool)
        span = reading.normalized.span(start, end)
        inside = [c for c in values if span.start <= c.fact.span.start < span.end]
        proved = sum(c.state == "supported" and c.fact.kind != "name" for c in inside)
        tokens = tuple(t for t in tokens if t.idea not in modal)
        share, held = coverage(tokens, best, pool, proved)
        traits = of_statement(start, end, tokens, sentence, reading, pool, best, inside, share, held)
        state: ClaimState = "unproved" if pool.foreign(reading.language) else "not_found"
        source = best[0].source if best else None
        evidence = (source.evidence(score=min(share, 1.0)),) if source else ()
        told = _claim("statement", start, end, "supported", reading, evidence, "facts.supported")
        raises = (_claim("statement", start, end, state, reading, (), f"facts.{state}"),)
        if not pool.sources:
            # Nothing is proved by nothing.
            yield from raises if tokens else ()
            continue
        yield Doubt("statement", start, traits, raises, told if source else None)


def _opposed(sentence: ReadSentence, reading: Reading, pool: Pool, best: list[Alignment]) -> Iterator[Doubt]:
    for clause in sentence.clauses:
        start, end = clause.start, clause.end
        found = opposed(clause, sentence, pool, best)
        if found is None:
            continue
        evidence = (found.source.evidence(),)
        claim = _claim("negation", start, end, "contradicted", reading, evidence, "facts.says")
        traits = {**around(start, end, sentence, reading, pool, best), **found.traits}
        yield Doubt("negation", start, traits, (claim,))


def _replaced(sentence: ReadSentence, reading: Reading, pool: Pool, best: list[Alignment]) -> Iterator[Doubt]:
    """Nouns that took another one's place, and promises that no source makes."""
    if reading.language not in pool.languages:
        return
    for new, old, source in swapped(sentence, reading, best, pool):
        evidence = (source.evidence(old.start, old.end),)
        claim = _claim("name", new.start, new.end, "contradicted", reading, evidence, "facts.says")
        traits = around(new.start, new.end, sentence, reading, pool, best)
        yield Doubt("swapped", new.start, traits, (claim,))
    promise = favour(sentence, reading, best, pool)
    if promise is not None:
        claim = _claim("promise", *promise, "not_found", reading, (), "facts.not_found")
        traits = around(*promise, sentence, reading, pool, best)
        yield Doubt("promise", promise[0], traits, (claim,))


def _wider(sentence: ReadSentence, reading: Reading, pool: Pool, best: list[Alignment]) -> Iterator[Doubt]:
    for found in widenings(sentence, reading, best, pool):
        start, end = found.start, found.end
        evidence = (found.source.evidence(),)
        claim = _claim("scope", start, end, "contradicted", reading, evidence, "facts.wider")
        clause = next((c for c in sentence.clauses if start < c.end), sentence.clauses[-1])
        traits = {**around(clause.start, clause.end, sentence, reading, pool, best), **found.traits}
        yield Doubt("scope", start, traits, (claim,))


def _lost(sentence: ReadSentence, reading: Reading, pool: Pool, best: list[Alignment]) -> Iterator[Doubt]:
    for loss in losses(sentence, reading, best, pool):
        evidence = (loss.source.evidence(loss.start, loss.end),)
        start, end = sentence.start, sentence.end
        raises = [_claim("condition", start, end, "condition_dropped", reading, evidence, "facts.adds")]
        if loss.denied is not None and loss.denied is not sentence:
            start, end = loss.denied.start, loss.denied.end
            raises.append(_claim("condition", start, end, "contradicted", reading, evidence, "facts.adds"))
        yield Doubt("condition", sentence.start, loss.traits, tuple(raises))


def _claim(
    kind: str,
    start: int,
    end: int,
    state: ClaimState,
    reading: Reading,
    evidence: tuple[Evidence, ...],
    key: str,
) -> Claim:
    folded = reading.text[start:end]
    start, end = start + len(folded) - len(folded.lstrip(" ,;:")), end - len(folded) + len(folded.rstrip())
    span = reading.normalized.span(start, end)
    text = reading.normalized.original[span.start : span.end]
    plain = key in ("facts.supported", "facts.not_found", "facts.unproved")
    said = localized(key) if plain else localized(key, quote=evidence[0].quote)
    return Claim(Fact(kind, span, text, text), state, evidence, said)


def _evidence(verdict: Verdict) -> tuple[Evidence, ...]:
    if verdict.source is None:
        return ()
    if verdict.mention is None:
        return (verdict.source.evidence(),)
    return (verdict.source.evidence(verdict.mention.start, verdict.mention.end),)


def _said(verdict: Verdict) -> Localized:
    if verdict.state == "supported":
        return localized("facts.supported")
    if verdict.state == "not_found":
        return localized("facts.not_found")
    quote = _evidence(verdict)[0].quote
    key = "facts.adds" if verdict.state == "condition_dropped" else "facts.says"
    return localized(key, quote=quote)
