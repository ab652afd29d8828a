"""Restrictions that the source attaches to a statement and that the text lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from copilot.facts.lexicon import Lexicon, lexicon, polar_ideas
from copilot.facts.mention import Mention
from copilot.facts.pool import Pool, Source
from copilot.facts.reading import Clause, Reading, ReadSentence
from copilot.facts.sameness import same

ONLY = re.compile(
    r"uniquement|seule|exclusivement|only|solely|exclusively|n[e'].* qu|reserve|strictly|restricted"
)
EXCEPT = re.compile(
    r"mais pas|but not|sauf|hors|hormis|excepte|exception|exclu|except|apart|other than|unless|outside"
    r"|a moins|en dehors|not includ|concern|eligible|covered"
)
SUBJECT = re.compile(r"(?:sont|est) exclu|(?:ne sont|n'est) pas|(?:are|is) (?:excluded|not)")
TIME_LIMIT = re.compile(r"avant|jusqu|au plus tard|until|before|no later|by ")
_AHEAD = re.compile(r".{0,3}(?:avant|before|prior)\b")
DECISIVE = frozenset({"free", "discount", "refund", "warranty", "included", "exchange", "gift", "voucher"})
IF = re.compile(
    r"(?:si|s'il|if|unless|as long|so long|provided|providing"
    r"|tant que|pourvu|a moins|a condition|once|when|des lors)\b"
)
_BENEFICIARY = re.compile(
    r"\b(?:pour (?:les|toute?s?|tout)|aux|pour l'achat|pour un achat"
    r"|lors de l'achat|for(?: all| any| our)?|on(?: all| any)?(?= (?:orders?"
    r"|purchases?|bookings?|baskets?))) (?!(?:vous|toi|you|tous|all|everyone|us|free|la|le)\b)"
)
_TIMED = frozenset({"refund", "exchange", "return", "cancel", "withdraw"})
_SINCE = re.compile(r" (?:of|from|after|following|suivant|apres|a compter|a partir|qui suiv)\w*\b")
_COMMA = re.compile(r",|$")
_STATED, _STATED_PLAINLY, _WHOLE = 0.4, 0.25, 0.9
_MUST = re.compile(
    r"\b(?:doit|doivent|devez|faut|necessaire|obligatoire|must|need|needs|required|require[sd]?|il suffit)\b"
)
_END = re.compile(
    r"[.;:!?\n)]|,? (?:mais|puis|but|then|car|because) |, (?:qui|which|ce qui|et|and) "
    r"| (?:et|and) (?=(?:doi\w*|peu\w*|sont|est|se|must|can|may|is|are|will|cannot)\b)"
)


@dataclass(frozen=True, slots=True)
class Restriction:
    """A restriction of a source sentence: where it stands and the marker that opens it."""

    start: int
    end: int
    marker: str
    soft: bool


@lru_cache(maxsize=4096)
def restrictions(sentence: ReadSentence, language: str) -> tuple[Restriction, ...]:
    """All restrictions of a source sentence."""
    words = lexicon(language)
    hard = list(words.restrict.finditer(sentence.text))
    # "Si vous avez…, …" in front sets the scene; behind the statement it limits it.
    soft = [m for m in words.conditional.finditer(sentence.text) if m.start() > 8]
    found: list[Restriction] = []
    for match in sorted((*hard, *soft), key=lambda m: m.start()):
        start = sentence.start + match.start()
        if found and start < found[-1].start + len(found[-1].marker):
            continue
        if any(m.start < start < m.end for m in sentence.mentions):
            continue
        if found and start < found[-1].end:
            # The next restriction ends this one, unless it only goes on with it ("sauf si").
            found[-1] = replace(found[-1], end=start)
        found.append(_restriction(sentence, match, soft=match in soft))
    return (*found, *_thresholds(sentence, words))


def _thresholds(sentence: ReadSentence, words: Lexicon) -> Iterator[Restriction]:
    """ "Free from 60 €": the amount limits what is free."""
    for clause in sentence.clauses:
        if not any(t.idea in words.critical for t in clause.tokens):
            continue
        for mention in clause.mentions:
            ahead = mention.kind == "duration" and _AHEAD.match(sentence.text, mention.end - sentence.start)
            if _deadline(mention, clause, sentence):
                yield Restriction(mention.start, mention.end, "within", True)
            elif mention.bound in ("from", "max") and (ahead or mention.kind in ("price", "unit", "number")):
                yield Restriction(mention.start, mention.end, "from", True)
        if any(t.idea in ("free", "discount") and t.sign > 0 for t in clause.tokens):
            for match in _BENEFICIARY.finditer(
                sentence.text, clause.start - sentence.start, clause.end - sentence.start
            ):
                yield Restriction(sentence.start + match.start(), clause.end, match[0], True)


def _deadline(mention: Mention, clause: Clause, sentence: ReadSentence) -> bool:
    """ "Refunded within 30 days of the purchase": the right ends with the delay."""
    if mention.kind != "duration" or not clause.ideas & _TIMED:
        return False
    return _SINCE.match(sentence.text, mention.end - sentence.start) is not None


def _restriction(sentence: ReadSentence, match: re.Match[str], soft: bool) -> Restriction:
    stop = _END.search(sentence.text, match.end())
    end = stop.start() if stop else len(sentence.text.rstrip(" ."))
    start = match.start()
    if match.start() <= 8:
        # In front, a condition ends with its comma.
        end = min(end, _COMMA.search(sentence.text, match.end()).start())  # type: ignore[union-attr]
    if TIME_LIMIT.match(match[0]):
        # "Before Wednesday 8 pm" ends with its time, whatever the sentence adds.
        times = [m for m in sentence.mentions if 0 <= m.start - sentence.start - match.start() < 30]
        stop = re.search(r"[,;]", sentence.text[match.end() : end])
        limit = match.end() + stop.start() if stop else end
        end = min(end, max((m.end - sentence.start for m in times), default=limit))
    elif SUBJECT.match(match[0]):
        # "Sale items are excluded": the restriction is the whole sentence.
        start = max(sentence.text.rfind(mark, 0, start) + 1 for mark in ";:")
    elif ONLY.match(match[0]) and not re.match(r" ?\w", sentence.text[match.end() :]):
        # "In the evening only": what is restricted stands in front.
        before = re.search(r"(?:[\w'-]+ ){1,3}$", sentence.text[:start])
        start, end = (before.start() if before else start), match.end()
    return Restriction(sentence.start + start, sentence.start + max(end, match.end()), match[0], soft)


def main_ideas(source: Source, restriction: Restriction) -> frozenset[str]:
    return frozenset(
        t.idea for t in source.sentence.tokens if not restriction.start <= t.start < restriction.end
    )


_HOST = re.compile(r"[;:]| et | mais | and | but |, (?:qui|which) ")


def told_otherwise(
    sentence: ReadSentence, restriction: Restriction, source: Source, reading: Reading, pool: Pool
) -> bool:
    """An "if" for an "if": the condition may be told in words that nothing links to the source's."""
    if TIME_LIMIT.match(restriction.marker):
        inside = range(restriction.start, restriction.end)
        timed = any(m.start in inside for m in source.sentence.mentions)
        return not timed and TIME_LIMIT.search(sentence.text) is not None
    if not IF.match(restriction.marker):
        return False
    words = lexicon(reading.language)
    scene = bool(IF.match(source.sentence.text))
    for match in (*words.restrict.finditer(sentence.text), *words.conditional.finditer(sentence.text)):
        if not IF.match(match[0]) or (scene and match.start() < 8):
            continue
        start = sentence.start + match.start()
        stop = _COMMA.search(sentence.text, match.end())
        end = sentence.start + (stop.start() if stop else len(sentence.text))
        told = [t.idea for t in sentence.tokens if start <= t.start < end]
        # What the knowledge says in these words is another condition of its own.
        if sum(pool.knows(idea) for idea in told) < 0.6 * max(len(told), 1):
            return True
    return False


