"""SMS: what a text costs in messages, and what would make it cheaper.

GSM-7 and UCS-2 as 3GPP TS 23.038 and 23.040 have them: 160 septets in one message or 153 in each of several;
one character outside the GSM alphabet (``ê``, ``’``, a no-break space) turns the whole text to 70 or 67.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

from copilot.channels.segments import without_lone_surrogates
from copilot.records import Edit, Span

_SINGLE = {"GSM-7": 160, "UCS-2": 70}
_JOINED = {"GSM-7": 153, "UCS-2": 67}
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_PLAIN = {
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "′": "'",
    "´": "'",
    "`": "'",
    "“": '"',
    "”": '"',
    "„": '"',
    "″": '"',
    "‹": "'",
    "›": "'",
    "–": "-",
    "—": "-",
    "−": "-",
    "‐": "-",
    "‑": "-",
    "•": "-",
    "·": "-",
    "…": "...",
    "œ": "oe",
    "Œ": "OE",
    "×": "x",
    "÷": "/",
    "№": "No",
    "°": "o",
    "⁄": "/",
    "―": "-",
    "\t": " ",
    "\u2028": "\n",
    "\u2029": "\n",
}


@dataclass(frozen=True, slots=True)
class Sms:
    """What a text costs. ``used`` and ``capacity`` are septets (GSM-7) or UTF-16 units (UCS-2)."""

    encoding: Literal["GSM-7", "UCS-2"]
    used: int
    segments: int
    capacity: int


def is_gsm(character: str) -> bool:
    """Return whether a character belongs to the GSM alphabet or its extension."""
    return character in _BASIC or character in _EXTENDED


def measure(text: str) -> Sms:
    """Return the encoding, the length and the number of messages of a text."""
    import smsutil

    text = without_lone_surrogates(text)
    encoding: Literal["GSM-7", "UCS-2"] = "GSM-7" if all(map(is_gsm, text)) else "UCS-2"
    if not text:
        return Sms(encoding, 0, 0, _SINGLE[encoding])
    if encoding == "GSM-7":
        used = len(text) + sum(character in _EXTENDED for character in text)
        parts = smsutil.gsm_split(text).parts
    else:
        used = len(text.encode("utf-16-le")) // 2
        parts = smsutil.unicode_split(text).parts
    segments = len(parts)
    capacity = _SINGLE[encoding] if segments == 1 else segments * _JOINED[encoding]
    return Sms(encoding, used, segments, capacity)


def typographic(character: str) -> str | None:
    """Return how a GSM phone writes a typographic sign (``’`` as ``'``), or None if it has no such form."""
    if character in _PLAIN:
        return _PLAIN[character]
    if unicodedata.category(character) in ("Zs", "Cf"):
        return " " if unicodedata.category(character) == "Zs" else ""
    folded = unicodedata.normalize("NFKC", character).replace("\u2044", "/")
    return folded if folded != character and all(map(is_gsm, folded)) else None


def unaccented(character: str) -> str | None:
    """Return the nearest letter of the GSM alphabet (``ê`` as ``e``), or None."""
    base = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    return base if base and all(map(is_gsm, base)) else None


def foreign(text: str) -> list[Span]:
    """Return the spans of what keeps a text out of GSM-7; a letter and its combining accents are one span."""
    spans: list[Span] = []
    for at, character in enumerate(text):
        if is_gsm(character):
            continue
        combining = unicodedata.combining(character) and at
        start = spans.pop().start if combining and spans and spans[-1].end == at else at - bool(combining)
        spans.append(Span(start, at + 1))
    return spans


def edits(text: str, *, accents: bool) -> tuple[Edit, ...] | None:
    """Return the edits that bring a text to GSM-7, or None when some character has no equivalent.

    Args:
        text: the text.
        accents: give up accents too (``forêt`` becomes ``foret``), which changes the spelling.
    """
    found: list[Edit] = []
    # “« mot »” is '"mot"': its inner spaces belong to the quotation marks.
    position = 0
    for start, end in _with_quotes(text):
        if end <= position:
            continue
        span = Span(max(start, position), end)
        written = _written(text[span.start : span.end], accents)
        if written is None:
            return None
        found.append(Edit(span, written))
        position = span.end
    return tuple(found)


def _with_quotes(text: str) -> list[Span]:
    spans: list[Span] = []
    for span in foreign(text):
        start, end = span
        if text[start] == "«" and text[end : end + 1] in ("\u00a0", "\u202f", " "):
            end += 1
        elif text[start] == "»" and start and text[start - 1] == " ":
            start -= 1
        elif text[start] in "\u00a0\u202f" and text[end : end + 1] == "»":
            end += 1
        spans.append(Span(start, end))
    return spans


def _written(piece: str, accents: bool) -> str | None:
    if "«" in piece or "»" in piece:
        return '"'
    composed = unicodedata.normalize("NFC", piece)
    if all(map(is_gsm, composed)):
        return composed
    written: list[str] = []
    for character in composed:
        plain = typographic(character)
        if plain is None and accents:
            plain = unaccented(character)
        if plain is None:
            return None
        written.append(plain)
    return "".join(written)
