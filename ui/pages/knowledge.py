"""Savoir: the knowledge owner's entries, health, gaps and sources, the brand and its rules."""

from __future__ import annotations

from itertools import islice
from typing import Any

import gradio as gr

from copilot import Copilot
from ui.faults import told
from ui.knowledge.brand import BrandRoom
from ui.knowledge.entries import Entries
from ui.knowledge.rules import Rules
from ui.knowledge.sources import Sources
from ui.knowledge.tab import PRIVATE, Tab, Update
from ui.knowledge.watch import Gaps, Health
from ui.words import Words

NAMES = ("entries", "gaps", "health", "sources", "brand", "rules")


def build(copilot: Copilot, language: str) -> None:
    """Lay the page out and connect it, inside an open ``gr.Blocks``."""
    screen = KnowledgeScreen(copilot, Words(language, "knowledge"))
    screen.lay_out()
    screen.connect()


class KnowledgeScreen:
    """The rooms and the way from one to another. All are on the page; the browser shows one of them."""

    def __init__(self, copilot: Copilot, say: Words) -> None:
        self.say = say
        self.choice = gr.Radio(
            [(say(f"tab_{name}"), name) for name in NAMES],
            value=NAMES[0],
            label=say("rooms"),
            elem_id="pv-knowledge-rooms",
            elem_classes="pv-tabs",
        )
        entries = Entries(copilot, say)
        watching = (entries, self.choice)
        self.rooms: dict[str, Tab] = {
            "entries": entries,
            "gaps": Gaps(copilot, say, *watching),
            "health": Health(copilot, say, *watching),
            "sources": Sources(copilot, say),
            "brand": BrandRoom(copilot, say),
            "rules": Rules(copilot, say),
        }

    def lay_out(self) -> None:
        """Lay the rooms out, one below the other."""
        for name, room in self.rooms.items():
            with gr.Column(elem_id=f"pv-knowledge-{name}-room", elem_classes="pv-knowledge-room"):
                room.lay_out()

    def connect(self) -> None:
        """Connect the rooms and the choice between them."""
        for room in self.rooms.values():
            room.connect()
        # The browser turns at once; what the room shows is read meanwhile.
        self.choice.change(None, [self.choice], None, js="(name) => window.pvKnowledgeTurn(name)", **PRIVATE)
        given = [part for room in self.rooms.values() for part in room.reads()]
        filled = [part for room in self.rooms.values() for part in room.fills()]
        self.choice.change(told(self.say)(self.turn), [self.choice, *given], filled, **PRIVATE)

    def turn(self, name: str, *given: Any) -> Update:
        """Fill the room that is entered."""
        rest = iter(given)
        own = {key: list(islice(rest, len(room.reads()))) for key, room in self.rooms.items()}
        return self.rooms[name].enter(*own[name])
