"""Ship or don't ship, because: what a comparison allows."""

from __future__ import annotations

from dataclasses import dataclass

from copilot.lab.comparing import Change, Comparison
from copilot.messages import localized
from copilot.records import Localized

STRICT = ("facts", "findings", "register", "length", "assertions")
"""One case newly broken is enough: each is an error that a customer would read."""
LENIENT = ("terms", "empathy")
"""Matters of manner: what counts is a decline that chance does not explain."""
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether to ship; ``reasons`` speak against it, ``gains`` for it, ``cautions`` are to be looked at."""

    ship: bool
    reasons: tuple[Localized, ...]
    cautions: tuple[Localized, ...]
    gains: tuple[Localized, ...]


def decide(comparison: Comparison, *, tolerated: int = 0) -> Decision:
    """Decide by the promises alone; no opinion of a model counts.

    Args:
        comparison: the baseline against the candidate.
        tolerated: newly broken cases a strict promise may have.
    """
    reasons = [*_unjudged(comparison)]
    cautions: list[Localized] = []
    for change in comparison.promises:
        if change.name in STRICT and len(change.broke) > tolerated:
            reasons.append(_broke(change))
        elif change.name in LENIENT and change.high < 0:
            reasons.append(_declined(change))
        elif change.name != "passed" and change.broke:
            cautions.append(_broke(change))
    gains = [_mended(change) for change in comparison.promises if change.name != "passed" and change.mended]
    return Decision(not reasons, tuple(reasons), tuple(cautions), tuple(gains))


def _unjudged(comparison: Comparison) -> list[Localized]:
    if not comparison.cases:
        return [localized("lab.nothing_compared")]
    missing = comparison.after.not_judged
    if missing:
        names = _names([row.case_id for row in missing])
        return [localized("lab.unjudged", n=len(missing), cases=names, reason=missing[0].reason)]
    before = {row.case_id for row in comparison.before.rows}
    lost = sorted(before - {row.case_id for row in comparison.after.rows})
    return [localized("lab.lost_cases", n=len(lost), cases=_names(lost))] if lost else []


def _broke(change: Change) -> Localized:
    return localized(
        "lab.broke", promise=name_of(change.name), n=len(change.broke), cases=_names(change.broke)
    )


def _mended(change: Change) -> Localized:
    return localized(
        "lab.mended", promise=name_of(change.name), n=len(change.mended), cases=_names(change.mended)
    )


def _declined(change: Change) -> Localized:
    figures = {name: f"{100 * value:+.0f}" for name, value in (("low", change.low), ("high", change.high))}
    return localized(
        "lab.declined",
        promise=name_of(change.name),
        before=f"{100 * change.before:.0f}",
        after=f"{100 * change.after:.0f}",
        **figures,
    )


def name_of(promise: str) -> Localized:
    """Return the name of a promise or measure as people read it."""
    return localized(f"lab.name_{promise}")


def _names(cases: object) -> str:
    names = list(cases) if isinstance(cases, list | tuple) else []
    rest = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" (+{rest})" if rest > 0 else "")
