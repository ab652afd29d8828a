"""One pass over the words of a text that tells where each rule could match, and rules out the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from copilot.rules.literals import Literals
from copilot.rules.rule import Start

_WORDS = re.compile(r"\w+")


class WordIndex:
    """The first words of many rules' matches, looked up together.

    Built once for a set of rules; a text is read once, whatever the number of rules.
    """

    def __init__(self, known: Sequence[Literals]) -> None:
        self._exact: dict[str, list[int]] = {}
        self._prefixes: dict[str, list[tuple[str, int]]] = {}
        for number, literals in enumerate(known):
            for word in literals.exact:
                self._exact.setdefault(word, []).append(number)
            for prefix in literals.prefixes:
                self._prefixes.setdefault(prefix[0], []).append((prefix, number))
        self._seen: dict[str, tuple[int, ...]] = {}

    def starts(self, text: str) -> Mapping[int, list[Start]]:
        """Return, by the number of the rule, the offsets and words at which a match may begin."""
        found: dict[int, list[Start]] = {}
        seen = self._seen
        if len(seen) > 200_000:
            seen.clear()
        for match in _WORDS.finditer(text):
            word = match.group()
            numbers = seen.get(word)
            if numbers is None:
                numbers = seen[word] = self._numbers(word.lower())
            for number in numbers:
                found.setdefault(number, []).append((match.start(), word))
        return found

    def _numbers(self, word: str) -> tuple[int, ...]:
        numbers = set(self._exact.get(word, ()))
        numbers.update(n for prefix, n in self._prefixes.get(word[0], ()) if word.startswith(prefix))
        return tuple(sorted(numbers))
