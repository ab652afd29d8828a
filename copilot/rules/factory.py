"""From a definition to a rule that runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from copilot.rules.casing import Capitalization
from copilot.rules.definition import Definition
from copilot.rules.kinds import (
    Conditional,
    Consistency,
    Existence,
    Occurrence,
    Repetition,
    Substitution,
)
from copilot.rules.measure import Metric, Readability
from copilot.rules.rule import PatternRule
from copilot.rules.spelling import Spelling

_CLASSES: Mapping[str, type[PatternRule]] = {
    "existence": Existence,
    "substitution": Substitution,
    "occurrence": Occurrence,
    "repetition": Repetition,
    "conditional": Conditional,
    "consistency": Consistency,
    "capitalization": Capitalization,
    "metric": Metric,
    "readability": Readability,
}


def build(
    definition: Definition,
    vocabulary: tuple[str, ...] = (),
    folders: Sequence[Path] = (),
    spare_names: bool = False,
    names: Sequence[str] = (),
) -> PatternRule | None:
    """Return the rule of a definition, or None for a kind that is not run.

    Scripts hold a program, sequences ask for English parts of speech: neither is run.
    """
    if definition.kind == "spelling":
        return Spelling(definition, vocabulary, folders, spare_names, names)
    made = _CLASSES.get(definition.kind)
    return made(definition, vocabulary) if made else None
