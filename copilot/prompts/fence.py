"""Other people's words inside a prompt: made harmless, and fenced so that they can't pass for ours."""

from __future__ import annotations

from copilot.moderation.neutralise import neutralise


def fenced(text: str, fence: str) -> str:
    """Return ``text`` made harmless between the two lines whose name only this call knows."""
    return f"<data {fence}>\n{neutralise(text).replace(fence, '')}\n</data {fence}>"
