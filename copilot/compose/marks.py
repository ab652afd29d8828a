"""The marks that a model cites with."""

from __future__ import annotations

import re

NAME_MARK = "[[name]]"
_NUMBERS = r"\d{1,3}(?:\s*[,;]\s*\d{1,3})*"
# Small models drop or double a bracket now and then; the full-width pair is another habit of some.
MARKER = re.compile(
    rf"\[{{1,2}}\s*(?P<numbers>{_NUMBERS})\s*\]{{1,2}}|【(?P<wide>{_NUMBERS})[^】\n]{{0,20}}】"
)
HALF_MARKER = re.compile(r"\s*(?:\[{1,2}[\d\s,;]*\]?|\[\[[a-z]*\]?|【[^】\n]{0,20})$")
_FORGED = re.compile(r"\[\[[^\[\]\n]{0,20}\]\]|【[^】\n]{0,20}】")


def without_forged(text: str) -> str:
    """Drop what looks like one of our marks: a customer must not be able to cite."""
    return _FORGED.sub(" ", text)
