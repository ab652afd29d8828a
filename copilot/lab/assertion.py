"""Assertions: what a text must be, in promptfoo's words and in ours, each with a verdict that says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from copilot.records import Localized

Wants = Literal["nothing", "text", "texts", "count", "schema", "anything", "level", "register", "ids"]
"""What an assertion's value must be."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """One demand on a text.

    Attributes:
        type: a name of ``kinds.KINDS``, with ``not-`` in front for its contrary, or ``assert-set``.
        value: what is compared with; its form depends on the type.
        threshold: the score from which a graded type passes; of an ``assert-set``, the mean score.
        weight: share in the score of the case; 0 counts nothing and passes always.
        metric: name under which scores are gathered over cases.
        transform: ``output`` with ``.trim()``, ``.toLowerCase()`` or ``.toUpperCase()``, applied first.
        parts: the demands of an ``assert-set``.
    """

    type: str
    value: Any = None
    threshold: float | None = None
    weight: float = 1.0
    metric: str = ""
    transform: str = ""
    parts: tuple[Assertion, ...] = ()

    @property
    def negated(self) -> bool:
        """Whether the contrary is demanded."""
        return self.type.startswith("not-")

    @property
    def base(self) -> str:
        """The type without ``not-``."""
        return self.type.removeprefix("not-")


@dataclass(frozen=True, slots=True)
class Measured:
    """What a type found before ``not-`` is applied. ``found`` is put into the reason."""

    passed: bool
    score: float | None = None
    found: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one assertion. ``score`` is in 0..1; ``parts`` are those of an ``assert-set``."""

    type: str
    passed: bool
    score: float
    reason: Localized
    metric: str = ""
    weight: float = 1.0
    parts: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdicts on one text. ``metrics`` are weighted means of the scores that share a name."""

    passed: bool
    score: float
    verdicts: tuple[Verdict, ...]
    metrics: Mapping[str, float]


class Unusable(ValueError):
    """An assertion that can't be applied here: it fails, negated or not."""


def gathered(verdicts: Sequence[Verdict], threshold: float | None) -> Judged:
    """Bring verdicts together: all must pass, or else the weighted mean must reach ``threshold``."""
    total = sum(verdict.weight for verdict in verdicts)
    score = sum(v.score * v.weight for v in verdicts) / total if total else (0.0 if verdicts else 1.0)
    passed = score >= threshold if threshold is not None else all(v.passed for v in verdicts)
    return Judged(passed, score, tuple(verdicts), _metrics(verdicts))


def filled(value: Any, given: Mapping[str, str]) -> Any:
    """Put the case's own values into ``{{name}}`` of a text or of the texts of a list."""
    if isinstance(value, str) and "{{" in value:
        import re

        return re.sub(r"{{\s*(\w+)\s*}}", lambda mark: given.get(mark[1], ""), value)
    if isinstance(value, list):
        return [filled(item, given) for item in value]
    return value


def with_value(assertion: Assertion, given: Mapping[str, str]) -> Assertion:
    """Return the assertion with the case's values put in."""
    return replace(assertion, value=filled(assertion.value, given))


def _metrics(verdicts: Sequence[Verdict]) -> dict[str, float]:
    sums: dict[str, list[float]] = {}
    for verdict in _flat(verdicts):
        if verdict.metric:
            pair = sums.setdefault(verdict.metric, [0.0, 0.0])
            pair[0] += verdict.score * verdict.weight
            pair[1] += verdict.weight
    return {name: total / weight if weight else 0.0 for name, (total, weight) in sums.items()}


def _flat(verdicts: Sequence[Verdict]) -> list[Verdict]:
    return [inner for verdict in verdicts for inner in (verdict, *_flat(verdict.parts))]
