"""A text as the prover reads it: sentences, their clauses, what each talks about and the values it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

from copilot.facts.extract import fold, guess_language, mentions
from copilot.facts.lexicon import Lexicon, lexicon
from copilot.facts.mention import Mention
from copilot.facts.names import names_in
from copilot.text import NormalizedText

_ABBREVIATION = re.compile(
    r"(?:\b(?:n|no|m|mm|mme|mlle|dr|st|av|bd|env|ex|art|tel|max|min|etc|mr|mrs|ms|approx|e\.g|i\.e|p|cf|incl|[a-z]))\.$"
)
_STOP = re.compile(
    r"[.!?…]+[)»\"']*(?=\s|$)|\n+|(?<=\s)[•▪●➡→👉✅✔☑🔹]\ufe0f?|[\U0001F300-\U0001FAFF\u2600-\u27BF]\ufe0f?(?=\s+[A-Z0-9a-z])"
)
_CLAUSE = re.compile(
    r"[,;()]|:(?=\s)| [-–—] |(?<=\w) (?=(?:et|mais|car|donc|tandis que|alors que|puis|ainsi que|and|but|so|whereas|while|then|because|qui|dont|which) )"
)
_WORD = re.compile(r"[a-z0-9\x00]+")


@dataclass(frozen=True, slots=True)
class Token:
    """One content word or phrase. ``sign`` is -1 under a negation or for the opposite of its idea."""

    idea: str
    start: int
    end: int
    sign: int


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
    """A sentence with its clauses. ``lead`` are the ideas it inherits: title, list heading, sentence before."""

    start: int
    end: int
    text: str
    clauses: tuple[Clause, ...]
    kind: str = "statement"
    lead: frozenset[str] = field(default_factory=frozenset)
    previous: frozenset[str] = field(default_factory=frozenset)

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
    found = (*found, *names_in(normalized, found, [b[0] for b in bounds], names, words))
    lead = _topic(title, words)
    sentences: list[ReadSentence] = []
    heading: frozenset[str] = frozenset()
    previous: frozenset[str] = frozenset()
    for start, end in bounds:
        sentence = _sentence(normalized.text, start, end, found, words, lead | heading, previous)
        sentences.append(sentence)
        if sentence.text.rstrip().endswith(":"):
            heading = sentence.ideas
        elif not re.match(r"\s*(?:[-•*▪●]|\d+[.)])", sentence.text):
            heading = frozenset()
        previous = sentence.ideas
    return Reading(normalized, language, tuple(sentences))


def _topic(title: str, words: Lexicon) -> frozenset[str]:
    text = fold(title).text
    return frozenset(t.idea for t in tokenize(text, 0, len(text), (), words))


def _sentences(text: str, found: Sequence[Mention]) -> Iterator[tuple[int, int]]:
    start = 0
    for stop in _STOP.finditer(text):
        end = stop.end()
        inside = any(m.start < stop.start() < m.end - 1 or m.start <= stop.start() < m.end - 1 for m in found)
        if inside or (stop[0] == "." and _ABBREVIATION.search(text[start:end])):
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
    inside = [m for m in found if start <= m.start < end]
    clauses = tuple(
        Clause(a, b, tuple(tokenize(text, a, b, inside, words)), tuple(m for m in inside if a <= m.start < b))
        for a, b in _clauses(text, start, end, inside)
    )
    body = text[start:end]
    return ReadSentence(start, end, body, clauses, _kind(body, words, inside), lead, previous)


def _clauses(text: str, start: int, end: int, inside: Sequence[Mention]) -> Iterator[tuple[int, int]]:
    position = start
    for cut in _CLAUSE.finditer(text, start, end):
        if any(m.start < cut.end() and cut.start() < m.end for m in inside) or cut.start() <= position:
            continue
        yield position, cut.start()
        position = cut.end()
    if position < end:
        yield position, end


def _kind(body: str, words: Lexicon, inside: Sequence[Mention]) -> str:
    if body.rstrip(" )»\"'").endswith("?"):
        return "question"
    found = words.courtesy.search(body)
    if found is None:
        return "statement"
    return "courtesy"


def tokenize(text: str, start: int, end: int, found: Sequence[Mention], words: Lexicon) -> Iterator[Token]:
    """Yield the content tokens of ``text[start:end]``; typed mentions are left out."""
    body = text[start:end]
    for mention in found:
        if mention.kind != "name":
            a, b = max(mention.start, start) - start, min(mention.end, end) - start
            if a < b:
                body = body[:a] + "\x00" * (b - a) + body[b:]
    signs = _signs(body, words)
    taken = [False] * len(body)
    tokens = []
    for phrase in words.phrase.finditer(body):
        idea, sign = words.phrases[phrase[0]]
        taken[phrase.start() : phrase.end()] = [True] * len(phrase[0])
        tokens.append((phrase.start(), phrase.end(), idea, sign))
    for word in _WORD.finditer(body):
        if taken[word.start()] or "\x00" in word[0]:
            continue
        known = words.idea(word[0])
        if known is not None and not word[0].isdigit():
            tokens.append((word.start(), word.end(), *known))
    for a, b, idea, sign in sorted(tokens):
        # A phrase such as "sans frais" holds its own negation.
        under = (
            1
            if taken[a] and re.match(r"(?:sans|pas de|aucun|no|at no|not|non|n')\b", body[a:b])
            else signs[a]
        )
        yield Token(idea, start + a, start + b, sign * under)


def _signs(body: str, words: Lexicon) -> list[int]:
    signs = [1] * len(body)
    masked = words.phrase.sub(lambda m: "\x01" * len(m[0]), body)
    if words.negation.search(masked):
        signs = [-1] * len(body)
    for found in words.negate_next.finditer(masked):
        after = re.compile(r"\W*(?:(?:les?|la|de|d'|any|an?|the) ?)?\w+").match(body, found.end())
        if after:
            for i in range(found.end(), after.end()):
                signs[i] = -signs[i]
    # Inside an exception polarity is reversed or not, as the writer pleases: it is not compared.
    if exception := words.restrict.search(masked):
        signs[exception.start() :] = [0] * (len(body) - exception.start())
    return signs
