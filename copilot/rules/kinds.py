"""The kinds of rules that are words and patterns, with Vale's meaning of every key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from copilot.rules import actions
from copilot.rules.blocks import Block
from copilot.rules.definition import Definition
from copilot.rules.pattern import compile_at, compiled, exception_pattern, word_pattern

if TYPE_CHECKING:
    import regex

TIME_LIMIT = 0.25
"""Seconds one rule may spend on one block of ordinary size."""
_TYPOGRAPHIC = (
    "\u2019\u2018\u02bc\u2032\u00a0\u202f\u2009\u2010\u2011\u2212\u00ad\u200b\ufeff\t",
    (r"\u00a0", r"\u202f", r"\u2019", r"\u2018", r"\u2009", r"\u00ad", r"\u200b", r"\xa0", r"\t", r"\p{M}"),
)


@dataclass(frozen=True, slots=True)
class Hit:
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

    seen: list[str] = field(default_factory=list)
    facts: Mapping[str, float] = field(default_factory=dict)


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
        self._state = State()

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

    def check(self, block: Block, state: State) -> Iterator[Hit]:
        """Yield the hits in a block, spans in the block's own text.

        Raises:
            TimeoutError: a pattern ran out of time.
        """
        text = block.text if self.raw else block.plain()
        for hit in self.run(text, state):
            if hit.whole:
                yield hit
                continue
            yield hit if self.raw else _on_original(hit, block)

    def run(self, text: str, state: State) -> Iterator[Hit]:
        """Yield the hits in a plain text."""
        raise NotImplementedError

    def find(self, pattern: regex.Pattern[str], text: str) -> Iterator[regex.Match[str]]:
        """Iterate over non-overlapping matches, within the time limit."""
        yield from pattern.finditer(text, timeout=TIME_LIMIT + len(text) / 100_000)

    def spared(self, observed: str) -> bool:
        """Tell whether an exception or the vocabulary spares what was found."""
        return bool(self._exceptions) and compiled(self._exceptions).search(observed) is not None

    def acted(self, start: int, end: int, text: str) -> Hit:
        """Return a hit whose fixes come from the rule's action."""
        match = text[start:end]
        fixes = actions.replacements(self.definition.action, self.definition.params, match)
        if not self.definition.action:
            return Hit(start, end, (match,))
        shown = actions.listed(fixes) if len(fixes) > 1 else (fixes[0] if fixes else match)
        return Hit(start, end, (match, shown), fixes)


def _on_original(hit: Hit, block: Block) -> Hit:
    """Move a hit from the normalised copy to the block's own text, the words of the message too."""
    start, end = block.from_plain(hit.start, hit.end)
    folded, shown = block.plain()[hit.start : hit.end], block.text[start:end]
    if folded == shown:
        return hit if (start, end) == (hit.start, hit.end) else Hit(start, end, hit.values, hit.fixes)
    values = tuple(shown if value == folded else value for value in hit.values)
    return Hit(start, end, values, hit.fixes)


class Existence(PatternRule):
    """Something is there that should not be."""

    @cached_property
    def _source(self) -> str:
        d = self.definition
        tokens, raw = d.texts("tokens"), "".join(d.texts("raw"))
        if not tokens:
            return ("(?i)" if d.flag("ignorecase") else "") + f"(?m)(?:{raw})"
        core = word_pattern(tokens, words=not d.flag("nonword"), ignore_case=False)
        joined = core + raw if d.flag("append") else raw + core
        return f"(?i){joined}" if d.flag("ignorecase") else joined

    def sources(self) -> tuple[str, ...]:
        return (self._source,)

    def run(self, text: str, _state: State) -> Iterator[Hit]:
        for match in self.find(compiled(self._source), text):
            if match.end() > match.start() and not self.spared(match.group().strip()):
                yield self.acted(match.start(), match.end(), text)


class Substitution(PatternRule):
    """One writing is preferred to another."""

    @cached_property
    def _pairs(self) -> tuple[tuple[str, str], ...]:
        pairs = self.definition.pairs("swap").items()
        return tuple(sorted(pairs, key=lambda pair: len(pair[0]), reverse=True))

    @cached_property
    def _source(self) -> str:
        d = self.definition
        groups = [f"({_no_groups(wanted)})" for wanted, _ in self._pairs]
        return word_pattern(groups, words=not d.flag("nonword"), ignore_case=d.flag("ignorecase"))

    def sources(self) -> tuple[str, ...]:
        return (self._source,)

    def __init__(self, definition: Definition, vocabulary: tuple[str, ...] = ()) -> None:
        super().__init__(definition, vocabulary)
        signs = (new for _, new in self._pairs if not any(c.isalpha() for c in new))
        self.raw = self.raw or is_typographic(*signs)

    def run(self, text: str, _state: State) -> Iterator[Hit]:
        for match in self.find(compiled(self._source), text):
            group = match.lastindex
            if group and match.end(group) > match.start(group):
                hit = self._hit(match, group)
                if hit is not None:
                    yield hit

    def _hit(self, match: Any, group: int) -> Hit | None:
        d = self.definition
        observed = match.group(group).strip()
        expected = self._expected(match, group)
        if _same(expected, observed) or self.spared(observed):
            return None
        start, end = match.span(group)
        if d.action == "replace" and not d.params:
            fixes = tuple(self._cased(option, observed) for option in expected.split("|"))
            return Hit(start, end, (actions.listed(fixes), observed), fixes)
        fixes = actions.replacements(d.action, d.params, match.group(group)) if d.action else ()
        if not d.action and expected and "|" not in expected:
            fixes = (expected,)
        return Hit(start, end, (expected, observed), fixes)

    def _cased(self, option: str, observed: str) -> str:
        # A rule that ignores case says nothing of capitals: a sentence's first word keeps its own.
        large = _starts_large(observed) and self.definition.flag("ignorecase")
        return _capital(option) if large else option

    def _expected(self, match: Any, group: int) -> str:
        wanted, expected = self._pairs[group - 1]
        if self.definition.flag("capitalize") and _starts_large(match.group(group)):
            expected = "|".join(_capital(option) for option in expected.split("|"))
        if "$" not in expected:
            return expected
        # The groups of this alternative alone, matched again in place so that what stands around counts.
        pattern = compiled(f"(?i){wanted}" if self.definition.flag("ignorecase") else wanted)
        again = pattern.match(match.string, match.start(group), match.end())
        again = again or pattern.match(match.string, match.start(group))
        return actions.filled(again, expected) if again else expected


