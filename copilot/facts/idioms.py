"""Amounts that no digit and unit write: half an hour, J+2, la moitié, a week, deuxième."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from copilot.facts.mention import Mention
from copilot.facts.numbers import parse_number, plain
from copilot.facts.quantities import bound_of, duration, units

T = TypeVar("T")
_FIXED = {
    r"(?:une )?demi-heure|half an hour": (30, "min"),
    r"(?:une )?demi-journee|half a day": (720, "min"),
    r"(?:une |sous )quinzaine(?: de jours)?(?! d[e'])": (15 * 1440, "min"),
    r"(?:une )?quinzaine de minutes|(?:un |le )?(?<!trois )quart d'heure|(?:a )?quarter of an hour": (
        15,
        "min",
    ),
    r"trois quarts? d'heure|three[- ]quarters of an hour": (45, "min"),
    r"(?:dans|sous|within|in) (?:l'heure|the hour)(?! de)": (60, "min"),
    r"dans la journee|within the day": (1440, "min"),
    r"dans le mois(?! d)|within the month": (1, "month"),
    r"a fortnight": (14 * 1440, "min"),
    r"dans la semaine|within the week": (7 * 1440, "min"),
    r"(?:an|one) hour and a quarter|une heure (?:et )?quart": (75, "min"),
    r"un an et demi|une annee et demie": (18, "month"),
    r"la premiere annee|(?:the|your) first year": (12, "month"),
}
_FIXED_PATTERN = re.compile("|".join(rf"\b({pattern})\b" for pattern in _FIXED))
_DAY_PLUS = re.compile(r"\b[jd] ?\+ ?(?P<n>\d+)\b")
_AND_A_HALF = re.compile(
    r"\b(?P<n>an?|one|two|three|four|five|\d+)(?: (?P<u>hour|day|week|month|year)s?)? and a half"
    r"(?: (?P<v>hour|day|week|month|year)s)?"
)
_MEASURE = re.compile(r"[ -]([a-z]+)\b")
_ONE = re.compile(
    r"(?:(?<=least )|(?<=within )|(?<=in )|(?<=after )|(?<=takes )|(?<=up to ))"
    r"an? (?P<u>minute|hour|day|week|fortnight|month|year)\b"
)
_AGE = re.compile(r"\b(?P<n>\d{1,2})[- ]years?[- ]olds?\b")
_SHARES = {
    r"la moitie|moitie prix|half price|half the|half of": 50,
    r"un quart(?= d[eu']| du)|a quarter(?= of (?!an? )| off)": 25,
    r"un cinquieme(?= d[eu'])|a fifth(?= of| off)": 20,
    r"un dixieme(?= d[eu'])|a tenth(?= of| off)": 10,
    r"(?:les )?trois quarts(?= d[eu']s? )|three quarters(?= of)": 75,
}
_SHARE = re.compile("|".join(rf"\b({words})\b" for words in _SHARES))
_ORDINALS = {
    "deuxieme": 2, "second(?!e?s)|seconde(?!s)": 2, "troisieme": 3, "quatrieme": 4,
    "cinquieme": 5, "sixieme": 6, "dixieme": 10,
    "third": 3, "fourth": 4, "fifth": 5, "tenth": 10,
}  # fmt: skip
_ORDINAL = re.compile(
    r"\b(?P<d>\d{1,3})(?:er|re|e|eme|nde?|rd|th|st)\b|\b(?P<w>" + "|".join(_ORDINALS) + r")\b"
)


_METRES = re.compile(r"\b(?P<n>une?|deux|trois|\d) metres? (?P<c>\d\d|[a-z]+(?:-[a-z]+)*)\b")
_ANOTHER = re.compile(r"\b(?:une?|an?|one) $")


def meaning(found: re.Match[str], table: Mapping[str, T]) -> T:
    """Return what a match stands for, when its pattern has one group for each key of ``table`` in order."""
    return list(table.values())[(found.lastindex or 1) - 1]


def idioms(text: str) -> Iterator[Mention]:
    """Yield set phrases for durations, ages, halves and ranks of folded ``text``."""
    for found in _FIXED_PATTERN.finditer(text):
        amount, base = meaning(found, _FIXED)
        mention = duration(*found.span(), Decimal(amount), Decimal(amount), base, text)
        # "Une quinzaine" is two weeks as well as fifteen days.
        two_weeks = frozenset({"PT336H"}) if amount == 15 * 1440 else frozenset()
        yield replace(mention, also=mention.also | two_weeks)
    for found in _DAY_PLUS.finditer(text):
        minutes = Decimal(found["n"]) * 1440
        yield duration(*found.span(), minutes, minutes, "min", text)
    yield from _and_a_half(text)
    for found in _ONE.finditer(text):
        unit = units()[found["u"]]
        yield duration(*found.span(), unit.per, unit.per, unit.base, text)
    for found in _METRES.finditer(text):
        metres, rest = parse_number(found["n"]), parse_number(found["c"])
        if metres is not None and rest is not None and 10 <= rest < 100:
            height = metres + rest / 100
            bound = bound_of(text, *found.span())
            value = f"{plain(height)} m"
            yield Mention("unit", *found.span(), value, low=height, high=height, base="m", bound=bound)
    yield from _ages(text)
    yield from _ordinals(text)


def _and_a_half(text: str) -> Iterator[Mention]:
    for found in _AND_A_HALF.finditer(text):
        measure = _MEASURE.match(text, found.end())
        word = found["u"] or found["v"] or (measure[1] if measure and measure[1] in units() else "hour")
        unit = units()[word]
        amount_read = ((parse_number(found["n"]) or Decimal(1)) + Decimal("0.5")) * unit.per
        if unit.kind == "duration":
            yield duration(*found.span(), amount_read, amount_read, unit.base, text)
        elif measure:
            # "Two and a half miles".
            start, end = found.start(), measure.end()
            value, bound = f"{plain(amount_read.normalize())} {unit.base}", bound_of(text, start, end)
            yield Mention(
                unit.kind, start, end, value, low=amount_read, high=amount_read, base=unit.base, bound=bound
            )


def _ages(text: str) -> Iterator[Mention]:
    for found in _AGE.finditer(text):
        years = Decimal(found["n"])
        yield Mention("age", *found.span(), f"{years} years", low=years, high=years, base="age", loose=True)
    for found in _SHARE.finditer(text):
        share = Decimal(meaning(found, _SHARES))
        yield Mention("percent", *found.span(), f"{share} %", low=share, high=share, base="%", loose=True)


def _ordinals(text: str) -> Iterator[Mention]:
    for found in _ORDINAL.finditer(text):
        rank = (
            int(found["d"])
            if found["d"]
            else next(n for w, n in _ORDINALS.items() if re.fullmatch(w, found["w"]))
        )
        # "Un deuxième coffret" is one more; "a tenth of the price" a share.
        another = _ANOTHER.search(text, max(0, found.start() - 8), found.start()) is not None
        yield Mention("ordinal", found.start(), found.end(), f"#{rank}", loose=rank == 1 or another)
