"""All typed mentions of a text, in order, none overlapping another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache

from copilot.facts.contacts import contacts, references
from copilot.facts.idioms import idioms
from copilot.facts.mention import Mention
from copilot.facts.moments import moments
from copilot.facts.quantities import counts, isoduration, quantities
from copilot.records import Fact
from copilot.text import NormalizedText, normalize

_COMPOUND = {"min": 60, "month": 12}
_REGIONS = {"fr": "FR", "en": "GB"}


def fold(text: str) -> NormalizedText:
    """The copy on which everything in this package matches: lower case, no accents, plain spaces."""
    return normalize(text, fold_case=True, fold_accents=True)


@lru_cache(maxsize=2048)
def mentions(folded: str, language: str, now: date) -> tuple[Mention, ...]:
    """Read the typed mentions of a folded text (names and statements are read elsewhere)."""
    language = language if language in ("fr", "en") else guess_language(folded)
    kept: list[Mention] = []
    taken = bytearray(len(folded))
    text = folded
    for found in _passes(language, now):
        fresh = _keep(found(text), taken)
        kept.extend(fresh)
        if fresh:
            text = "".join("\x00" if hidden else c for c, hidden in zip(folded, taken, strict=True))
    return tuple(_compounds(sorted(kept, key=lambda m: m.start), folded))


def _compounds(found: Iterable[Mention], text: str) -> Iterator[Mention]:
    """Join "two hours and ten minutes", "un an et six mois" into one duration."""
    before: Mention | None = None
    for mention in found:
        joined = before and _joined(before, mention, text)
        if before and not joined:
            yield before
        before = joined or mention
    if before:
        yield before


def _joined(before: Mention, after: Mention, text: str) -> Mention | None:
    if not (before.kind == after.kind == "duration" and before.base == after.base in _COMPOUND):
        return None
    if not before.low or not after.low or before.low != before.high or after.low != after.high:
        return None
    if text[before.end : after.start].strip(" ,") not in ("", "et", "and"):
        return None
    if before.low % _COMPOUND[before.base] or after.low >= _COMPOUND[before.base]:
        return None
    low = before.low + after.low
    value = isoduration(low, before.base)
    return replace(before, end=after.end, value=value, low=low, high=low, also=frozenset())


def _passes(language: str, now: date) -> list[Callable[[str], Iterator[Mention]]]:
    return [
        lambda text: contacts(text, _REGIONS[language]),
        lambda text: moments(text, language, now),
        idioms,
        lambda text: quantities(text, language),
        references,
        lambda text: counts(text, language),
    ]


def _keep(found: Iterable[Mention], taken: bytearray) -> list[Mention]:
    """Keep what overlaps nothing kept before, and mark its characters as taken."""
    fresh: list[Mention] = []
    for mention in sorted(found, key=lambda m: (m.start, -m.end)):
        if not any(taken[mention.start : mention.end]):
            taken[mention.start : mention.end] = b"\x01" * (mention.end - mention.start)
            fresh.append(mention)
    return fresh


def guess_language(folded: str) -> str:
    """``fr`` or ``en`` by a handful of function words; French when neither shows."""
    words = folded.split()
    english = sum(
        w in ("the", "and", "is", "are", "you", "your", "we", "of", "to", "within", "our") for w in words
    )
    french = sum(
        w in ("le", "la", "les", "de", "des", "et", "est", "vous", "nous", "votre", "du", "en") for w in words
    )
    return "en" if english > french else "fr"


def as_fact(mention: Mention, normalized: NormalizedText) -> Fact:
    """Turn a mention of the folded copy into a public fact with its span in the original."""
    span = normalized.span(mention.start, mention.end)
    return Fact(mention.kind, span, normalized.original[span.start : span.end], mention.value)


def extract(text: str, *, language: str, now: date | datetime, names: Sequence[str] = ()) -> tuple[Fact, ...]:
    """Read the typed facts and names of ``text``.

    Args:
        text: any text.
        language: ``fr`` or ``en``; anything else is guessed.
        now: the day from which relative dates are counted.
        names: names to recognise even without capitals.

    Returns:
        Facts in text order, with spans in ``text`` and canonical values that equivalent writings share.
    """
    from copilot.facts.reading import read

    day = now.date() if isinstance(now, datetime) else now
    reading = read(text, language, day, "", tuple(names), source=True)
    found = [m for s in reading.sentences for m in s.mentions]
    return tuple(as_fact(m, reading.normalized) for m in sorted(found, key=lambda m: m.start))
