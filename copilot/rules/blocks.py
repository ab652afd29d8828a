"""Pieces of a text that rules look at, each with a map back to the text as the user sees it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from copilot.records import Span
from copilot.rules.folding import fold
from copilot.text import NormalizedText, normalize

if TYPE_CHECKING:
    import regex

ALL_OFF = frozenset({"*"})
_CHANGED = "\u2019\u2018\u02bc\u2032\uff07\u00b4`\u00a0\u202f\u2009\u2007\u2008\u2002\u2003\u2004\u2005\u2006"
_CHANGED += "\u200a\u3000\t\u2010\u2011\u2212"
_PLAIN = {c: normalize(c).text for c in _CHANGED}


@dataclass(frozen=True, slots=True)
class Segment:
    """``length`` characters of a block at ``start`` that stand at ``source`` in the original."""

    start: int
    source: int
    length: int


@dataclass(slots=True)
class Block:
    """One piece of text to run rules on.

    ``text`` is the prose without its markup; ``segments`` (sorted by ``start``) map it to the
    original, an empty tuple meaning that the block stands whole at ``offset``. ``scope`` is Vale's
    dotted section. ``off`` names the rules that a comment in the text switched off there.
    """

    text: str
    scope: str
    offset: int = 0
    segments: tuple[Segment, ...] = ()
    off: frozenset[str] = frozenset()
    parent: str = ""
    _normal: NormalizedText | None = field(default=None, repr=False)
    _same: str | None = field(default=None, repr=False)
    _folded: str | None = field(default=None, repr=False)

    def span(self, start: int, end: int) -> Span:
        """Map a span of ``text`` to the smallest span of the original that holds it."""
        if not self.segments:
            return Span(self.offset + start, self.offset + end)
        if start >= end:
            at = self._at(start)
            return Span(at, at)
        return Span(self._at(start), self._at(end - 1) + 1)

    def _at(self, position: int) -> int:
        index = bisect_right(self.segments, position, key=lambda s: s.start) - 1
        segment = self.segments[max(index, 0)]
        return segment.source + min(position - segment.start, max(segment.length - 1, 0))

    def plain(self) -> str:
        """Return the normalised copy on which word rules match (see ``copilot.text``)."""
        self._normalise()
        return self._same if self._normal is None else self._normal.text  # type: ignore[return-value]

    def folded(self, *, raw: bool = False) -> str:
        """Return the folded form of the normalised copy or, for ``raw``, of the text."""
        text = self.text if raw else self.plain()
        if raw and text is not self._same:
            return fold(text)
        if self._folded is None:
            self._folded = fold(text)
        return self._folded

    def from_plain(self, start: int, end: int) -> tuple[int, int]:
        """Map a span of the normalised copy to a span of ``text``."""
        if self._normal is None:
            return start, end
        span = self._normal.span(start, end)
        return span.start, span.end

    def _normalise(self) -> None:
        if self._same is not None or self._normal is not None:
            return
        if self.text.isascii() and "\t" not in self.text:
            self._same = self.text
        elif _changes_length().search(self.text) is None:
            self._same = _replaced(self.text)
        else:
            self._normal = normalize(self.text)


def _replaced(text: str) -> str:
    for sign, plain in _PLAIN.items():
        if sign in text:
            text = text.replace(sign, plain)
    return text


@cache
def _changes_length() -> regex.Pattern[str]:
    import regex

    return regex.compile(r"[\p{M}\u00ad\u200b\ufeff]")


def text_blocks(text: str, *, paragraphs: bool = True, sentences: bool = True) -> Iterator[Block]:
    """Split plain text as Vale does: paragraphs at blank lines, sentences, and the text whole."""
    if paragraphs:
        yield from _parts("paragraph", text, 0, _paragraph_spans(text))
    if sentences:
        yield from _parts("sentence", text, 0, sentence_spans(text))
    yield Block(text, "text")
    yield Block(text, "summary")
    yield Block(text, "raw")


def _parts(scope: str, text: str, offset: int, spans: Sequence[Span]) -> Iterator[Block]:
    for start, end in spans:
        yield Block(text[start:end], scope, offset + start, parent="text")


def _paragraph_spans(text: str) -> list[Span]:
    spans, start = [], 0
    while start < len(text):
        cut = text.find("\n\n", start)
        end = len(text) if cut < 0 else cut + 2
        spans.append(Span(start, end))
        start = end
    return spans


_WORDS = (
    "m mm mr mrs ms dr pr st ste no nos vs etc e.g i.e cf art tél tel p pp vol fig env av bd jr sr inc ltd "
    "co corp a.m p.m u.s u.k approx dept est min max réf ref ex"
)
_ABBREVIATIONS = frozenset(_WORDS.split())


@cache
def _ends() -> regex.Pattern[str]:
    import regex

    return regex.compile(r"""[.!?…]+["'”’»)\]]*(?=\s)|\n\s*\n""")


def sentence_spans(text: str) -> list[Span]:
    """Cut a text into sentences at final punctuation, sparing abbreviations and initials."""
    spans: list[Span] = []
    start = 0
    for match in _ends().finditer(text):
        if not _ends_sentence(text, start, match.start(), match.end()):
            continue
        _add(spans, text, start, match.end())
        start = match.end()
    _add(spans, text, start, len(text))
    return spans


def _add(spans: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append(Span(start, end))


def _ends_sentence(text: str, start: int, stop: int, end: int) -> bool:
    if text[stop] != ".":
        return True
    following = text[end : end + 40].lstrip()
    if following[:1].islower() or following[:1].isdigit():
        return False
    if text[stop + 1 : stop + 2] == ".":
        return True
    word = text[start:stop].rpartition(" ")[2].rpartition("\n")[2].lstrip("(\"'“«‘").lower()
    initial = len(word) == 1 and word.isalpha() and word != "i"
    return not (word in _ABBREVIATIONS or initial)
