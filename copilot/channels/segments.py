"""Where a text may be cut: characters as people see them, words and sentences of any script (UAX 29)."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import accumulate

import regex

_JOINER = "\u200d"
_CLUSTER = regex.compile(r"\X")
# Emoji as platforms show them (UTS 51): flags, keycaps, tag sequences, sequences joined by U+200D.
_EMOJI = regex.compile(
    r"\p{RI}\p{RI}"
    r"|[0-9#*]\uFE0F?\u20E3"
    r"|(?:\p{Extended_Pictographic}(?!\uFE0E)|\p{Emoji_Presentation})(?:\p{EMod}|\uFE0F)?[\U000E0020-\U000E007F]*"
    r"(?:\u200D(?:\p{Extended_Pictographic}|\p{Emoji_Presentation})(?:\p{EMod}|\uFE0F)?)*"
)


def graphemes(text: str) -> list[str]:
    """Return the extended grapheme clusters: what a reader calls a character."""
    if text.isascii() and "\r" not in text:
        return list(text)
    found = list(_CLUSTER.findall(text))
    if any(cluster.endswith(_JOINER) for cluster in found[:-1]):
        return _rejoined(found)
    return found


def _rejoined(clusters: list[str]) -> list[str]:
    """Join what the regex module parts at U+200D and UAX 29 does not: its list of pictographs is shorter."""
    found: list[list[str]] = []
    for before, cluster in zip(["", *clusters], clusters, strict=False):
        if before.endswith(_JOINER) and _is_one(before + cluster):
            found[-1].append(cluster)
        else:
            found.append([cluster])
    return ["".join(parts) for parts in found]


@lru_cache(maxsize=1024)
def _is_one(text: str) -> bool:
    from uniseg.graphemecluster import grapheme_clusters

    return len(list(grapheme_clusters(text))) == 1


def words(text: str) -> list[str]:
    """Return the words and what stands between them; joined, they are the text."""
    from uniseg.wordbreak import words as split

    return list(split(text))


def sentences(text: str) -> list[str]:
    """Return the sentences by the script's own marks, spaces kept; joined, they are the text."""
    from uniseg.sentencebreak import sentences as split

    return list(split(text))


def emojis(text: str) -> list[tuple[int, int]]:
    """Return start and end of each emoji sequence. ``©`` and ``™`` count as emoji, as platforms draw them."""
    if text.isascii() and "\u20e3" not in text:
        return []
    return [found.span() for found in _EMOJI.finditer(text)]


def borders(text: str) -> list[int]:
    """Return the offsets at which a text may be cut without breaking a character, 0 and the end included."""
    return [0, *accumulate(len(cluster) for cluster in graphemes(text))]


def without_lone_surrogates(text: str) -> str:
    """Return the text with half surrogate pairs (from broken JSON) made encodable, the length unchanged."""
    return _surrogate().sub("\ufffd", text) if not text.isascii() else text


@cache
def _surrogate() -> re.Pattern[str]:
    return re.compile("[\ud800-\udfff]")
