"""Word patterns as data: a small language for what lists of words cannot say.

A pattern is a row of elements, separated by spaces, matched on the folded words of a text:

    ``je|on``      one of several words (accents and case never matter)
    ``tu*``        a word that begins so
    ``<insult>``   any entry of a class (entries may hold several words)
    ``ne?``        an optional element (``<class>?`` too)
    ``..`` ``..5`` up to three (five) words of the same sentence
    ``^``          the beginning of a sentence

``unless`` names guards of the file (negation, quotation, idiom…): a hit is dropped when one of them touches
it or comes less than five words before it. It may also give patterns of its own: those drop the hit
wherever they stand in its sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from copilot import yamlfile
from copilot.moderation.words import Words, cut
from copilot.records import Span

_REACH = 5
_MEMORY = 50_000
_GAP_WORD = r"(?:[^\s.!?]+ )"
_LEET = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "8": "b"}
)
_LEET_L = str.maketrans(
    {"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "6": "g"}
)
_REPEATED = re.compile(r"(\w)\1{2,}")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a grammar file; ``data`` holds its further keys (strength, target, weight…)."""

    id: str
    label: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that fits, with the words that show it: ``first`` and ``last`` are word numbers."""

    rule: Rule
    span: Span
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Pattern:
    rule: Rule
    regex: re.Pattern[str]
    needs: frozenset[str]
    unless: tuple[str, ...]


class Grammar:
    """The rules of one or several files, ready to be matched."""

    def __init__(self, *files: yamlfile.YamlFile) -> None:
        self.classes: dict[str, tuple[str, ...]] = {}
        self._exact: dict[str, set[str]] = {}
        self._prefixes: dict[str, set[str]] = {}
        self._elements: dict[str, str] = {}
        self._about: dict[str, tuple[str, frozenset[str]]] = {}
        self._guards: dict[str, tuple[_Pattern, ...]] = {}
        self._anywhere: set[str] = set()
        self._by_need: dict[str, list[_Pattern]] = {}
        self.rules: list[Rule] = []
        for file in files:
            for name, entries in (file.data.get("classes") or {}).items():
                self.classes[name] = self.classes.get(name, ()) + _entries(entries)
        for file in files:
            for name, patterns in (file.data.get("guards") or {}).items():
                self._guards[name] = tuple(self._compile(_GUARD, p, ()) for p in patterns)
        for file in files:
            for data in file.data.get("rules") or ():
                self._add(data)
        self._lengths = tuple(sorted({len(prefix) for prefix in self._prefixes}))

    def _add(self, data: Mapping[str, Any]) -> None:
        rule = Rule(data["id"], data["label"], data)
        self.rules.append(rule)
        unless = []
        for guard in data.get("unless") or ():
            if guard not in self._guards:
                self._guards[guard] = (self._compile(_GUARD, guard, ()),)
                self._anywhere.add(guard)
            unless.append(guard)
        for text in data["patterns"]:
            pattern = self._compile(rule, text, tuple(unless))
            rarest = min(sorted(pattern.needs), key=lambda need: len(self._vocabulary(need)))
            self._by_need.setdefault(rarest, []).append(pattern)

    def _compile(self, rule: Rule, text: str, unless: tuple[str, ...]) -> _Pattern:
        pieces, needs = [], set()
        for element in text.split():
            if element == "^":
                pieces.append(r"(?:(?<=[.!?] )|(?<=^ ))")
            elif element.startswith(".."):
                pieces.append(f"{_GAP_WORD}{{0,{element[2:] or 3}}}?")
            else:
                optional = element.endswith("?") and element != "?"
                body = element.removesuffix("?") if optional else element
                entries = self._entries(body)
                pieces.append(f"(?:{'|'.join(map(_entry_regex, entries))}){'?' if optional else ''}")
                if not optional:
                    needs.add(self._register(body, entries))
        regex = re.compile("(?<= )" + "".join(pieces))
        return _Pattern(rule, regex, frozenset(needs), unless)

    def _entries(self, body: str) -> tuple[str, ...]:
        entries: list[str] = []
        for part in body.split("|"):
            if part.startswith("<") and part.endswith(">"):
                entries += self.classes[part[1:-1]]
            else:
                entries += _entries([part.replace("_", " ")])
        # Longer entries first: an alternation takes the first that fits.
        return tuple(sorted(dict.fromkeys(entries), key=lambda e: -len(e)))

    def _register(self, body: str, entries: Iterable[str]) -> str:
        if body not in self._elements:
            self._elements[body] = body
            for entry in entries:
                word = entry.split()[0]
                index = self._prefixes if word.endswith("*") else self._exact
                index.setdefault(word.rstrip("*"), set()).add(body)
        return body

    def _vocabulary(self, element: str) -> tuple[str, ...]:
        return self._entries(element)

    def _elements_of(self, word: str) -> frozenset[str]:
        collected = set(self._exact.get(word, ()))
        for length in self._lengths:
            if length <= len(word):
                collected |= self._prefixes.get(word[:length], set())
        return frozenset(collected)

    def _undisguise(self, word: str) -> str:
        if len(word) < 3 or word.isdigit() or self._elements_of(word):
            return word
        plain = word.isalpha()
        repeated = _REPEATED.search(word) is not None
        if plain and not repeated:
            return word
        candidates = [_REPEATED.sub(r"\1\1", word), _REPEATED.sub(r"\1", word)] if repeated else []
        if not plain:
            candidates += [word.translate(_LEET), word.translate(_LEET_L)]
        for candidate in candidates:
            if candidate != word and candidate in self._exact:
                return candidate
        return word

    def match(self, words: Words) -> list[Hit]:
        """Return every rule that fits, at most once a rule and place (the longest fit), in text order."""
        present: set[str] = set()
        disguised = False
        for word in set(words.words):
            plain, elements = self._about.get(word) or self._learn(word)
            disguised = disguised or plain != word
            if elements:
                present |= elements
        if not present:
            return []
        if disguised:
            words = self._undisguised(words)
        found = (
            hit
            for need in present
            for pattern in self._by_need.get(need, ())
            if pattern.needs <= present
            for hit in self._hits(pattern, words)
        )
        hits: dict[tuple[str, int], Hit] = {}
        for hit in found:
            place = (hit.rule.id, hit.first)
            if place not in hits or hit.last > hits[place].last:
                hits[place] = hit
        return sorted(hits.values(), key=lambda hit: (hit.first, hit.rule.id))

    def _learn(self, word: str) -> tuple[str, frozenset[str]]:
        """Return the plain form of a word and the elements it can fill, and remember them."""
        plain = self._undisguise(word)
        found = (plain, self._elements_of(plain))
        if len(self._about) < _MEMORY:
            self._about[word] = found
        return found

    def _undisguised(self, words: Words) -> Words:
        plain = tuple((self._about.get(word) or self._learn(word))[0] for word in words.words)
        places, position = [], 1
        for word in plain:
            places.append(position)
            position += len(word) + 1
        return Words(words.original, plain, words.spans, f" {' '.join(plain)} ", tuple(places))

    def _hits(self, pattern: _Pattern, words: Words) -> Iterator[Hit]:
        for match in pattern.regex.finditer(words.line):
            if match.end() == match.start():
                continue
            first, last = words.index(match.start()), words.index(match.end() - 2)
            if not self._guarded(pattern, words, first, last):
                yield Hit(pattern.rule, words.span(first, last), first, last)

    @staticmethod
    def _near(words: Words, match: re.Match[str], first: int, last: int) -> bool:
        return words.index(match.end() - 2) >= first - _REACH and words.index(match.start()) <= last

    def _guarded(self, pattern: _Pattern, words: Words, first: int, last: int) -> bool:
        if not pattern.unless:
            return False
        begin, end = words.sentence(first)
        line_start = words.places[begin] - 1
        line_end = words.places[end] if end < len(words.places) else len(words.line)
        for name in pattern.unless:
            for guard in self._guards[name]:
                for match in guard.regex.finditer(words.line, line_start, line_end):
                    if name in self._anywhere or self._near(words, match, first, last):
                        return True
        return False


_GUARD = Rule("guard", "guard", {})


def _entries(entries: Any) -> tuple[str, ...]:
    """Normalise class entries: a string of words, or a list of words and phrases."""
    items = (
        [e.replace("_", " ") for e in entries.split()]
        if isinstance(entries, str)
        else [str(e) for e in entries]
    )
    return tuple(_phrase(item) for item in items)


def _phrase(item: str) -> str:
    star = item.endswith("*") and len(item) > 1
    words = cut(item.rstrip("*") if star else item).words
    return " ".join(words) + ("*" if star else "")


def _entry_regex(entry: str) -> str:
    if entry.endswith("*"):
        return re.escape(entry[:-1]) + r"\S* "
    return re.escape(entry) + " "


@cache
def shipped(package: str, *names: str) -> Grammar:
    """Return the grammar of the data files ``names`` of ``package`` (``copilot.moderation``…)."""
    folder = resources.files(package) / "data"
    files = [yamlfile.loads((folder / f"{n}.yml").read_text(encoding="utf-8"), f"{n}.yml") for n in names]
    return Grammar(*files)
