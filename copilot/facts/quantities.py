"""Prices, percentages, durations, measures and plain counts, each with its canonical value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from copilot import yamlfile
from copilot.facts.mention import Mention
from copilot.facts.numbers import NUMBER, parse_number, plain, time_of_day

_RATE = {
    "month": r"(?:/ ?mois|par mois|mensuels?|/ ?month|per month|a month|monthly|/ ?mo\b)",
    "year": r"(?:/ ?ans?\b|par an|annuels?|par annee|l'annee|/ ?year|per year|a year|yearly|annually"
    r"|per annum|/ ?yr)",
    "week": r"(?:/ ?semaine|par semaine|/ ?week|per week|a week|weekly|for (?:a|one) week"
    r"|pour une semaine|la semaine)",
    "day": r"(?:/ ?jour|/ ?j\b|par jour|la journee|/ ?day|per day|a day|daily|for (?:a|one) day"
    r"|par nuit|la nuit|/ ?nuit|per night|a night|/ ?night)",
    "hour": r"(?:/ ?h\b|/ ?heure|par heure|de l'heure|/ ?hour|per hour|an hour|hourly)",
    "kg": r"(?:/ ?kg|le kilo|au kilo|par kilo|du kilo|per kilo|a kilo)",
    "km": r"(?:/ ?km|par km|par kilometre|per km)",
    "m3": r"(?:/ ?m3|(?:le|du|par) (?:m3|metre cube)|(?:per|a) cubic met(?:re|er))",
    "l": r"(?:/ ?l\b|(?:le|du|par) litre|(?:per|a) lit(?:re|er))",
    "kwh": r"(?:/ ?kwh|(?:le|du|par) kwh|(?:per|a) kwh)",
    "min": r"(?:/ ?min|la minute|par minute|per minute|a minute)",
}
_BEFORE = {
    "max": r"(?:a (?:la )?hauteur de|cap(?:ped)?(?: \w+)? at|(?:a )?limit of"
    r"|jusqu'a|jusqu'au|(?:au )?maximum(?: de)?|max\.?|(?:au|pas|jamais) plus(?: d[e'])?"
    r"|moins d[e']"
    r"|inferieur(?:e|es|s)? a|dans (?:la|une) limite de|limitee? a|plafonnee?s? a"
    r"|sans depasser|ne depasse(?:nt)? pas"
    r"|n'excede(?:nt)? pas|up to|at most|no(?:t)? more than|not exceed(?:ing)?|(?:a )?maximum of"
    r"|less than|under|below"
    r"|limited to|capped at)",
    "from": r"(?:(?:demarr|commenc|debut)\w+ a|(?:starts?|begins?|starting|beginning) at"
    r"|premier prix (?:est )?de|depass\w+|exced\w+|(?:longer|heavier|taller|bigger|larger) than"
    r"|hits?|clears? (?:the )?|jamais moins de"
    r"|minimum (?:is|est de|of)|(?:plus )?(?:longue?|lourde?|haute?)s? de plus de"
    r"|a partir de|a compter de|(?<!un )(?<!une )(?<!cune )(?<!cun )des|au moins|min\.?"
    r"|(?:au )?minimum(?: de)?"
    r"|plus d[e']|superieur(?:e|es|s)? a"
    r"|au-dela de|au-dessus de|depass(?:e|ent|era|eront|ant)|attei(?:nt|gne|gnent)|from|starting (?:at|from)"
    r"|at least"
    r"|(?:a )?minimum of|more than|over|above"
    r"|exceed(?:s|ing)?|reach(?:es)?)",
    "about": r"(?:environ|approximativement|autour de|aux alentours de|pres de|en moyenne"
    r"|about|around|approximately"
    r"|roughly|on average|nearly|almost|env\.)",
    "within": r"(?:sous(?: les)?|dans (?:les|un delai(?: maximum)? de)|d'ici|en|within|in"
    r"|in under|en moins de)",
}
_RANK = (
    r"(?: (?:premiere?s?|prochaine?s?|derniere?s?|first|next|last|full|consecutive"
    r"|additional|petite?s?|more|extra|free|gratuite?s?|offerte?s?|bonnes?))?"
)
_AFTER = {
    "from": r"(?:\+|minimum|min\.?|au moins|au minimum|et plus|ou plus|et au-dela|or more"
    r"|or above|and above|and over|and up)(?!\w)",
    "max": r"(?:maximum|max\.?|au maximum|au plus|ou moins|or less|at most|tops)\b",
    "about": r"(?:environ|approximativement|en moyenne|on average|or so)\b",
}
_FUNCTION = re.compile(
    r"and|ans|ces|chez|dans|des|dont|est|for|from|les|max|maximum|min|minimum|nos|out|par|per|plus|pour|qui|que|sous"
    r"|sur|that|the|une|with|vos|avec|most|least|more|less|each|chacun|autres?|others?"
)


_MOST_DIGITS = 12
_A_DAY = ("un jour", "a day", "one day")
_CHOSEN = re.compile(r"\b(?:choisi\w*|choose|choosing|pick(?:ing)?|proposez?|trouve[rz]?|fixe[rz]?|find) $")
_SOME_DAY = re.compile(r" (?:de semaine|du |ou (?:vous|tu|l'|le)|ferie|when|that (?:suits|works))")
_EACH_ONE = re.compile(r"\b(?:each|every|this|that|which|no|any|another) one ?$")
_BETWEEN = re.compile(r"\b(?:entre|between) ?$")
_STEP = re.compile(r"(?<=\n)\d{1,2}[.)] (?=\D)|(?<=\n )\d{1,2}[.)] (?=\D)|(?<![\s\S])\d{1,2}[.)] (?=\D)")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit's kind, canonical base and how many base units it is worth."""

    kind: str
    base: str
    per: Decimal


