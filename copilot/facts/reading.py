"""A text as the prover reads it: sentences, their clauses, what each talks about and the values it holds."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache

from copilot.facts.asides import TURN, announces, signature, telling
from copilot.facts.extract import fold, guess_language, mentions
from copilot.facts.lexicon import Lexicon, lexicon
from copilot.facts.mention import Mention
from copilot.facts.names import names_in
from copilot.facts.numbers import parse_number
from copilot.facts.quantities import isoduration
from copilot.facts.tokens import Token, tokenize
from copilot.records import Span
from copilot.text import NormalizedText

_ABBREVIATION = re.compile(
    r"(?:(?<!\d)(?<!\d )\b(?:n|m|mm|mme|mlle|dr|av|bd|env|ex|art|tel|mr|mrs|ms|approx|e\.g|i\.e|p|cf))\.$"
)
_STOP = re.compile(
    r"[.!?…]+[)»\"']*(?=\s|$)|\n+|(?<=\s)[•▪●➡→👉✅✔☑🔹]\ufe0f?"
    r"|[\U0001F300-\U0001FAFF\u2600-\u27BF]\ufe0f?(?=\s+[A-Z0-9a-z])"
)
_CLAUSE = re.compile(
    r"[,;()]|:(?=\s)| [-–—] |(?<=[\w€%£$°»]) (?=(?:et|mais|car|donc|tandis que|alors que|puis"
    r"|ainsi que|and|but|so|whereas|while|then|because|qui|dont|which) )"
)
_LONGEST = 800
_PERSONAL = frozenset({"duration", "age", "unit", "number", "price"})
_FRONT = re.compile(
    r"\W*(?:(?:et|mais|and|but) )?(?:pour|vers|a|au|aux|en|dans|chez|depuis|sur|for|to|in|at|on|from|with"
    r"|avec|by) (?!(?:ce|resume|tout) )"
    r"|\W*(?:(?:et|mais|and|but|seul|seuls) )?(?:les? )?(?:lundis?|mardis?|mercredis?|jeudis?|vendredis?"
    r"|samedis?|dimanches?|week-?ends?)\b"
)
_PRONOUN = re.compile(
    r"\W*(?:(?:mais |et |but |and )?(?:il|elle|ils|elles|celui|celle|ceux|celles|it|they)\b"
    r"(?! (?:faut|suffit|existe|y a|est (?:possible|interdit|obligatoire|necessaire))))"
)


@dataclass(frozen=True)
class Clause:
    """A stretch of a sentence with its tokens and mentions (offsets of the folded text)."""

    start: int
    end: int
    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...]

    @cached_property
    def ideas(self) -> frozenset[str]:
        """What the clause talks about."""
        return frozenset(t.idea for t in self.tokens)


@dataclass(frozen=True)
class ReadSentence:
    """A sentence with its clauses. ``lead`` are the ideas it inherits from title and list heading."""

    start: int
    end: int
    text: str
    clauses: tuple[Clause, ...]
    kind: str = "statement"
    lead: frozenset[str] = field(default_factory=frozenset)
    previous: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def subject(self) -> frozenset[str]:
        """What an opening pronoun stands for: the ideas of the sentence before."""
        return self.previous if _PRONOUN.match(self.text) else frozenset()

    def clause_of(self, mention: Mention) -> Clause:
        """The clause in which a mention of the sentence stands."""
        return next(c for c in self.clauses if mention in c.mentions)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Tokens of all clauses."""
        return tuple(t for c in self.clauses for t in c.tokens)

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """Mentions of all clauses."""
        return tuple(m for c in self.clauses for m in c.mentions)

    @cached_property
    def ideas(self) -> frozenset[str]:
        """What the sentence talks about."""
        return frozenset(t.idea for t in self.tokens)


@dataclass(frozen=True)
class Reading:
    """The whole text, folded, with its sentences in order."""

    normalized: NormalizedText
    language: str
    sentences: tuple[ReadSentence, ...]

    @property
    def text(self) -> str:
        """The folded text."""
        return self.normalized.text

    @cached_property
    def ideas(self) -> frozenset[str]:
        """What the text talks about."""
        return frozenset().union(*(s.ideas for s in self.sentences))

    @cached_property
    def whole(self) -> frozenset[str]:
        """All ideas, and all values with ``=`` in front."""
        ideas = frozenset().union(*(s.ideas | s.lead for s in self.sentences))
        return ideas | {"=" + m.value for s in self.sentences for m in s.mentions}


