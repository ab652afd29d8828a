"""Questions in formats without headings of their own: a paragraph that asks opens an entry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from copilot.ingest.parts import Block, Parsed

_FORMATS = ("txt", "pdf", "docx")
_LONGEST = 200
_BELOW_ALL = 7
_ASKED = re.compile(r"(?:Q(?:uestion)?\s*\d*\s*[:.)]\s*)?(?P<question>[^\n]*?[?？؟])", re.IGNORECASE)
_TOLD = re.compile(r"(?:R|A|Réponse|Answer)\s*\d*\s*[:)]\s*(?=\S)", re.IGNORECASE)
_TITLE = re.compile(r"[^\n]{1,100}[^\n.!?…:;,]")
_INNER_END = re.compile(r"[.!?…]\s")


def with_questions(parsed: Parsed) -> Parsed:
    """Make headings of the lines that are one question each; what follows, up to the next, answers it."""
    if parsed.format not in _FORMATS:
        return parsed
    blocks = list(_promoted(parsed))
    if any(b.level == _BELOW_ALL for b in blocks) and blocks[0].kind == "paragraph":
        title = parsed.text[blocks[0].start : blocks[0].end]
        if _TITLE.fullmatch(title):
            blocks[0] = replace(blocks[0], kind="heading", title=title, level=1)
    return replace(parsed, blocks=tuple(blocks))


def _promoted(parsed: Parsed) -> Iterator[Block]:
    asked = False
    for block in parsed.blocks:
        if block.kind != "paragraph" or block.drop:
            yield block
            continue
        text = parsed.text[block.start : block.end]
        first, _, rest = text.partition("\n")
        match = _ASKED.fullmatch(first.strip())
        if match and _is_one_question(match["question"]):
            end = block.start + len(first)
            yield replace(
                block, kind="heading", end=end, title=" ".join(match["question"].split()), level=_BELOW_ALL
            )
            asked = True
            if not rest.strip():
                continue
            skipped = len(rest) - len(rest.lstrip())
            block = replace(block, start=end + 1 + skipped)
        if asked and (told := _TOLD.match(parsed.text, block.start, block.end)):
            block = replace(block, start=told.end())
        asked = False
        yield block


def _is_one_question(text: str) -> bool:
    return len(text) <= _LONGEST and not _INNER_END.search(text.rstrip("?？؟ \u00a0\u202f"))