class Occurrence(PatternRule):
    """Too many, or too few, of something."""

    @cached_property
    def _source(self) -> str:
        d = self.definition
        token = f"(?:{d.fields.get('token', '')})"
        return f"(?i){token}" if d.flag("ignorecase") else token

    def sources(self) -> tuple[str, ...]:
        return (self._source,)

    def run(self, text: str, _state: State) -> Iterator[Hit]:
        d = self.definition
        least, most = int(d.number("min")), int(d.number("max"))
        found = [m.span() for m in self.find(compiled(self._source), text)]
        count = len(found)
        if not ((most > 0 and count > most) or (least > 0 and count < least)):
            return
        if count == 0:
            yield Hit(0, 0, ("0",), whole=True)
            return
        for start, end in found:
            word = text[start:end]
            if word.strip() and not set(word) <= {"*", "@"}:
                yield Hit(start, end, (str(count),))
                return


class Repetition(PatternRule):
    """The same word twice in a row."""

    @cached_property
    def _source(self) -> str:
        source = "(" + "|".join(self.definition.texts("tokens")) + ")"
        return f"(?i){source}" if self.definition.flag("ignorecase") else source

    def sources(self) -> tuple[str, ...]:
        return (self._source,)

    def run(self, text: str, _state: State) -> Iterator[Hit]:
        d = self.definition
        most, alpha, fold = int(d.number("max")), d.flag("alpha"), d.flag("ignorecase")
        previous, before, count = "", (0, 0), 0
        for match in self.find(compiled(self._source), text):
            current = match.group().strip()
            same = current != "" and (
                current.casefold() == previous.casefold() if fold else current == previous
            )
            if same and (not alpha or current.isalpha()):
                count += 1
                span = (before[0], match.end())
                piece = text[span[0] : span[1]]
                if count > most and "\n" not in piece and not self.spared(piece):
                    hit = self.acted(*span, text)
                    yield Hit(hit.start, hit.end, (current,), hit.fixes)
                    count = 0
            previous, before = current, match.span()


class Conditional(PatternRule):
    """The presence of one thing asks for another before it."""

    def sources(self) -> tuple[str, ...]:
        fields = self.definition.fields
        return str(fields.get("second", "")), str(fields.get("first", ""))

    def run(self, text: str, state: State) -> Iterator[Hit]:
        second, first = (compiled(source) for source in self.sources())
        for match in self.find(second, text):
            state.seen.extend(group for group in match.groups() if group)
        for match in self.find(first, text):
            if match.group() not in state.seen and not self.spared(match.group()):
                yield self.acted(match.start(), match.end(), text)


class Consistency(PatternRule):
    """Two writings are both right, but not in one text."""

    @cached_property
    def _pairs(self) -> tuple[str, ...]:
        d = self.definition
        return tuple(
            word_pattern(
                [f"(?P<one>{one})|(?P<other>{other})"],
                words=not d.flag("nonword"),
                ignore_case=d.flag("ignorecase"),
            )
            for one, other in d.pairs("either").items()
        )

    def sources(self) -> tuple[str, ...]:
        return self._pairs

    def run(self, text: str, state: State) -> Iterator[Hit]:
        for number, source in enumerate(self._pairs):
            clash: tuple[int, int] | None = None
            both = {f"one{number}", f"other{number}"}
            for match in self.find(compiled(source), text):
                name = "one" if match.group("one") is not None else "other"
                state.seen.append(f"{name}{number}")
                if clash is None and both <= set(state.seen):
                    clash = match.span(name)
            if clash is not None:
                yield self.acted(*clash, text)


def _no_groups(pattern: str) -> str:
    import regex

    return str(regex.sub(r"(?<!\\)\((?!\?)", "(?:", pattern))


def _same(expected: str, observed: str) -> bool:
    import regex

    if all(c.isalnum() or c in " -" for c in expected):
        return expected == observed
    bare = regex.sub(r"(?<!\\)\.(?![*+?])", r"\\.", expected)
    try:
        return compiled(f"^(?:{bare})$").search(observed) is not None
    except regex.error:
        return expected == observed


def _starts_large(text: str) -> bool:
    return text[:1].isupper() and not text[1:2].isupper()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
