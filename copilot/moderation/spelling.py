"""Finding the words of a lexicon under disguise: missing, swapped, replaced, joined or spaced-out letters."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from copilot.moderation.words import Words, cut

_LEETS = (
    str.maketrans(
        {
            "0": "o",
            "1": "i",
            "2": "e",
            "3": "e",
            "4": "a",
            "5": "s",
            "6": "g",
            "7": "t",
            "8": "b",
            "9": "g",
            "@": "a",
            "$": "s",
            "*": "",
        }
    ),
    str.maketrans(
        {
            "0": "o",
            "1": "l",
            "3": "e",
            "4": "a",
            "5": "s",
            "6": "b",
            "7": "t",
            "8": "ate",
            "@": "a",
            "$": "s",
            "*": "",
        }
    ),
)
_REPEATED = re.compile(r"(.)\1{2,}")
_SHORTEST, _LONGEST = 5, 40
_HEAD = 3
_MEMORY = 50_000


class Lexicon:
    """Classes of words, word beginnings (``répugn*``) and phrases (``trop_de``)."""

    def __init__(
        self,
        classes: Mapping[str, str],
        *,
        fuzzy: Sequence[str] = (),
        ordinary: Collection[str] = (),
        joined: bool = True,
    ) -> None:
        self._ordinary = frozenset(ordinary)
        self._joined = joined
        self._words: dict[str, set[str]] = {}
        self._prefixes: dict[str, set[str]] = {}
        # By the first word and the first letters of the second: most phrases are told apart at once.
        self._phrases: dict[str, dict[str, list[tuple[tuple[str, ...], bool, str]]]] = {}
        self._near: dict[str, set[str]] = {}
        self._written: dict[str, tuple[str, frozenset[str]]] = {}
        self._known: dict[str, tuple[str, frozenset[str]]] = {}
        for name, entries in classes.items():
            for entry in entries.split():
                self._add(name, entry)
        self._lengths = tuple(sorted({len(p) for p in self._prefixes}, reverse=True))
        for source in (self._words, self._prefixes):
            for word, names in source.items():
                if len(word) >= _SHORTEST and names & set(fuzzy):
                    for shorter in _deletions(word):
                        self._near.setdefault(shorter, set()).add(word)

    def _add(self, name: str, entry: str) -> None:
        star = entry.endswith("*")
        words = cut(entry.rstrip("*").replace("_", " ").replace("-", " ")).words
        if len(words) > 1:
            seconds = self._phrases.setdefault(words[0], {})
            seconds.setdefault(words[1][:_HEAD], []).append((words, star, name))
        elif words:
            (self._prefixes if star else self._words).setdefault(words[0], set()).add(name)

    def classes(self, word: str) -> frozenset[str]:
        """Return the classes of a word as it is written."""
        found = set(self._words.get(word, ()))
        for length in self._lengths:
            if length <= len(word) and word[:length] in self._prefixes:
                found |= self._prefixes[word[:length]]
        return frozenset(found)

    def find(self, words: Words, *, disguised: bool = True) -> Iterator[Entry]:
        """Yield every entry found; with ``disguised`` also those behind misspelt, joined or spaced words."""
        resolve = self._resolved if disguised else self._as_written
        pieces = self._pieces(words.words) if disguised else ((w, i, i) for i, w in enumerate(words.words))
        for word, first, last in pieces:
            spelt, names = resolve(word)
            for name in names:
                yield Entry(name, first, last, spelt == word and first == last)
        for i, word in enumerate(words.words[:-1]):
            seconds = self._phrases.get(word)
            if seconds:
                following = words.words[i + 1]
                for size in range(1, _HEAD + 1):
                    for phrase, star, name in (
                        seconds.get(following[:size], ()) if size <= len(following) else ()
                    ):
                        if _follows(words.words, i, phrase, star):
                            yield Entry(name, i, i + len(phrase) - 1, True)

    def _as_written(self, word: str) -> tuple[str, frozenset[str]]:
        found = self._written.get(word)
        if found is None:
            names = self.classes(word)
            if not names and not word.isalpha() and not word.isdigit():
                names = next(filter(None, (self.classes(word.translate(t)) for t in _LEETS)), names)
            found = (word, names)
            if len(self._written) < _MEMORY:
                self._written[word] = found
        return found

    def _pieces(self, words: Sequence[str]) -> Iterator[tuple[str, int, int]]:
        """Yield words, spaced-out letters put together."""
        i = 0
        while i < len(words):
            j = i
            while j < len(words) and len(words[j]) == 1 and words[j].isalnum():
                j += 1
            if j - i >= 3:
                joined = "".join(words[i:j])
                for start in range(3):
                    if self._resolved(joined[start:])[1]:
                        joined = joined[start:]
                        break
                yield joined, i, j - 1
                i = j
            else:
                yield words[i], i, i
                i += 1

    def _resolved(self, word: str) -> tuple[str, frozenset[str]]:
        found = self._known.get(word)
        if found is None:
            found = self._resolve(word)
            if len(self._known) < _MEMORY:
                self._known[word] = found
        return found

    def _resolve(self, word: str) -> tuple[str, frozenset[str]]:
        classes = self.classes(word)
        if classes or not 3 <= len(word) <= _LONGEST or word.isdigit() or word in self._ordinary:
            return word, classes
        for candidate in self._candidates(word):
            classes = self.classes(candidate)
            if classes:
                return candidate, classes
        names = frozenset(name for part in self._apart(word) for name in self.classes(part))
        return ("" if names else word), names

    def _candidates(self, word: str) -> Iterator[str]:
        if not word.isalpha():
            for table in _LEETS:
                yield word.translate(table)
        short = _REPEATED.sub(r"\1", word)
        if short != word:
            yield short
            yield _REPEATED.sub(r"\1\1", word)
        if len(word) >= _SHORTEST - 1:
            yield from sorted(self._nearby(word))

    def _nearby(self, word: str) -> set[str]:
        """Return the entries one letter away, word beginnings compared with the word's beginning."""
        heads = {word} | {word[: length + shift] for length in self._lengths for shift in (-1, 0, 1)}
        found = set()
        for head in heads:
            if len(head) < _SHORTEST - 1:
                continue
            for key in (head, *_deletions(head)):
                for full in self._near.get(key, ()):
                    if (head == word or full in self._prefixes) and _one_edit(head, full):
                        found.add(full)
        return found

    def _apart(self, word: str) -> tuple[str, ...]:
        """Split joined words when all parts are known and one is a longer entry of ours."""
        if not self._joined or not 6 <= len(word) <= _LONGEST:
            return ()
        best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
        for end in range(2, len(word) + 1):
            for start in range(max(0, end - 16), end - 1):
                head = best[start]
                if head is not None and self._part(word[start:end]):
                    split = (*head, word[start:end])
                    if best[end] is None or len(split) < len(best[end] or ()):
                        best[end] = split
        parts = best[-1] or ()
        long_entry = any(len(part) >= _SHORTEST and self.classes(part) for part in parts)
        return parts if len(parts) > 1 and long_entry else ()

    def _part(self, word: str) -> bool:
        return (
            word in self._words
            or word in self._ordinary
            or (len(word) > _SHORTEST and bool(self.classes(word)))
        )


