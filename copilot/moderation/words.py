"""A text cut into folded words, each with its place in the original."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache

from copilot.moderation.texting import written_out
from copilot.records import Span
from copilot.text import normalize

_TOKEN = re.compile(r"[^\W_](?:[*@$]*[^\W_])*|[.!?…,;:()\[\]«»\"“”\n]|(?<!\w)-|-(?!\w)|[^\w\s'’-]")
_INVISIBLE = re.compile(r"[\u00ad\u0300-\u036f\u200b-\u200f\u2060-\u2064\ufeff]")
_STOPS = {"…": ".", "\n": ".", "«": '"', "»": '"', "“": '"', "”": '"', "[": "(", "]": ")"}
SENTENCE_END = frozenset(".!?")


@dataclass(frozen=True, slots=True)
class Words:
    """The words and stops of a text.

    ``line`` is the folded words joined by single spaces, with one at either end, so that a pattern
    sees word limits as spaces. ``places[i]`` is where word ``i`` starts in ``line``.
    """

    original: str
    words: tuple[str, ...]
    spans: tuple[Span, ...]
    line: str
    places: tuple[int, ...] = field(repr=False)

    def index(self, place: int) -> int:
        """Return the number of the word that stands at ``place`` of ``line``."""
        return max(0, bisect_right(self.places, place) - 1)

    def span(self, first: int, last: int) -> Span:
        """Return the span of the original that words ``first`` to ``last`` (both included) cover."""
        return Span(self.spans[first].start, self.spans[last].end)

    def sentence(self, word: int) -> tuple[int, int]:
        """Return the half-open range of words of the sentence around ``word``."""
        first = last = word
        while first > 0 and self.words[first - 1] not in SENTENCE_END:
            first -= 1
        while last < len(self.words) and self.words[last] not in SENTENCE_END:
            last += 1
        return first, last


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """Lower-case, drop accents, write ligatures out; fullwidth and styled letters become plain ones."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.lower().replace("œ", "oe").replace("æ", "ae"))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


@lru_cache(maxsize=2048)
def cut(text: str) -> Words:
    """Cut a text into words."""
    if _INVISIBLE.search(text):
        normal = normalize(_INVISIBLE_IN.sub("\u200b", text))
        source, mapped = normal.text, normal.span
    else:
        source, mapped = text, Span
    words: list[str] = []
    spans: list[Span] = []
    bounds: list[tuple[int, int]] = []
    for match in _TOKEN.finditer(source):
        token = match.group()
        folded = _STOPS.get(token) or fold(token)
        if not folded.strip():
            continue
        words.append(folded)
        spans.append(mapped(match.start(), match.end()))
        bounds.append((match.start(), match.end()))
    words, spans = _written_out(source, words, spans, bounds)
    places, position = [], 1
    for word in words:
        places.append(position)
        position += len(word) + 1
    line = f" {' '.join(words)} " if words else " "
    return Words(text, tuple(words), tuple(spans), line, tuple(places))


def _written_out(
    source: str, words: list[str], spans: list[Span], bounds: list[tuple[int, int]]
) -> tuple[list[str], list[Span]]:
    """Write the spellings of text messages out; each word keeps the place of what it stands for."""

    def joined(place: int) -> bool:
        start, end = bounds[place]
        return source[end : end + 1] in _APOSTROPHES or source[max(0, start - 1) : start] in _APOSTROPHES

    found = written_out(words, joined, fold)
    if not found:
        return words, spans
    pairs = [(word, spans[place]) for place, plain in enumerate(words) for word in found.get(place, (plain,))]
    return [word for word, _ in pairs], [span for _, span in pairs]


_APOSTROPHES = ("'", "’")
_INVISIBLE_IN = re.compile(r"[\u00ad\u200c-\u200f\u2060-\u2064\ufeff]")