@cache
def units() -> dict[str, Unit]:
    """Return every writing of every unit, from ``units.yml``."""
    data: dict[str, dict[str, dict[str, Any]]] = yamlfile.shipped("copilot.facts", "units.yml")
    return {
        writing: Unit(kind, str(row["base"]), Decimal(str(row["per"])))
        for kind, rows in data.items()
        for row in rows.values()
        for writing in row["write"]
    }


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    number = NUMBER[language]
    writings = sorted(units(), key=len, reverse=True)
    unit = "(?:" + "|".join(re.escape(w) + (r"(?![\w'])" if w[-1].isalnum() else "") for w in writings) + ")"
    money = r"(?:€|\$|£|\beur\b|\busd\b|\bgbp\b|\bchf\b)"
    join = r"(?P<join> ?[-–—] ?| a | et | ou | to | and | or |/)"
    quantity = re.compile(
        rf"(?:(?P<lead>{money}) ?(?P<m>{number})(?:(?: ?[-–—] ?| a | et | to "
        rf"| and )(?:{money}) ?(?P<m2>{number}))?)"
        rf"|(?:(?P<a>{number})(?: ?(?P<ua>{unit}))?{join}(?P<b>{number})[ -]?(?P<u>{unit})"
        rf"(?:(?<=[€s])(?: et)? ?(?P<cb>\d\d)(?!\d| ?[\w%€]))?)"
        rf"|(?:(?P<n>{number}){_RANK}(?:[ -]|(?<![a-z]))(?P<un>{unit})(?P<half> et demie?\b)?(?:(?:(?<=[€s])"
        rf"|(?<=[ \d]h))(?: et)? ?(?P<c>\d\d)(?!\d)(?: ?(?:centimes?|min(?:utes)?\b))?)?)"
    )
    count = re.compile(rf"(?P<n>{number})(?: ?(?P<x>fois|x|times)\b)?(?: (?P<noun>[a-z][a-z-]+))?")
    return quantity, count, re.compile(number)


