"""Two runs side by side: which promises broke and which were mended, case by case, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copilot.lab.promises import PROMISES
from copilot.lab.records import Row, Run
from copilot.messages import localized
from copilot.records import Localized
from copilot.review import Change as WordChange
from copilot.review import word_changes

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAMPLES = 10_000
SEED = 20261120
MEASURES = ("passed", "assertions", *PROMISES)
"""What is compared as a rate: whole cases, their own assertions, then each promise."""


@dataclass(frozen=True, slots=True)
class Change:
    """How one rate or mean changed, over the cases where both runs have a value.

    Attributes:
        n: how many cases those are.
        before, after: the means (rates of 0..1 for promises).
        change: after minus before.
        low, high: its paired bootstrap 95 % interval.
        broke, mended: cases where it held only before, and only after (of rates).
    """

    name: str
    n: int
    before: float
    after: float
    change: float
    low: float
    high: float
    broke: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CasePair:
    """One case in both runs; ``words`` turn the text before into the text after."""

    case_id: str
    before: Row
    after: Row
    broke: tuple[str, ...]
    mended: tuple[str, ...]
    words: tuple[WordChange, ...]

    @property
    def same_text(self) -> bool:
        """Whether both runs wrote the same."""
        return self.before.outcome.text == self.after.outcome.text


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs compared.

    ``promises`` are rates (``passed`` and ``assertions`` first); ``measures`` are the means of
    ``characters``, ``seconds`` and ``cost``; ``cases`` begin with those that broke most;
    ``incomparable`` says why a case could not be compared.
    """

    before: Run
    after: Run
    promises: tuple[Change, ...]
    measures: tuple[Change, ...]
    cases: tuple[CasePair, ...]
    incomparable: tuple[tuple[str, Localized], ...]

    def promise(self, name: str) -> Change | None:
        """Return the change of one promise, None when it was never at stake."""
        return next((change for change in self.promises if change.name == name), None)


def compare(before: Run, after: Run) -> Comparison:
    """Compare two runs case by case; a case that changed since, or has no verdict, is set aside."""
    pairs, aside = _paired(before, after)
    compared = [_pair(*pair) for pair in pairs]
    return Comparison(
        before,
        after,
        tuple(change for name in MEASURES if (change := _rate(name, compared))),
        tuple(change for name, value in _VALUES.items() if (change := _mean(name, value, compared))),
        tuple(sorted(compared, key=lambda p: (-len(p.broke), -len(p.mended), p.same_text, p.case_id))),
        tuple(aside),
    )


def interval(differences: Sequence[float]) -> tuple[float, float]:
    """Return the bootstrap 95 % interval of a mean of paired differences (percentiles, seeded)."""
    import numpy as np

    values: NDArray[np.float64] = np.asarray(differences, dtype=np.float64)
    rng = np.random.default_rng(SEED)
    means = values[rng.integers(0, len(values), (SAMPLES, len(values)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def _paired(before: Run, after: Run) -> tuple[list[tuple[Row, Row]], list[tuple[str, Localized]]]:
    old = {row.case_id: row for row in before.rows}
    new = {row.case_id: row for row in after.rows}
    pairs, aside = [], []
    for case_id in dict.fromkeys([*old, *new]):
        a, b = old.get(case_id), new.get(case_id)
        if a is None or b is None:
            aside.append((case_id, localized("lab.only_before" if b is None else "lab.only_after")))
        elif a.digest != b.digest:
            aside.append((case_id, localized("lab.case_changed")))
        elif "not_judged" in (a.state, b.state):
            reason = b.reason if b.state == "not_judged" else a.reason
            aside.append((case_id, localized("lab.no_verdict", reason=reason)))
        else:
            pairs.append((a, b))
    return pairs, aside


def _pair(before: Row, after: Row) -> CasePair:
    a, b = before.kept, after.kept
    both = [name for name in MEASURES if name in a and name in b]
    return CasePair(
        before.case_id,
        before,
        after,
        tuple(name for name in both if a[name] and not b[name]),
        tuple(name for name in both if b[name] and not a[name]),
        tuple(word_changes(before.outcome.text, after.outcome.text)),
    )


def _rate(name: str, pairs: Sequence[CasePair]) -> Change | None:
    held = [
        (pair.case_id, pair.before.kept[name], pair.after.kept[name])
        for pair in pairs
        if name in pair.before.kept and name in pair.after.kept
    ]
    return _change(
        name,
        [(float(a), float(b)) for _, a, b in held],
        tuple(case_id for case_id, a, b in held if a and not b),
        tuple(case_id for case_id, a, b in held if b and not a),
    )


def _mean(name: str, value: Callable[[Row], float | None], pairs: Sequence[CasePair]) -> Change | None:
    found = [(value(pair.before), value(pair.after)) for pair in pairs]
    return _change(name, [(a, b) for a, b in found if a is not None and b is not None])


def _change(
    name: str,
    values: Sequence[tuple[float, float]],
    broke: tuple[str, ...] = (),
    mended: tuple[str, ...] = (),
) -> Change | None:
    if not values:
        return None
    before = sum(a for a, _ in values) / len(values)
    after = sum(b for _, b in values) / len(values)
    low, high = interval([b - a for a, b in values])
    return Change(name, len(values), before, after, after - before, low, high, broke, mended)


_VALUES: dict[str, Callable[[Row], float | None]] = {
    "characters": lambda row: float(len(row.outcome.text)),
    "seconds": lambda row: row.usage.seconds if row.usage else None,
    "cost": lambda row: row.usage.cost if row.usage else None,
}
