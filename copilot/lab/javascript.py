"""The few places where JavaScript reads text otherwise than Python does.

promptfoo runs on JavaScript: its regular expressions, its white space and its string lengths decide whether
an assertion passes there, so they decide it here.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

WHITE_SPACE = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_SPACES = re.compile(f"[{WHITE_SPACE}]+")
_TRIM = re.compile(f"\\A[{WHITE_SPACE}]+|[{WHITE_SPACE}]+\\Z")
_BRACED = re.compile(r"(?<!\\)((?:\\\\)*)\\u(?={)")
_MODIFIER = re.compile(r"(?<!\\)\(\?[a-z]*-?[a-z]+:")
# Where halves of surrogate pairs are put: a private plane, one character a half.
_PRIVATE = 0x10_0000 - 0xD800


class BrokenPattern(ValueError):
    """A pattern that JavaScript refuses."""


def trim(text: str) -> str:
    """Return ``text`` without white space at its ends, as ``String.trim`` sees it."""
    return _TRIM.sub("", text)


def words(text: str) -> list[str]:
    """Return ``text.trim().split(/\\s+/)``: an empty text gives one empty word."""
    return _SPACES.split(trim(text))


def spaced(text: str) -> str:
    """Return ``text`` with each run of white space as one blank."""
    return _SPACES.sub(" ", text)


def units(text: str) -> str:
    """Return ``text`` with each UTF-16 unit as one character: an emoji counts two, as in JavaScript."""
    if all(character < "\U00010000" for character in text):
        return text
    return "".join(_halves(character) for character in text)


def search(pattern: str, text: str) -> bool:
    """Whether ``new RegExp(pattern)`` finds something in ``text``.

    Raises:
        BrokenPattern: JavaScript does not accept the pattern.
    """
    return _compiled(pattern).find(units(text)) is not None


def parse(text: str) -> Any:
    """Parse JSON as ``JSON.parse`` does: no ``NaN``, no ``Infinity``.

    Raises:
        ValueError: it is not JSON.
    """
    try:
        return json.loads(text, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _refuse(name: str) -> Any:
    raise ValueError(name)


def _halves(character: str) -> str:
    if character < "\U00010000":
        return character
    code = ord(character) - 0x1_0000
    return chr(0xD800 + (code >> 10) + _PRIVATE) + chr(0xDC00 + (code & 0x3FF) + _PRIVATE)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any:
    import regress

    # Inline modifiers are newer than the runtimes that promptfoo supports.
    if _MODIFIER.search(pattern):
        raise BrokenPattern("Invalid group")
    try:
        # Without the flag "u", JavaScript reads \u{61} as sixty-one times the letter.
        return regress.Regex(units(_BRACED.sub(r"\1u", pattern)))
    except regress.RegressError as error:
        raise BrokenPattern(str(error)) from error