def quantities(text: str, language: str) -> Iterator[Mention]:
    """Yield prices, percentages, durations and measures of folded ``text``."""
    quantity, _, _ = _patterns(language)
    position = 0
    while found := quantity.search(text, position):
        mentions = list(_quantity(found, text))
        yield from mentions
        position = max(found.end() if mentions else found.start() + 1, position + 1)


def counts(text: str, language: str) -> Iterator[Mention]:
    """Yield the remaining bare numbers with the noun that follows them."""
    _, count, _ = _patterns(language)
    for found in count.finditer(text):
        value = parse_number(found["n"])
        if value is None or _STEP.match(text, found.start("n")):
            continue
        spelled = not found["n"][0].isdigit()
        if spelled and value <= 1:
            continue
        end = found.end("x") if found["x"] else found.end("n")
        noun = "fois" if found["x"] else (found["noun"] or "")
        if len(noun) < 3 or _FUNCTION.fullmatch(noun):
            noun = ""
        bound = bound_of(text, found.start("n"), end)
        yield Mention(
            "number", found.start("n"), end, plain(value), low=value, high=value, noun=noun, bound=bound,
            loose=spelled and value <= 3,
        )  # fmt: skip


def _quantity(found: re.Match[str], text: str) -> Iterator[Mention]:
    if (apart := _joined_apart(found, text)) is not None:
        yield from _parts(found, text, apart)
        return
    if found["un"] and _no_amount(found):
        return
    unit, low, high = _amounts(found)
    if low is None or high is None:
        return
    low, high = _with_cents(found, unit, low, high)
    mention = _mention(unit, low, high, found.start(), _end(found, unit), text)
    if mention is not None:
        yield mention


def _joined_apart(found: re.Match[str], text: str) -> tuple[str, ...] | None:
    """The numbers of a joined writing that are amounts of their own, None where they make a range."""
    if found["u"] and _EACH_ONE.search(text[max(0, found.start() - 10) : found.start() + 3]):
        # "Keep each one to 20 kg" counts nothing.
        return ("b",)
    if found["u"] and found["ua"] and _apart(found):
        # Two kinds joined ("12 h ou 5 €") are read one at a time.
        return ("a", "b")
    if found["n"]:
        return None
    _, low, high = _amounts(found)
    if low is None or high is None or low <= high:
        return None
    # "Free over £40 and £4.95 below", "the 60 × 90 and 26 €": no range.
    return ("m", "m2") if found["lead"] else ("b",)