def states_host(sentence: ReadSentence, source: Source, restriction: Restriction, pool: Pool) -> bool:
    """Does the sentence state the very part of the source that the restriction limits?"""
    if source.sentence.text.rstrip().endswith("?"):
        return False
    if SUBJECT.match(restriction.marker) and any(t.sign < 0 for t in sentence.tokens):
        # "We cannot insure them" is the exclusion itself.
        return False
    ideas, values = host_of(source.sentence, restriction)
    told = sum(any(same(m, n) for n in values) for m in sentence.mentions)
    shared = ideas & sentence.ideas
    refused = {t.idea for t in sentence.tokens if t.sign < 0 and not t.focus} - polar_ideas()
    granted = {t.idea for t in source.sentence.tokens if t.sign > 0}
    if shared & refused and shared & refused <= granted and not told:
        # "No longer refundable" claims no refund that a limit could narrow.
        return False
    if another_subject(sentence, source, pool):
        return False
    if not ideas and not values:
        shared, ideas = sentence.ideas & source.sentence.lead, source.sentence.lead
    affirmed = {t.idea for t in source.sentence.tokens if t.sign > 0}
    decisive = ideas & DECISIVE & affirmed
    if decisive and not decisive & sentence.ideas:
        return False
    share = pool.weigh(shared) + 1.5 * told
    needed = _STATED_PLAINLY if decisive & shared else _STATED
    return share >= needed * (pool.weigh(ideas) + 1.5 * len(values)) and bool(shared or told)


