"""Dates (absolute and relative), days of the week and opening hours with their canonical value."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from copilot.facts.idioms import meaning
from copilot.facts.mention import ROUND_THE_CLOCK, Mention
from copilot.facts.spoken import spoken_times

_MONTHS = {
    1: "janvier|janv|january|jan", 2: "fevrier|fevr|fev|february|feb", 3: "mars|march|mar",
    4: "avril|avr|april|apr", 5: "mai|may", 6: "juin|june|jun", 7: "juillet|juil|july|jul",
    8: "aout|august|aug",
    9: "septembre|sept|september|sep", 10: "octobre|oct|october", 11: "novembre|nov|november",
    12: "decembre|dec|december",
}  # fmt: skip
_DAYS = {
    0: "lundis?|lun|mondays?|mon", 1: "mardis?|tuesdays?|tues?", 2: "mercredis?|mer|wednesdays?|wed",
    3: "jeudis?|jeu|thursdays?|thurs?|thu", 4: "vendredis?|ven|fridays?|fri",
    5: "samedis?|sam|saturdays?|sat", 6: "dimanches?|dim|sundays?|sun",
}  # fmt: skip
_SHORT_DAY = len("thurs?")
_CODES = ("mo", "tu", "we", "th", "fr", "sa", "su")
_MONTH = "(?:" + "|".join(sorted("|".join(_MONTHS.values()).split("|"), key=len, reverse=True)) + r")\b\.?"
_DAY = "(?:" + "|".join(sorted("|".join(_DAYS.values()).split("|"), key=len, reverse=True)) + r")\b\.?"
_ABSOLUTE = re.compile(
    rf"(?<![\d/])(?P<iy>\d{{4}})-(?P<im>\d\d)-(?P<id>\d\d)(?!\d)"
    rf"|(?<![\d/.])(?P<nd>\d{{1,2}})(?P<sep>[/.])(?P<nm>\d{{1,2}})(?:(?P=sep)(?P<ny>\d{{4}}"
    rf"|\d\d))?(?![\d/€%]| ?(?:€|%|h\b|euros?|km|kg|[jx]\b))"
    rf"|(?<!\d)(?:(?P<d0>\d{{1,2}})(?:er|st|nd|rd|th)? ?(?:-|–|au|et|to|and|ou"
    rf"|or) ?(?:le )?(?:{_DAY} )?)?(?P<d>\d{{1,2}})(?:er|st|nd|rd"
    rf"|th)? (?:of )?(?P<m>{_MONTH})(?:,? (?P<y>(?:19|20)\d\d))?"
    rf"|\b(?P<em>{_MONTH}) (?:the )?(?P<ed>\d{{1,2}})(?:st|nd|rd|th)?(?!\d| ?[€%h:])(?: ?(?:-|–"
    rf"|to|and) ?(?P<ed2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d))?(?:,? (?P<ey>(?:19|20)\d\d))?"
    rf"|\b(?P<mm>{_MONTH}) (?P<my>(?:19|20)\d\d)\b"
    rf"|(?<![\d.,])(?:(?<=en )|(?<=depuis )|(?<=since )|(?<=in )|(?<=annee )|(?<=des )|(?<=fin )"
    rf"|(?<=debut )|(?<=edition )|(?<=de )(?=\d{{4}}(?: ?[.,;:!?)]|$)))(?P<year>(?:19"
    rf"|20)\d\d)(?![\d.,]\d| ?[€%])"
)
_DAY_LIST = re.compile(
    rf"(?<![\d/,.])(?P<days>\d{{1,2}}(?:er)?(?:, (?:le )?(?:{_DAY} )?\d{{1,2}}(?:er)?)*"
    rf",? (?:et|ou|and|or|&) (?:le )?(?:{_DAY} )?\d{{1,2}})(?:er)?"
    rf" (?P<m>{_MONTH})(?:,? (?P<y>(?:19|20)\d\d))?"
)
_MONTH_END = re.compile(
    rf"\b(?:fin (?:du mois )?d[e']|(?:the )?end of (?:the month of )?) ?(?P<m>{_MONTH})"
    r"(?: (?P<y>(?:19|20)\d\d))?"
)
_MONTH_ONLY = re.compile(
    r"\b(?:en|fin|debut|mi-|d'ici|courant|mois de|mois d'|jusqu'en|de|in|by|late|early|mid-|of"
    r"|until|a|to|through) ?(?P<m>"
    + _MONTH + ")"
)  # fmt: skip
_MONTH_RANGE = re.compile(
    rf"\b(?P<m>{_MONTH}) (?:to|and|through|until|a|et|au|jusqu'a|-|–) ?(?:fin |debut |mi-"
    rf"|the end of |end of |la fin )?(?P<n>{_MONTH})"
)
_FULL_WORD = re.compile(r"(?:[a-z]{5,}|mai|may|mars|juin|june|july|aout)\.$")
_RELATIVE = re.compile(
    rf"\b(?P<offset>apres-demain|demain|hier|day after tomorrow"
    rf"|tomorrow|yesterday)\b"
    rf"|\b(?P<day>{_DAY}) (?P<which>prochain|next)\b|\b(?:next|this coming|d'ici|d'ici a|by"
    rf"|avant|before|ce|this) (?P<day2>{_DAY})(?! (?:au|to|a|-|et|and))"
    rf"|\b(?P<week>la semaine prochaine|next week|cette semaine|this week|le mois prochain"
    rf"|next month|fin du mois(?! d)|end of the month(?! of)|end of month|fin de semaine|end of the week)\b"
)
_FEASTS = {
    "jour de noel|christmas day": (12, 25),
    "veille de noel|christmas eve": (12, 24), "boxing day": (12, 26),
    "jour de l'an|nouvel an|new year's day": (1, 1), "saint-sylvestre|new year's eve": (12, 31),
    "fete du travail": (5, 1), "fete nationale": (7, 14), "assomption": (8, 15), "toussaint": (11, 1),
}  # fmt: skip
_FEAST = re.compile("|".join(rf"\b({names})\b" for names in _FEASTS))
_OFFSETS = {
    "apres-demain": 2, "demain": 1, "hier": -1, "day after tomorrow": 2, "tomorrow": 1, "yesterday": -1,
}  # fmt: skip
_DAY_SET = re.compile(
    rf"\b(?:du |de |from )?(?P<a>{_DAY}) ?(?:-|–|au|a|to|through|till|until) ?(?P<b>{_DAY})"
    rf"|\b(?P<all>7 ?j(?:ours)? ?(?:/|sur) ?7|sept jours sur sept|tous les jours|chaque jour"
    rf"|every day|7 days a week|seven days a week|daily)\b"
    rf"(?: sauf (?:le |les )?(?P<but>{_DAY})| (?:except|but) (?:on )?(?P<but2>{_DAY}))?"
    rf"|\b(?P<week>en semaine|jours de semaine|on weekdays|weekdays)\b|\b(?P<end>week-?ends?)\b"
    rf"|\b(?P<one>{_DAY})"
)
_PART = r"(?: du matin| du soir| de l'apres-midi| in the (?:morning|afternoon|evening)| at night)"
_CLOCK = (
    rf"(?:(?:[01]?\d|2[0-4]) ?(?:h|heures?)(?: ?[0-5]\d)?(?!\w){_PART}?"
    rf"|\d{{1,2}}(?:[:.][0-5]\d)?(?: o'clock{_PART}?|{_PART})"
    r"|(?:[01]?\d"
    r"|2[0-4]):[0-5]\d(?: ?[ap]\.?m\b\.?)?|\d{1,2}(?:[:.][0-5]\d)? ?[ap]\.?m\b\.?|(?<![-\w])midi\b"
    r"|minuit\b|(?<![-\w])noon\b|12 ?(?:noon|midnight)\b|midnight\b)"
)
_TIME_RANGE = re.compile(
    rf"(?:\b(?:de|entre|from|between) )?(?<![\d,.])(?P<a>{_CLOCK}"
    rf"|\d{{1,2}}(?:[:.][0-5]\d)?) ?(?P<join>-|–|—|a|et|to|and|till|until"
    rf"|jusqu'a) ?(?P<b>{_CLOCK})"
)
_DATED = re.compile(rf"\b{_DAY} $")
_NUMBERED = re.compile(r" \d")
_OF_MONTH = re.compile(
    rf" (\d{{1,2}})(?:er|st|nd|rd|th)?(?! ?(?:[h:€%/.-] ?\d|[h€%]|am\b|pm\b|heures?\b|of\b|{_MONTH}))(?!\w)"
)
_HALVES = re.compile(r"mat|mor(?=ning)|soir|apres|after|evening|night")
_BARE_RANGE = re.compile(r"\b(?:between|from) (?P<a>[6-9]|1[0-2]) (?:and|to) (?P<b>[1-9])(?=[,.;!?)]|$)")
_BARE = re.compile(r"\b(?:at|by|until|till) (?P<n>[1-9]|1[0-2])(?=[,.;!?)]? *$| (?:and|or|on)\b|[,;!?)]|\. )")
_TIME = re.compile(rf"(?<![\d,.])(?P<t>{_CLOCK})")
_ALWAYS_OPEN = re.compile(
    r"\b24 ?(?:h|heures)? ?(?:/|sur) ?24(?: ?h)?(?:,? ?(?:et )?7 ?(?:j|jours)? ?(?:/"
    r"|sur) ?7(?: ?j)?)?|\b24/7\b|\bround the clock\b|\baround the clock\b|\b24 hours a day\b"
)
_LASTING = re.compile(r" d(?:e |')(?!l'apres|la )\w")
_DURATION_BEFORE = re.compile(
    r"\b(?:sous|dans les|pendant|durant|en|d'ici|moins de|plus de|within|in|for|delai de"
    r"|delai maximum de|duree de|least|than|maximum|les|par|environ|about|toutes les|every"
    r"|expedie|livre|dure)"
    r" ?(?:les |the )?$"
)


def moments(text: str, language: str, now: date) -> Iterator[Mention]:
    """Yield dates, day sets and times of folded ``text``; relative dates are counted from ``now``."""
    for mention in _moments(text, language, now):
        full = _FULL_WORD.search(text, mention.start, mention.end)
        yield replace(mention, end=mention.end - 1) if full else mention


def _moments(text: str, language: str, now: date) -> Iterator[Mention]:
    yield from _always(text)
    yield from _dates(text, language)
    yield from spoken_times(text, language)
    yield from _times(text)
    yield from _month_ends(text)
    yield from _relative(text, now)
    for feast in _FEAST.finditer(text):
        month, day = meaning(feast, _FEASTS)
        yield Mention("date", *feast.span(), _stamp(None, month, day))
    yield from _day_sets(text)
    for found in _MONTH_RANGE.finditer(text):
        for part in ("m", "n"):
            yield Mention("date", found.start(part), found.end(part), f"--{_month(found[part]):02d}")
    for found in _MONTH_ONLY.finditer(text):
        if not (found["m"] in ("may", "mar", "mars", "sept") and found[0].startswith(("a ", "de ", "to "))):
            yield Mention("date", found.start("m"), found.end("m"), f"--{_month(found['m']):02d}")


def _month_ends(text: str) -> Iterator[Mention]:
    for found in _MONTH_END.finditer(text):
        month, year = _month(found["m"]), found["y"]
        last = calendar.monthrange(int(year or 2023), month)[1]
        yield Mention("date", *found.span(), _stamp(year, month, last))


def _always(text: str) -> Iterator[Mention]:
    for found in _ALWAYS_OPEN.finditer(text):
        yield Mention("hours", found.start(), found.end(), ROUND_THE_CLOCK)


def _month(word: str) -> int:
    word = word.rstrip(".")
    return next(number for number, names in _MONTHS.items() if word in names.split("|"))


def is_weekday(word: str) -> bool:
    """Is a folded word the whole name of a day? ("Mer", "sun" and "Sam" are words and names of their own.)"""
    return any(
        len(name) > _SHORT_DAY and re.fullmatch(name, word)
        for names in _DAYS.values()
        for name in names.split("|")
    )


def _day(word: str) -> int:
    return next(n for n, names in _DAYS.items() if re.fullmatch(names, word.rstrip(".")))


def _stamp(year: str | int | None, month: int, day: int) -> str:
    if year and len(str(year)) == 2:
        year = f"20{year}"
    return f"{year}-{month:02d}-{day:02d}" if year else f"--{month:02d}-{day:02d}"


def _dates(text: str, language: str) -> Iterator[Mention]:
    listed = bytearray(len(text))
    for row in _DAY_LIST.finditer(text):
        listed[row.start() : row.end()] = b"\x01" * (row.end() - row.start())
        # "Les 24, 25 et 31 décembre": each day is a date.
        for number in re.finditer(r"\d+", text[row.start("days") : row.end("days")]):
            at = row.start("days") + number.start()
            stop = row.end() if row.start("days") + number.end() == row.end("days") else at + len(number[0])
            mention = _checked(row["y"], _month(row["m"]), int(number[0]), at, stop)
            if mention is not None:
                yield mention
    for found in _ABSOLUTE.finditer(text):
        mention = _date(found, language)
        if mention is not None and not listed[found.start()]:
            yield mention


def _date(found: re.Match[str], language: str) -> Mention | None:
    start, end = found.start(), found.end()
    if found["year"]:
        return Mention("date", found.start("year"), found.end("year"), found["year"])
    if found["mm"]:
        return Mention("date", start, end, f"{found['my']}-{_month(found['mm']):02d}")
    if found["iy"]:
        return _checked(found["iy"], int(found["im"]), int(found["id"]), start, end)
    if found["nd"]:
        first, second = int(found["nd"]), int(found["nm"])
        if found["sep"] == "." and not found["ny"]:
            return None
        mention = _checked(found["ny"], second, first, start, end)
        other = _checked(found["ny"], first, second, start, end) if language == "en" else None
        if mention and other:
            return Mention("date", start, end, mention.value, also=frozenset({other.value}))
        return mention or other
    month, day = _month(found["m"] or found["em"]), int(found["d"] or found["ed"])
    year = found["y"] or found["ey"]
    mention = _checked(year, month, day, start, end)
    opening = found["d0"] or (found["ed"] if found["ed2"] else None)
    if mention and opening:
        last = found["d"] or found["ed2"]
        value = f"{_stamp(year, month, int(opening))}/{_stamp(year, month, int(last))}"
        return Mention("date", start, end, value)
    return mention


def _checked(year: str | None, month: int, day: int, start: int, end: int) -> Mention | None:
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return Mention("date", start, end, _stamp(year, month, day))


def _relative(text: str, now: date) -> Iterator[Mention]:
    for found in _RELATIVE.finditer(text):
        start, end = found.start(), found.end()
        if word := found["offset"]:
            day = now + timedelta(days=_OFFSETS.get(word, 0))
            yield Mention("date", start, end, day.isoformat())
        elif word := found["day"] or found["day2"]:
            ahead = (_day(word) - now.weekday()) % 7 or 7
            value = (now + timedelta(days=ahead)).isoformat()
            yield Mention("date", start, end, value, also=frozenset({_CODES[_day(word)]}))
        else:
            yield Mention("date", start, end, "~" + found["week"], also=_period(found["week"], now))


def _period(word: str, now: date) -> frozenset[str]:
    synonyms = (
        ("la semaine prochaine", "next week"), ("cette semaine", "this week"),
        ("le mois prochain", "next month"), ("fin du mois", "end of the month", "end of month"),
        ("fin de semaine", "end of the week"),
    )  # fmt: skip
    forms = {"~" + w for group in synonyms if word in group for w in group}
    if word in ("le mois prochain", "next month"):
        forms.add(f"--{now.month % 12 + 1:02d}")
    return frozenset(forms)


def _day_sets(text: str) -> Iterator[Mention]:
    for found in _DAY_SET.finditer(text):
        number = _OF_MONTH.match(text, found.end()) if found["one"] else None
        if number is not None:
            # "Le mercredi 25": the month is that of the dates around.
            yield Mention("date", found.start(), number.end(), f"---{int(number[1]):02d}")
            continue
        # Alone, "mer", "sun" or "mon" are words of their own; before a date, the day says no more.
        if found["one"] and (len(found["one"].rstrip(".")) < 5 or _NUMBERED.match(text, found.end())):
            continue
        value = ",".join(_CODES[d] for d in sorted(_days_of(found)))
        whole = bool(found["all"]) and not (found["but"] or found["but2"])
        noun = "range" if found["a"] or found["all"] else ""
        yield Mention("days", found.start(), found.end(), value, noun=noun, loose=whole)


def _days_of(found: re.Match[str]) -> set[int]:
    if found["a"]:
        first, last = _day(found["a"]), _day(found["b"])
        return {(first + i) % 7 for i in range((last - first) % 7 + 1)}
    if found["all"]:
        but = found["but"] or found["but2"]
        return set(range(7)) - ({_day(but)} if but else set())
    if found["week"]:
        return set(range(5))
    return {5, 6} if found["end"] else {_day(found["one"])}


def clock(written: str, later: str = "") -> str | None:
    """Canonical time of a clock reading (``9h30``, ``6 pm``, ``midi``); ``later`` lends its am/pm."""
    if written in ("midi", "noon", "12 noon", "12noon"):
        return "T12:00"
    if written in ("minuit", "midnight", "12 midnight", "12midnight"):
        return "T24:00"
    found = re.match(r"(\d{1,2})(?: ?(?:h|heures?)| ?[:.])? ?([0-5]\d)?", written)
    if found is None or int(found[1]) > 24:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    part = _HALVES.search(written)
    half = re.search(r"([ap])\.?m\b", written) or re.search(r"([ap])\.?m\b", later)
    if part:
        return f"T{hour + 12 * (part[0][0] != 'm' and hour < 12):02d}:{minute:02d}"
    if half and half[1] == "p" and hour < 12:
        hour += 12
    elif half and half[1] == "a" and hour == 12:
        hour = 0
    return f"T{hour:02d}:{minute:02d}"


def _times(text: str) -> Iterator[Mention]:
    taken: list[tuple[int, int]] = []
    for found in _TIME_RANGE.finditer(text):
        first = clock(found["a"], "" if re.search(r"[ap]\.?m|h|:", found["a"]) else found["b"])
        last = clock(found["b"])
        # "10-2 pm" starts in the morning.
        if (
            first
            and last
            and first > last
            and first >= "T12:00"
            and not re.search(r"[ap]\.?m|h|:", found["a"])
        ):
            first = clock(found["a"])
        if not first or not last or _no_range(text, found):
            continue
        taken.append(found.span())
        yield Mention("hours", found.start(), found.end(), f"{first}-{last}")
    for found in _TIME.finditer(text):
        value = clock(found["t"])
        if value is None or any(a <= found.start() < b for a, b in taken):
            continue
        if re.fullmatch(r"\d+ heures?", found["t"]) and _LASTING.match(text, found.end()):
            continue
        if re.search(r"\bh\b|heure", found["t"]) and _DURATION_BEFORE.search(text[: found.start()][-24:]):
            continue
        yield Mention("hours", found.start(), found.end(), value, also=_as_duration(found["t"], value))
    yield from _bare_times(text)


def _no_range(text: str, found: re.Match[str]) -> bool:
    # "Le lundi 19 à midi": a day of the month.
    dated = found["a"].isdigit() and _DATED.search(text[: found.start("a")][-12:]) is not None
    return dated or _counts_time(text, found, found["join"])


def _bare_times(text: str) -> Iterator[Mention]:
    for found in _BARE_RANGE.finditer(text):
        first, last = int(found["a"]), int(found["b"])
        if first >= last:
            yield Mention("hours", *found.span(), f"T{first:02d}:00-T{last + 12:02d}:00", loose=True)
    for found in _BARE.finditer(text):
        # "Shut at 6" leaves the half of the day to the reader.
        hour = int(found["n"]) % 12
        evening = frozenset({f"T{hour + 12:02d}:00"})
        yield Mention("hours", found.start("n"), found.end("n"), f"T{hour:02d}:00", also=evening, loose=True)


def _counts_time(text: str, found: re.Match[str], join: str) -> bool:
    if re.match(r"(?:de|entre|from|between) ", found[0]) and re.match(r"(?:entre|between)", found[0]) is None:
        return False
    before = text[: found.start()][-24:]
    return bool(_DURATION_BEFORE.search(before)) and join in ("a", "-", "–", "to", "et", "ou")


def _as_duration(written: str, value: str) -> frozenset[str]:
    if "h" not in written:
        return frozenset()
    minutes = int(value[1:3]) * 60 + int(value[4:])
    return frozenset({f"PT{minutes // 60}H" if minutes % 60 == 0 else f"PT{minutes}M"})
