"""Many strings as one pattern that finds, at each place, the longest of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_END = ""
_EDGE = r"\b"


def longest_at_words(strings: Iterable[tuple[str, bool]]) -> re.Pattern[str]:
    """Return a pattern whose matches are empty and stand where a string does; group 1 is the string.

    Every other string that stands at the same place is a beginning of it. A place is the start of a word
    as far as ASCII letters go: where other letters meet, one place too many is found rather than too few.

    Args:
        strings: folded strings, and whether a word must end with them.
    """
    tries: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    for text, ended in strings:
        node = tries[text[0].isascii()]
        for char in text:
            node = node.setdefault(char, {})
        node[_EDGE if ended and text[-1].isascii() else _END] = {}
    other, plain = (_alternatives(trie) for trie in tries)
    parts = ([_EDGE + _group(plain)] if plain else []) + ([_group(other)] if other else [])
    return re.compile(f"(?=({'|'.join(parts)}))" if parts else "(?!)", re.ASCII)


def _alternatives(node: dict[str, Any]) -> list[str]:
    found = []
    for char, child in node.items():
        if char in (_END, _EDGE):
            continue
        written = re.escape(char)
        while len(child) == 1:
            ((char, child),) = child.items()
            written += char if char in (_END, _EDGE) else re.escape(char)
        if child:
            written += _group(_alternatives(child), optional=_END in child)
        found.append(written)
    return [*found, _EDGE] if _EDGE in node else found


def _group(alternatives: list[str], *, optional: bool = False) -> str:
    return f"(?:{'|'.join(alternatives)}){'?' if optional else ''}"
