"""The proof: every assertive sentence of a text against the passages, fact by fact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from copilot.facts.doubts import Doubt, doubts
from copilot.facts.pool import Pool, gather
from copilot.facts.reading import Reading, ReadSentence, read
from copilot.facts.weighing import probability, threshold
from copilot.records import Claim, Passage

Retrieve = Callable[[str], Sequence[Passage]]


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
    rivals: dict[tuple[str, int], list[Doubt]] = defaultdict(list)
    for found in doubts(sentence, reading, pool):
        if isinstance(found, Claim):
            yield found
        else:
            rivals[found.family, found.group].append(found)
    for group in rivals.values():
        chances = [probability(d.family, d.traits) for d in group]
        doubt = group[chances.index(max(chances))]
        if max(chances) >= threshold(doubt.family):
            yield from doubt.raises
        elif doubt.otherwise is not None:
            yield doubt.otherwise
