"""When two mentions state the same value, kind by kind."""

from __future__ import annotations

import re
from collections.abc import Callable

from copilot.facts.mention import Mention

_DEMONYM = re.compile(r"(?:ish|ese|ian|ans?|ois|oises?|ais|aises?|iens?|iennes?|ains?|aines?)$")


def same(a: Mention, b: Mention) -> bool:
    """Do two mentions state the same value?"""
    compare = _COMPARE.get(a.kind)
    if compare is not None and a.kind == b.kind:
        return compare(a, b)
    return bool(a.values & b.values)


def _link(a: Mention, b: Mention) -> bool:
    return a.value == b.value or ("/" not in a.value and b.value.split("/")[0] == a.value)


def _numeric(a: Mention, b: Mention) -> bool:
    if a.values & b.values:
        return True
    if a.base != b.base or a.low is None or b.low is None or a.high is None or b.high is None:
        return False
    if a.rate and b.rate and a.rate != b.rate:
        return False
    if (a.low, a.high) == (b.low, b.high):
        return True
    if a.low == a.high and b.low != b.high:
        return (a.high == b.high and a.bound in ("max", "within")) or (a.low == b.low and a.bound == "from")
    return False


def _date(a: Mention, b: Mention) -> bool:
    return any(_same_day(x, y) for x in a.values for y in b.values)


def _same_day(x: str, y: str) -> bool:
    if x == y or (x.startswith("---") and "/" not in y and y.endswith(x[2:])):
        return True
    if "/" in y and "/" not in x:
        return any(_same_day(x, end) for end in y.split("/"))
    if "/" in x or "/" in y:
        return x.count("/") == y.count("/") and all(
            _same_day(i, j) for i, j in zip(x.split("/"), y.split("/"), strict=True)
        )
    if x.startswith("--") or y.startswith("--"):
        short, full = (x, y) if x.startswith("--") else (y, x)
        tail = full[4:] if not full.startswith("--") else full[1:]
        return tail.startswith(short[1:]) if x is short or len(short) == len(full) else tail == short[1:]
    # A month or a year alone is true of a fuller date of the source, never the reverse.
    return len(x) < len(y) and y.startswith(x + "-")


def _days(a: Mention, b: Mention) -> bool:
    mine, theirs = set(a.value.split(",")), set(b.value.split(","))
    return mine == theirs or (a.noun != "range" and mine <= theirs)


def _hours(a: Mention, b: Mention) -> bool:
    return bool(a.values & b.values) or ("-" not in a.value and bool(a.values & set(b.value.split("-"))))


def _name(a: Mention, b: Mention) -> bool:
    if a.value.rstrip("s") == b.value.rstrip("s"):
        return True
    shorter = f" {a.value} " in f" {b.value} "
    longer = f" {b.value} " in f" {a.value} " and not re.search(r"\d", a.value)
    return shorter or longer or _kindred(a.value, b.value)


def _kindred(a: str, b: str) -> bool:
    """Britain, British: one word and its adjective."""
    alike = a.isalpha() and b.isalpha() and min(len(a), len(b)) > 5 and a[:4] == b[:4]
    return alike and bool(_DEMONYM.search(a) or _DEMONYM.search(b))


def _reference(a: Mention, b: Mention) -> bool:
    return a.value == b.value


_COMPARE: dict[str, Callable[[Mention, Mention], bool]] = {
    "link": _link,
    "price": _numeric,
    "percent": _numeric,
    "unit": _numeric,
    "age": _numeric,
    "duration": _numeric,
    "number": _numeric,
    "date": _date,
    "days": _days,
    "hours": _hours,
    "reference": _reference,
    "name": _name,
}
