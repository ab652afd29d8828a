"""The plain text of formats that aren't text: what a person sees when the file is open."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from copilot.ingest.parts import NOTHING_SAID, Block, Metadata, Parsed
from copilot.records import Notice

_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_ODD_SPACES = re.compile("[\u2000-\u2006\u2008-\u200a\u205f\u3000\t\v\f]")
_RUNS = re.compile(r" {2,}")
_BREAKS = re.compile(r"[ \t]*\n[ \t]*")
_ELISION = re.compile(r"(?<=[A-Za-zÀ-ÿ])['\u02bc\u00b4`](?=[A-Za-zÀ-ÿœŒ])")
_NO_BREAK = re.compile(" *([\u00a0\u202f\u2007])[ \u00a0\u202f\u2007]+| +([\u00a0\u202f\u2007])")


def tidy(text: str) -> str:
    """Mend what a file format leaves behind: invisible characters, odd and doubled spaces.

    No-break spaces stay where French typography wants them. Apostrophes become one kind when a text
    mixes both, so that a reply composed from it doesn't.
    """
    text = _ODD_SPACES.sub(" ", _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    text = _BREAKS.sub("\n", _RUNS.sub(" ", text))
    text = _NO_BREAK.sub(lambda match: match[1] or match[2], text)
    if "\u2019" in text:
        text = _ELISION.sub("\u2019", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def uneven(text: str) -> bool:
    """Tell whether a text mixes both kinds of apostrophe or holds odd or invisible spaces."""
    mixed = "\u2019" in text and _ELISION.search(text)
    return bool(mixed or _INVISIBLE.search(text) or _ODD_SPACES.search(text) or _NO_BREAK.search(text))


class Rendering:
    """A plain text being written block by block; each block remembers where it stands."""

    def __init__(self, format_name: str) -> None:
        self.format = format_name
        self.metadata = NOTHING_SAID
        self.blocks: list[Block] = []
        self.notices: list[Notice] = []
        self._pieces: list[str] = []
        self._length = 0

    def heading(self, text: str, level: int, **where: Any) -> None:
        """Add a heading; an empty one is ignored."""
        text = " ".join(tidy(text).split())
        if text:
            start, end = self._add(text)
            self.blocks.append(Block("heading", start, end, title=text, level=level, **where))

    def paragraph(self, text: str, **where: Any) -> None:
        """Add a paragraph; ``where`` are fields of ``Block`` (``page``, ``row``, ``drop``…)."""
        clean = tidy(text)
        if clean:
            start, end = self._add(clean)
            self.blocks.append(Block("paragraph", start, end, tidied=uneven(text), **where))

    def entry(self, question: str, answer: str, meta: Metadata = NOTHING_SAID, **where: Any) -> None:
        """Add a question with its answer; the block's span is the answer's."""
        tidied = uneven(answer)
        question, answer = " ".join(tidy(question).split()), tidy(answer)
        if not answer:
            return
        if question:
            self._add(question, after="\n")
        start, end = self._add(answer)
        self.blocks.append(Block("entry", start, end, title=question, meta=meta, tidied=tidied, **where))

    def include(self, part: Parsed, name: str) -> None:
        """Append a whole parsed file (a member of an archive, a sheet) under a heading of its name."""
        for block in part.blocks:
            shifted = replace(block, start=block.start + self._length, end=block.end + self._length)
            meta = shifted.meta.over(replace(part.metadata, id="", title=""))
            self.blocks.append(replace(shifted, headings=(name, *block.headings), meta=meta))
        self._add(part.text)
        self.notices.extend(part.notices)

    def done(self) -> Parsed:
        """Return what was written."""
        text = "".join(self._pieces)
        return Parsed(text, tuple(self.blocks), self.format, self.metadata, tuple(self.notices))

    def _add(self, text: str, after: str = "\n\n") -> tuple[int, int]:
        start = self._length
        self._pieces.append(text + after)
        self._length += len(text) + len(after)
        return start, start + len(text)
