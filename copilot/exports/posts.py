"""What is exported and what comes out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from copilot.records import Notice


@dataclass(frozen=True, slots=True)
class PlannedPost:
    """A text for one channel and the moment it should appear.

    ``at`` without a time zone is the local time of the export; ``images`` are public addresses, ``alts``
    their descriptions in the same order; ``tags`` are the scheduler's own labels, not hashtags.
    """

    text: str
    channel: str
    at: datetime | None = None
    images: tuple[str, ...] = ()
    alts: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    campaign: str = ""
    first_comment: str = ""


@dataclass(frozen=True, slots=True)
class Export:
    """One file: its suggested name, its bytes, and what the person who downloads it must know."""

    name: str
    content: bytes
    media_type: str
    notices: tuple[Notice, ...] = ()


def local(at: datetime, zone: str) -> datetime:
    """Return a moment as the clock of a time zone shows it, without its zone."""
    return at if at.tzinfo is None else at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
