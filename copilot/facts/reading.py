"""A text as the prover reads it: sentences, their clauses, what each talks about and the values it holds."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache

from copilot.facts.asides import announces, signature
from copilot.facts.extract import fold, guess_language, mentions
from copilot.facts.lexicon import Lexicon, lexicon
from copilot.facts.mention import Mention
from copilot.facts.names import names_in
from copilot.facts.tokens import Token, tokenize
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
_BRANDS_OWN = frozenset({"price", "percent", "phone", "email", "link", "hours"})
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
_TURN = re.compile(
    r"\W*(?:et |and )?(?:mais|but|et nous|and we|donc|so|nous|we|on|vous|you|qui|which|c'est|it is|it's)\b"
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
    def whole(self) -> frozenset[str]:
        """All ideas, and all values with ``=`` in front."""
        ideas = frozenset().union(*(s.ideas | s.lead for s in self.sentences))
        return ideas | {"=" + m.value for s in self.sentences for m in s.mentions}


@lru_cache(maxsize=1024)
def read(text: str, language: str, now: date, title: str = "", names: tuple[str, ...] = ()) -> Reading:
    """Read ``text``; ``title`` is the question or heading that its sentences answer.

    Offsets inside are those of the folded copy; ``normalized.span`` leads back to the original.
    """
    normalized = fold(text)
    if language not in ("fr", "en"):
        language = guess_language(normalized.text)
    words = lexicon(language)
    found = mentions(normalized.text, language, now)
    bounds = list(_sentences(normalized.text, found))
    proper = tuple(names_in(normalized, found, [b[0] for b in bounds], names, words))
    named = bytearray(len(normalized.text))
    for name in proper:
        named[name.start : name.end] = b"\x01" * (name.end - name.start)
    found = (*(m for m in found if not named[m.start]), *proper)
    found = tuple(sorted(_owned(found, normalized.text, words), key=lambda m: m.start))
    lead = _topic(title, words)
    sentences: list[ReadSentence] = []
    heading: frozenset[str] = frozenset()
    previous: frozenset[str] = frozenset()
    signed = signature(text)
    for start, end in bounds:
        sentence = _sentence(normalized.text, start, end, found, words, lead | heading, previous)
        if normalized.span(start, end).start >= signed:
            sentence = replace(sentence, kind="courtesy")
        sentences.append(sentence)
        if sentence.text.rstrip().endswith(":"):
            heading = sentence.ideas
        elif not re.match(r"\s*(?:[-•*▪●]|\d+[.)])", sentence.text):
            heading = frozenset()
        previous = sentence.ideas
    return Reading(normalized, language, tuple(sentences))


def _owned(found: Sequence[Mention], text: str, words: Lexicon) -> Iterator[Mention]:
    spans = [m.span(m.lastgroup) for m in words.own.finditer(text) if m.lastgroup]
    for mention in found:
        own = any(start < mention.end and mention.start < end for start, end in spans)
        yield replace(mention, own=True) if own and mention.kind in _PERSONAL else mention


def _topic(title: str, words: Lexicon) -> frozenset[str]:
    text = fold(title).text
    return frozenset(t.idea for t in tokenize(text, 0, len(text), (), words))


def _begin(mention: Mention) -> int:
    return mention.start


def _sentences(text: str, found: Sequence[Mention]) -> Iterator[tuple[int, int]]:
    held = bytearray(len(text))
    for mention in found:
        last = mention.end - 1
        held[mention.start : last] = b"\x01" * (last - mention.start)
    start = 0
    for stop in _STOP.finditer(text):
        end = stop.end()
        inside = bool(held[stop.start()])
        if inside or (stop[0] == "." and _ABBREVIATION.search(text[max(start, end - 12) : end])):
            continue
        yield from _trimmed(text, start, end)
        start = end
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and not (text[start].isalnum() or text[start] in '€$£+-•«"(@'):
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start and re.search(r"\w", text[start:end]):
        yield start, end


def _sentence(
    text: str, start: int, end: int, found: Sequence[Mention], words: Lexicon,
    lead: frozenset[str], previous: frozenset[str],
) -> ReadSentence:  # fmt: skip
    inside = found[bisect_left(found, start, key=_begin) : bisect_left(found, end, key=_begin)]
    clauses = [
        Clause(a, b, tuple(tokenize(text, a, b, inside, words)), tuple(m for m in inside if a <= m.start < b))
        for a, b in _clauses(text, start, end, inside)
    ]
    body = text[start:end]
    if body.rstrip(" )»\"'").endswith("?"):
        return ReadSentence(start, end, body, tuple(clauses), "question", lead, previous)
    telling = _telling(clauses, text, words)
    if not telling or (announces(body) and not any(m.kind in _BRANDS_OWN for m in inside)):
        return ReadSentence(start, end, body, tuple(clauses), "courtesy", lead, previous)
    start = telling[0].start if telling[0] is not clauses[0] else start
    return ReadSentence(
        start, end, text[start:end], tuple(_spread(telling, text, words)), "statement", lead, previous
    )


def _telling(clauses: list[Clause], text: str, words: Lexicon) -> list[Clause]:
    """Leave out clauses of courtesy: a greeting alone, an apology with what it apologises for."""
    kept: list[Clause] = []
    sorry = story = False
    for clause in clauses:
        body = text[clause.start : clause.end].strip()
        # "Have a lovely weekend" gives no opening day.
        told = ("name", "days") if words.courtesy.search(body) else ("name",)
        values = any(m.kind not in told for m in clause.mentions)
        story = _story(clause, body, story, words)
        if story:
            continue
        if values or any(t.idea in words.critical for t in clause.tokens):
            sorry = False
        elif words.empathy.search(body):
            sorry = True
            continue
        elif _polite(clause, body, clauses, words) or (sorry and not kept and _aside(clause, body)):
            continue
        kept.append(clause)
    return [] if _empty(kept, clauses, text) else kept


def _polite(clause: Clause, body: str, clauses: list[Clause], words: Lexicon) -> bool:
    return bool(words.courtesy.search(body)) or _vocative(clause, body, clauses)


def _story(clause: Clause, body: str, before: bool, words: Lexicon) -> bool:
    """Is the clause the customer's own wish or situation, which no knowledge of the brand can prove?"""
    if any(m.kind in _BRANDS_OWN for m in clause.mentions):
        return False
    return bool(words.story.match(body) or (before and words.story_goes_on.match(body)))


