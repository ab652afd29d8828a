"""Posts: from a brief to one text a channel, each proved, checked and within its limit."""

from __future__ import annotations

from copilot.posts.duties import DutyState
from copilot.posts.formats import Duty, Format
from copilot.posts.posts import FORMS, Posts, Variant
from copilot.posts.record import Post

__all__ = ["FORMS", "Duty", "DutyState", "Format", "Post", "Posts", "Variant"]
