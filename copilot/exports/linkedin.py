"""LinkedIn's « little » text format, which its Posts API reads in ``commentary``."""

from __future__ import annotations

import re

from copilot import channels

_RESERVED = re.compile(r"[|{}@\[\]()<>#\\*_~]")


def linkedin_commentary(text: str) -> str:
    r"""Return a text as the Posts API wants it: reserved signs escaped, hashtags kept as hashtags.

    Without this the API accepts the post and silently cuts it at the first ``(`` or ``_``. Only for that API:
    text that a person copies, and comments sent through the Comments API, stay as they are.

    Source: learn.microsoft.com/linkedin/marketing/community-management/shares/little-text-format
    """
    pieces: list[str] = []
    position = 0
    for tag in channels.extract(text, "linkedin_post").hashtags:
        pieces.append(_escaped(text[position : tag.span.start]))
        pieces.append(rf"{{hashtag|\#|{_escaped(tag.value)}}}")
        position = tag.span.end
    return "".join([*pieces, _escaped(text[position:])])


def _escaped(text: str) -> str:
    return _RESERVED.sub(r"\\\g<0>", text)
