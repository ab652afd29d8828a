"""One checkable mention as the recognisers read it, before it becomes a public ``Fact``."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal

NUMERIC = frozenset({"price", "percent", "duration", "unit", "number", "age"})
CONTACTS = frozenset({"email", "link", "phone"})
_MINUTES = {"month": 43_200}
ROUND_THE_CLOCK = "T00:00-T24:00"
MOMENTS = frozenset({"date", "hours", "days"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A typed value at ``start:end`` of the folded text.

    ``value`` is canonical; ``also`` are other canonical forms it may be read as. ``low`` and ``high``
    bound numeric kinds in ``base`` units; ``rate`` is the period of a price (``month``); ``bound`` is
    ``from``, ``max``, ``about`` or empty; ``loose`` marks what is too weak to accuse alone, ``own`` a value
    of the customer's own (her child's age), which no knowledge can prove.
    """

    kind: str
    start: int
    end: int
    value: str
    also: frozenset[str] = field(default_factory=frozenset)
    low: Decimal | None = None
    high: Decimal | None = None
    base: str = ""
    rate: str = ""
    bound: str = ""
    noun: str = ""
    loose: bool = False
    own: bool = False

    def moved(self, offset: int) -> Mention:
        """Return the same mention ``offset`` characters further on."""
        return replace(self, start=self.start + offset, end=self.end + offset)

    @property
    def minutes(self) -> Decimal:
        """How long at least a duration is, a month of thirty days."""
        return (self.low or Decimal(0)) * _MINUTES.get(self.base, 1)

    @property
    def values(self) -> frozenset[str]:
        """All canonical forms."""
        return self.also | {self.value}
