"""X's weighted length (twitter-text 3): most letters 1, other scripts and emoji 2, a link 23."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from copilot.channels.links import links
from copilot.channels.segments import emojis

INVALID_CHARACTERS = frozenset("\ufffe\ufeff\uffff")


@dataclass(frozen=True, slots=True)
class Weights:
    """How X weighs a text. Weights are in units of ``1 / scale``; ``ranges`` are (first, last, weight)."""

    limit: int = 280
    scale: int = 100
    default: int = 200
    url: int = 23
    emoji: bool = True
    ranges: tuple[tuple[int, int, int], ...] = (
        (0, 4351, 100),
        (8192, 8205, 100),
        (8208, 8223, 100),
        (8242, 8247, 100),
    )

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Weights:
        """Read a configuration in twitter-text's own JSON form."""
        return cls(
            int(config["maxWeightedTweetLength"]),
            int(config["scale"]),
            int(config["defaultWeight"]),
            int(config["transformedURLLength"]),
            bool(config.get("emojiParsingEnabled", False)),
            tuple((r["start"], r["end"], r["weight"]) for r in config["ranges"]),
        )


@dataclass(frozen=True, slots=True)
class Weighed:
    """``length`` in X's unit; ``valid_until`` is the offset in the NFC ``text`` where it would be cut."""

    length: int
    valid: bool
    permillage: int
    text: str
    valid_until: int


_X = Weights()


@cache
def _weigher(weights: Weights) -> Callable[[str], int]:
    """Return the weight of a character by a cache of its own: hashing the configuration each time is dear."""

    @lru_cache(maxsize=8192)
    def weight(character: str) -> int:
        code = ord(character)
        return next((w for first, last, w in weights.ranges if first <= code <= last), weights.default)

    return weight


def length(text: str) -> int:
    """Return the weighted length of a text."""
    if text.isascii() and "." not in text:
        return len(text) - text.count("\r\n")
    return weigh(text).length


def weigh(text: str, weights: Weights = _X) -> Weighed:
    """Weigh a text as X does: in NFC, each link 23, each emoji sequence 2."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    fixed = {span.start: (span.end, weights.url * weights.scale) for span in links(text)}
    if weights.emoji:
        for start, end in emojis(text):
            fixed.setdefault(start, (end, weights.default))
    weight_of = _weigher(weights)
    total = at = valid_until = 0
    clean = True
    while at < len(text):
        end, weight = fixed.get(at) or (at + 1, weight_of(text[at]))
        total += weight
        clean = clean and text[end - 1] not in INVALID_CHARACTERS
        if clean and total <= weights.limit * weights.scale:
            valid_until = end
        at = end
    used = total // weights.scale
    return Weighed(used, clean and 0 < used <= weights.limit, used * 1000 // weights.limit, text, valid_until)
