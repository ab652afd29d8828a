"""A copy of a text, of the same length, in which letters that a pattern may take for each other are equal.

Patterns that ignore case fold it fully: the kelvin sign is a ``k``, the long ``s`` an ``s``, ``ß`` the
same as ``ss``. What is not found in the copy is not in the text, save for letters that stand for two.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import regex

_DOUBLE_RANGES = (
    *((0xDF, 0xDF), (0x149, 0x149), (0x1F0, 0x1F0), (0x390, 0x390), (0x3B0, 0x3B0), (0x587, 0x587)),
    *((0x1E96, 0x1E9E), (0x1F50, 0x1FFC), (0xFB00, 0xFB17)),
)


def fold(text: str) -> str:
    """Return the copy. Numbers that are no digits (``²``, ``½``) end a word: they are blanks in it."""
    if text.isascii():
        return text.lower()
    folded = text.casefold()
    if len(folded) != len(text):
        folded = text.translate(_singles()).casefold()
    return str(_other_numbers().sub(" ", folded.replace("ı", "i")))


def has_doubles(text: str) -> bool:
    """Tell whether a text holds letters such as ``ß`` that match two letters of a pattern."""
    return not text.isascii() and _doubles().search(unicodedata.normalize("NFC", text)) is not None


def can_be_doubled(folded: str) -> bool:
    """Tell whether a folded string holds letters that one letter may stand for."""
    return _pairs().search(folded) is not None


def _double_letters() -> list[str]:
    letters = (chr(c) for first, last in _DOUBLE_RANGES for c in range(first, last + 1))
    return [letter for letter in letters if len(letter.casefold()) > 1]


@cache
def _singles() -> dict[int, str]:
    return {**{ord(letter): "\x00" for letter in _double_letters()}, 0x130: "i"}


@cache
def _doubles() -> re.Pattern[str]:
    return re.compile(f"[{''.join(_double_letters())}]")


@cache
def _pairs() -> re.Pattern[str]:
    return re.compile("|".join(sorted({letter.casefold() for letter in _double_letters()})))


@cache
def _other_numbers() -> regex.Pattern[str]:
    import regex

    return regex.compile(r"\p{No}")
