"""What each channel accepts, how long a text is in its own unit, and what it would object to."""

from __future__ import annotations

from copilot.channels.checking import check, extract
from copilot.channels.counting import count, fits, fitting, row_of, visible
from copilot.channels.entities import Entities, Entity
from copilot.channels.table import Channel, channel, channel_names, channels

__all__ = [
    "Channel",
    "Entities",
    "Entity",
    "channel",
    "channel_names",
    "channels",
    "check",
    "count",
    "extract",
    "fits",
    "fitting",
    "row_of",
    "visible",
]
