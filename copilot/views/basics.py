"""What all views share: escaped excerpts, places, numbers and plurals in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from html import escape

from copilot.messages import message
from copilot.records import Chunk, Passage, Span


def short(text: str, size: int = 60) -> str:
    """Return a text cut to ``size`` characters, with an ellipsis where something is missing."""
    return text if len(text) <= size else text[: size - 1].rstrip() + "…"


def number(value: int, language: str) -> str:
    """Return a whole number as the reader writes it: ``2 200`` in French, ``2,200`` in English."""
    return f"{value:,}".replace(",", "\u202f" if language == "fr" else ",")


def moment(at: datetime, language: str, zone: tzinfo | None = None) -> str:
    """Return a moment as the reader writes it: ``20/11/2026 09:30`` in French, ``20 Nov 2026, 09:30``.

    ``zone`` is where her clock goes; the moment's own zone without it.
    """
    local = at.astimezone(zone) if zone else at
    return local.strftime("%d/%m/%Y %H:%M") if language == "fr" else f"{local.day} {local:%b %Y, %H:%M}"


def counted(key: str, count: int, language: str, **params: object) -> str:
    """Return the message ``key`` for one thing, ``key_many`` for another number (French: 0 is singular)."""
    one = count == 1 or (language == "fr" and count == 0)
    return message(key if one else f"{key}_many", language, count=number(count, language), **params)


def title_of(chunk: Chunk) -> str:
    """Return what a person calls a chunk: its question, else its headings, else its file."""
    return chunk.question or " › ".join(chunk.headings) or chunk.path


def place(passage: Passage, language: str) -> str:
    """Return where a passage stands: file, then page or row."""
    chunk = passage.chunk
    if chunk.page is not None:
        return f"{chunk.path}, {message('views.page', language, number=chunk.page)}"
    if chunk.row is not None:
        return f"{chunk.path}, {message('views.row', language, number=chunk.row)}"
    return chunk.path


def highlighted(text: str, spans: Mapping[Span, Sequence[int]]) -> str:
    """Return a text with the given spans in ``<mark>``; where they overlap the first one wins.

    The numbers of a span become its ``data-sentences``.
    """
    pieces, position = [], 0
    for (start, end), numbers in sorted(spans.items()):
        if end <= position:
            continue
        start = max(start, position)
        tied = f' data-sentences="{" ".join(map(str, numbers))}"' if numbers else ""
        pieces.append(f"{escape(text[position:start])}<mark{tied}>{escape(text[start:end])}</mark>")
        position = end
    return "".join([*pieces, escape(text[position:])])


def utf16(text: str, offset: int) -> int:
    """Return the offset in UTF-16 code units of an offset in code points."""
    return offset + sum(1 for character in text[:offset] if ord(character) > 0xFFFF)
