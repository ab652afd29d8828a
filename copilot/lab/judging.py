"""From assertions and an outcome to verdicts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from copilot.lab.assertion import (
    Assertion,
    Judged,
    Measured,
    Unusable,
    Verdict,
    gathered,
    with_value,
)
from copilot.lab.kinds import KINDS
from copilot.lab.outcome import Outcome
from copilot.messages import localized
from copilot.records import Localized

TRANSFORM = re.compile(r"output(?P<steps>(?:\.(?:trim|toLowerCase|toUpperCase)\(\))+)")
_GRADED = frozenset(("rouge-n", "bleu", "gleu", "supported", "answers-with", "is-refusal"))


def judge(
    assertions: Iterable[Assertion],
    outcome: Outcome,
    *,
    given: Mapping[str, str] | None = None,
    threshold: float | None = None,
) -> Judged:
    """Judge one outcome.

    Args:
        assertions: what is demanded.
        outcome: the text and what was found in it.
        given: the case's own values, for ``{{name}}`` in an assertion's value.
        threshold: mean score that is enough; without it every assertion must pass.
    """
    return gathered([verdict(each, outcome, given or {}) for each in assertions], threshold)


def verdict(assertion: Assertion, outcome: Outcome, given: Mapping[str, str] | None = None) -> Verdict:
    """Judge one assertion."""
    if assertion.type == "assert-set":
        return _of_set(assertion, outcome, given or {})
    asked = with_value(assertion, given or {})
    seen = replace(outcome, text=_transformed(outcome.text, asked.transform))
    try:
        measured = KINDS[asked.base].measure(asked, seen)
    except Unusable as error:
        return _verdict(asked, False, 0.0, localized("lab.unusable", type=asked.type, reason=str(error)))
    passed = measured.passed != asked.negated
    return _verdict(asked, passed, _score(asked, measured, passed), _reason(asked, measured, passed))


def _of_set(assertion: Assertion, outcome: Outcome, given: Mapping[str, str]) -> Verdict:
    judged = gathered([verdict(part, outcome, given) for part in assertion.parts], assertion.threshold)
    failed = [part.reason for part in judged.verdicts if not part.passed]
    reason = localized("lab.kept") if judged.passed or not failed else failed[0]
    found = _verdict(assertion, judged.passed, judged.score, reason)
    return replace(found, parts=judged.verdicts)


def _verdict(assertion: Assertion, passed: bool, score: float, reason: Localized) -> Verdict:
    # A weight of nothing asks for the score alone.
    return Verdict(
        assertion.type, passed or assertion.weight == 0, score, reason, assertion.metric, assertion.weight
    )


def _score(assertion: Assertion, measured: Measured, passed: bool) -> float:
    if measured.score is None or assertion.base not in _GRADED:
        return float(passed)
    if assertion.base == "is-refusal":
        return measured.score
    return 1 - measured.score if assertion.negated else measured.score


def _reason(assertion: Assertion, measured: Measured, passed: bool) -> Localized:
    if passed:
        return localized("lab.kept")
    key = f"lab.not_{_family(assertion.base)}" if assertion.negated else f"lab.{_family(assertion.base)}"
    return localized(
        key, value=_shown(assertion), found=measured.found or "–", threshold=_number(assertion.threshold)
    )


def _family(base: str) -> str:
    """Several types fail in the same words."""
    families = {
        "icontains": "contains",
        "icontains_all": "contains_all",
        "icontains_any": "contains_any",
        "bleu": "overlap",
        "gleu": "overlap",
        "rouge_n": "overlap",
    }
    name = base.replace("-", "_")
    return families.get(name, name)


def _shown(assertion: Assertion) -> str:
    value = assertion.value
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def _transformed(text: str, transform: str) -> str:
    from copilot.lab import javascript

    steps = {"trim": javascript.trim, "toLowerCase": str.lower, "toUpperCase": str.upper}
    for name in re.findall(r"\.(\w+)\(\)", transform):
        text = steps[name](text)
    return text
