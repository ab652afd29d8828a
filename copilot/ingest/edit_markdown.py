"""Editing one entry of a Markdown file by replacing the few characters that change."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections.abc import Mapping
from itertools import takewhile

from copilot.errors import InputError
from copilot.ingest.encoding import decode_raw
from copilot.ingest.formats.markdown import parse_markdown
from copilot.ingest.metadata import fields, fold, from_comment
from copilot.ingest.parts import Block, Source
from copilot.records import Chunk

_PAIR = re.compile(r"(\s*)([^:=;\n]+?)(\s*[:=]\s*)([^;\n]*?)(\s*)(?=;|\n|\Z)")
_MARKED = re.compile(r"\A(\s{0,3}#{1,6}[ \t]+)(.*?)([ \t]*#*[ \t]*(?:\{#[\w-]+\})?)\Z", re.DOTALL)
_Edits = list[tuple[int, int, str]]


class RawText:
    """A text as it stands in the file, with offsets of its normalised form (``\\n`` line ends)."""

    def __init__(self, source: Source) -> None:
        self.raw, self.encoding = decode_raw(source.data, source.path)
        self.newline = "\r\n" if "\r\n" in self.raw else "\n"
        ends = [match.start() for match in re.finditer("\r\n", self.raw)]
        self._ends = [end - number for number, end in enumerate(ends)]

    def edited(self, edits: _Edits) -> bytes:
        """Return the file's bytes after replacing ``(start, end, text)`` spans of the normalised form.

        The encoding stays, unless it lacks a character of the new words: UTF-8 then.
        """
        text = self.raw
        for start, end, new in sorted(edits, reverse=True):
            new = new.replace("\n", self.newline)
            text = text[: self._at(start)] + new + text[self._at(end) :]
        return encoded(text, self.encoding)

    def _at(self, offset: int) -> int:
        return offset + bisect_left(self._ends, offset)


def encoded(text: str, encoding: str) -> bytes:
    """Encode as the file was, or in UTF-8 where that can't hold every character."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode("utf-8")


def edit_section(
    source: Source, chunk: Chunk, question: str | None, answer: str | None, said: Mapping[str, str]
) -> bytes:
    """Return the file with one entry changed.

    Raises:
        InputError: the entry has no heading of its own in the file.
    """
    parsed = parse_markdown(source)
    text = parsed.text
    heading, comment = _around(parsed.blocks, chunk, source.path, text)
    edits: _Edits = []
    if answer is not None and answer.strip() != chunk.text:
        edits.append((chunk.start, chunk.end, _lines(answer)))
    if question is not None and question != chunk.question:
        edits.append(_new_title(text, heading, " ".join(question.split())))
        # An id derived from the question would change with it and lose what was learnt from it.
        said = {**said, **({} if heading.meta.id else {"id": chunk.id})}
    if said and comment:
        inside = _updated(text[comment.start + 4 : comment.end - 3], said)
        edits.append((comment.start + 4, comment.end - 3, inside))
    elif said:
        edits.append((heading.end, heading.end, f"\n<!-- {_pairs(said)} -->"))
    return RawText(source).edited(edits)


def append_section(source: Source, question: str, answer: str, said: Mapping[str, str]) -> tuple[str, bytes]:
    """Return the new entry's id and the file with the entry at its end."""
    raw = RawText(source)
    text = raw.raw.replace("\r\n", "\n")
    stem = "-".join(fold(question).split())[:60].strip("-")
    entry_id = f"{stem}-{hashlib.sha256(question.encode()).hexdigest()[:6]}"
    number = 1
    while re.search(rf"\bid: {re.escape(entry_id)}\b", text):
        number += 1
        entry_id = f"{entry_id.rpartition('~')[0] or entry_id}~{number}"
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    section = f"## {question}\n<!-- {_pairs({'id': entry_id, **said})} -->\n\n{_lines(answer)}\n"
    return entry_id, raw.edited([(len(text), len(text), gap + section)])


def _around(blocks: tuple[Block, ...], chunk: Chunk, path: str, text: str) -> tuple[Block, Block | None]:
    """Find the entry's heading and, below it, its metadata comment."""
    above = [n for n, b in enumerate(blocks) if b.kind == "heading" and b.start < chunk.start]
    numbers = [n for n in above if blocks[n].title == chunk.question]
    if not numbers:
        raise InputError("ingest.no_such_entry", where=path, id=chunk.id)
    heading = blocks[numbers[-1]]
    below = takewhile(lambda b: b.kind == "hidden", blocks[numbers[-1] + 1 :])
    comments = (b for b in below if from_comment(text[b.start + 4 : b.end - 3], path) is not None)
    return heading, next(comments, None)


def _new_title(text: str, heading: Block, title: str) -> tuple[int, int, str]:
    marked = _MARKED.match(text[heading.start : heading.end])
    if marked:
        start = heading.start + marked.end(1)
        return start, start + len(marked[2]), title
    return heading.start, heading.start + text[heading.start : heading.end].rindex("\n"), title


def _updated(inside: str, said: Mapping[str, str]) -> str:
    """Change the values of known keys, whatever name they go by, and add those not said yet."""
    left = dict(said)

    def value(match: re.Match[str]) -> str:
        role = fields().keys.get(fold(match[2]))
        key = next((k for k in left if fields().keys[fold(k)] == role), None)
        return match[0] if key is None else "".join(match.group(1, 2, 3)) + left.pop(key) + match[5]

    changed = _PAIR.sub(value, inside)
    return f"{changed.rstrip().rstrip(';')}; {_pairs(left)} " if left else changed


def _pairs(said: Mapping[str, str]) -> str:
    return "; ".join(f"{key}: {value}" for key, value in said.items())


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