class Entry(NamedTuple):
    """An entry of the lexicon in a text: its class, its first and last word, whether it is written so."""

    kind: str
    first: int
    last: int
    exact: bool


def _follows(words: Sequence[str], start: int, phrase: tuple[str, ...], star: bool) -> bool:
    if start + len(phrase) > len(words):
        return False
    for offset, wanted in enumerate(phrase):
        word = words[start + offset]
        last = offset == len(phrase) - 1
        if word != wanted and not (star and last and word.startswith(wanted)):
            return False
    return True


def _deletions(word: str) -> Iterator[str]:
    """Yield the word without one of its letters (the first is never lost)."""
    for i in range(1, len(word)):
        yield word[:i] + word[i + 1 :]


def _one_edit(word: str, full: str) -> bool:
    """Whether one letter was dropped, doubled, replaced or swapped with its neighbour."""
    if abs(len(word) - len(full)) > 1 or word == full:
        return False
    i = 0
    while i < min(len(word), len(full)) and word[i] == full[i]:
        i += 1
    if len(word) == len(full):
        swapped = word[i : i + 2] == full[i : i + 2][::-1] and word[i + 2 :] == full[i + 2 :]
        return swapped or (len(word) > 5 and word[i + 1 :] == full[i + 1 :])
    longer, shorter = (word, full) if len(word) > len(full) else (full, word)
    return longer[i + 1 :] == shorter[i:]
