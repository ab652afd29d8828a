"""The closed word lists of the grammar, from ``vocabulary.yml``."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

import yaml


@cache
def _lists() -> dict[str, str]:
    file = resources.files(__package__) / "vocabulary.yml"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load(file.read_text(encoding="utf-8"), Loader=loader))


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