def another_subject(sentence: ReadSentence, source: Source, pool: Pool) -> bool:
    """Do both name a thing (a fare, a plan), and not the same one?"""
    mine = {m.value for m in sentence.mentions if m.kind == "name" and m.value in pool.text}
    theirs = {m.value for m in source.sentence.mentions if m.kind == "name"}
    return bool(mine and theirs) and not any(
        a in b or b in a or a in source.sentence.text for a in mine for b in theirs
    )


def host_of(source: ReadSentence, restriction: Restriction) -> tuple[frozenset[str], list[Mention]]:
    before = source.text[: restriction.start - source.start]
    cuts = [m.end() for m in _HOST.finditer(before)]
    ideas: frozenset[str] = frozenset()
    values: list[Mention] = []
    for cut in (*reversed(cuts), 0, -1):
        start, end = source.start + max(cut, 0), restriction.start if cut >= 0 else source.end
        inside = range(restriction.start, restriction.end)
        ideas = frozenset(t.idea for t in source.tokens if start <= t.start < end and t.start not in inside)
        values = [
            m
            for m in source.mentions
            if start <= m.start < end and m.start not in inside and m.kind != "name"
        ]
        if len(ideas) + len(values) >= 2:
            break
    return ideas, values


def kept(
    restriction: Restriction, source: Source, reading: Reading, pool: Pool
) -> tuple[bool, ReadSentence | None]:
    """Does the text mention the restriction, as a restriction where the source makes it one?

    Returns:
        The answer, and the sentence that mentions it as if it were none ("Corsica included").
    """
    inside = ideas_of(restriction, source)
    # What the statement speaks of anyway does not show that its restriction was kept.
    own = inside - main_ideas(source, restriction) - source.sentence.lead
    wanted, values = own or inside, values_of(restriction, source)
    needs_mark = bool(ONLY.search(restriction.marker) or EXCEPT.search(restriction.marker))
    total = pool.weigh(wanted) + 2 * len(values)
    held, marked, told, denied = 0.0, False, 0, None
    for sentence in reading.sentences:
        there = sum(any(meets(n, m) for n in sentence.mentions) for m in values)
        here = pool.weigh(wanted & sentence.ideas) + 2 * there
        if not here and total:
            continue
        limits = sets_limits(sentence, reading.language)
        marked, told = marked or limits, told + there
        if limits or not needs_mark or (ONLY.search(restriction.marker) and own and here >= _WHOLE * total):
            held += here
        elif own and here >= 0.5 * total and sentence.kind == "statement":
            denied = sentence
    if total == 0:
        return marked, None
    if values and not told:
        return bool(own) and held / total >= 0.6, denied
    needed = 0.3 if marked else 0.45
    return held / total >= needed, denied


def ideas_of(restriction: Restriction, source: Source) -> frozenset[str]:
    """What a restriction speaks of."""
    inside = range(restriction.start, restriction.end)
    return frozenset(t.idea for t in source.sentence.tokens if t.start in inside)


def values_of(restriction: Restriction, source: Source) -> list[Mention]:
    """The values of a restriction, names left out."""
    inside = range(restriction.start, restriction.end)
    return [m for m in source.sentence.mentions if m.start in inside and m.kind != "name"]


def meets(told: Mention, limit: Mention) -> bool:
    """The limit itself, or the customer's own value that it is measured against."""
    return _satisfies(told, limit) or same(told, limit) or same(limit, told)


def _satisfies(own: Mention, limit: Mention) -> bool:
    if not own.own or own.base != limit.base or own.low is None or limit.low is None:
        return False
    above, below = own.low >= limit.low, own.low <= limit.low
    return above if limit.bound == "from" else below if limit.bound == "max" else True


def sets_limits(sentence: ReadSentence, language: str) -> bool:
    words = lexicon(language)
    return bool(
        words.restrict.search(sentence.text)
        or words.conditional.search(sentence.text)
        or _MUST.search(sentence.text)
        or any(t.sign < 0 for t in sentence.tokens)
        or any(m.bound in ("max", "from") for m in sentence.mentions)
    )
