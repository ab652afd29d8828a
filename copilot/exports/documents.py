"""Exports that people read: Markdown, a spreadsheet, a calendar."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from copilot import channels
from copilot.exports.cells import neutral, table
from copilot.exports.posts import Export, PlannedPost, local
from copilot.messages import message

_LENGTH = timedelta(minutes=15)


def markdown(posts: Sequence[PlannedPost], *, language: str, zone: str = "UTC") -> Export:
    """Return the posts as a Markdown document, each text in a block that shows it as it is.

    Args:
        posts: what to export.
        language: ``fr`` or ``en``, for headings.
        zone: time zone in which moments are shown.
    """
    parts = []
    for post in posts:
        counted = channels.count(post.text, post.channel)
        title = channels.row_of(post.channel).title.get(language)
        moment = f" – {local(post.at, zone):%Y-%m-%d %H:%M}" if post.at else ""
        limit = "" if counted.limit is None else f" / {counted.limit}"
        lines = [
            f"## {title}{moment}",
            f"{message('exports.length', language, used=counted.used, limit=limit)}",
            _fenced(post.text),
        ]
        for number, image in enumerate(post.images):
            alt = re.sub(r"([\\\[\]])", r"\\\1", " ".join(post.alts[number : number + 1]))
            lines.append(f"- [{alt or image}](<{image.replace('>', '%3E')}>)")
        parts.append("\n\n".join(lines))
    return Export("posts.md", ("\n\n".join(parts) + "\n").encode(errors="replace"), "text/markdown")


def _fenced(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def spreadsheet(
    posts: Sequence[PlannedPost], *, language: str, zone: str = "UTC", folders: Sequence[Path] = ()
) -> Export:
    """Return the posts as a CSV file for spreadsheets, with nothing in it that could run as a formula.

    Args:
        posts: what to export.
        language: ``fr`` or ``en``, for the names of the columns.
        zone: time zone in which moments are shown.
        folders: workspaces' ``channels/`` folders.
    """
    columns = (
        "channel",
        "date",
        "time",
        "text",
        "length_column",
        "limit",
        "images",
        "alts",
        "campaign",
        "tags",
    )
    rows = []
    for post in posts:
        counted = channels.count(post.text, post.channel, folders=folders)
        moment = local(post.at, zone) if post.at else None
        cells = (
            channels.row_of(post.channel, folders).title.get(language),
            f"{moment:%Y-%m-%d}" if moment else "",
            f"{moment:%H:%M}" if moment else "",
            post.text,
            str(counted.used),
            "" if counted.limit is None else str(counted.limit),
            "\n".join(post.images),
            "\n".join(post.alts),
            post.campaign,
            ", ".join(post.tags),
        )
        rows.append([neutral(cell) for cell in cells])
    header = [message(f"exports.{column}", language) for column in columns]
    return Export("posts.csv", table(header, rows, mark=True), "text/csv")


def calendar(posts: Sequence[PlannedPost], *, language: str, zone: str, now: datetime) -> Export:
    """Return the dated posts as an iCalendar file (RFC 5545), one event each.

    Args:
        posts: what to export; posts without a date are left out.
        language: ``fr`` or ``en``, for the titles.
        zone: time zone of moments that carry none.
        now: the moment of the export, with its zone.
    """
    from zoneinfo import ZoneInfo

    from icalendar import Calendar, Event

    file = Calendar()
    file.add("prodid", "-//Porte-voix//FR")
    file.add("version", "2.0")
    for post in posts:
        if post.at is None:
            continue
        start = post.at if post.at.tzinfo else post.at.replace(tzinfo=ZoneInfo(zone))
        event = Event()
        key = f"{post.channel}|{start.isoformat()}|{post.text}".encode(errors="replace")
        event.add("uid", f"{hashlib.sha256(key).hexdigest()[:32]}@porte-voix")
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", start.astimezone(UTC))
        event.add("dtend", (start + _LENGTH).astimezone(UTC))
        title = channels.row_of(post.channel).title.get(language)
        event.add("summary", f"{title} – {post.campaign}" if post.campaign else title)
        event.add("description", post.text)
        event.add("categories", [post.channel, *post.tags])
        file.add_component(event)
    return Export("posts.ics", file.to_ical(), "text/calendar")
