"""What a format owes by law or by the rules of a platform, and whether a text says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from copilot import facts
from copilot.posts.formats import Duty, format_of
from copilot.text import normalize


@dataclass(frozen=True, slots=True)
class DutyState:
    """A duty and its state in one text: said, missing, or left to the organiser."""

    duty: Duty
    state: Literal["said", "missing", "optional"]


def duties(text: str, *, format: str, language: str, today: date) -> list[DutyState]:
    """Return the duties of a format with their states in ``text``. A reminder, not legal advice."""
    folded = normalize(text, fold_case=True).text
    found = []
    for duty in format_of(format).duties:
        said = _said(duty, text, folded, language, today)
        found.append(DutyState(duty, "said" if said else "optional" if duty.optional else "missing"))
    return found


def _said(duty: Duty, text: str, folded: str, language: str, today: date) -> bool:
    words = any(normalize(word, fold_case=True).text in folded for word in duty.words)
    kinds = [fact.kind for fact in facts.extract(text, language=language, now=today)]
    link = not duty.link or "link" in kinds
    return (words or not duty.words) and link and kinds.count("date") >= duty.dates
