"""A rule that runs: what it finds in a block, within its time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from copilot.rules import actions
from copilot.rules.alternatives import Alternatives
from copilot.rules.blocks import Block
from copilot.rules.definition import Definition
from copilot.rules.literals import Literals
from copilot.rules.pattern import compile_at, compiled, exception_pattern, repeats

if TYPE_CHECKING:
    import regex

_SHORT, _LONG = 2000, 20_000
_MOST_SPARED = 10_000
TIME_LIMIT = 0.3
"""Seconds one rule may spend on one block of ordinary size (on the clock, so a busy machine counts)."""
_TYPOGRAPHIC = (
    "\u2019\u2018\u02bc\u2032\u00a0\u202f\u2009\u2010\u2011\u2212\u00ad\u200b\ufeff\t",
    (r"\u00a0", r"\u202f", r"\u2019", r"\u2018", r"\u2009", r"\u00ad", r"\u200b", r"\xa0", r"\t", r"\p{M}"),
)


Start = tuple[int, str]
"""An offset at which a match may begin, and the word that stands there."""


class Hit(NamedTuple):
    """A match in a block's text, the values for the message, and what could stand there instead.

    A hit without a place (a minimum not reached, a readability grade) has ``whole`` set.
    """

    start: int
    end: int
    values: tuple[str, ...]
    fixes: tuple[str, ...] = ()
    whole: bool = False


@dataclass(slots=True)
class State:
    """What one rule remembers while it walks through one text."""

    seen: set[str] = field(default_factory=set)
    starts: Sequence[Start] | None = None
    block: Block | None = None
    facts: Mapping[str, float] = field(default_factory=dict)


def _limit(text: str) -> float:
    return TIME_LIMIT + len(text) / 100_000


def is_typographic(*patterns: str) -> bool:
    """Tell whether a pattern names characters that the normalised copy folds away."""
    characters, escapes = _TYPOGRAPHIC
    return any(
        any(c in pattern for c in characters) or any(e in pattern.lower() for e in escapes)
        for pattern in patterns
    )


class PatternRule:
    """Shared part of the kinds: the definition, its exceptions, and bounded matching."""

    def __init__(self, definition: Definition, vocabulary: tuple[str, ...] = ()) -> None:
        self.definition = definition
        exceptions = definition.texts("exceptions")
        if definition.flag("vocab", True):
            exceptions = (*exceptions, *vocabulary)
        self.terms = exceptions
        self.scopes = definition.scopes
        self._exceptions = exception_pattern(exceptions)
        self.raw = definition.scopes == ("raw",) or is_typographic(*self.sources())
        self._spared: dict[str, bool] = {}

    def sources(self) -> tuple[str, ...]:
        """Return the patterns of the rule as written, for the prefilter and to compile them."""
        raise NotImplementedError

    def compile(self) -> None:
        """Compile everything now, so that a mistake is found when the file is loaded.

        Raises:
            FileFormatError: a pattern is broken.
        """
        for source in self.sources():
            compile_at(source, self.definition.where("extends"))
        if self._exceptions:
            compile_at(self._exceptions, self.definition.where("exceptions"))

    @cached_property
    def known(self) -> Literals:
        """What every match contains, so that other texts need no search."""
        return Literals()

    @property
    def shortest(self) -> int:
        """The length of the shortest text in which the rule can find anything."""
        return 0

    def check(self, block: Block, state: State, starts: Sequence[Start] | None = None) -> Iterator[Hit]:
        """Iterate over the hits in a block, spans in the block's own text.

        Args:
            block: the text to look at.
            state: what the rule remembers of the blocks before.
            starts: the only places at which a match may begin (see ``OpeningIndex``), None if unknown.

        Raises:
            TimeoutError: a pattern ran out of time.
        """
        text = block.text if self.raw else block.plain()
        state.starts, state.block = starts, block
        hits = self.run(text, state)
        if text is block.text:
            return hits
        return (hit if hit.whole else _on_original(hit, block) for hit in hits)

    def run(self, text: str, state: State) -> Iterator[Hit]:
        """Yield the hits in a plain text."""
        raise NotImplementedError

    def find(self, pattern: regex.Pattern[str], text: str) -> Iterator[regex.Match[str]]:
        """Iterate over non-overlapping matches, within the time limit."""
        # All at once: the clock of the time limit must not run while hits are dealt with.
        if _is_quick(repeats(pattern.pattern), text):
            return iter(list(pattern.finditer(text)))
        return iter(list(pattern.finditer(text, timeout=_limit(text))))

    def find_at(self, choices: Alternatives, text: str, state: State) -> Iterator[regex.Match[str]]:
        """Iterate over the same matches, trying only the possible starts where these are known."""
        if state.starts is None or choices.dense(len(state.starts), len(text)):
            if state.block is None or len(text) < _LONG:
                return self.find(choices.whole, text)
            windows = choices.windows(text, state.block.folded(raw=self.raw))
            return _within(choices.whole, text, windows)
        return _beginning(choices, text, state.starts)

    def spared(self, observed: str) -> bool:
        """Tell whether an exception or the vocabulary spares what was found."""
        if not self._exceptions:
            return False
        spared = self._spared.get(observed)
        if spared is None:
            spared = compiled(self._exceptions).search(observed) is not None
            if len(self._spared) < _MOST_SPARED:
                self._spared[observed] = spared
        return spared

    def acted(self, start: int, end: int, text: str) -> Hit:
        """Return a hit whose fixes come from the rule's action."""
        match, definition = text[start:end], self.definition
        if not definition.action:
            return Hit(start, end, (match,))
        fixes = actions.replacements(definition.action, definition.params, match)
        shown = actions.listed(fixes) if len(fixes) > 1 else (fixes[0] if fixes else match)
        return Hit(start, end, (match, shown), fixes)


def _is_quick(repetitions: int, text: str) -> bool:
    """Tell whether a search cannot last, so that the clock, which costs more than it, may rest."""
    return repetitions == 0 or (repetitions == 1 and len(text) < _SHORT)


def _within(
    pattern: regex.Pattern[str], text: str, windows: Sequence[tuple[int, int]]
) -> Iterator[regex.Match[str]]:
    end, limit = 0, _limit(text)
    for begin, stop in windows:
        for match in list(pattern.finditer(text, max(begin, end), stop, timeout=limit)):
            yield match
            end = match.end()


def _beginning(choices: Alternatives, text: str, starts: Sequence[Start]) -> Iterator[regex.Match[str]]:
    found: list[regex.Match[str]] = []
    end, limit = 0, _limit(text)
    for at, word in starts:
        if at < end:
            continue
        pattern, repetitions = choices.beginning_with(word)
        if _is_quick(repetitions, text):
            match = pattern.match(text, at)
        else:
            match = pattern.match(text, at, timeout=limit)
        if match is not None:
            found.append(match)
            end = match.end()
    return iter(found)


def _on_original(hit: Hit, block: Block) -> Hit:
    """Move a hit from the normalised copy to the block's own text, the words of the message too."""
    start, end = block.from_plain(hit.start, hit.end)
    folded, shown = block.plain()[hit.start : hit.end], block.text[start:end]
    if folded == shown:
        return hit if (start, end) == (hit.start, hit.end) else Hit(start, end, hit.values, hit.fixes)
    values = tuple(shown if value == folded else value for value in hit.values)
    return Hit(start, end, values, hit.fixes)
