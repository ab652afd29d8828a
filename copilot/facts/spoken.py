"""Times of day as English says them: half past three, nine till five in the evening."""

from __future__ import annotations

import re
from collections.abc import Iterator

from copilot.facts.mention import Mention
from copilot.facts.numbers import time_of_day

_HOURS = {
    word: number
    for number, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
        start=1,
    )
}
_WORD = "(?:" + "|".join(_HOURS) + r"|1[0-2]|[1-9])"


def _side(name: str) -> str:
    return (
        rf"(?:(?P<{name}_minutes>half(?: past)?|(?:quarter|ten|twenty) (?:past|to)) )?"
        rf"(?P<{name}_hour>{_WORD})(?: o'clock)?"
        rf"(?:(?: in the | at | ?)(?P<{name}_part>morning|afternoon|evening|night|[ap]\.?m)\b)?"
    )


_RANGE = re.compile(
    rf"\b(?:from |between )?{_side('first')} ?(?P<join>to|till|until|and|-|–) ?{_side('last')}"
    r"(?![\w%€£:.]\w|\w)"
)
_ALONE = re.compile(rf"\b{_side('first')}(?![\w:])")
_NAMED = re.compile(
    r"\b(?P<minutes>half past|(?:quarter|ten|twenty) (?:past|to)) (?P<hour>midnight|noon|midday)\b"
    r"|\b(?P<heure>midi|minuit) (?P<quart>et demie?|et quart|moins le quart)\b"
)
_QUARTERS = {"et demi": 30, "et demie": 30, "et quart": 15, "moins le quart": -15}
_MINUTES = {
    "half": 30, "half past": 30, "quarter past": 15, "quarter to": -15,
    "ten past": 10, "ten to": -10, "twenty past": 20, "twenty to": -20,
}  # fmt: skip


def spoken_times(text: str, language: str) -> Iterator[Mention]:
    """Yield the times that folded English ``text`` says in words, alone or from one to another.

    A bare number counts only beside a part of the day, a half or a quarter; French says "heures", which
    the clock readings of ``moments`` know.
    """
    for found in _NAMED.finditer(text):
        noon = (found["hour"] or found["heure"]) in ("noon", "midday", "midi")
        minutes = _MINUTES[found["minutes"]] if found["minutes"] else _QUARTERS[found["quart"]]
        yield Mention("hours", *found.span(), time_of_day((720 * noon + minutes) % 1440))
    if language != "en":
        return
    taken = 0
    for found in _RANGE.finditer(text):
        if not (_told(found, "first") or _told(found, "last") or found["join"] in ("till", "until")):
            continue
        first, last = _range(found)
        if first < last <= 1440:
            taken = found.end()
            yield Mention("hours", *found.span(), f"{time_of_day(first)}-{time_of_day(last)}")
    for found in _ALONE.finditer(text):
        if found.start() >= taken and _told(found, "first"):
            part = found["first_part"] or ""
            minutes = _minutes(found, "first", part)
            evening = frozenset() if part else frozenset({time_of_day((minutes + 720) % 1440)})
            yield Mention("hours", *found.span(), time_of_day(minutes), also=evening)


def _range(found: re.Match[str]) -> tuple[int, int]:
    # "Between half past three and six in the afternoon": the part of the day is said once.
    first = _minutes(found, "first", found["first_part"] or found["last_part"] or "")
    last = _minutes(found, "last", found["last_part"] or "")
    if first >= last and not found["first_part"]:
        first %= 720
    if first >= last and not found["last_part"]:
        last += 720
    return first, last


def _told(found: re.Match[str], side: str) -> bool:
    """Is it a time at all? A bare "three" is none."""
    return bool(found[f"{side}_minutes"] or found[f"{side}_part"])


def _minutes(found: re.Match[str], side: str, part: str) -> int:
    word = found[f"{side}_hour"]
    hour = (int(word) if word.isdigit() else _HOURS[word]) % 12
    late = part[:1] == "p" or part in ("afternoon", "evening", "night")
    return (hour + 12 * late) * 60 + _MINUTES.get(found[f"{side}_minutes"] or "", 0)
