"""What the rooms of Savoir share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from copilot import Copilot
from ui.faults import told
from ui.words import Words

Update = dict[Any, Any]
PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


class Tab:
    """A room of the page: laid out, connected, and filled each time it is entered.

    Handlers return ``{part: new value}``.
    """

    def __init__(self, copilot: Copilot, say: Words) -> None:
        self.copilot, self.say = copilot, say

    def lay_out(self) -> None:
        """Lay the parts out."""
        raise NotImplementedError

    def connect(self) -> None:
        """Connect the parts."""
        raise NotImplementedError

    def reads(self) -> list[Any]:
        """Return the parts that ``enter`` is given."""
        return []

    def fills(self) -> list[Any]:
        """Return the parts that ``enter`` fills."""
        raise NotImplementedError

    def enter(self, *given: Any) -> Update:
        """Return the room as the files and the store have it now."""
        raise NotImplementedError

    def told(self, handler: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap a handler so that what fails is said on the screen."""
        return told(self.say)(handler)
