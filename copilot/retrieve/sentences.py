"""Sentences of a passage, as spans, without the marks that open a list item."""

from __future__ import annotations

from copilot import text as texts
from copilot.records import Span

_MARKS = " \t\u00a0\u202f-–—•*"


def sentences(text: str) -> list[Span]:
    """Return the sentences that hold more than a list mark."""
    opened = (Span(end - len(text[start:end].lstrip(_MARKS)), end) for start, end in texts.sentences(text))
    return [span for span in opened if span.start < span.end]