def _aside(clause: Clause, body: str) -> bool:
    return len(clause.tokens) < 3 and not _TURN.match(body)


def _empty(kept: list[Clause], clauses: list[Clause], text: str) -> bool:
    """Only a signature, or a single word that courtesy left over."""
    if len(kept) == 1 and kept[0].mentions and len(text[kept[0].start : kept[0].end].split()) <= 3:
        return all(m.kind == "name" for m in kept[0].mentions)
    left = bool(kept) and kept[0] is not clauses[0] and not any(c.mentions for c in kept)
    return not kept or (left and sum(len(c.tokens) for c in kept) < 2)


def _names(clause: Clause) -> bool:
    return any(m.kind == "name" for m in clause.mentions)


def _vocative(clause: Clause, body: str, clauses: list[Clause]) -> bool:
    names = [m for m in clause.mentions if m.kind == "name"]
    short = len(body.split()) <= 2
    if clause is clauses[-1] and len(clauses) > 1 and short and names:
        # "Ten years, Moira!": a name at the end, unless it ends a list of names.
        return len(body.rstrip(" .!")) == names[0].end - names[0].start and not _names(clauses[-2])
    return (
        clause is clauses[0]
        and len(clauses) > 1
        and short
        and len(clause.tokens) <= 1
        and bool(names or len(body.split()) == 1)
    )


def _spread(clauses: list[Clause], text: str, words: Lexicon) -> Iterator[Clause]:
    """A list shares the polarity of its verb: short clauses beside a negated one are not compared.

    Nor are those that go on with an exception.
    """
    lists = [len(c.tokens) <= 3 and not _TURN.match(text[c.start : c.end]) for c in clauses]
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
