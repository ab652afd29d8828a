"""What a format owes by law or by the rules of a platform, and whether a text says it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from copilot import facts
from copilot.posts.formats import Duty, format_of
from copilot.text import normalize

_FROM_TODAY = re.compile(
    r"\b(?:des|a partir d[e'] ?|a compter d[e'] ?)\s?(?:aujourd'hui|maintenant|ce jour)\b"
    r"|\b(?:from|starting|as of|open) (?:today|now)\b"
)
_DAY_OF_WEEK = re.compile(
    r"\b(?:(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|(?:mon|tues|wednes|thurs|fri|satur|sun)day) "
    r"(\d{1,2})\b(?! ?(?:h|:|am|pm))"
)


@dataclass(frozen=True, slots=True)
class DutyState:
    """A duty and its state in one text: said, said in part (one date of two), missing, or left open."""

    duty: Duty
    state: Literal["said", "partly", "missing", "optional"]


def duties(text: str, *, format: str, language: str, today: date) -> list[DutyState]:
    """Return the duties of a format with their states in ``text``. A reminder, not legal advice."""
    folded = normalize(text, fold_case=True).text
    found = facts.extract(text, language=language, now=today)
    link = any(fact.kind == "link" for fact in found)
    days = _days(text, [fact.value for fact in found if fact.kind == "date"])
    return [DutyState(duty, _state(duty, folded, link, days)) for duty in format_of(format).duties]


def _state(
    duty: Duty, folded: str, link: bool, days: int
) -> Literal["said", "partly", "missing", "optional"]:
    words = any(normalize(word, fold_case=True).text in folded for word in duty.words)
    if (words or not duty.words) and (link or not duty.link):
        if days >= duty.dates:
            return "said"
        if days:
            return "partly"
    return "optional" if duty.optional else "missing"


def _days(text: str, values: Sequence[str]) -> int:
    """Return how many days a text names; the same day twice is one, a period is two."""
    days = {day[-5:] for value in values for day in value.split("/")}
    plain = normalize(text, fold_case=True, fold_accents=True).text
    # « du lundi 23 au dimanche 29 novembre »: the month is only said once.
    numbers = {f"-{int(number):02}" for number in _DAY_OF_WEEK.findall(plain)}
    without_month = {number for number in numbers if not any(day.endswith(number) for day in days)}
    return len(days) + len(without_month) + bool(_FROM_TODAY.search(plain))
