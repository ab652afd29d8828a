"""A second opinion from a moderation endpoint: the stricter verdict wins, a disagreement is shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from copilot import messages
from copilot.records import Label, Localized, Severity, Triage
from copilot.triage.rules import routes

_CASE_OF: Mapping[str, str] = {
    "self-harm": "self_harm",
    "harassment/threatening": "threat",
    "hate/threatening": "threat",
    "violence/graphic": "threat",
    "violence": "threat",
    "sexual/minors": "threat",
    "hate": "hate",
    "hate_and_discrimination": "hate",
    "sexual": "sexual",
    "harassment": "insult_only",
    "pii": "personal_data",
}
_LABEL_OF = {
    "insult_only": "insult",
    "scam": "spam",
    "danger": "crisis",
    "legal": "crisis",
    "press": "crisis",
    "personal_data": "other",
}
_ABUSIVE = frozenset(("hate", "threat", "sexual", "insult", "self_harm"))


def second_opinion(found: Triage, categories: Collection[str]) -> Triage:
    """Join the offline verdict with the categories that an endpoint flagged.

    Args:
        found: what was found offline.
        categories: names as OpenAI-compatible ``/moderations`` answers give them.
    """
    cases = [case for name in categories if (case := _case(name))]
    if not cases:
        mild = found.severity < "S2" or not _ABUSIVE & {label.name for label in found.intents}
        return found if mild else _doubted(found)
    return graver(found, cases, messages.localized("triage.opinion_stricter"))


def graver(found: Triage, cases: Collection[str], said: Localized) -> Triage:
    """Return the verdict with the gravest of other cases where that is graver, else the verdict itself.

    Args:
        found: the verdict so far.
        cases: names as in ``routes.yml``; unknown ones count for nothing.
        said: why it is graver, put before the explanation.
    """
    known = [case for case in routes(None)["cases"] if case["when"] in cases]
    if not known:
        return found
    strictest = max(known, key=lambda case: str(case["level"]))
    return found if str(strictest["level"]) <= found.severity else _stricter(found, strictest, said)


def without_opinion(found: Triage, *, of_model: bool = False) -> Triage:
    """Say that the endpoint, or the model, could not be asked: the offline verdict stands alone."""
    key = "judge_missing" if of_model else "opinion_missing"
    return replace(found, explanation=_both(found.explanation, messages.localized(f"triage.{key}")))


def _case(name: str) -> str:
    base = name.replace("_", "-") if name.replace("_", "-") in _CASE_OF else name
    return _CASE_OF.get(base) or _CASE_OF.get(base.split("/")[0], "")


def _stricter(found: Triage, case: Mapping[str, Any], said: Localized) -> Triage:
    name = _LABEL_OF.get(str(case["when"]), str(case["when"]))
    level: Severity = case["level"]
    labels = (
        found.intents if any(label.name == name for label in found.intents) else (*found.intents, Label(name))
    )
    return replace(
        found,
        intents=labels,
        severity=level,
        route=case["route"],
        needs_reply=bool(case["reply"]),
        urgency=case["urgency"],
        unsure=True,
        explanation=_both(said, found.explanation),
    )


def _doubted(found: Triage) -> Triage:
    doubt = messages.localized("triage.opinion_milder")
    return replace(found, unsure=True, explanation=_both(found.explanation, doubt))


def _both(first: Localized, second: Localized) -> Localized:
    return Localized(f"{first.fr} {second.fr}", f"{first.en} {second.en}")
