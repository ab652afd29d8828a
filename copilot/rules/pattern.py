"""Patterns as Vale writes them (.NET flavour), compiled by ``regex`` with the same meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from copilot.errors import FileFormatError

if TYPE_CHECKING:
    import regex

WORD_TEMPLATE = r"(?m)\b(?:%s)\b"
OPEN_TEMPLATE = r"(?m)(?:%s)"

_DOUBLED = frozenset("-&|~")


def translate(pattern: str) -> str:
    r"""Rewrite the few constructs that ``regex`` reads otherwise than .NET.

    A bare ``[`` inside a class and doubled operators would open a set operation; ``\Z`` allows a
    final newline in .NET; ``\z`` does not.
    """
    out: list[str] = []
    position, inside = 0, False
    while position < len(pattern):
        char = pattern[position]
        if char == "\\" and position + 1 < len(pattern):
            out.append(_escape(pattern[position : position + 2], inside))
            position += 2
            continue
        if not inside and char == "[":
            inside = True
            head = 2 if pattern[position + 1 : position + 2] == "^" else 1
            out.append(pattern[position : position + head])
            position += head
            if pattern[position : position + 1] == "]":
                out.append(r"\]")
                position += 1
            continue
        if inside:
            if char == "]":
                inside = False
            elif char == "[" or (char in _DOUBLED and pattern[position - 1] == char):
                char = "\\" + char
        out.append(char)
        position += 1
    return "".join(out)


def _escape(pair: str, inside: bool) -> str:
    if not inside and pair == r"\Z":
        return r"(?=\n?\Z)"
    if not inside and pair == r"\z":
        return r"\Z"
    return pair


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> regex.Pattern[str]:
    """Compile a Vale pattern; equal patterns share one object.

    Raises:
        regex.error: the pattern is broken.
    """
    import regex

    return regex.compile(translate(pattern), regex.V1)


def compile_at(pattern: str, where: str) -> regex.Pattern[str]:
    """Compile a pattern of a rule file.

    Raises:
        FileFormatError: the pattern is broken; says what, and shows it.
    """
    import regex

    try:
        return compiled(pattern)
    except (regex.error, OverflowError, RecursionError) as error:
        raise FileFormatError(
            "rules.broken_pattern", where=where, problem=str(error), pattern=_short(pattern)
        ) from error


def word_pattern(alternatives: Iterable[str], *, words: bool, ignore_case: bool) -> str:
    """Join alternatives into Vale's template, with or without word boundaries around the whole."""
    template = WORD_TEMPLATE if words else OPEN_TEMPLATE
    joined = template.replace("%s", "|".join(alternatives))
    return f"(?i){joined}" if ignore_case else joined


def exception_pattern(exceptions: Iterable[str]) -> str:
    """Return the pattern that spares a match: longest first, case kept unless a term says ``(?i)``."""
    terms = sorted((t for t in exceptions if t), key=len, reverse=True)
    if not terms:
        return ""
    return word_pattern(
        [t if t.startswith("(?i)") else f"(?-i:{t})" for t in terms], words=True, ignore_case=False
    )


@lru_cache(maxsize=4096)
def repeats(pattern: str) -> int:
    """Count the repetitions of a pattern; one of a whole group counts as two."""
    bare = re.sub(r"\\.", "x", pattern)
    return len(re.findall(r"[*+{]", bare)) + len(re.findall(r"\)[*+{]", bare))


def _short(pattern: str, size: int = 80) -> str:
    return pattern if len(pattern) <= size else pattern[: size - 1] + "…"
