"""Values that a text works out from proved ones: a total, a share, the same delay in other words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from copilot.facts.mention import Mention

_WORKED_OUT = re.compile(
    r"\b(?:soit|donc|(?:vous )?(?:coutera?|couteront|reviendra|reviennent)|(?:cela|ca) (?:vous )?fera"
    r"|au total|en tout|ce qui (?:fait|donne|represente|revient)"
    r"|(?:cela|ca) (?:fait|represente|revient)|revient a|total de|so|total(?:ling)?|altogether"
    r"|that(?:'s| is| makes)|which (?:is|makes|comes)|comes? to)\b"
    r"[^.!?]{0,40}$"
)
_EXACT = ("min", "month")
_APPOSED = re.compile(
    r"\W*(?:environ|a peu pres|soit|plus exactement|exactement|precisement|or|that is|i\.e\.)?\W*"
)
_EXPLAINED = re.compile(r",? ?(?:soit|c'est-a-dire|i\.e\.|that is|:|\()")
_CLOSE, _LOOSE, _CENT, _MOST = Decimal("0.05"), Decimal("0.12"), Decimal("0.01"), 30


def worked_out(mention: Mention, text: str, proved: Sequence[Mention], told: Sequence[Mention] = ()) -> bool:
    """Does a price announced as a result ("soit 43,89 €") follow from proved amounts of its sentence?

    The results known are the sum of two or three prices, a price as many times as the sentence ``told`` of
    things or nights, and a price reduced to or by a percentage, to the cent.
    """
    if mention.kind != "price" or mention.low is None or mention.low != mention.high:
        return False
    if not (_WORKED_OUT.search(text[: mention.start]) or _EXPLAINED.match(text, mention.end)):
        return False
    return any(abs(result - mention.low) <= _CENT for result in _results(proved, told))


def _results(proved: Sequence[Mention], told: Sequence[Mention]) -> Iterator[Decimal]:
    prices = [m.low for m in proved if m.kind == "price" and m.low is not None]
    shares = [m.low / 100 for m in proved if m.kind == "percent" and m.low is not None]
    for size in (2, 3):
        for group in combinations(prices, size):
            yield sum(group, Decimal(0))
    counts = {_count(m) for m in told} - {None}
    yield from (price * count for price in prices for count in counts if count is not None)
    for price in prices:
        for share in shares:
            yield price * share
            yield price * (1 - share)


def _count(mention: Mention) -> Decimal | None:
    """How many things, or days and nights, a mention counts."""
    if mention.low is None or mention.low != mention.high:
        return None
    days = mention.low / 1440 if mention.base == "min" else mention.low
    counted = mention.kind == "number" or (mention.kind == "duration" and days == days.to_integral_value())
    return days if counted and 1 < days <= _MOST else None


def glossed(mention: Mention, text: str, proved: Sequence[Mention]) -> bool:
    """Does an apposition say a delay more exactly ("un mois, trente jours précisément")?"""
    if mention.kind != "duration" or mention.base not in _EXACT or mention.low != mention.high:
        return False
    beside = [m for m in proved if m.kind == "duration" and m.base in _EXACT and m.low == m.high]
    return any(
        abs(m.minutes - mention.minutes) <= (_LOOSE if mention.bound else _CLOSE) * mention.minutes
        and _APPOSED.fullmatch(_between(mention, m, text))
        for m in beside
    )


def _between(a: Mention, b: Mention, text: str) -> str:
    return text[min(a.end, b.end) : max(a.start, b.start)]