@lru_cache(maxsize=1024)
def read(
    text: str, language: str, now: date, title: str = "", names: tuple[str, ...] = (), source: bool = False
) -> Reading:
    """Read ``text``; ``title`` is the question or heading that its sentences answer.

    A ``source`` states all it says; only a reply greets, signs and tells the customer her own story.

    Offsets inside are those of the folded copy; ``normalized.span`` leads back to the original.
    """
    normalized = fold(text)
    if language not in ("fr", "en"):
        language = guess_language(normalized.text)
    words = lexicon(language)
    found = mentions(normalized.text, language, now)
    signed = len(text) if source else signature(text)
    bounds = list(_sentences(normalized.text, found, _signed_at(normalized, signed)))
    proper = tuple(names_in(normalized, found, [b[0] for b in bounds], names, words))
    named = bytearray(len(normalized.text))
    for name in proper:
        named[name.start : name.end] = b"\x01" * (name.end - name.start)
    found = (*(m for m in found if not named[m.start]), *proper)
    found = tuple(sorted(found, key=lambda m: m.start))
    found = tuple(_owned(_elliptic(found, normalized.text), normalized.text, words))
    lead = _topic(title, words)
    sentences: list[ReadSentence] = []
    heading: frozenset[str] = frozenset()
    previous: frozenset[str] = frozenset()
    opening = True
    for start, end in bounds:
        sentence = _sentence(
            normalized.text, start, end, found, words, lead | heading, previous, opening, source
        )
        if normalized.span(start, end).start >= signed:
            sentence = replace(sentence, kind="courtesy")
        sentences.append(sentence)
        opening = opening and sentence.kind != "statement"
        if sentence.text.rstrip().endswith(":"):
            heading = sentence.ideas
        elif not re.match(r"\s*(?:[-•*▪●]|\d+[.)])", sentence.text):
            heading = frozenset()
        previous = sentence.ideas
    return Reading(normalized, language, tuple(sentences))


def _elliptic(found: Sequence[Mention], text: str) -> Iterator[Mention]:
    """ "Eight days ahead, and everybody else six": a bare number takes the unit of the amount before it."""
    before: Mention | None = None
    for mention in found:
        bare = mention.kind == "number" and not mention.noun and mention.low is not None
        if bare and before is not None and _joined(text, before, mention):
            count = parse_number(re.split(r"[^\w,.]", text[before.start : before.end])[0])
            if count and before.low is not None and mention.low is not None:
                amount = before.low / count * mention.low
                value = isoduration(amount, before.base)
                yield replace(
                    before, start=mention.start, end=mention.end, value=value, low=amount, high=amount
                )
                continue
        if mention.kind == "duration" and mention.low == mention.high:
            before = mention
        yield mention


def _joined(text: str, before: Mention, mention: Mention) -> bool:
    between = text[before.end : mention.start]
    ends = not re.match(r"\W*\w", text[mention.end : mention.end + 3]) or text[mention.end :][:1] in ".,;!)"
    # "Neuf" is new more often than nine.
    counted = text[mention.start : mention.end] != "neuf"
    return len(between) < 40 and ends and counted and not re.search(r"[.!?\d]", between)


def _owned(found: Iterable[Mention], text: str, words: Lexicon) -> Iterator[Mention]:
    spans = [m.span(m.lastgroup) for m in words.own.finditer(text) if m.lastgroup]
    for mention in found:
        own = any(start < mention.end and mention.start < end for start, end in spans)
        yield replace(mention, own=True) if own and mention.kind in _PERSONAL else mention


def _topic(title: str, words: Lexicon) -> frozenset[str]:
    text = fold(title).text
    return frozenset(t.idea for t in tokenize(text, 0, len(text), (), words))


def _begin(mention: Mention) -> int:
    return mention.start


def _signed_at(normalized: NormalizedText, signed: int) -> int:
    size = len(normalized.original)
    return normalized.within(Span(signed, size))[0] if signed < size else len(normalized.text)


def _sentences(text: str, found: Sequence[Mention], signed: int) -> Iterator[tuple[int, int]]:
    """Bounds of the sentences; the signature never shares one with what stands before it."""
    yield from _cut(text[:signed], found)
    yield from _trimmed(text, signed, len(text))


