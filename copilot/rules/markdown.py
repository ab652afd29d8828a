"""Markdown into blocks of prose, every character mapped to its place in the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any

from copilot.rules.blocks import Block, Segment, sentence_spans
from copilot.rules.pattern import compiled

_SPECIAL = "*_`[]<&\\!~"
_BARE_LINK = r"(?:https?://|www\.)[^\s<]*[^\s<?!.,:;*_~'\")\]]"
_PLACES = {"blockquote_open": "text.blockquote", "list_item_open": "text.list"}
_CELLS = {"th_open": "text.table.header", "td_open": "text.table.cell"}


@cache
def _parser() -> Any:
    from markdown_it import MarkdownIt

    from copilot.rules.inline import destination

    class Parser(MarkdownIt):
        def normalizeLink(self, url: str) -> str:
            """Leave the address as it is written: it is not looked at, and takes long to work out."""
            return url

    parser: Any = Parser("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.disable(["text_join"])
    parser.core.ruler.disable(["inline"])
    parser.helpers = SimpleNamespace(
        parseLinkDestination=destination,
        parseLinkLabel=parser.helpers.parseLinkLabel,
        parseLinkTitle=parser.helpers.parseLinkTitle,
    )
    return parser


@dataclass(slots=True)
class _Prose:
    """The text of one block as it is put together."""

    pieces: list[str] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    size: int = 0

    def add(self, text: str, source: int) -> None:
        if not text:
            return
        last = self.segments[-1] if self.segments else None
        if last is not None and last.source + last.length == source and last.start + last.length == self.size:
            self.segments[-1] = Segment(last.start, last.source, last.length + len(text))
        else:
            self.segments.append(Segment(self.size, source, len(text)))
        self.pieces.append(text)
        self.size += len(text)

    @property
    def text(self) -> str:
        return "".join(self.pieces)


@dataclass(slots=True)
class _Reader:
    """Walks the block tokens of one document."""

    source: str
    lines: list[int]
    off: frozenset[str] = frozenset()
    summary: _Prose = field(default_factory=_Prose)
    counts: dict[str, int] = field(default_factory=dict)
    row_end: dict[int, int] = field(default_factory=dict)

    def line_end(self, number: int) -> int:
        return self.lines[number + 1] if number + 1 < len(self.lines) else len(self.source)


def markdown_blocks(
    text: str, *, paragraphs: bool = True, sentences: bool = True, counts: dict[str, int] | None = None
) -> Iterator[Block]:
    """Yield the blocks of a Markdown text, in order, then its summary and the raw text.

    Code, front matter and raw HTML are no prose; code spans and bare links keep their place as
    asterisks. Comments ``<!-- vale off -->``, ``<!-- vale on -->`` and ``<!-- vale Pack.Rule = NO -->``
    act from where they stand. ``counts`` receives the number of headings, list items and the like.
    """
    lines = [0]
    for line in text.splitlines(keepends=True) if "\r" not in text else _crlf_lines(text):
        lines.append(lines[-1] + len(line))
    reader = _Reader(text, lines, counts=counts if counts is not None else {})
    skip = _front_matter_lines(text)
    shown = "\n" * skip + text.split("\n", skip)[-1] if skip else text
    stack: list[str] = []
    for token in _parser().parse(shown):
        _track(stack, token, reader)
        if token.type == "html_block":
            _comment(reader, token.content)
        elif token.type == "inline" and token.map:
            yield from _inline(reader, token, stack, paragraphs=paragraphs, sentences=sentences)
    summary = reader.summary
    yield Block(summary.text, "summary.md", segments=tuple(summary.segments))
    yield Block(text, "raw.md")


def _crlf_lines(text: str) -> list[str]:
    import regex

    return [m.group() for m in regex.finditer(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)]


def _front_matter_lines(text: str) -> int:
    first, _, rest = text.partition("\n")
    if first.rstrip() not in ("---", "+++"):
        return 0
    for number, line in enumerate(rest.split("\n"), start=2):
        if line.rstrip() == first.rstrip():
            return number
    return 0


def _track(stack: list[str], token: Any, reader: _Reader) -> None:
    if token.nesting == 1:
        stack.append(f"text.heading.{token.tag}" if token.type == "heading_open" else token.type)
    elif token.nesting == -1 and stack:
        stack.pop()
    if token.type in ("fence", "code_block"):
        reader.counts["pre"] = reader.counts.get("pre", 0) + 1


def _scope(stack: list[str]) -> str:
    for name in stack:
        if name.startswith("text.heading"):
            return name
        if name in _PLACES:
            return _PLACES[name]
        if name in _CELLS:
            return _CELLS[name]
    return ""


def _comment(reader: _Reader, html: str) -> None:
    import regex

    for body in regex.findall(r"<!--\s*(vale .+?)\s*-->", html):
        if body == "vale off":
            reader.off |= {"*"}
        elif body == "vale on":
            reader.off -= {"*"}
        elif match := regex.fullmatch(r"vale (\S+\.\S+) = (YES|NO)", body):
            name = {match[1]}
            reader.off = reader.off | name if match[2] == "NO" else reader.off - name


def _inline(
    reader: _Reader, token: Any, stack: list[str], *, paragraphs: bool, sentences: bool
) -> Iterator[Block]:
    scope = _scope(stack)
    prose = _Prose()
    yield from _fill(prose, reader, token)
    text = prose.text
    if not text.strip():
        return
    key = scope.removeprefix("text.")
    if scope:
        reader.counts[key] = reader.counts.get(key, 0) + 1
    if scope in ("", "text.list", "text.blockquote"):
        _summarise(reader.summary, prose)
    segments = tuple(prose.segments)
    if scope:
        yield Block(text, f"{scope}.md", segments=segments, off=reader.off)
        return
    yield from _prose_blocks(text, segments, reader.off, paragraphs=paragraphs, sentences=sentences)


def _prose_blocks(
    text: str, segments: tuple[Segment, ...], off: frozenset[str], *, paragraphs: bool, sentences: bool
) -> Iterator[Block]:
    if paragraphs:
        yield Block(text, "paragraph.md", segments=segments, off=off, parent="text.md")
    if sentences:
        for start, end in sentence_spans(text):
            part = _cut(segments, start, end)
            yield Block(text[start:end], "sentence.md", segments=part, off=off, parent="text.md")
    yield Block(text, "text.md", segments=segments, off=off)


def _cut(segments: tuple[Segment, ...], start: int, end: int) -> tuple[Segment, ...]:
    cut = []
    for segment in segments:
        first = max(segment.start, start)
        last = min(segment.start + segment.length, end)
        if first < last:
            cut.append(Segment(first - start, segment.source + first - segment.start, last - first))
    return tuple(cut)


def _summarise(summary: _Prose, prose: _Prose) -> None:
    for segment in prose.segments:
        piece = prose.text[segment.start : segment.start + segment.length]
        summary.add(piece, segment.source)
    summary.pieces.append("\n\n")
    summary.size += 2


def _line_offsets(reader: _Reader, token: Any) -> list[tuple[int, int]]:
    """Pair each line of an inline token's content with its place in the source."""
    places: list[tuple[int, int]] = []
    number, at = token.map[0], 0
    cursor = reader.row_end.get(number, -1)
    for line in token.content.split("\n"):
        begin = max(reader.lines[number], cursor) if number < len(reader.lines) else len(reader.source)
        found = reader.source.find(line.strip(" "), begin, reader.line_end(number)) if line.strip() else begin
        lead = len(line) - len(line.lstrip(" "))
        places.append((at, (found if found >= 0 else begin) - lead))
        if found >= 0:
            reader.row_end[number] = found + len(line.strip(" "))
        at += len(line) + 1
        number, cursor = number + 1, -1
    return places


