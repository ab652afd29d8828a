"""Santé and Questions: what the knowledge owner should look at, each item one click from its entry."""

from __future__ import annotations

from typing import Any

import gradio as gr

from copilot import Copilot
from ui.access import actor
from ui.knowledge import looks
from ui.knowledge.entries import Entries
from ui.knowledge.tab import PRIVATE, Tab, Update
from ui.words import Words


class Health(Tab):
    """The health report."""

    def __init__(self, copilot: Copilot, say: Words, entries: Entries, choice: gr.Radio) -> None:
        super().__init__(copilot, say)
        self.entries, self.choice = entries, choice

    def lay_out(self) -> None:
        """Lay out the place of the report."""
        waiting = f'<p class="pv-waiting" role="status">{self.say("health_loading")}</p>'
        self.report = gr.HTML(
            waiting, elem_id="pv-knowledge-health", js_on_load="window.pvKnowledge(element, trigger)"
        )

    def connect(self) -> None:
        """Connect the buttons of the report."""
        parts = [self.choice, *self.entries.form()]
        self.entries.hold(self.report.click(self.told(self.open), None, parts, **PRIVATE))

    def fills(self) -> list[Any]:
        """Return the report."""
        return [self.report]

    def enter(self, *_given: Any) -> Update:
        """Make the report anew."""
        editable = frozenset(c.id for c in self.copilot.knowledge.chunks() if c.kind == "faq")
        return {self.report: looks.health(self.copilot.knowledge.health(), editable, self.say)}

    def open(self, event: gr.EventData) -> Update:
        """Open the entry of an item."""
        return {self.choice: "entries", **self.entries.entry(event.id)}


class Gaps(Tab):
    """The questions that found no answer."""

    def __init__(self, copilot: Copilot, say: Words, entries: Entries, choice: gr.Radio) -> None:
        super().__init__(copilot, say)
        self.entries, self.choice = entries, choice

    def lay_out(self) -> None:
        """Lay out the place of the list."""
        self.list = gr.HTML(elem_id="pv-knowledge-gaps", js_on_load="window.pvKnowledge(element, trigger)")

    def connect(self) -> None:
        """Connect the buttons of the list."""
        parts = [self.list, self.choice, *self.entries.form()]
        self.entries.hold(self.list.click(self.told(self.act), None, parts, **PRIVATE))

    def fills(self) -> list[Any]:
        """Return the list."""
        return [self.list]

    def enter(self, *_given: Any) -> Update:
        """Read the list anew."""
        return {self.list: self.listed()}

    def act(self, event: gr.EventData) -> Update:
        """Write the entry that a question asks for, or take the question off the list."""
        number = int(event.id)
        if event.do == "close":
            self.copilot.knowledge.close_gap(number, actor=actor())
            return {self.list: self.listed()}
        question = next((gap.question for gap in self.copilot.knowledge.gaps() if gap.id == number), "")
        return {self.choice: "entries", **self.entries.prefilled(question, number)}

    def listed(self) -> str:
        """Return the questions, the one asked most first; the same words asked twice are one question."""
        groups: dict[str, list[tuple[int, str, str]]] = {}
        for gap in self.copilot.knowledge.gaps():
            key = " ".join(gap.question.lower().split())
            groups.setdefault(key, []).append((gap.id, gap.question, looks.day(gap.at.date(), self.say)))
        rows = [(same[0][0], same[0][1], len(same), same[0][2]) for same in groups.values()]
        return looks.gaps(sorted(rows, key=lambda row: -row[2]), self.say)
