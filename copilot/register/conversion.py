"""From one register to the other: the edits that rewrite every word that addresses the reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from copilot.records import Edit
from copilot.register.reading import Parse, parse
from copilot.register.to_tu import ToTu
from copilot.register.to_vous import ToVous
from copilot.register.writer import Piece


def edits(text: str, to: Literal["tu", "vous"]) -> tuple[Edit, ...]:
    """Return the edits that make the whole text say ``to``, in text order, never overlapping."""
    found = parse(text)
    pieces = sorted(_pieces(found, to), key=lambda piece: piece.start)
    source = found.words.source
    kept: list[Edit] = []
    last = -1
    for piece in pieces:
        if piece.start < last:
            continue
        last = piece.end
        span = source.span(piece.start, piece.end)
        written = piece.text.replace("'", _apostrophe(text))
        if text[span.start : span.end] != written:
            kept.append(Edit(span, written))
    return tuple(kept)


def _apostrophe(text: str) -> str:
    return "’" if "’" in text and "'" not in text else "'"


def _pieces(found: Parse, to: Literal["tu", "vous"]) -> Iterator[Piece]:
    if to == "vous":
        polite = ToVous(found)
        for mark in found.tu:
            yield from polite.pieces(mark)
        return
    marks = found.vous
    if not marks and not found.tu and found.crowd.agreed:
        marks = found.plural
    writer = ToTu(found)
    for mark in marks:
        yield from writer.pieces(mark)
    if marks:
        covered = {mark.index for mark in marks}
        yield from writer.predicates(covered)