def _fill(prose: _Prose, reader: _Reader, token: Any) -> Iterator[Block]:
    content = token.content
    places = _line_offsets(reader, token)
    if not any(c in content for c in _SPECIAL):
        _add_text(prose, content, places, 0, len(content))
        return
    from copilot.rules.inline import pieces

    for start, end, kind in pieces(_parser(), content):
        if kind == "text":
            _add_text(prose, content, places, start, end)
        elif kind == "mask":
            _add_lines(prose, content, places, start, end, mask="*")
        elif kind == "html":
            _comment(reader, content[start:end])
        elif kind == "alt":
            alt = _Prose()
            _add_lines(alt, content, places, start, end)
            yield Block(alt.text, "text.attr.alt", segments=tuple(alt.segments), off=reader.off)


def _add_text(prose: _Prose, content: str, places: list[tuple[int, int]], start: int, end: int) -> None:
    if "://" in content or "www." in content:
        for match in compiled(_BARE_LINK).finditer(content, start, end):
            _add_lines(prose, content, places, start, match.start())
            _add_lines(prose, content, places, match.start(), match.end(), mask="*")
            start = match.end()
    _add_lines(prose, content, places, start, end)


def _add_lines(
    prose: _Prose, content: str, places: list[tuple[int, int]], start: int, end: int, mask: str = ""
) -> None:
    index = next(i for i in range(len(places) - 1, -1, -1) if places[i][0] <= start)
    while start < end:
        at, source = places[index]
        stop = min(end, places[index + 1][0]) if index + 1 < len(places) else end
        piece = content[start:stop]
        if mask:
            piece = "".join(c if c == "\n" else mask for c in piece)
        prose.add(piece, source + start - at)
        start, index = stop, index + 1
