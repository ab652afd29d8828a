"""Split a text that is too long into numbered messages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import regex

from copilot import channels
from copilot import text as texts
from copilot.channels import segments
from copilot.shorten.meaning import belongs


def split_thread(text: str, channel: str, *, folders: Sequence[Path] = ()) -> list[str]:
    """Split a text into numbered messages that each fit their channel, at the borders of sentences.

    A text that fits is returned alone and without a number. A sentence too long for one message is cut
    between clauses, then between words; only a word longer than a whole message is cut itself.

    Args:
        text: the text.
        channel: a name of the table.
        folders: workspaces' ``channels/`` folders.
    """

    def fits(piece: str) -> bool:
        return channels.fits(piece, channel, folders=folders)

    if not text.strip() or fits(text):
        return [text]
    for digits in range(1, 6):
        pieces = _pieces(text, fits, f" ({'9' * digits}/{'9' * digits})")
        if len(pieces) < 10**digits:
            break
    return [f"{piece} ({number}/{len(pieces)})" for number, piece in enumerate(pieces, 1)]


def _pieces(text: str, fits: Callable[[str], bool], marker: str) -> list[str]:
    found = _packed(text, lambda piece: fits(piece.strip() + marker), 0)
    return [piece.strip() for piece in found if piece.strip()]


def _packed(text: str, fits: Callable[[str], bool], level: int) -> list[str]:
    """Return pieces that fit, as full as can be, cut at the coarsest border that serves."""
    if fits(text) or level == len(_CUTS):
        return [text]
    pieces: list[str] = []
    current = ""
    for atom in _CUTS[level](text):
        if fits(current + atom):
            current += atom
            continue
        if current.strip():
            pieces.append(current)
        *full, current = _packed(atom, fits, level + 1)
        pieces.extend(full)
    return [*pieces, current] if current else pieces


def _at(text: str, places: Sequence[int]) -> list[str]:
    return [text[start:end] for start, end in pairwise([0, *places, len(text)]) if start < end]


def _statements(text: str) -> list[str]:
    """Cut between statements, a restriction staying with what it restricts."""
    spans = texts.sentences(text)
    words = [text[start:end] for start, end in spans]
    return _at(text, [spans[i].start for i in range(1, len(spans)) if not belongs(words[i - 1], words[i])])


def _between(pattern: str) -> Callable[[str], list[str]]:
    compiled = regex.compile(pattern)
    return lambda text: _at(text, [found.end() for found in compiled.finditer(text)])


_CUTS: tuple[Callable[[str], list[str]], ...] = (
    _statements,
    lambda text: _at(text, [span.start for span in texts.sentences(text)[1:]]),
    segments.sentences,
    _between(r"[,;:–—]\s+"),
    _between(r"[ \n\t]+"),
    segments.words,
    segments.graphemes,
    list,
)
