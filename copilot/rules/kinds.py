"""The kinds of rules that are words and patterns, with Vale's meaning of every key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import compress, count
from operator import eq
from typing import TYPE_CHECKING, Any

from copilot.rules import actions
from copilot.rules.alternatives import Alternatives
from copilot.rules.definition import Definition
from copilot.rules.folding import fold, has_doubles
from copilot.rules.literals import Literals, literals
from copilot.rules.pattern import compiled, word_pattern
from copilot.rules.rule import TIME_LIMIT, Hit, PatternRule, State, is_typographic

if TYPE_CHECKING:
    import regex

_CHUNKS = re.compile(r"\S+")
_WORDS = re.compile(r"\w+")


class Existence(PatternRule):
    """Something is there that should not be."""

    @cached_property
    def _choices(self) -> Alternatives:
        d = self.definition
        tokens, raw = d.texts("tokens"), "".join(d.texts("raw"))
        fold = "(?i)" if d.flag("ignorecase") else ""
        if not tokens:
            return Alternatives([raw], lambda items: f"{fold}(?m)(?:{items[0]})")
        words, append = not d.flag("nonword"), d.flag("append")

        def join(items: Sequence[str]) -> str:
            core = word_pattern(items, words=words, ignore_case=False)
            return fold + (core + raw if append else raw + core)

        # What stands before the tokens begins the match: then there is nothing to choose by.
        return Alternatives(["|".join(tokens)] if raw and not append else tokens, join)

    def sources(self) -> tuple[str, ...]:
        return (self._choices.source,)

    @cached_property
    def known(self) -> Literals:
        return self._choices.known

    def run(self, text: str, state: State) -> Iterator[Hit]:
        for match in self.find_at(self._choices, text, state):
            if match.end() > match.start() and not self.spared(match.group().strip()):
                yield self.acted(match.start(), match.end(), text)


class Substitution(PatternRule):
    """One writing is preferred to another."""

    @cached_property
    def _pairs(self) -> tuple[tuple[str, str], ...]:
        pairs = self.definition.pairs("swap").items()
        return tuple(sorted(pairs, key=lambda pair: len(pair[0]), reverse=True))

    @cached_property
    def _choices(self) -> Alternatives:
        d = self.definition
        words, fold = not d.flag("nonword"), d.flag("ignorecase")

        def join(items: Sequence[str]) -> str:
            return word_pattern([f"({item})" for item in items], words=words, ignore_case=fold)

        return Alternatives([_no_groups(wanted) for wanted, _ in self._pairs], join)

    def sources(self) -> tuple[str, ...]:
        return (self._choices.source,)

    def __init__(self, definition: Definition, vocabulary: tuple[str, ...] = ()) -> None:
        super().__init__(definition, vocabulary)
        signs = (new for _, new in self._pairs if not any(c.isalpha() for c in new))
        self.raw = self.raw or is_typographic(*signs)

    @cached_property
    def known(self) -> Literals:
        return self._choices.known

    def run(self, text: str, state: State) -> Iterator[Hit]:
        for match in self.find_at(self._choices, text, state):
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
        wanted, expected = self._pairs[self._choices.number(match.re, group)]
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

    @cached_property
    def known(self) -> Literals:
        # A text that holds nothing breaks a minimum.
        known = literals(self._source)
        return Literals(needs=known.needs) if not self.definition.number("min") else Literals()

    @cached_property
    def _bounds(self) -> tuple[int, int]:
        return int(self.definition.number("min")), int(self.definition.number("max"))

    @cached_property
    def shortest(self) -> int:
        least, most = self._bounds
        if least > 0:
            return 0
        # Words have something between them.
        return (2 * most if self._counts_words else most) + 1

    @cached_property
    def _counts_words(self) -> bool:
        return self._source in (r"(?:\b(\w+)\b)", r"(?:\b\w+\b)", r"(?:(\w+))", r"(?:\w+)")

    def run(self, text: str, _state: State) -> Iterator[Hit]:
        least, most = self._bounds
        if len(text) < self.shortest:
            return
        pattern = compiled(self._source)
        count = self._count(pattern, text)
        if not ((most > 0 and count > most) or (least > 0 and count < least)):
            return
        if count == 0:
            yield Hit(0, 0, ("0",), whole=True)
            return
        for match in self.find(pattern, text):
            word = match.group()
            if word.strip() and not set(word) <= {"*", "@"}:
                yield Hit(match.start(), match.end(), (str(count),))
                return

    def _count(self, pattern: regex.Pattern[str], text: str) -> int:
        if self._counts_words and text.isascii():
            return len(_WORDS.findall(text))
        return len(pattern.findall(text, timeout=TIME_LIMIT + len(text) / 100_000))


class Repetition(PatternRule):
    """The same word twice in a row."""

    @cached_property
    def _source(self) -> str:
        source = "(" + "|".join(self.definition.texts("tokens")) + ")"
        return f"(?i){source}" if self.definition.flag("ignorecase") else source

    def sources(self) -> tuple[str, ...]:
        return (self._source,)

    def run(self, text: str, _state: State) -> Iterator[Hit]:
        most, count = int(self.definition.number("max")), 0
        for start, end, word in self._twins(text):
            count += 1
            piece = text[start:end]
            if count > most and "\n" not in piece and not self.spared(piece):
                hit = self.acted(start, end, text)
                yield Hit(hit.start, hit.end, (word,), hit.fixes)
                count = 0

    def _twins(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield each pair of equal neighbours: where it begins and ends, and the second word."""
        chunks = set(self.definition.texts("tokens")) <= {r"[^\s]+", r"\S+"}
        found = [] if chunks else [(m.start(), m.group()) for m in self.find(compiled(self._source), text)]
        words = text.split() if chunks else [word.strip() for _, word in found]
        keys = [word.casefold() for word in words] if self.definition.flag("ignorecase") else words
        alpha = self.definition.flag("alpha")
        second = [n for n in compress(count(1), map(eq, keys, keys[1:])) if _counts(words[n], alpha)]
        if not second:
            return
        begins = [m.start() for m in _CHUNKS.finditer(text)] if chunks else [at for at, _ in found]
        for number in second:
            start = begins[number]
            shown = words[number] if chunks else found[number][1]
            yield begins[number - 1], start + len(shown), words[number]


def _counts(word: str, alpha: bool) -> bool:
    return bool(word) and (not alpha or word.isalpha())


class Conditional(PatternRule):
    """The presence of one thing asks for another before it."""

    def sources(self) -> tuple[str, ...]:
        fields = self.definition.fields
        return str(fields.get("second", "")), str(fields.get("first", ""))

    @cached_property
    def _patterns(self) -> tuple[regex.Pattern[str], regex.Pattern[str], Literals]:
        second, first = self.sources()
        return compiled(second), compiled(first), literals(second)

    def run(self, text: str, state: State) -> Iterator[Hit]:
        second, first, known = self._patterns
        if _may_hold(known, text, state):
            for match in self.find(second, text):
                state.seen.update(group for group in match.groups() if group)
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
                state.seen.add(f"{name}{number}")
                if clash is None and both <= state.seen:
                    clash = match.span(name)
            if clash is not None:
                yield self.acted(*clash, text)


def _may_hold(known: Literals, text: str, state: State) -> bool:
    """Tell whether a text holds what a pattern needs."""
    if not known.needs or (known.doubled and has_doubles(text)):
        return True
    folded = state.block.folded() if state.block is not None and text is state.block.plain() else fold(text)
    return any(need in folded for need in known.needs)


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
