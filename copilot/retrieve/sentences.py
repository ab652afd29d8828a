"""Sentences of a passage, as spans."""

from __future__ import annotations

import re

from copilot.records import Span

_SHORTENED = """
m mm mme mlle dr pr st ste art cf ex env etc tél tel n no nos p pp vol fig mr mrs ms vs e.g i.e approx
dept
"""
_ABBREVIATIONS = frozenset(_SHORTENED.split())
_END = re.compile(r"(?:[.!?…]+[»”\"')\]]*(?=\s|$))|\n+|[;:](?=\s*\n)")


def sentences(text: str) -> list[Span]:
    """Split a text at its full stops, question marks and line breaks; abbreviations don't end a sentence."""
    spans: list[Span] = []
    start = 0
    for end in _END.finditer(text):
        if end.group().strip() == "." and _abbreviated(text[start : end.start()]):
            continue
        _append(spans, text, start, end.end())
        start = end.end()
    _append(spans, text, start, len(text))
    return spans


def _abbreviated(before: str) -> bool:
    last = before.rsplit(None, 1)[-1:] or [""]
    word = last[0].lstrip("(«“\"'").lower()
    return word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha())


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    part = text[start:end]
    left = start + len(part) - len(part.lstrip(" \t\n\r\u00a0\u202f-–—•*"))
    right = end - (len(part) - len(part.rstrip()))
    if left < right:
        spans.append(Span(left, right))
