"""Which blocks a rule looks at, by Vale's dotted scopes."""

from __future__ import annotations

from functools import lru_cache

_SIZED = frozenset({"raw", "summary"})


@lru_cache(maxsize=4096)
def matches(scopes: tuple[str, ...], scope: str, parent: str) -> bool:
    """Tell whether a rule with these scopes runs on a block of this scope.

    A selector is one or more parts joined by ``&``; a part such as ``heading.h2`` asks for all its
    sections, ``~`` negates it.
    """
    target = frozenset(scope.split("."))
    above = frozenset((parent or scope).split("."))
    return any(_selects(selector, target, above) for selector in scopes)


def _selects(selector: str, target: frozenset[str], above: frozenset[str]) -> bool:
    for part in selector.split("&"):
        part = part.strip()
        negated = part.startswith("~")
        wanted = {section.strip() for section in part.removeprefix("~").split(".")}
        if negated:
            if wanted <= above or target & _SIZED:
                return False
        elif not wanted <= target:
            return False
    return True
