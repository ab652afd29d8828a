"""A normalised copy of a text with a map back to the original.

Rules, facts, citations and retrieval match on the copy and report on the original, so that ``’`` and
``'``, NFD and NFC, U+202F and a plain space are the same thing to a pattern and spans stay exact.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from copilot.records import Span

_APOSTROPHES = dict.fromkeys("\u2019\u2018\u02bc\u2032\uff07\u00b4`", "'")
_SPACES = dict.fromkeys("\u00a0\u202f\u2009\u2007\u2008\u2002\u2003\u2004\u2005\u2006\u200a\u3000\t", " ")
_DASHES = dict.fromkeys("\u2010\u2011\u2212", "-")
_LIGATURES = {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"}
_ALWAYS = {**_APOSTROPHES, **_SPACES, **_DASHES, "\u00ad": "", "\u200b": "", "\ufeff": ""}


@dataclass(frozen=True, slots=True)
class NormalizedText:
    """``text`` is the copy; ``starts[i]`` and ``ends[i]`` bound the original of its character ``i``."""

    original: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """Map a span of the copy to the smallest span of the original that holds it."""
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else len(self.original)
            return Span(at, at)
        return Span(self.starts[start], self.ends[end - 1])

    def within(self, span: Span) -> Span:
        """Map a span of the original to the span of the copy that it covers."""
        return Span(bisect_left(self.starts, span.start), bisect_left(self.starts, span.end))


@lru_cache(maxsize=512)
def normalize(text: str, *, fold_case: bool = False, fold_accents: bool = False) -> NormalizedText:
    """Normalise to NFC, straight apostrophes and plain spaces, and drop invisible characters.

    Args:
        text: the text as the user sees it.
        fold_case: lower-case too (``ß`` and the like expand; the map follows).
        fold_accents: drop diacritics too, and write ligatures out (``œ`` becomes ``oe``).
    """
    if text.isascii() and not fold_case:
        same = tuple(range(len(text) + 1))
        return NormalizedText(text, text.replace("\t", " "), same[:-1], same[1:])
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position, size = 0, len(text)
    while position < size:
        stop = position + 1
        while stop < size and unicodedata.combining(text[stop]):
            stop += 1
        piece = unicodedata.normalize("NFC", text[position:stop])
        piece = "".join(_ALWAYS.get(c, c) for c in piece)
        if fold_accents:
            piece = "".join(_LIGATURES.get(c, c) for c in piece)
            decomposed = unicodedata.normalize("NFD", piece)
            piece = "".join(c for c in decomposed if not unicodedata.combining(c))
        if fold_case:
            piece = piece.lower()
        for character in piece:
            pieces.append(character)
            starts.append(position)
            ends.append(stop)
        position = stop
    return NormalizedText(text, "".join(pieces), tuple(starts), tuple(ends))


_ABBREVIATIONS = frozenset(
    re.findall(
        r"\S+",
        "m mm mme mmes mlle mlles dr pr me st ste etc ex cf env art av bd no nos n° vol p pp réf ref tél tel "
        "max min mr mrs ms prof inc ltd co e.g i.e vs approx dept est fig",
    )
)
_BREAK = re.compile(
    r"(?:[.!?…]+[\"'”’»)\]]*(?:[\u00a0\u202f ][»!?]+)*)(?=\s|$)|\n[ \t]*(?:\n|(?=[-*•–]\s|\d+[.)]\s))|\n"
)


def sentences(text: str) -> list[Span]:
    """Return the spans of the sentences of a French or English text, without surrounding blanks.

    A line break ends a sentence. Abbreviations, decimal numbers, links and initials do not.
    """
    spans: list[Span] = []
    start = 0
    for found in _BREAK.finditer(text):
        if "\n" not in found.group() and not _ends_sentence(text, start, found):
            continue
        _add_trimmed(spans, text, start, found.end())
        start = found.end()
    _add_trimmed(spans, text, start, len(text))
    return spans


def _ends_sentence(text: str, start: int, found: re.Match[str]) -> bool:
    mark = found.group()
    if mark.rstrip(")]") != ".":
        return True
    word = text[start : found.start()].rsplit(None, 1)[-1:] or [""]
    last = word[0].lower().lstrip("(«\"'“")
    if last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha() and word[0][-1:].isupper()):
        return False
    if last.isdigit() and text[start : found.start()].strip() == word[0]:
        return False  # "1." opens a list item
    following = text[found.end() :].lstrip()[:1]
    return not following or not following.islower()


def _add_trimmed(spans: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    if right > left:
        spans.append(Span(start + left, start + right))
