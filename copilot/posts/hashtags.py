"""Hashtags as a screen reader can say them: each word with a capital, as the brand's policy allows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from copilot.brand import Brand

LONGEST = 30
"""Beyond this nobody reads a hashtag, let alone types it."""


def hashtag(words: str) -> str:
    """Return words as one hashtag in CamelCase (``#DiagnosticOffert``), or nothing where none can be made."""
    parts = re.findall(r"\w+", unicodedata.normalize("NFC", words))
    joined = "".join(part[:1].upper() + part[1:] for part in parts)
    return f"#{joined}" if re.search(r"[^\W\d_]", joined) and len(joined) <= LONGEST else ""


def hashtags(brand: Brand, *, campaign: str, text: str, limit: int | None) -> tuple[str, ...]:
    """Choose the hashtags of a post.

    Args:
        brand: whose policy: at most ``max``, ``always`` first, none of ``never``.
        campaign: its name becomes one.
        text: the products it names become some.
        limit: what the channel takes, if it says so.
    """
    most = brand.hashtags.max if limit is None else min(limit, brand.hashtags.max)
    named = [product for product in brand.products if re.search(rf"(?<!\w){re.escape(product)}(?!\w)", text)]
    wanted = [*brand.hashtags.always, hashtag(campaign), *map(hashtag, named)]
    never = {_key(tag) for tag in brand.hashtags.never}
    return tuple(_distinct(tag for tag in wanted if tag and _key(tag) not in never))[:most]


def _distinct(tags: Iterable[str]) -> Iterable[str]:
    found: dict[str, str] = {}
    for tag in tags:
        found.setdefault(_key(tag), tag)
    return found.values()


def _key(tag: str) -> str:
    return unicodedata.normalize("NFC", tag).casefold()
