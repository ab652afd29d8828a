"""Which register a text uses toward its reader."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from copilot.records import Register, Span
from copilot.register.commands import tu_commands
from copilot.register.plural import Crowd, crowd
from copilot.register.scan import Mark, Scan
from copilot.register.tu import tu_marks
from copilot.register.vous import vous_marks
from copilot.register.words import Words, split


@dataclass(frozen=True, slots=True)
class Reading:
    """The register of a text and the words that show it, as spans of the text.

    ``register`` is ``mixed`` when one reader is called both ways, ``plural`` when the only *vous* speaks
    to several people, ``none`` when nobody is addressed outside quotations.
    """

    register: Register
    tu: tuple[Span, ...] = ()
    vous: tuple[Span, ...] = ()
    plural: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Parse:
    """The marks of a text: *tu*, *vous* toward one reader, *vous* toward several."""

    words: Words
    scan: Scan
    tu: tuple[Mark, ...]
    vous: tuple[Mark, ...]
    plural: tuple[Mark, ...]
    crowd: Crowd

    def spans(self, marks: tuple[Mark, ...]) -> tuple[Span, ...]:
        """Return the spans of marks in the original text."""
        tokens = self.scan.tokens
        return tuple(self.words.source.span(tokens[m.index].start, tokens[m.index].end) for m in marks)


@lru_cache(maxsize=256)
def parse(text: str) -> Parse:
    """Find the words of a text that address its reader."""
    words = split(text)
    scan = Scan(words.tokens)
    vous = vous_marks(scan)
    tu = tu_marks(scan)
    taken = {mark.index: mark for mark in [*vous, *tu]}
    tu = sorted([*tu, *tu_commands(scan, taken)], key=lambda mark: mark.index)
    people = crowd(scan, vous, tu)
    polite = [mark for mark in vous if mark.index not in people.indices]
    several = [mark for mark in vous if mark.index in people.indices]
    return Parse(words, scan, tuple(tu), tuple(polite), tuple(several), people)


def detect(text: str) -> Reading:
    """Read the register that a text uses toward its reader.

    Weak marks (*svp*, a noun that could be an imperative) count only where no other mark contradicts.
    """
    found = parse(text)
    tu = tuple(mark for mark in found.tu if not mark.weak)
    vous = tuple(mark for mark in found.vous if not mark.weak)
    if not tu:
        vous = found.vous
    if not vous and not found.plural and not tu:
        return Reading("none")
    return Reading(
        _register(bool(tu), bool(vous), bool(found.plural)),
        tu=found.spans(tu),
        vous=found.spans(vous),
        plural=found.spans(found.plural),
    )


def _register(tu: bool, vous: bool, plural: bool) -> Register:
    if tu and vous:
        return "mixed"
    if tu:
        return "tu"
    if vous:
        return "vous"
    return "plural" if plural else "none"
