"""The inline part of a Markdown block: which characters are prose, code, links or markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

Piece = tuple[int, int, str]
"""Start, end, and ``text``, ``mask`` (code, bare links), ``html`` or ``alt``."""


_PLAIN_DESTINATION = re.compile(r"[^\x00-\x20\x7f<>()\\&]+(?=[\x00-\x20\x7f)]|\Z)")

Place = tuple[int, int, int]
"""Start and end of what a token shows, and where the next token begins."""


def pieces(parser: Any, content: str) -> Iterator[Piece]:
    """Yield the parts of an inline content that matter, in order, by their offsets in it.

    The parser gives no offsets for inline tokens; they are found again by walking its tokens along
    the content, each token consuming exactly its own source.
    """
    tokens: list[Any] = []
    parser.inline.parse(content, parser, {}, tokens)
    cursor = 0
    hidden = 0
    for token in tokens:
        start, end, cursor = _consume(parser, content, token, cursor)
        if token.type == "link_open" and token.markup == "autolink":
            hidden += 1
        elif token.type == "link_close" and token.markup == "autolink":
            hidden -= 1
        if start < end:
            yield start, end, _kind(token, hidden)


def destination(text: str, at: int, end: int) -> Any:
    """Read a link's destination as the parser does, those without brackets and escapes at once."""
    found = _PLAIN_DESTINATION.match(text, at, end)
    if found is not None:
        return SimpleNamespace(ok=True, pos=found.end(), str=found.group())
    from markdown_it.helpers import parseLinkDestination

    return parseLinkDestination(text, at, end)


def _kind(token: Any, hidden: int) -> str:
    if token.type == "code_inline" or (hidden and token.type.startswith("text")):
        return "mask"
    return {"html_inline": "html", "image": "alt"}.get(token.type, "text")


def _consume(parser: Any, content: str, token: Any, cursor: int) -> Place:
    reader = _READERS.get(token.type)
    if reader is not None:
        return reader(parser, content, token, cursor)
    mark = "" if token.markup == "autolink" else token.markup
    if token.type == "link_open":
        mark = "<" if token.markup == "autolink" else "["
    after = _find(content, mark, cursor)[2]
    return after, after, after


def _text(_parser: Any, content: str, token: Any, cursor: int) -> Place:
    return _find(content, token.content, cursor)


def _special(_parser: Any, content: str, token: Any, cursor: int) -> Place:
    # An escape shows its second character; an entity stands for one character.
    start, _, after = _find(content, token.markup, cursor)
    return (start + 1 if token.info == "escape" else start), after, after


def _break(_parser: Any, content: str, _token: Any, cursor: int) -> Place:
    at = content.find("\n", cursor)
    after = at + 1
    while after < len(content) and content[after] == " ":
        after += 1
    return at, at + 1, after


def _find(content: str, wanted: str, cursor: int) -> Place:
    at = content.find(wanted, cursor)
    if at < 0:
        return cursor, cursor, cursor
    return at, at + len(wanted), at + len(wanted)


def _code(_parser: Any, content: str, token: Any, cursor: int) -> Place:
    fence = token.markup
    at = content.find(fence, cursor)
    if at < 0:
        return cursor, cursor, cursor
    begin = at + len(fence)
    end = _closing(content, fence, begin)
    inner = content[begin:end]
    if inner.strip(" ") and inner.startswith(" ") and inner.endswith(" "):
        return begin + 1, end - 1, end + len(fence)
    return begin, end, end + len(fence)


def _closing(content: str, fence: str, begin: int) -> int:
    at = content.find(fence, begin)
    while at >= 0:
        stop = at + len(fence)
        if content[at - 1] != "`" and content[stop : stop + 1] != "`":
            return at
        while stop < len(content) and content[stop] == "`":
            stop += 1
        at = content.find(fence, stop)
    return len(content)


def _image(parser: Any, content: str, _token: Any, cursor: int) -> Place:
    at = content.find("![", cursor)
    if at < 0:
        return cursor, cursor, cursor
    close = _bracket(content, at + 1)
    after = _destination(parser, content, close + 1)
    return at + 2, close, after


def _bracket(content: str, at: int) -> int:
    depth = 0
    while at < len(content):
        char = content[at]
        if char == "\\":
            at += 1
        elif char == "[":
            depth += 1
        elif char == "]":
            depth -= 1
            if depth == 0:
                return at
        at += 1
    return len(content) - 1


def _link_close(parser: Any, content: str, token: Any, cursor: int) -> Place:
    close = content.find(">" if token.markup == "autolink" else "]", cursor)
    after = cursor if close < 0 else close + 1
    if close >= 0 and token.markup != "autolink":
        after = _destination(parser, content, after)
    return after, after, after


def _destination(parser: Any, content: str, at: int) -> int:
    """Return the offset after ``(destination "title")`` or ``[reference]``, if one stands at ``at``."""
    if content[at : at + 1] == "[":
        return _bracket(content, at) + 1
    if content[at : at + 1] != "(":
        return at
    size = len(content)
    at = _blanks(content, at + 1)
    found = parser.helpers.parseLinkDestination(content, at, size)
    at = _blanks(content, found.pos if found.ok else at)
    title = parser.helpers.parseLinkTitle(content, at, size)
    at = _blanks(content, title.pos if title.ok else at)
    close = content.find(")", at)
    return close + 1 if close >= 0 else at


def _blanks(content: str, at: int) -> int:
    while at < len(content) and content[at] in " \n\t":
        at += 1
    return at


_READERS: dict[str, Callable[[Any, str, Any, int], Place]] = {
    "text": _text,
    "text_special": _special,
    "softbreak": _break,
    "hardbreak": _break,
    "code_inline": _code,
    "html_inline": _text,
    "image": _image,
    "link_close": _link_close,
}
