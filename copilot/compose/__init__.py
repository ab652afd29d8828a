"""From what we know to what a model is asked, and from what it wrote to a text with its sources.

The model cites by marker: ``[[2]]`` after a sentence that rests on passage 2, ``[[0]]`` where it rests on
none, ``[[name]]`` for the customer's first name, which is never sent. Public text carries no marker.
"""

from copilot.compose.answer import REPLY_SCHEMA, ask_again, leaked, read_reply, without_markers
from copilot.compose.question import Render, compose_post, compose_reply, compose_rewrite, first_name

__all__ = [
    "REPLY_SCHEMA",
    "Render",
    "ask_again",
    "compose_post",
    "compose_reply",
    "compose_rewrite",
    "first_name",
    "leaked",
    "read_reply",
    "without_markers",
]
