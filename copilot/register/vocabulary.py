"""The closed word lists of the grammar, from ``vocabulary.yml``."""

from __future__ import annotations

import re
from functools import cache

from copilot import yamlfile


@cache
def _lists() -> dict[str, str]:
    return dict(yamlfile.shipped("copilot.register", "vocabulary.yml"))


@cache
def vocabulary(name: str) -> frozenset[str]:
    """Return the words listed under ``name``.

    Raises:
        KeyError: no list has this name.
    """
    return frozenset(_lists()[name].split())


@cache
def pattern(name: str, around: str = "{}") -> re.Pattern[str]:
    """Return the alternatives listed under ``name`` as one pattern, put in place of ``{}`` in ``around``."""
    choice = f"(?:{'|'.join(_lists()[name].splitlines())})"
    return re.compile(around.replace("{}", choice), re.MULTILINE)
