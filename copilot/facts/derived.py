"""Values that a text works out from proved ones: a total, a share, the same delay in other words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from copilot.facts.mention import Mention

_WORKED_OUT = re.compile(
    r"\b(?:soit|donc|au total|en tout|ce qui (?:fait|donne|represente|revient)"
    r"|(?:cela|ca) (?:fait|represente|revient)|revient a|total de|so|total(?:ling)?|altogether"
    r"|that(?:'s| is| makes)|which (?:is|makes|comes)|comes? to)\b"
    r"[^.!?]{0,40}$"
)
_EXACT = ("min", "month")
_APPOSED = re.compile(
    r"\W*(?:environ|a peu pres|soit|plus exactement|exactement|precisement|or|that is|i\.e\.)?\W*"
)
_CLOSE, _CENT = Decimal("0.05"), Decimal("0.01")


def worked_out(mention: Mention, text: str, proved: Sequence[Mention]) -> bool:
    """Does a price announced as a result ("soit 43,89 €") follow from proved amounts of its sentence?

    The results known are the sum of two or three prices, and a price reduced to or by a percentage,
    to the cent.
    """
    if mention.kind != "price" or mention.low is None or mention.low != mention.high:
        return False
    if not _WORKED_OUT.search(text[: mention.start]):
        return False
    return any(abs(result - mention.low) <= _CENT for result in _results(proved))


def _results(proved: Sequence[Mention]) -> Iterator[Decimal]:
    prices = [m.low for m in proved if m.kind == "price" and m.low is not None]
    shares = [m.low / 100 for m in proved if m.kind == "percent" and m.low is not None]
    for size in (2, 3):
        for group in combinations(prices, size):
            yield sum(group, Decimal(0))
    for price in prices:
        for share in shares:
            yield price * share
            yield price * (1 - share)


def glossed(mention: Mention, text: str, proved: Sequence[Mention]) -> bool:
    """Does an apposition say a delay more exactly ("un mois, trente jours précisément")?"""
    if mention.kind != "duration" or mention.base not in _EXACT or mention.low != mention.high:
        return False
    beside = [m for m in proved if m.kind == "duration" and m.base in _EXACT and m.low == m.high]
    return any(
        abs(m.minutes - mention.minutes) <= _CLOSE * mention.minutes
        and _APPOSED.fullmatch(_between(mention, m, text))
        for m in beside
    )


def _between(a: Mention, b: Mention, text: str) -> str:
    return text[min(a.end, b.end) : max(a.start, b.start)]
