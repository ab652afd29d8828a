"""The pages, one file each; this table is the only place that lists them, in the order of the navigation.

A page is a module ``ui.pages.<name>`` with ``build(copilot, language)`` and its words in
``ui/locales/<name>.<language>.yml``; a name whose module does not exist yet is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copilot import Copilot

NAMES = ("reply", "inbox", "write", "review", "knowledge", "lab", "journal")


@dataclass(frozen=True, slots=True)
class Page:
    """One screen: the name of its module and words, and its place in the address (empty: the first)."""

    name: str
    slug: str

    @property
    def build(self) -> Callable[[Copilot, str], None]:
        """The function that lays the page out inside an open ``gr.Blocks``."""
        built: Callable[[Copilot, str], None] = import_module(f"ui.pages.{self.name}").build
        return built


def pages() -> tuple[Page, ...]:
    """Return the pages that exist, in the order of the navigation; the first one has the empty slug."""
    found = [name for name in NAMES if find_spec(f"ui.pages.{name}") is not None]
    return tuple(Page(name, name if number else "") for number, name in enumerate(found))
