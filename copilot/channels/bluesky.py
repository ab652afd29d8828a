"""Links, mentions, hashtags and cashtags as Bluesky detects them (atproto rich-text detection)."""

from __future__ import annotations

import regex

from copilot.channels.entities import Entities, Entity
from copilot.channels.links import top_level
from copilot.channels.segments import graphemes
from copilot.records import Span

MAX_TAG = 64
_INVISIBLE = r"\u00AD\u2060\u200A\u200B\u200C\u200D\u20e2"
_TAG = regex.compile(
    rf"(?:^|\s)(?P<all>[#＃](?P<name>(?!\ufe0f)[^\s{_INVISIBLE}]*[^\d\s\p{{P}}{_INVISIBLE}]+[^\s{_INVISIBLE}]*))"
)
_CASHTAG = regex.compile(
    r"(?:^|\s|\()(?P<all>\$(?P<name>[A-Za-z][A-Za-z0-9]{0,4}))(?=\s|$|[.,;:!?)\"'\u2019])"
)
_MENTION = regex.compile(r"(?:^|\s|\()(?P<all>@(?P<name>[a-zA-Z0-9.-]+))\b")
_URL = regex.compile(
    r"(?:^|\s|\()(?P<all>https?://\S+|(?P<domain>[a-z][a-z0-9]*(?:\.[a-z0-9]+)+)\S*)", regex.IGNORECASE
)
_TRAILING = regex.compile(r"\p{P}+$")


def extract(text: str) -> Entities:
    """Return what Bluesky turns into links in a post. A cashtag's ``value`` is in capitals."""
    return Entities(tuple(_urls(text)), tuple(hashtags(text)), tuple(_mentions(text)), tuple(cashtags(text)))


def hashtags(text: str) -> list[Entity]:
    """Return the hashtags; trailing punctuation and tags over 64 characters do not count."""
    found = []
    for match in _TAG.finditer(text):
        name = _TRAILING.sub("", match["name"].strip())
        if name and len(graphemes(name)) <= MAX_TAG:
            start = match.start("all")
            found.append(Entity("hashtag", Span(start, start + 1 + len(name)), name))
    return found


def cashtags(text: str) -> list[Entity]:
    """Return the cashtags (``$AAPL``)."""
    return [
        Entity("cashtag", Span(*match.span("all")), match["name"].upper())
        for match in _CASHTAG.finditer(text)
    ]


def _mentions(text: str) -> list[Entity]:
    return [
        Entity("mention", Span(*match.span("all")), match["name"])
        for match in _MENTION.finditer(text)
        if _is_domain(match["name"]) or match["name"].endswith(".test")
    ]


def _urls(text: str) -> list[Entity]:
    found = []
    for match in _URL.finditer(text):
        if match["domain"] and not _is_domain(match["domain"]):
            continue
        url = match["all"]
        if url[-1] in ".,;:!?":
            url = url[:-1]
        if url.endswith(")") and "(" not in url:
            url = url[:-1]
        start = match.start("all")
        found.append(Entity("url", Span(start, start + len(url)), url))
    return found


def _is_domain(name: str) -> bool:
    return "." in name and name.rsplit(".", 1)[1].lower() in top_level()
