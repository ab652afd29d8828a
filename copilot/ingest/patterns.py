"""The patterns of ``cleaning.yml``, compiled once."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Any

Patterns = tuple[tuple[str, re.Pattern[str]], ...]


@cache
def boilerplate() -> Patterns:
    """Return reason and pattern of short paragraphs without knowledge (matched folded, whole)."""
    return tuple((reason, re.compile(p)) for reason, ps in _data()["boilerplate"].items() for p in ps)


@cache
def element_names() -> Patterns:
    """Return reason and pattern of the ids and classes of page elements that aren't content."""
    return tuple(
        (reason, re.compile(rf"(?:^|[\s_-])(?:{'|'.join(names)})(?:$|[\s_-])"))
        for reason, names in _data()["elements"].items()
    )


@cache
def _data() -> dict[str, Any]:
    import yaml

    file = resources.files(__package__) / "cleaning.yml"
    return dict(yaml.safe_load(file.read_text(encoding="utf-8")))
