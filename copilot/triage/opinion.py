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
    by_name = {case["when"]: case for case in routes(None)["cases"]}
    strictest = max((by_name[case] for case in cases), key=lambda case: str(case["level"]))
    if str(strictest["level"]) <= found.severity:
        return found
    return _stricter(found, strictest)


def without_opinion(found: Triage) -> Triage:
    """Say that the endpoint could not be asked: the offline verdict stands alone."""
    return replace(found, explanation=_both(found.explanation, messages.localized("triage.opinion_missing")))


def _case(name: str) -> str:
    base = name.replace("_", "-") if name.replace("_", "-") in _CASE_OF else name
    return _CASE_OF.get(base) or _CASE_OF.get(base.split("/")[0], "")


def _stricter(found: Triage, case: Mapping[str, Any]) -> Triage:
    name = "insult" if case["when"] == "insult_only" else str(case["when"])
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
        explanation=_both(messages.localized("triage.opinion_stricter"), found.explanation),
    )


def _doubted(found: Triage) -> Triage:
    doubt = messages.localized("triage.opinion_milder")
    return replace(found, unsure=True, explanation=_both(found.explanation, doubt))


def _both(first: Localized, second: Localized) -> Localized:
    return Localized(f"{first.fr} {second.fr}", f"{first.en} {second.en}")
