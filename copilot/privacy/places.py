"""Postal addresses of people: a street with its number, a postcode with its town."""

from __future__ import annotations

import re
from collections.abc import Iterator

Hit = tuple[int, int]

_WAY = r"""(?i:rue|avenue|av\.?|ave\.?|boulevard|bd\.?|bld\.?|blvd\.?|place|pl\.|all[ée]es?|impasse|imp\.
    |chemin|ch\.|route|rte\.?|quai|cours|square|passage|sentier|ruelle|villa|r[ée]sidence|lotissement|faubourg|fbg\.?|esplanade
    |promenade|voie|hameau|lieu[- ]dit|cit[ée]|clos|mail|mont[ée]e|venelle|rond[- ]point|parvis|traverse)"""
_WORD = r"[^\W\d_][\w'’.\-]*"
_NUMBER = r"\d{1,4}(?:\s?(?i:bis|ter|quater|[a-d])\b)?"
_CODE = r"(?:F-)?(?:0[1-9]|[1-8]\d|9[0-8])\s?\d{3}"
_JOINING = r"(?i:sur|sous|en|les|l[èe]s|de|du|la|le|cedex)"
_TOWN = rf"""(?:(?i:saint|sainte|st|ste|le|la|les|l['’])[\s-]*)?[A-ZÀ-Ýa-zà-ý][\w'’\-]+
    (?:[\s-](?:(?!(?i:merci|cordialement|bonjour|svp|je|vous|tel|mon|ma|et|mais|pour|est)\b)[A-ZÀ-Ý][\w'’\-]+
    |{_JOINING}\b(?:[\s-][A-ZÀ-Ý][\w'’\-]+)?)){{0,4}}(?:\s\d{{1,2}}(?i:er|e|[èe]me)?(?!\d))?"""
_STREET_END = (
    r"""(?=\s*[,.;:!?\n)]|\s+(?:à|a|et|je|svp|mais|pour|merci|c['’]est|on|vous|est|sonnez|chez)\b|\s*$)"""
)
_FRENCH = re.compile(
    rf"""(?<![\w,.]){_NUMBER}\s*,?\s+{_WAY}\s+(?:{_WORD}[ \-]?){{1,6}}?
    (?:\s*[,\n\-–(]?\s*(?:[^\W\d_][\w.]*\s\w{{1,3}}\s*,\s*)?{_CODE}\s*,?\s*{_TOWN}|{_STREET_END})""",
    re.X,
)
_ENGLISH = re.compile(
    r"""(?<![\w,.])\d{1,5}[a-dA-D]?,?\s+(?:[A-Z][\w'’.\-]*\s+){1,4}
    (?i:street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|court|ct|crescent|gardens|terrace|way|boulevard|blvd
    |square|grove|hill|row|mews)\b\.?(?:,?\s+(?i:apt|flat|unit)\.?\s?\w{1,4})?
    (?:,?\s+[A-Z][\w'’\-]+(?:\s[A-Z][\w'’\-]+){0,2})?
    (?:,?\s+(?:[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|[A-Z]{2}\s\d{5}(?:-\d{4})?))?""",
    re.X,
)
_TOWN_ONLY = re.compile(
    rf"""(?<![\w.,-]){_CODE}\s+[A-ZÀ-Ý][\w'’\-]+(?:[\s-](?:[A-ZÀ-Ý][\w'’\-]+|{_JOINING}\b)){{0,4}}
    (?:\s\d{{1,2}}(?!\d))?""",
    re.X,
)
_LIVE = re.compile(
    r"(?:adresse|habit\w*|domicile|livr\w+|address|live|deliver\w*|envoy\w*|r[ée]sid\w*|chez moi)\b"
    r"[^.!?]{0,80}$",
    re.I,
)


def addresses(text: str) -> Iterator[Hit]:
    """Yield postal addresses: number and street (with the town when it is there), or postcode and town
    near a word about where somebody lives."""
    for match in _FRENCH.finditer(text):
        yield match.start(), match.start() + len(match.group().rstrip(" ,\n-("))
    for match in _ENGLISH.finditer(text):
        yield match.start(), match.start() + len(match.group().rstrip(" ,"))
    for match in _TOWN_ONLY.finditer(text):
        if _LIVE.search(text, 0, match.start()):
            yield match.span()
