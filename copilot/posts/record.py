"""A post with all that led to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from copilot.records import Brief, CheckReport, Draft, Notice, Passage


@dataclass(frozen=True, slots=True)
class Post:
    """One text of a brief for one channel, and what goes with it.

    ``piece`` names the text where a format has several (``reminder``), else it is ``main``. ``parts`` are
    the messages of a thread, empty for a single one. ``title`` is the subject of a newsletter or the title
    of an article, ``preheader`` and ``description`` what inboxes and search engines show beside it.
    ``visual`` is the brief for the designer. ``link`` is the address with its UTM parameters, ``note`` the
    brief as evidence.
    """

    id: str
    brief: Brief
    channel: str
    draft: Draft
    report: CheckReport
    format: str = "post"
    piece: str = "main"
    parts: tuple[str, ...] = ()
    hook: str = ""
    hashtags: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    alt_text: str = ""
    visual: str = ""
    title: str = ""
    preheader: str = ""
    description: str = ""
    link: str = ""
    note: str = ""
    passages: tuple[Passage, ...] = ()
    notices: tuple[Notice, ...] = ()
    created_at: datetime | None = None
    actor: str = ""
