"""What is told to a brand with no word of feeling at all: « Les vestiaires ne ferment pas à clé ».

Whoever writes to a brand to tell what happened, and says neither thanks nor a kind word, mostly complains;
a denial or a hint tips the balance. It stays a guess, and is shown as one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from copilot.moderation.grammar import shipped
from copilot.moderation.words import Words
from copilot.records import Span
from copilot.triage.polarity import Polarity

_ELSEWHERE = re.compile(r"[@#]|\bhttps?\b|www\.|(?:…|\.\.\.)\s*$|\brt\b", re.I)
_PASSED_ON = re.compile(r"\bhttps?\b|www\.|\brt\b|#\w+.*#\w+", re.I | re.S)
_OPENING_NAMES = re.compile(r"^(?:\s*@\w+)+")
_NO_LONGER = frozenset(("n", "ne"))
_LEAST_WORDS, _ENOUGH, _HINTED = 4, 0.5, 0.25


def passed_on(text: str) -> bool:
    """Whether a text looks passed on rather than addressed to a brand: a link, hashtags, a repost."""
    return _PASSED_ON.search(text) is not None


def addressed(text: str) -> bool:
    """Whether a text speaks for itself: no link, no hashtag, no name but those that it opens with."""
    return _ELSEWHERE.search(_OPENING_NAMES.sub("", text)) is None


def told_plainly(words: Words) -> bool:
    """Whether the text tells something that happened, or how a thing is, in the customer's own words."""
    said = frozenset(words.words)
    if sum(word[0].isalnum() for word in words.words) < _LEAST_WORDS or _ELSEWHERE.search(words.original):
        return False
    weight = 0.3 * bool(said & _class("lived")) + 0.3 * bool(_denials(words))
    return weight + 0.2 * bool(said & _class("ours")) + 0.2 * bool(said & _class("definite")) >= _ENOUGH


@cache
def _class(name: str) -> frozenset[str]:
    return frozenset(shipped("copilot.triage", "told").classes[name])


def leaning(words: Words, weighed: Polarity) -> tuple[Span, ...]:
    """Return the words that tip a plainly told text towards a complaint; none when nothing does."""
    if weighed.praise >= _HINTED or not told_plainly(words):
        return ()
    denials = tuple(words.span(place, place) for place in _denials(words))
    if weighed.blame >= _HINTED:
        return weighed.blame_spans or denials or (Span(0, len(words.original)),)
    return denials


def _denials(words: Words) -> tuple[int, ...]:
    if not _class("not_yet").isdisjoint(words.words):
        return ()
    return tuple(
        place
        for place, word in enumerate(words.words)
        if word in _class("denied") or _denies(words.words, place)
    )


def _denies(words: Sequence[str], place: int) -> bool:
    """Whether « plus » means « no longer » here, or a cut « n’t » follows."""
    if words[place] == "plus":
        return not _NO_LONGER.isdisjoint(words[max(0, place - 3) : place])
    return words[place] in _class("not") and words[place + 1 : place + 2] == ("t",)
