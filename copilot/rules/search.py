"""One pass over the words of a text that tells where each rule could match, and rules out the rest."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

from copilot.rules.literals import Literals, Opening
from copilot.rules.rule import Start
from copilot.rules.trie import longest_at_words

_WORDS = re.compile(r"\w+")
_MANY_WORDS = 200_000
_LONG = 20_000
"""Characters from which a pattern of all openings is worth its compilation."""
_Entry = tuple[int, int, tuple[str, ...] | None]
"""Number of a rule, how far before the word its matches begin, what must stand there (None: the word)."""


class OpeningIndex:
    """The openings of many rules' matches, looked up together.

    Built once for a set of rules; a text is read once, whatever the number of rules.
    """

    def __init__(self, known: Sequence[Literals], numbers: Collection[int] | None = None) -> None:
        self._known = known
        self._parts: dict[frozenset[int], OpeningIndex] = {}
        self._words: dict[str, dict[int, list[Opening]]] = {}
        self._prefixes: dict[str, dict[int, list[Opening]]] = {}
        signs: dict[str, dict[int, list[Opening]]] = {}
        for number in range(len(known)) if numbers is None else numbers:
            for opening in known[number].openings:
                if not opening.word:
                    table, key = signs, opening.text[0]
                else:
                    table = self._words if opening.ended else self._prefixes
                    key = opening.word if opening.ended else opening.word[0]
                table.setdefault(key, {}).setdefault(number, []).append(opening)
        self._signs = {sign: _entries(found) for sign, found in signs.items()}
        self._sign = _sign_pattern(signs)
        self._seen: dict[str, tuple[_Entry, ...]] = {}
        self._of_text: dict[str, tuple[list[tuple[int, int]], str]] = {}
        chosen = range(len(known)) if numbers is None else numbers
        self._unordered = [n for n in chosen if not known[n].by_word]

    def among(self, numbers: frozenset[int]) -> OpeningIndex:
        """Return the index of some of the rules only, under the same numbers."""
        if numbers not in self._parts:
            self._parts[numbers] = OpeningIndex(self._known, numbers)
        return self._parts[numbers]

    def starts(self, folded: str) -> Mapping[int, list[Start]]:
        """Return, by the number of the rule, the offsets and words at which a match may begin.

        Args:
            folded: a folded text (see ``copilot.rules.folding``).
        """
        found: defaultdict[int, list[Start]] = defaultdict(list)
        if self._words or self._prefixes:
            (self._add_openings if len(folded) > _LONG else self._add_words)(folded, found)
        if self._sign is not None:
            self._add_signs(folded, found)
        for number in self._unordered:
            if number in found:
                found[number].sort()
        return found

    def _add_words(self, folded: str, found: defaultdict[int, list[Start]]) -> None:
        seen, known = self._seen, self._entries
        if len(seen) > _MANY_WORDS:
            seen.clear()
        for match in _WORDS.finditer(folded):
            word = match.group()
            entries = seen.get(word)
            if entries is None:
                entries = seen[word] = known(word)
            if entries:
                at = match.start()
                for number, back, texts in entries:
                    if texts is None or folded.startswith(texts, at):
                        found[number].append((at - back, word))

    def _add_openings(self, folded: str, found: defaultdict[int, list[Start]]) -> None:
        known = self._of_text
        for match in self._trie.finditer(folded):
            text = match.group(1)
            if text not in known:
                known[text] = self._beginnings(text)
            numbers, word = known[text]
            at = match.start()
            word = word or _WORDS.match(folded, at).group()  # type: ignore[union-attr]
            for number, back in numbers:
                found[number].append((at - back, word))

    @cached_property
    def _trie(self) -> re.Pattern[str]:
        return longest_at_words((text, ended) for text, places in self._by_text.items() for ended in places)

    @cached_property
    def _by_text(self) -> dict[str, dict[bool, set[tuple[int, int]]]]:
        found: dict[str, dict[bool, set[tuple[int, int]]]] = {}
        tables = (*self._words.values(), *self._prefixes.values())
        for number, opening in ((n, o) for table in tables for n, group in table.items() for o in group):
            ended = opening.ended and opening.text == opening.word
            places = found.setdefault(opening.text, {}).setdefault(ended, set())
            places.add((number, opening.back))
        return found

    def _beginnings(self, text: str) -> tuple[list[tuple[int, int]], str]:
        """Return the rules of a text and of its beginnings, and its first word where that is whole."""
        places = {
            place
            for size in range(1, len(text) + 1)
            for group in self._by_text.get(text[:size], {}).values()
            for place in group
        }
        word = _WORDS.match(text).group()  # type: ignore[union-attr]
        return sorted(places, key=lambda place: (place[0], -place[1])), "" if word == text else word

    def _add_signs(self, folded: str, found: defaultdict[int, list[Start]]) -> None:
        for match in self._sign.finditer(folded):  # type: ignore[union-attr]
            at = match.start()
            for number, back, texts in self._signs[match.group()]:
                if texts is None or folded.startswith(texts, at):
                    found[number].append((at - back, ""))

    def _entries(self, word: str) -> tuple[_Entry, ...]:
        openings: dict[int, list[Opening]] = {n: list(o) for n, o in self._words.get(word, {}).items()}
        for number, prefixes in self._prefixes.get(word[0], {}).items():
            fitting = [opening for opening in prefixes if word.startswith(opening.word)]
            if fitting:
                openings.setdefault(number, []).extend(fitting)
        return _entries(openings, word)


def _entries(openings: Mapping[int, Iterable[Opening]], word: str = "") -> tuple[_Entry, ...]:
    made: list[_Entry] = []
    for number, group in sorted(openings.items()):
        for back in sorted({opening.back for opening in group}, reverse=True):
            texts = tuple(sorted({o.text for o in group if o.back == back}))
            certain = bool(word) and any(word.startswith(text) for text in texts)
            made.append((number, back, None if certain else texts))
    return tuple(made)


def _sign_pattern(signs: Mapping[str, Mapping[int, Iterable[Opening]]]) -> re.Pattern[str] | None:
    if not signs:
        return None
    parts = []
    for sign, openings in signs.items():
        rests = {opening.text[1:] for group in openings.values() for opening in group}
        ahead = "" if "" in rests else f"(?={'|'.join(map(re.escape, sorted(rests)))})"
        parts.append(re.escape(sign) + ahead)
    return re.compile("|".join(parts))
