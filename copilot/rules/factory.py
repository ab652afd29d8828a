"""From a definition to a rule that runs."""

from __future__ import annotations

from collections.abc import Mapping

from copilot.rules.definition import Definition
from copilot.rules.kinds import (
    Conditional,
    Consistency,
    Existence,
    Occurrence,
    PatternRule,
    Repetition,
    Substitution,
)

_CLASSES: Mapping[str, type[PatternRule]] = {
    "existence": Existence,
    "substitution": Substitution,
    "occurrence": Occurrence,
    "repetition": Repetition,
    "conditional": Conditional,
    "consistency": Consistency,
}


def build(definition: Definition, vocabulary: tuple[str, ...] = ()) -> PatternRule | None:
    """Return the rule of a definition, or None for a kind that is not run (scripts)."""
    made = _CLASSES.get(definition.kind)
    return made(definition, vocabulary) if made else None
