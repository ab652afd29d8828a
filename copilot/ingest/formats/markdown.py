"""Markdown and plain text: the blocks are exact slices of the file as an editor shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from copilot import frontmatter
from copilot.ingest import metadata
from copilot.ingest.encoding import Decoded, decode
from copilot.ingest.parts import Block, Parsed, Source
from copilot.messages import localized
from copilot.records import Notice

_COMMENT = re.compile(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)
_PARAGRAPH = re.compile(r"\S(?:.*?\S)?(?=\s*\Z|\s*\n[ \t]*\n)", re.DOTALL)
_MARKS = re.compile(r"[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}|!?\[([^\]]*)\]\([^)]*\)")
_ATTRIBUTE = re.compile(r"\s*\{#([\w-]+)\}\s*$")


def parse_markdown(source: Source) -> Parsed:
    """Read Markdown with optional front matter and entry comments.

    Raises:
        UnreadableFileError: not a text.
        FileFormatError: a mistake in the front matter or in an entry comment, at ``path:line``.
    """
    decoded = decode(source.data, source.path)
    front = frontmatter.read(decoded.text, source.path)
    lines = {key: front.file.where((key,)) for key in front.data}
    said = metadata.from_keys(front.data, f"{source.path}:1", lines)
    blocks = tuple(_blocks(decoded.text, front.body_start, source.path))
    return Parsed(decoded.text, blocks, "md", said, encoding_notice(decoded, source.path))


def parse_text(source: Source) -> Parsed:
    """Read plain text: paragraphs apart by empty lines; front matter is understood here too.

    Raises:
        UnreadableFileError: not a text.
    """
    decoded = decode(source.data, source.path)
    front = frontmatter.read(decoded.text, source.path)
    said = metadata.from_keys(front.data, f"{source.path}:1")
    blocks = tuple(
        Block("paragraph", match.start(), match.end())
        for match in _PARAGRAPH.finditer(decoded.text, front.body_start)
    )
    return Parsed(decoded.text, blocks, "txt", said, encoding_notice(decoded, source.path))


def encoding_notice(decoded: Decoded, path: str) -> tuple[Notice, ...]:
    """Say that a legacy encoding was guessed, when it was."""
    if not decoded.guessed:
        return ()
    message = localized("ingest.encoding_guessed", path=path, encoding=decoded.encoding)
    return (Notice("ingest.encoding_guessed", message),)


def plain(markdown: str) -> str:
    """Return a heading's text without its marks (``**``, links, ``{#anchor}``)."""
    text = _MARKS.sub(lambda m: m[1] or "", _ATTRIBUTE.sub("", markdown))
    return " ".join(text.split())


def _blocks(text: str, body_start: int, path: str) -> Iterator[Block]:
    """Yield the blocks; a metadata comment right under a heading becomes the heading's metadata."""
    line_before = text.count("\n", 0, body_start)
    held: list[Block] = []  # a heading and the comments under it
    for line, block in _pieces(text, body_start):
        if held and block.kind == "hidden":
            where = f"{path}:{line_before + line + 1}"
            held[0] = _with_metadata(held[0], text[block.start : block.end], where)
            held.append(block)
            continue
        yield from held
        held = [block] if block.kind == "heading" else []
        if not held:
            yield block
    yield from held


def _pieces(text: str, body_start: int) -> Iterator[tuple[int, Block]]:
    """Yield headings, paragraphs and comments with the line of the body they begin in."""
    starts = [body_start, *(m.end() for m in re.finditer(r"\n", text) if m.end() > body_start)]
    starts.append(len(text))
    for token in _top_level(text[body_start:]):
        first, last = token.map
        start, end = _trim(text, starts[first], starts[min(last, len(starts) - 1)])
        if token.type == "heading_open":
            yield first, _heading(text, start, end, int(token.tag[1]))
        else:
            yield from (
                (first, piece) for piece in _without_comments(text, start, end, token.type == "fence")
            )


def _top_level(body: str) -> Iterator[Any]:
    return (t for t in _parser().parse(body) if t.level == 0 and t.map and t.type != "hr")


@cache
def _parser() -> Any:
    from markdown_it import MarkdownIt

    # The inline pass is not needed: blocks are cut by lines.
    return MarkdownIt("commonmark").enable("table").disable(["inline"])


def _heading(text: str, start: int, end: int, level: int) -> Block:
    raw = text[start:end].lstrip()
    title = raw.lstrip("#").rstrip().rstrip("#") if raw.startswith("#") else raw.split("\n")[0]
    return Block("heading", start, end, title=plain(_COMMENT.sub("", title)), level=level)


def _with_metadata(heading: Block, comment: str, where: str) -> Block:
    match = _COMMENT.match(comment)
    said = metadata.from_comment(match[1], where) if match else None
    if said is None:
        return heading
    return replace(heading, meta=replace(said.over(heading.meta), id=said.id or heading.meta.id))


def _without_comments(text: str, start: int, end: int, literal: bool) -> Iterator[Block]:
    """Cut a block around the comments in it, which no reader of the page sees."""
    at = start
    for match in () if literal else _COMMENT.finditer(text, start, end):
        yield from _piece(text, at, match.start())
        yield Block("hidden", match.start(), match.end())
        at = match.end()
    yield from _piece(text, at, end)


def _piece(text: str, start: int, end: int) -> Iterator[Block]:
    start, end = _trim(text, start, end)
    if end > start:
        yield Block("paragraph", start, end)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
