"""The proof: every assertive sentence of a text against the passages, fact by fact."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from copilot.facts.conditions import dropped
from copilot.facts.derived import glossed, worked_out
from copilot.facts.extract import as_fact
from copilot.facts.lexicon import lexicon
from copilot.facts.mention import CONTACTS, Mention
from copilot.facts.novelty import novelty
from copilot.facts.polarity import flipped
from copilot.facts.pool import Pool, gather
from copilot.facts.reading import Clause, Reading, ReadSentence, read
from copilot.facts.scope import widened
from copilot.facts.statements import align, coverage, favour, stretches, swapped
from copilot.facts.values import Verdict, judge
from copilot.messages import localized
from copilot.records import Claim, ClaimState, Evidence, Fact, Localized, Passage

Retrieve = Callable[[str], Sequence[Passage]]
_OURS = re.compile(r"\b(?:nous|on|je|j'|notre|nos|we|i|our|us|will|recevr\w+|aur(?:ez|as)|d'ici|by)\b")
_PROMISED_FOR = frozenset(
    {"delivery", "receive", "refund", "exchange", "callback", "answer", "open", "closed", "discount", "free"}
)
_NEW, _BASE, _HELD, _BESIDE, _MOST_BESIDE = 1.0, 0.3, 0.7, 0.15, 0.6


def prove(
    text: str,
    passages: Sequence[Passage],
    *,
    language: str,
    now: date,
    names: Sequence[str] = (),
    retrieve: Retrieve | None = None,
    vouched: Mapping[str, str] | None = None,
) -> tuple[Claim, ...]:
    """Prove every fact and statement of ``text``.

    Args:
        text: the text that will be published.
        passages: the knowledge found for it.
        language: the text's language (``fr``, ``en``; anything else is guessed).
        now: the day from which relative dates are counted.
        names: names of products and places to recognise even without capitals.
        retrieve: finds passages for one sentence; asked once before a claim is ``not_found``.
        vouched: canonical value or exact text of a fact, and the written reason of who vouched for it.

    Returns:
        Claims in text order. Greetings, thanks, empathy, sign-offs and questions make none,
        except for the contacts they give.
    """
    day = now.date() if isinstance(now, datetime) else now
    listed = tuple(names)
    pool = gather(passages, day, listed)
    reading = read(text, language, day, "", listed)
    claims: list[Claim] = []
    for sentence in reading.sentences:
        found = list(_sentence(sentence, reading, pool))
        if retrieve is not None and any(c.state == "not_found" for c in found):
            span = reading.normalized.span(sentence.start, sentence.end)
            more = retrieve(text[span.start : span.end])
            wider = gather((*passages, *more), day, listed)
            found = list(_sentence(sentence, reading, wider))
        claims.extend(found)
    reasons = vouched or {}
    return tuple(_vouch(c, reasons) for c in sorted(claims, key=lambda c: (c.fact.span, c.fact.kind)))


def _vouch(claim: Claim, reasons: Mapping[str, str]) -> Claim:
    reason = reasons.get(claim.fact.value) or reasons.get(claim.fact.text)
    return replace(claim, vouched=reason) if reason else claim


def _sentence(sentence: ReadSentence, reading: Reading, pool: Pool) -> Iterator[Claim]:
    if sentence.kind != "statement":
        for clause in sentence.clauses:
            for mention in clause.mentions:
                if mention.kind in CONTACTS:
                    yield _value(mention, clause, sentence, reading, pool)
        return
    judged = [
        (mention, _value(mention, clause, sentence, reading, pool))
        for clause in sentence.clauses
        for mention in clause.mentions
        if not mention.own and not _passing(mention, clause, reading.text)
    ]
    values = list(_settled(judged, reading.text))
    yield from values
    yield from _statements(sentence, reading, pool, values)


def _settled(judged: Sequence[tuple[Mention, Claim]], text: str) -> Iterator[Claim]:
    proved = [mention for mention, claim in judged if claim.state == "supported"]
    operands = [e for _, claim in judged if claim.fact.kind in ("price", "percent") for e in claim.evidence]
    for mention, claim in judged:
        if claim.state == "supported":
            if not mention.loose:
                yield claim
        elif worked_out(mention, text, proved):
            yield replace(
                claim, state="supported", evidence=tuple(operands), message=localized("facts.worked_out")
            )
        elif not (glossed(mention, text, proved) or (mention.loose and claim.state != "contradicted")):
            yield claim


def _passing(mention: Mention, clause: Clause, text: str) -> bool:
    """ "This week" tells when the customer asks, unless the brand says what it does by then."""
    return (
        mention.value.startswith("~")
        and not clause.ideas & _PROMISED_FOR
        and _OURS.search(text, clause.start, clause.end) is None
    )


def _value(mention: Mention, clause: Clause, sentence: ReadSentence, reading: Reading, pool: Pool) -> Claim:
    verdict = judge(mention, clause, sentence, pool)
    fact = as_fact(mention, reading.normalized)
    return Claim(fact, verdict.state, _evidence(verdict), _said(verdict))


def _statements(
    sentence: ReadSentence, reading: Reading, pool: Pool, values: Sequence[Claim]
) -> Iterator[Claim]:
    best = align(sentence.tokens, sentence, pool)
    foreign = bool(pool.sources) and reading.language not in pool.languages
    yield from _unsupported(sentence, reading, pool, foreign, values)
    if not foreign:
        yield from _polarity(sentence, reading, pool)
        for new, old, source in swapped(sentence, reading, best, pool):
            evidence = (source.evidence(old.start, old.end),)
            yield _claim("name", new.start, new.end, "contradicted", reading, evidence, "facts.says")
        if (promise := favour(sentence, reading, best, pool)) is not None:
            yield _claim("promise", *promise, "not_found", reading, (), "facts.not_found")
    for start, end, wide in widened(sentence, reading, best, pool):
        yield _claim("scope", start, end, "contradicted", reading, (wide.evidence(),), "facts.wider")
    if best and (lost := dropped(sentence, reading, best, pool)):
        evidence = (lost.source.evidence(lost.start, lost.end),)
        yield _claim(
            "condition", sentence.start, sentence.end, "condition_dropped", reading, evidence, "facts.adds"
        )
        if lost.denied is not None and lost.denied is not sentence:
            start, end = lost.denied.start, lost.denied.end
            yield _claim("condition", start, end, "contradicted", reading, evidence, "facts.adds")


def _unsupported(
    sentence: ReadSentence, reading: Reading, pool: Pool, foreign: bool, values: Sequence[Claim]
) -> Iterator[Claim]:
    """One claim a stretch of clauses: supported by its best source, or by none."""
    familiar = sum(pool.knows(t.idea) for t in sentence.tokens)
    for start, end, tokens in stretches(sentence):
        best = align(tokens, sentence, pool)
        span = reading.normalized.span(start, end)
        proved = sum(
            c.state == "supported" and c.fact.kind != "name" and span.start <= c.fact.span.start < span.end
            for c in values
        )
        tokens = tuple(t for t in tokens if t.idea not in lexicon(reading.language).modal)
        share, held = coverage(tokens, best, pool, proved)
        source = best[0].source if best else None
        beside = familiar - sum(pool.knows(t.idea) for t in tokens)
        if novelty(tokens, reading.text, reading.language, pool) < _tolerated(held, beside):
            evidence = (source.evidence(score=min(share, 1.0)),) if source else ()
            if tokens or source:
                yield _claim("statement", start, end, "supported", reading, evidence, "facts.supported")
            continue
        state: ClaimState = "unproved" if foreign else "not_found"
        yield _claim("statement", start, end, state, reading, (), f"facts.{state}")


def _tolerated(held: int, beside: int) -> float:
    """How much novelty a stretch may hold, by what it and its sentence take from the knowledge."""
    return max(_NEW, _BASE + _HELD * held) + min(_BESIDE * beside, _MOST_BESIDE)


def _polarity(sentence: ReadSentence, reading: Reading, pool: Pool) -> Iterator[Claim]:
    for clause in sentence.clauses:
        source = flipped(clause, sentence, pool)
        if source is not None:
            evidence = (source.evidence(),)
            yield _claim(
                "negation", clause.start, clause.end, "contradicted", reading, evidence, "facts.says"
            )


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
