"""Finding personal data: patterns, checked by the keys of the numbers where they carry one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from copilot.privacy import numbers
from copilot.privacy.names import names
from copilot.privacy.places import addresses
from copilot.records import PersonalData, Span

KINDS = (
    "email", "ip", "iban", "nir", "card", "siret", "siren", "phone", "order", "plate", "id_number",
    "address", "name",
)  # fmt: skip

Hit = tuple[int, int]
Finder = Callable[[str], Iterator[Hit]]

_EMAIL = re.compile(
    r"(?<![\w.+@-])[\w.+-]{1,64}(?:@|\s@\s|\s?(?:\(at\)|\[at\])\s?|\s(?:arobase|at)\s)[\w-]+(?:\s?\.\s?[\w-]+)*"
    r"(?:\.|\s?(?:\(dot\)|\[dot\]|\(point\)|\[point\])\s?|\s(?:point|dot)\s)[a-z]{2,12}(?![\w@])",
    re.IGNORECASE,
)
_IP4 = re.compile(r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.]*\d)")
_IP6 = re.compile(r"(?<![\w:])(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4}){1,7}(?![\w:])", re.IGNORECASE)
_VERSION_BEFORE = re.compile(r"(?:version|v|ver|maj|build|firmware|update|mise à jour)\.?\s*$", re.IGNORECASE)


def find(
    text: str, *, country: str = "FR", patterns: Mapping[str, str] | None = None
) -> tuple[PersonalData, ...]:
    """Return the personal data of ``text`` in text order, without overlaps.

    Args:
        text: as the user sees it; spans are offsets into it.
        country: ISO 3166 code: national phone numbers are read in its writing.
        patterns: the brand's own references (order, ticket…), name → regular expression; their hits
            have kind ``order``.
    """
    taken: list[Hit] = []
    found: list[PersonalData] = []
    for kind, finder in _finders(text, country, patterns or {}):
        for start, end in finder(text):
            if any(start < stop and end > begin for begin, stop in taken):
                continue
            taken.append((start, end))
            found.append(PersonalData(kind, Span(start, end), text[start:end]))
    return tuple(sorted(found, key=lambda item: item.span))


def _finders(text: str, country: str, patterns: Mapping[str, str]) -> Iterator[tuple[str, Finder]]:
    """Yield the finders worth running, the surest first: what they take is taken."""
    has_digit = any(c.isdigit() for c in text)
    if "@" in text or _spelt_at(text):
        yield "email", _emails
    if has_digit:
        yield "ip", _ips
        for pattern in patterns.values():
            yield "order", _pattern(pattern)
        yield "iban", numbers.ibans
        yield "nir", numbers.nirs
        yield "card", numbers.cards
        yield "id_number", numbers.identity_numbers
        yield "order", numbers.orders
        yield "siret", numbers.sirets
        yield "phone", lambda text: numbers.phones(text, country)
        yield "siret", numbers.sirens
        yield "plate", numbers.plates
        yield "address", addresses
    yield "name", names


def _spelt_at(text: str) -> bool:
    lowered = text.lower()
    return "(at)" in lowered or "[at]" in lowered or "arobase" in lowered


def _emails(text: str) -> Iterator[Hit]:
    for match in _EMAIL.finditer(text):
        yield match.start(), match.end()


def _ips(text: str) -> Iterator[Hit]:
    for match in _IP4.finditer(text):
        if not _VERSION_BEFORE.search(text, 0, match.start()):
            yield match.span()
    if text.count(":") >= 3:
        for match in _IP6.finditer(text):
            if any(c.isalpha() for c in match.group()) or "::" in match.group():
                yield match.span()


@lru_cache(maxsize=128)
def _pattern(pattern: str) -> Finder:
    compiled = re.compile(pattern)
    return lambda text: (match.span() for match in compiled.finditer(text))
