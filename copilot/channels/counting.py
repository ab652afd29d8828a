"""Counting in each platform's own unit."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import regex

from copilot.messages import localized
from copilot.records import ChannelCount, Finding, Span


@cache
def _table() -> dict[str, dict[str, Any]]:
    import yaml

    text = (resources.files("copilot.channels") / "table.yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def channel_names() -> list[str]:
    """Return the channels of the table."""
    return list(_table())


def count(text: str, channel: str) -> ChannelCount:
    """Return the length of a text in the unit of its channel; an unknown channel has no limit."""
    row = _table().get(channel, {"limit": None, "unit": "chars"})
    unit = row["unit"]
    if unit == "graphemes":
        used = len(regex.findall(r"\X", text))
    elif unit == "utf16":
        used = len(text.encode("utf-16-le")) // 2
    else:
        used = len(text)
    return ChannelCount(channel, used, row["limit"], unit, row.get("fold"))


def check(text: str, channel: str) -> tuple[Finding, ...]:
    """Return a finding when the text is too long for its channel."""
    counted = count(text, channel)
    if counted.limit is None or counted.used <= counted.limit:
        return ()
    message = localized("channels.too_long", used=counted.used, limit=counted.limit)
    return (Finding("channels.TooLong", "error", Span(0, len(text)), message),)