def _with_cents(found: re.Match[str], unit: Unit, low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
    cents = found["c"] or found["cb"]
    if cents and unit.kind == "price":
        high += Decimal(cents) / 100
        low = high if found["n"] else low
    elif found["half"]:
        low = high = high + Decimal("0.5")
    elif cents and unit.base == "min":
        low = high = high + Decimal(cents) / 60
    return low, high


def _no_amount(found: re.Match[str]) -> bool:
    """ "A regular one €15": the sign belongs to the figure behind it. "Un point relais" counts no points."""
    spelled = not found["n"][-1].isdigit()
    return spelled and found["un"] in ("€", "$", "£", "point")


def _apart(found: re.Match[str]) -> bool:
    if units()[found["ua"]].kind != units()[found["u"]].kind:
        return True
    # "20 ans et un an de permis" are two delays; "entre 20 ans et 25 ans" is a range.
    between = _BETWEEN.search(found.string[max(0, found.start() - 10) : found.start()])
    return found["join"].strip() in ("ou", "or", "/") or (
        found["join"].strip() in ("et", "and") and not between
    )


def _amounts(found: re.Match[str]) -> tuple[Unit, Decimal | None, Decimal | None]:
    if found["lead"]:
        return units()[found["lead"]], parse_number(found["m"]), parse_number(found["m2"] or found["m"])
    if not found["u"]:
        value = parse_number(found["n"])
        return units()[found["un"]], value, value
    unit, low = units()[found["u"]], parse_number(found["a"])
    if found["ua"] and low is not None:
        low = low * units()[found["ua"]].per / unit.per
    return unit, low, parse_number(found["b"])


def _end(found: re.Match[str], unit: Unit) -> int:
    if found["c"] and not (unit.kind == "price" or unit.base == "min"):
        return found.end("un")
    return found.end()


_UNIT_OF = {"a": "ua", "b": "u", "m": "lead", "m2": "lead"}


def _parts(found: re.Match[str], text: str, numbers: Sequence[str]) -> Iterator[Mention]:
    """The amounts of a joined writing one at a time."""
    for number in numbers:
        name = _UNIT_OF[number]
        value, unit = parse_number(found[number]), units()[found[name]]
        if value is not None:
            start, end = found.span(number) if name == "lead" else (found.start(number), found.end(name))
            mention = _mention(unit, value, value, start, end, text)
            if mention is not None:
                yield mention


def _no_measure(text: str, start: int, end: int) -> bool:
    if text[start:end].endswith("s") and text[end - 2].isdigit():
        # "Under-8s", "the 90s": a plural, not seconds.
        return True
    # "Choisissez un jour": a date, no delay.
    chosen = _CHOSEN.search(text[:start][-14:]) or _SOME_DAY.match(text, end)
    return text[start:end] in _A_DAY and chosen is not None


def _mention(unit: Unit, low: Decimal, high: Decimal, start: int, end: int, text: str) -> Mention | None:
    if _no_measure(text, start, end) or max(low, high).adjusted() > _MOST_DIGITS:
        return None
    low, high = (round(v * unit.per, 6).normalize() for v in (low, high))
    if unit.kind == "duration":
        return duration(start, end, low, high, unit.base, text)
    rate = ""
    if unit.kind == "price":
        for name, pattern in _RATE.items():
            if after := re.compile(rf" ?(?:(?:ttc|ht) )?{pattern}").match(text, end):
                rate, end = name, after.end()
                break
    value = (
        f"{_written(low, unit)} {unit.base}"
        if low == high
        else f"{_written(low, unit)}-{_written(high, unit)} {unit.base}"
    )
    if rate:
        value += f"/{rate}"
    bound = bound_of(text, start, end)
    if low != high and bound == "from":
        bound = ""
    return Mention(unit.kind, start, end, value, low=low, high=high, base=unit.base, rate=rate, bound=bound)


def _written(value: Decimal, unit: Unit) -> str:
    return f"{value:.2f}" if unit.kind == "price" else plain(value)


def duration(start: int, end: int, low: Decimal, high: Decimal, base: str, text: str) -> Mention:
    """A duration between two amounts of ``base`` (``min``, ``month``, ``business_day``, ``business_h``)."""
    value = isoduration(low, base)
    if low != high:
        value += "/" + isoduration(high, base)
    also = set()
    if base == "min" and low == high and low <= 1440:
        also.add(time_of_day(int(low)))
    return Mention(
        "duration",
        start,
        end,
        value,
        also=frozenset(also),
        low=low,
        high=high,
        base=base,
        bound=bound_of(text, start, end),
    )


def isoduration(amount: Decimal, base: str) -> str:
    """Write a duration: ``PT48H``, ``PT30M``, ``P24M`` (months), ``P5BD`` (business days)."""
    if base == "month":
        return f"P{plain(amount)}M"
    if base != "min":
        return f"P{plain(amount)}{'BD' if base == 'business_day' else 'BH'}"
    return f"PT{plain(amount / 60)}H" if amount % 60 == 0 else f"PT{plain(amount)}M"


def bound_of(text: str, start: int, end: int) -> str:
    """Return how the words around bound ``text[start:end]``: ``from``, ``max``, ``about``, ``within``."""
    if re.match(r"(?:from|de|entre|between) ", text[start:end]):
        return ""
    before, after = text[max(0, start - 36) : start], text[end : end + 18]
    for name, pattern in _BEFORE.items():
        if re.search(rf"\b{pattern} ?(?:de |d'|des |les |un |a )?$", before):
            return name
    for name, pattern in _AFTER.items():
        if re.match(rf",? ?\(?{pattern}", after):
            return name
    return ""
