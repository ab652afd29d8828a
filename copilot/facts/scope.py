"""Claims that go wider than the source: all, always, everywhere, without condition, even."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from copilot.facts.conditions import kept, restrictions
from copilot.facts.lexicon import lexicon
from copilot.facts.mention import CONTACTS, ROUND_THE_CLOCK
from copilot.facts.pool import Pool, Source
from copilot.facts.reading import Clause, Reading, ReadSentence
from copilot.facts.sameness import same
from copilot.facts.statements import Alignment
from copilot.facts.tokens import Token
from copilot.facts.weighing import Traits

_EACH_TIME = re.compile(
    r" (?:\w+ )?(?:mois|jours|semaines|ans|annees|matins|soirs|nuits|heures|week-?ends|lundis|mardis"
    r"|mercredis|jeudis|vendredis|samedis|dimanches|months?|days?|weeks?|weekends?|years?|mornings?|evenings?|nights?"
    r"|hours?|mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|deux|two)\b"
)
_PARTIAL = re.compile(
    r"\b(?:la plupart|certain(?:e?s)?|quelques|une partie|plusieurs|selon|une selection|selectionnee?s?|most"
    r"|some|selected|several|many|a selection|depending|participating|participants?|seule?s?|only|reservee?s?"
    r"|destinee?s?|etudiant|abonne|adherent|membre|particulier|members?|students?|residents?|eligible)\b"
)
_EACH = re.compile(r"\b(?:chaque|tou(?:s|tes) les|every|each)\b")
_PEOPLE = re.compile(r"tout le monde|toute personne|everyone|everybody|anybody|anyone|n'importe qui")
_DUTY = re.compile(r" (?:has to|must|needs to|should|doit|doivent|devra)\b")
_RESERVED = re.compile(
    r"\b(?:reservee?s? a|seuls? les|uniquement (?:aux|pour)|restricted to"
    r"|only (?:for|available to|open to))\b|\b(?:free|gratuite?s?) (?:for|pour) \w|moins de \d"
    r"|(?:under|over)-?\d"
)
_BROAD = frozenset(
    {"item", "member", "min_age", "kid", "customer", "order", "person", "shop", "ticket", "subscription"}
)


@dataclass(frozen=True, slots=True)
class Widening:
    """A word of scope at ``start:end`` of the folded text, its nearest source and what is weighed."""

    start: int
    end: int
    source: Source
    traits: Traits


def widenings(
    sentence: ReadSentence, reading: Reading, best: list[Alignment], pool: Pool
) -> Iterator[Widening]:
    """Yield the words that claim all cases (``tous``, ``always``), with how far the aligned sources go."""
    near = [a.source for a in best[:3] if a.source is not None and a.score >= 0.8 * best[0].score]
    if not near:
        return
    for family, pattern in lexicon(reading.language).wide.items():
        for match in pattern.finditer(sentence.text):
            start, end = sentence.start + match.start(), sentence.start + match.end()
            if any(m.start <= start < m.end for m in sentence.mentions):
                continue
            yield Widening(start, end, near[0], _of(family, match, sentence, near, reading, pool))


def _of(
    family: str,
    match: re.Match[str],
    sentence: ReadSentence,
    near: list[Source],
    reading: Reading,
    pool: Pool,
) -> dict[str, float]:
    said = any(lexicon(s.reading.language).wide[family].search(s.sentence.text) for s in near)
    if family == "all":
        further = _goes_further(sentence, match, near, reading, pool)
    else:
        span = (sentence.start + match.start(), sentence.start + match.end())
        further = not said and not _equalled(family, sentence, span, near, pool)
    noun = next((t for t in sentence.tokens if t.start >= sentence.start + match.end()), None)
    return {
        "by_rule": further,
        "said": said,
        f"is_{family}": 1.0,
        "wide_beside": any(_unlimited(s) for s in near),
        "wide_anywhere": any(_unlimited(s) for s in pool.sources),
        "wide_word": any(p.search(s.sentence.text) for s in near for p in _wide_of(s)),
        "each": any(_EACH.search(s.sentence.text) for s in near),
        "each_time": _EACH_TIME.match(sentence.text, match.end()) is not None,
        "partial": any(_PARTIAL.search(s.sentence.text) for s in near),
        "narrow": any(_narrow(s, reading, pool) for s in near),
        "people": _PEOPLE.match(match[0]) is not None,
        "noun": noun is not None,
        "noun_known": noun is not None and pool.knows(noun.idea),
        "noun_near": noun is not None and any(noun.idea in s.sentence.ideas for s in near),
        "noun_broad": noun is not None and noun.idea in _BROAD,
        "source_denies": any(t.sign < 0 for t in near[0].sentence.tokens),
        "opens": match.start() < 4,
        "ends": not re.search(r"\w", sentence.text[match.end() :]),
    }


def _equalled(
    family: str, sentence: ReadSentence, span: tuple[int, int], near: list[Source], pool: Pool
) -> bool:
    """Do the sources, in other words, go as far as a word of scope at ``span``?"""
    if family in ("even", "everywhere") and _told(sentence, span[1], near):
        return True
    words = " ".join(sentence.text[span[0] - sentence.start :].split()[:4]).rstrip(" .,;!?")
    if any(words in s.sentence.text and len(s.sentence.ideas & sentence.ideas) > 1 for s in pool.sources):
        return True
    if family == "even":
        return any(_unlimited(s) for s in near)
    if family == "always":
        return any(_EACH.search(s.sentence.text) for s in near)
    return family == "unconditional" and _refused(sentence, span[0])


def _wide_of(source: Source) -> Iterable[re.Pattern[str]]:
    return lexicon(source.reading.language).wide.values()


def _unlimited(source: Source) -> bool:
    wide = lexicon(source.reading.language).wide
    return any(ROUND_THE_CLOCK in m.values for m in source.sentence.mentions) or any(
        wide[family].search(source.sentence.text) for family in ("all", "unconditional")
    )


def _refused(sentence: ReadSentence, at: int) -> bool:
    """ "We cannot refund it under any circumstances" gives nothing away."""
    clause = next((c for c in sentence.clauses if c.start <= at < c.end), None)
    return clause is not None and any(t.sign < 0 and not t.focus for t in clause.tokens)


def _narrow(source: Source, reading: Reading, pool: Pool) -> bool:
    """Is the source about some cases only: a part, a group of people, an amount, a limit not kept?"""
    text = source.sentence.text
    if _PARTIAL.search(text) or any(m.bound in ("max", "from") for m in source.sentence.mentions):
        return True
    if any(t.sign < 0 for t in source.sentence.tokens):
        return True
    limits = restrictions(source.sentence, source.reading.language)
    return not all(kept(r, source, reading, pool)[0] for r in limits)


def _told(sentence: ReadSentence, end: int, near: list[Source]) -> bool:
    """ "Bread included": the sources affirm it of these very things."""
    after = [t for t in sentence.tokens if t.start >= end][:2] or [
        t for t in sentence.tokens if t.end <= end
    ][-2:]
    held = {t.idea[:4] for s in near for t in s.sentence.tokens if t.sign > 0}
    return bool(after) and all(t.idea[:4] in held for t in after)


def _goes_further(
    sentence: ReadSentence, match: re.Match[str], near: list[Source], reading: Reading, pool: Pool
) -> bool:
    """Does "all" reach beyond what the sources speak of? "All small pets" only when they name fewer pets."""
    if _EACH_TIME.match(sentence.text, match.end()):
        return False
    noun = next((t for t in sentence.tokens if t.start >= sentence.start + match.end()), None)
    if noun is None or _PEOPLE.match(match[0]):
        if _DUTY.match(sentence.text, match.end()):
            return False
        if any(lexicon(s.reading.language).wide["all"].search(s.sentence.text) for s in near):
            return False
        about = [s for s in pool.sources if sentence.ideas & (s.sentence.ideas | s.sentence.lead)]
        return any(_narrow(s, reading, pool) for s in near) or any(
            _RESERVED.search(s.sentence.text) for s in about
        )
    if match[0] in ("any", "whichever"):
        # "Any glasses you wear": free choice, rarely a claim.
        return noun.idea in _BROAD and any(_narrow(s, reading, pool) for s in near)
    if any(_as_wide(s, noun.idea) for s in near) or _qualified(sentence, noun, near):
        return False
    places = [(s, c) for s in near for c in s.sentence.clauses if noun.idea in c.ideas]
    if not places:
        return noun.idea in _BROAD or any(_narrow(s, reading, pool) for s in near)
    return not any(_same_breadth(sentence, noun.idea, s, c, reading, pool) for s, c in places)


def _qualified(sentence: ReadSentence, noun: Token, near: list[Source]) -> bool:
    """ "All children from 4 to 11": a value of the sources says which ones."""
    value = next((m for m in sentence.mentions if 0 < m.start - noun.end < 5), None)
    if value is None or "," in sentence.text[noun.end - sentence.start : value.start - sentence.start]:
        return False
    return any(same(value, m) for s in near for m in s.sentence.mentions)


def _as_wide(source: Source, idea: str) -> bool:
    """Does the source itself say "all" of this very thing, or of a case without naming any?"""
    for pattern in lexicon(source.reading.language).wide.values():
        for match in pattern.finditer(source.sentence.text):
            end = source.sentence.start + match.end()
            nouns = [t.idea for t in source.sentence.tokens if t.start >= end][:2]
            if not nouns or idea in nouns:
                return True
    return False


def _same_breadth(
    sentence: ReadSentence, idea: str, source: Source, place: Clause, reading: Reading, pool: Pool
) -> bool:
    """Does the source name the thing with no qualifier, value or limit that the sentence lost?"""
    at = next(t for t in place.tokens if t.idea == idea)
    modifiers = {t.idea for t in place.tokens if 0 < t.start - at.end < 6 or 0 < at.start - t.end < 3}
    values = all(any(same(n, m) for n in sentence.mentions) for m in place.mentions if m.kind not in CONTACTS)
    limits = restrictions(source.sentence, source.reading.language)
    whole = all(kept(r, source, reading, pool)[0] for r in limits)
    return values and modifiers <= sentence.ideas and whole and not _PARTIAL.search(source.sentence.text)
