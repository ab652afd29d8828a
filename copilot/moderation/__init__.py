"""Detectors of abuse, spam and prompt injection that need no model; checks of what is about to leave."""

from __future__ import annotations

from copilot.moderation.abuse import Abuse, abuse
from copilot.moderation.hate import Hate, hate
from copilot.moderation.injection import Injection, injection
from copilot.moderation.neutralise import neutralise
from copilot.moderation.outgoing import outgoing
from copilot.moderation.spam import Spam, spam

__all__ = [
    "Abuse",
    "Hate",
    "Injection",
    "Spam",
    "abuse",
    "hate",
    "injection",
    "neutralise",
    "outgoing",
    "spam",
]