def _cut(text: str, found: Sequence[Mention]) -> Iterator[tuple[int, int]]:
    held = bytearray(len(text))
    for mention in found:
        last = min(mention.end, len(text)) - 1
        held[mention.start : last] = b"\x01" * (last - mention.start)
    start = 0
    for stop in _STOP.finditer(text):
        end = stop.end()
        inside = bool(held[stop.start()])
        if inside or (stop[0] == "." and _ABBREVIATION.search(text[max(start, end - 12) : end])):
            continue
        yield from _bounded(text, start, end)
        start = end
    yield from _bounded(text, start, len(text))


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence without end is read in pieces: its clauses are compared with one another."""
    while end - start > _LONGEST:
        stop = max(text.rfind(mark, start + _LONGEST // 2, start + _LONGEST) for mark in ",;: ") + 1
        stop = stop or start + _LONGEST
        yield from _trimmed(text, start, stop)
        start = stop
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and not (text[start].isalnum() or text[start] in '€$£+-•«"(@'):
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start and re.search(r"\w", text[start:end]):
        yield start, end


def _sentence(
    text: str, start: int, end: int, found: Sequence[Mention], words: Lexicon,
    lead: frozenset[str], previous: frozenset[str], opening: bool, source: bool,
) -> ReadSentence:  # fmt: skip
    inside = found[bisect_left(found, start, key=_begin) : bisect_left(found, end, key=_begin)]
    clauses = [
        Clause(a, b, tuple(tokenize(text, a, b, inside, words)), tuple(m for m in inside if a <= m.start < b))
        for a, b in _clauses(text, start, end, inside)
    ]
    body = text[start:end]
    if body.rstrip(" )»\"'").endswith("?"):
        return ReadSentence(start, end, body, tuple(clauses), "question", lead, previous)
    told = clauses if source else telling(clauses, text, words, opening and end < len(text))
    if not told or (not source and announces(body, clauses, words)):
        return ReadSentence(start, end, body, tuple(clauses), "courtesy", lead, previous)
    start = told[0].start if told[0] is not clauses[0] else start
    return ReadSentence(
        start, end, text[start:end], tuple(_spread(told, text, words)), "statement", lead, previous
    )


def _spread(clauses: list[Clause], text: str, words: Lexicon) -> Iterator[Clause]:
    """A list shares the polarity of its verb: short clauses beside a negated one are not compared.

    Nor are those that go on with an exception.
    """
    lists = [len(c.tokens) <= 3 and not TURN.match(text[c.start : c.end]) for c in clauses]
    # joined[i]: nothing stronger than a comma parts clause i from the one before.
    joined = [
        bool(i) and not re.search(r"[:;()–—]", text[clauses[i - 1].end : c.start + 1])
        for i, c in enumerate(clauses)
    ]
    negated = [any(t.sign < 0 and not t.focus for t in c.tokens) for c in clauses]
    excepted = False
    for i, clause in enumerate(clauses):
        excepted = excepted and lists[i] and joined[i]
        beside = lists[i] and not negated[i] and _beside(i, negated, lists, joined)
        if beside or excepted:
            tokens = tuple(replace(t, sign=0) for t in clause.tokens)
            yield Clause(clause.start, clause.end, tokens, clause.mentions)
        else:
            yield clause
        excepted = excepted or bool(words.restrict.search(text, clause.start, clause.end))


def _beside(i: int, negated: list[bool], lists: list[bool], joined: list[bool]) -> bool:
    """Does an unbroken list lead from clause ``i`` to a negated one?"""
    for step in (1, -1):
        j = i
        while 0 <= j + step < len(negated) and joined[max(j, j + step)]:
            j += step
            if negated[j]:
                return True
            if not lists[j]:
                break
    return False


def _clauses(text: str, start: int, end: int, inside: Sequence[Mention]) -> Iterator[tuple[int, int]]:
    position = start
    for cut in _CLAUSE.finditer(text, start, end):
        if any(m.start < cut.end() and cut.start() < m.end for m in inside) or cut.start() <= position:
            continue
        # "Pour la Corse, …": a complement in front belongs to what follows.
        front = text[position : cut.start()]
        if cut[0] == "," and position == start and _FRONT.match(front) and len(front.split()) <= 6:
            continue
        yield position, cut.start()
        position = cut.end()
    if position < end:
        yield position, end
