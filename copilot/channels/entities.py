"""Links, hashtags, mentions and cashtags of a text, as X finds them (twitter-text 3, Apache-2.0)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import regex

from copilot.channels.links import LATIN_LETTERS, PUNCTUATION, SPACES, links
from copilot.records import Span

_TAG_MARKS = (
    r"_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c\u00b7"
)
_ALPHA = r"\p{L}\p{M}"
_ALPHANUMERIC = rf"{_ALPHA}\p{{Nd}}{_TAG_MARKS}"
_HASHTAG = regex.compile(
    rf"(?:^|[\uFE0E\uFE0F]|(?<![{_ALPHANUMERIC}&])(?=[#＃])|(?<=[^{_ALPHANUMERIC}&]))"
    rf"(?P<all>[#＃](?!\uFE0F|\u20E3)(?P<name>[{_ALPHANUMERIC}]*[{_ALPHA}][{_ALPHANUMERIC}]*))"
)
_AFTER_HASHTAG = regex.compile(r"[#＃]|://")
_MENTION = regex.compile(
    r"(?:^|[^a-zA-Z0-9_!#$%&*@＠]|(?:^|[^a-zA-Z0-9_+~.-])(?:rt|RT|rT|Rt):?)"
    r"(?P<all>[@＠](?P<name>[a-zA-Z0-9_]{1,20})(?P<list>/[a-zA-Z][a-zA-Z0-9_\-]{0,24})?)"
)
_AFTER_MENTION = regex.compile(rf"[@＠{LATIN_LETTERS}]|://")
_REPLY = regex.compile(rf"^[{SPACES}]*[@＠]([a-zA-Z0-9_]{{1,20}})")
_CASHTAG = regex.compile(
    rf"(?:^|[{SPACES}]|[\u202A-\u202E\u061C\u200E\u200F\u2066-\u2069])"
    rf"(?P<all>\$(?P<name>[a-z]{{1,6}}(?:[._][a-z]{{1,2}})?))(?=$|\s|[{PUNCTUATION}])",
    regex.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Entity:
    """Something a platform turns into a link. ``value`` is its name without the mark, or the whole URL."""

    kind: Literal["url", "hashtag", "mention", "list", "cashtag"]
    span: Span
    value: str


@dataclass(frozen=True, slots=True)
class Entities:
    """All entities of a text, each kind in text order."""

    urls: tuple[Entity, ...] = ()
    hashtags: tuple[Entity, ...] = ()
    mentions: tuple[Entity, ...] = ()
    cashtags: tuple[Entity, ...] = ()


def extract(text: str) -> Entities:
    """Return the links, hashtags, mentions (of people and lists) and cashtags of a text."""
    urls = tuple(Entity("url", span, text[span.start : span.end]) for span in links(text))
    return Entities(urls, tuple(_hashtags(text, urls)), tuple(_mentions(text)), tuple(_cashtags(text)))


def reply_to(text: str) -> str:
    """Return the name that a text answers to (``@name`` before any word), or an empty string."""
    found = _REPLY.match(text)
    if found is None or _AFTER_MENTION.match(text, found.end()):
        return ""
    return str(found[1])


def _hashtags(text: str, urls: tuple[Entity, ...]) -> Iterable[Entity]:
    if "#" not in text and "＃" not in text:
        return
    for found in _HASHTAG.finditer(text):
        span = Span(*found.span("all"))
        inside = any(url.span.start < span.end and span.start < url.span.end for url in urls)
        if not inside and not _AFTER_HASHTAG.match(text, span.end):
            yield Entity("hashtag", span, found["name"])


def _mentions(text: str) -> Iterable[Entity]:
    if "@" not in text and "＠" not in text:
        return
    for found in _MENTION.finditer(text):
        span = Span(*found.span("all"))
        if not _AFTER_MENTION.match(text, span.end):
            listed = found["list"] or ""
            yield Entity("list" if listed else "mention", span, found["name"] + listed)


def _cashtags(text: str) -> Iterable[Entity]:
    if "$" not in text:
        return
    for found in _CASHTAG.finditer(text):
        yield Entity("cashtag", Span(*found.span("all")), found["name"])
