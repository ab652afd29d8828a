"""Counting in each platform's own unit, and where a text that is too long would have to stop."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from copilot.channels import mastodon, sms, weighted
from copilot.channels.segments import borders, emojis, graphemes, without_lone_surrogates
from copilot.channels.table import Channel, channels
from copilot.records import ChannelCount, Localized


def count(text: str, channel: str, *, folders: Sequence[Path] = ()) -> ChannelCount:
    """Return the length of a text in the unit of its channel; an unknown channel has no limit.

    For SMS, ``used`` and ``limit`` are septets or UTF-16 units; ``limit`` is what ``segments`` messages hold.

    Args:
        text: the text as it would be published.
        channel: a name of the table.
        folders: workspaces' ``channels/`` folders.
    """
    row = row_of(channel, folders)
    if row.unit == "sms_segments":
        cost = sms.measure(text)
        return ChannelCount(channel, cost.used, cost.capacity, row.unit, row.fold, cost.segments)
    return ChannelCount(channel, length(text, row), row.limit, row.unit, row.fold)


def fits(text: str, channel: str, *, folders: Sequence[Path] = ()) -> bool:
    """Return whether a channel takes a text of this length. SMS and channels without a limit take any."""
    row = row_of(channel, folders)
    light = row.max_bytes is None or len(text.encode(errors="replace")) <= row.max_bytes
    return light and (row.limit is None or length(text, row) <= row.limit)


def row_of(channel: str, folders: Sequence[Path] = ()) -> Channel:
    """Return the row of a channel, or one without limits for a name that the table does not know."""
    found = channels(folders).get(channel)
    return found or Channel(channel, Localized(channel, channel), formatting="markdown")


def length(text: str, channel: Channel) -> int:
    """Return the length of a text in the unit of a channel (SMS: septets or UTF-16 units)."""
    return _COUNTERS[channel.unit](without_lone_surrogates(text), channel)


def fitting(text: str, channel: Channel, limit: int | None = None) -> int:
    """Return how many code points of a text fit in the limit, on a border between characters."""
    allowed = channel.limit if limit is None else limit
    if allowed is None or length(text, channel) <= allowed:
        return len(text)
    places = borders(text)
    fits = bisect_right(places, allowed, key=lambda place: length(text[:place], channel))
    return places[max(0, fits - 1)]


def visible(text: str, channel: Channel) -> int:
    """Return how many code points a reader sees before « voir plus »; all of them where nothing is folded."""
    if channel.fold is None:
        return len(text)
    places = borders(text)
    return places[min(channel.fold, len(places) - 1)]


def _threads(text: str, _channel: Channel) -> int:
    return len(text) + sum(
        len(text[start:end].encode()) - (end - start)
        for start, end in emojis(text)
        if not text[start:end].isascii()
    )


_COUNTERS: Mapping[str, Callable[[str, Channel], int]] = {
    "x_weighted": lambda text, _: weighted.length(text),
    "graphemes": lambda text, _: len(graphemes(text)),
    "mastodon": lambda text, channel: mastodon.length(text, url=channel.url or 23),
    "threads": _threads,
    "utf16": lambda text, _: len(text.encode("utf-16-le")) // 2,
    "chars": lambda text, _: len(text),
    "bytes": lambda text, _: len(text.encode()),
    "sms_segments": lambda text, _: sms.measure(text).used,
}
