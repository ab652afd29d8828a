"""Mastodon's length: graphemes, a link 23, ``@user@host`` only its ``@user``."""

from __future__ import annotations

import regex

from copilot.channels.links import links
from copilot.channels.segments import graphemes

_URL = 23
_MAX_HOST = 253
_MENTION = regex.compile(
    r"(?<![=/\w])@(?P<user>[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*)(?P<host>@[\w]+(?:[.-]+\w+)*)", regex.IGNORECASE
)


def length(text: str, *, warning: str = "", url: int = _URL) -> int:
    """Return the length of a status.

    Args:
        text: the status.
        warning: its content warning, which counts in full.
        url: what a link counts on this server (``characters_reserved_per_url``).
    """
    pieces: list[str] = [warning]
    position = used = 0
    for span in links(text, bare=False):
        pieces.append(_shortened(text[position : span.start]))
        used += url
        position = span.end
    pieces.append(_shortened(text[position:]))
    return used + sum(len(graphemes(piece)) for piece in pieces)


def _shortened(text: str) -> str:
    return str(_MENTION.sub(lambda m: m[0] if len(m["host"]) - 1 > _MAX_HOST else f"@{m['user']}", text))
