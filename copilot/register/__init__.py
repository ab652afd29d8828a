"""Tu and vous in French: read the register of a text, convert it, check it against the brand's."""

from __future__ import annotations

import unicodedata
from typing import Literal

from copilot.messages import localized
from copilot.records import Finding, Fix, Span
from copilot.register.conversion import edits
from copilot.register.reading import Reading, detect

__all__ = ["Reading", "check", "convert", "detect"]


def convert(text: str, *, to: Literal["tu", "vous"]) -> str:
    """Rewrite a French text so that its one reader is called ``to``.

    Quotations, names, hashtags and a *vous* that speaks to several people stay as they are.
    """
    for edit in reversed(edits(text, to)):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def check(text: str, wanted: Literal["tu", "vous"]) -> tuple[Finding, ...]:
    """Find what departs from the brand's register; the fix converts the whole text at once.

    Returns:
        ``register.Mixed`` when the text calls its reader both ways, ``register.Wrong`` when it uses
        the other register throughout, nothing otherwise. The span is the first unwanted word.
    """
    reading = detect(text)
    if reading.register in ("none", "plural", wanted):
        return ()
    unwanted = reading.vous if wanted == "tu" else reading.tu
    rule = "Mixed" if reading.register == "mixed" else "Wrong"
    span = unwanted[0]
    repair = edits(text, wanted)
    key = f"register.{rule.lower()}_{wanted}"
    return (
        Finding(
            rule=f"register.{rule}",
            level="error",
            span=span,
            message=localized(key, words=_quoted(text, unwanted)),
            match=text[span.start : span.end],
            why=localized(f"register.why_{rule.lower()}"),
            fix=Fix(localized(f"register.fix_{wanted}"), repair) if repair else None,
        ),
    )


def _quoted(text: str, spans: tuple[Span, ...]) -> str:
    """Return the first distinct words of the spans, for the message."""
    words = dict.fromkeys(unicodedata.normalize("NFC", text[s.start : s.end]).lower() for s in spans)
    return ", ".join(list(words)[:4])
