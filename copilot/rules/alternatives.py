"""The alternatives of one rule, cut down to those that can begin with a given word.

A list of five hundred phrases is tried one phrase after the other at every place; of these, two or
three begin with the word that stands there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from copilot.rules.literals import Literals, literals
from copilot.rules.pattern import compiled, repeats

if TYPE_CHECKING:
    import regex

_FEW = 6
_PER_START = 60
_PER_NEED = 200
"""Characters of a text for each string looked for, below which its paragraphs are not told apart."""
_BLANK = "\n\n"
Choice = tuple["regex.Pattern[str]", int]


class Alternatives:
    """Patterns of which any may match; ``join`` puts some of them, in their order, into one pattern."""

    def __init__(self, items: Sequence[str], join: Callable[[Sequence[str]], str]) -> None:
        self._items = tuple(items)
        self._join = join
        self._by_word: dict[str, Choice] = {}
        self._by_choice: dict[tuple[int, ...], Choice] = {}
        self._numbers: dict[str, tuple[int, ...]] = {}

    @cached_property
    def source(self) -> str:
        """The pattern of all alternatives."""
        return self._join(self._items)

    @cached_property
    def whole(self) -> regex.Pattern[str]:
        """The compiled pattern of all alternatives."""
        return compiled(self.source)

    @cached_property
    def _repeats(self) -> int:
        return repeats(self.source)

    @cached_property
    def known(self) -> Literals:
        """What every match contains."""
        return literals(self.source)

    def beginning_with(self, word: str) -> Choice:
        """Return a pattern that matches like the whole one wherever this word stands first.

        The second value is the number of its repetitions.
        """
        found = self._by_word.get(word)
        if found is None:
            found = self._by_word[word] = self._choose(word)
        return found

    def dense(self, starts: int, size: int) -> bool:
        """Tell whether reading a text through is faster than trying every place where a match may begin."""
        return starts * _PER_START > size and len(self._items) <= _FEW and self._repeats > 0

    def windows(self, text: str, folded: str) -> list[tuple[int, int]]:
        """Return the stretches of a long text in which all matches lie.

        Where a match needs rare strings and cannot cross a blank line, these are the paragraphs that
        hold one of them, with the line end before.
        """
        whole, needs = [(0, len(text))], self.known.needs
        if not needs or self.known.breaks > 1:
            return whole
        if sum(folded.count(need) for need in needs) * _PER_NEED > len(text):
            return whole
        found: set[tuple[int, int]] = set()
        for need in needs:
            at = folded.find(need)
            while at >= 0:
                start, end = folded.rfind(_BLANK, 0, at), folded.find(_BLANK, at)
                window = (start + 1 if start >= 0 else 0, end + 2 if end >= 0 else len(folded))
                found.add(window)
                at = folded.find(need, window[1])
        return sorted(found)

    def number(self, pattern: regex.Pattern[str], group: int) -> int:
        """Return which alternative a capturing group of a match's pattern stands for."""
        chosen = self._numbers.get(pattern.pattern)
        return group - 1 if chosen is None else chosen[group - 1]

    @cached_property
    def _beginnings(self) -> list[Literals]:
        return [literals(self._join([item])) for item in self._items]

    def _choose(self, word: str) -> Choice:
        if len(self._items) <= _FEW or not self.known.by_word:
            return self.whole, self._repeats
        chosen = tuple(n for n, known in enumerate(self._beginnings) if _may_begin(known, word))
        if chosen not in self._by_choice:
            pattern = compiled.__wrapped__(self._join([self._items[n] for n in chosen]))
            self._by_choice[chosen] = pattern, repeats(pattern.pattern)
            self._numbers[pattern.pattern] = chosen
        return self._by_choice[chosen]


def _may_begin(known: Literals, word: str) -> bool:
    if not known.indexed:
        return True
    return any(word == o.word if o.ended else word.startswith(o.word) for o in known.openings)
