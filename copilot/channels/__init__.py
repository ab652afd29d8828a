"""How long a text is on its channel, and whether it may be that long."""

from __future__ import annotations

from copilot.channels.counting import channel_names, check, count

__all__ = ["channel_names", "check", "count"]
