"""Fiches: find an entry, edit it, approve or retire it, write a new one."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import gradio as gr

from copilot import ConflictError, Copilot, Entry, EntryChange
from ui.access import actor
from ui.choice import choice
from ui.knowledge import looks
from ui.knowledge.day import day
from ui.knowledge.tab import PRIVATE, Tab, Update
from ui.words import Words

FILTERS: dict[str, dict[str, Any]] = {
    "all": {},
    "approved": {"status": "approved"},
    "pending": {"status": "pending"},
    "retired": {"status": "retired"},
    "internal": {"visibility": "internal"},
    "past": {"validity": "past"},
}
STATES = ("approved", "pending", "retired")
READERS = ("public", "internal")


@dataclass(frozen=True)
class Held:
    """The entry as the visitor saw it, the question it answers, and the rows her list shows."""

    seen: Entry | None = None
    gap: int = 0
    shown: int = looks.SHOWN


class Entries(Tab):
    """The room. Handlers return ``{part: new value}``."""

    def __init__(self, copilot: Copilot, say: Words) -> None:
        super().__init__(copilot, say)
        self.held = gr.State(Held())

    def lay_out(self) -> None:
        """Lay out the list and, beside it, the form."""
        with gr.Row(elem_classes="pv-knowledge-two", equal_height=False):
            with gr.Column(scale=5, min_width=300, elem_classes="pv-knowledge-left"):
                self._lay_out_list()
            with gr.Column(scale=7, min_width=320, elem_classes="pv-knowledge-right"):
                self._lay_out_form()

    def _lay_out_list(self) -> None:
        say = self.say
        with gr.Row(elem_classes="pv-settings"):
            self.words = gr.Textbox(
                label=say("find"),
                placeholder=say("find_placeholder"),
                max_lines=1,
                elem_id="pv-knowledge-find",
            )
            named = [(name, say(f"filter_{name}")) for name in FILTERS]
            self.filter = choice(say("show"), named, elem_id="pv-knowledge-filter")
        with gr.Row(elem_classes="pv-buttons"):
            self.new = gr.Button(say("new"), elem_id="pv-knowledge-new")
        self.list = gr.HTML(
            self.told(self.first),
            elem_id="pv-knowledge-entries",
            js_on_load="window.pvKnowledge(element, trigger)",
        )

    def _lay_out_form(self) -> None:
        say = self.say
        self.head = gr.HTML(looks.entry_head(None, self._today(), say), elem_id="pv-knowledge-head")
        self.question = _text(say("question"), "pv-knowledge-question", 2)
        self.answer = _text(say("answer"), "pv-knowledge-answer", 6)
        with gr.Row(elem_classes="pv-settings"):
            self.status = _radio(say, "status", STATES, "pending")
            self.visibility = _radio(say, "visibility", READERS, "public")
        with gr.Row(elem_classes="pv-settings"):
            self.start = day(say("valid_from"), elem_id="pv-knowledge-from")
            self.end = day(say("valid_until"), elem_id="pv-knowledge-until")
        with gr.Row(elem_classes="pv-buttons"):
            self.save = gr.Button(say("save"), variant="primary", elem_id="pv-knowledge-save")
            self.approve = gr.Button(say("approve"), elem_id="pv-knowledge-approve", visible=False)
            self.retire = gr.Button(say("retire"), elem_id="pv-knowledge-retire", visible=False)
        self.outcome = gr.HTML(elem_id="pv-knowledge-told")
        self.ticket = gr.Textbox(elem_id="pv-knowledge-ticket", elem_classes="pv-keep", visible="hidden")
        self.conflict = gr.HTML(
            elem_id="pv-knowledge-conflict", js_on_load="window.pvKnowledge(element, trigger, watch)"
        )

    def connect(self) -> None:
        """Connect list and form."""
        listed = [self.words, self.filter, self.held]
        again = {**PRIVATE, "trigger_mode": "always_last"}
        gr.on(
            [self.words.change, self.filter.change],
            self.told(self.find),
            listed,
            [self.list, self.held],
            **again,
        )
        self.hold(self.list.click(self.told(self.choose), listed, [*self.form(), self.list], **PRIVATE))
        blank = self.new.click(self.told(self.blank), None, self.form(), **PRIVATE)
        self.hold(blank)
        blank.then(None, None, None, js="() => window.pvKnowledgeNew()", **PRIVATE)
        resumed = [self.status, self.visibility, self.start, self.end, *self._around()]
        self.ticket.change(self.told(self.resume), [self.ticket, self.held], resumed, **PRIVATE)
        fields = [*self._fields(), self.held]
        parts = [*self.form(), self.conflict, *listed[:2], self.list]
        for button, handler in ((self.save, self.keep), (self.approve, self.let), (self.retire, self.drop)):
            self.hold(button.click(self.told(handler), [*fields, *listed[:2]], parts, **PRIVATE))
        self.hold(self.conflict.click(self.told(self.settle), [*fields, *listed[:2]], parts, **PRIVATE))

    def reads(self) -> list[Any]:
        """Return what the list depends on."""
        return [self.words, self.filter, self.held]

    def fills(self) -> list[Any]:
        """Return the list."""
        return [self.list]

    def enter(self, *given: Any) -> Update:
        """Show the list as the files have it now."""
        return {self.list: self.listed(*given)}

    def hold(self, event: Any) -> None:
        """After an event, let the browser keep the form with the entry as it was seen."""
        held = [self.ticket, self.question, self.answer]
        event.success(None, held, None, js="(...all) => window.pvKnowledgeHold(...all)", **PRIVATE)

    # -- handlers -------------------------------------------------------------------------------

    def first(self) -> str:
        """Return the list as it is when the page opens."""
        return self.listed("", "all", Held())

    def find(self, words: str, name: str, held: Held) -> Update:
        """Show the entries that fit."""
        held = replace(held, shown=looks.SHOWN)
        return {self.list: self.listed(words, name, held), self.held: held}

    def choose(self, words: str, name: str, held: Held, event: gr.EventData) -> Update:
        """Open an entry, or show more of the list."""
        if event.do == "more":
            held = replace(held, shown=held.shown + 10 * looks.SHOWN)
            return {self.list: self.listed(words, name, held), self.held: held}
        seen = self.copilot.knowledge.entry(event.id)
        held = Held(seen, shown=held.shown)
        return {**self.opened(held), self.list: self.listed(words, name, held)}

    def blank(self) -> Update:
        """Empty the form for a new entry."""
        return self.prefilled("", 0)

    def resume(self, ticket: str, held: Held) -> Update:
        """Take up what the browser kept of a form, after a reload: the entry as it was seen then."""
        if ticket == _ticket(held):
            return {self.held: held}
        seen, gap = _taken(ticket)
        held = Held(seen, gap)
        return {**(self._state(seen) if seen else {}), **self._framed(held)}

    def keep(self, *given: Any) -> Update:
        """Save the form."""
        return self._saved(*given, {})

    def let(self, *given: Any) -> Update:
        """Save the form and approve the entry."""
        return self._saved(*given, {"status": "approved"})

    def drop(self, *given: Any) -> Update:
        """Save the form and retire the entry."""
        return self._saved(*given, {"status": "retired"})

    def settle(
        self,
        question: str,
        answer: str,
        status: str,
        visibility: str,
        start: str,
        end: str,
        held: Held,
        words: str,
        name: str,
        event: gr.EventData,
    ) -> Update:
        """Settle a conflict: one's own words, those of the file, or back to the form."""
        if event.do == "back" or held.seen is None:
            return {self.conflict: ""}
        fresh = self.copilot.knowledge.entry(held.seen.id)
        held = replace(held, seen=fresh)
        if event.do == "theirs":
            return {**self.opened(held), self.conflict: "", self.list: self.listed(words, name, held)}
        return self._saved(question, answer, status, visibility, start, end, held, words, name, {})

    # -- what handlers share --------------------------------------------------------------------

    def listed(self, words: str, name: str, held: Held) -> str:
        """Return the list as it stands."""
        found = self.copilot.knowledge.entries(words or "", **FILTERS.get(name, {}))
        if not (words or "").strip():  # nothing ranks them: her own language comes first
            found = sorted(found, key=lambda item: item.language != self.say.language)
        at = held.seen.id if held.seen else ""
        return looks.entries(found, self._today(), self.say, shown=held.shown, at=at)

    def prefilled(self, question: str, gap: int) -> Update:
        """Return the empty form of a new entry, with the question it should answer."""
        free: Update = {"interactive": True}
        empty: Update = {self.question: gr.update(value=question, **free), self.start: "", self.end: ""}
        empty[self.answer] = gr.update(value="", **free)
        return {**empty, self.status: "pending", self.visibility: "public", **self._framed(Held(gap=gap))}

    def opened(self, held: Held) -> Update:
        """Return the form of an entry."""
        seen = held.seen
        assert seen is not None
        locked = {"interactive": seen.words_editable}
        return {
            self.question: gr.update(value=seen.question, **locked),
            self.answer: gr.update(value=seen.answer, **locked),
            **self._state(seen),
            **self._framed(held),
        }

    def entry(self, entry_id: str) -> Update:
        """Return the form of the entry of that id."""
        return self.opened(Held(self.copilot.knowledge.entry(entry_id)))

    def form(self) -> list[Any]:
        """Return the parts that an opened entry fills."""
        return [*self._fields(), *self._around()]

    def _state(self, seen: Entry) -> Update:
        return {
            self.status: seen.status,
            self.visibility: seen.visibility,
            self.start: seen.valid_from.isoformat() if seen.valid_from else "",
            self.end: seen.valid_until.isoformat() if seen.valid_until else "",
        }

    def _framed(self, held: Held) -> Update:
        seen = held.seen
        uses = self.copilot.knowledge.uses().get(seen.id, 0) if seen else 0
        return {
            self.head: looks.entry_head(seen, self._today(), self.say, uses),
            self.approve: gr.update(visible=seen is not None and seen.status != "approved"),
            self.retire: gr.update(visible=seen is not None and seen.status != "retired"),
            self.ticket: _ticket(held),
            self.outcome: "",
            self.held: held,
        }

    def _saved(self, *given: Any) -> Update:
        question, answer, status, visibility, start, end, held, words, name, forced = given
        wished = _change(question, answer, status, visibility, start, end, held.seen)
        wished = replace(wished, **forced)
        try:
            found = self._written(held, wished)
        except ConflictError:
            if held.seen is None:
                raise
            fresh = self.copilot.knowledge.entry(held.seen.id)
            theirs = f"{fresh.question}\n\n{fresh.answer}"
            shown = looks.conflict(theirs, f"{question}\n\n{answer}", self.say)
            return {self.conflict: shown, self.status: wished.status or status, self.held: held}
        held = Held(found, shown=held.shown)
        shown = {**self.opened(held), self.outcome: looks.done(self.say("saved", path=found.path))}
        return {**shown, self.conflict: "", self.list: self.listed(words, name, held)}

    def _written(self, held: Held, wished: EntryChange) -> Entry:
        knowledge, who = self.copilot.knowledge, actor()
        if held.seen is not None:
            return knowledge.edit(held.seen, wished, actor=who)
        made = knowledge.create(wished.question or "", wished.answer or "", wished, actor=who)
        if held.gap:
            knowledge.close_gap(held.gap, actor=who)
        return made

    def _fields(self) -> list[Any]:
        return [self.question, self.answer, self.status, self.visibility, self.start, self.end]

    def _around(self) -> list[Any]:
        return [self.head, self.approve, self.retire, self.ticket, self.outcome, self.held]

    def _today(self) -> date:
        return self.copilot.now().date()


def _change(
    question: str, answer: str, status: Any, visibility: Any, start: str, end: str, seen: Entry | None
) -> EntryChange:
    """Return what the form changes; what it leaves as it was is not said again."""
    cleared: list[Any] = []
    if seen is not None:
        dates = (("valid_from", seen.valid_from, start), ("valid_until", seen.valid_until, end))
        cleared = [name for name, before, now in dates if before and not now]
    words = (None, None)
    if seen is None or (question, answer) != (seen.question, seen.answer):
        words = (question, answer)  # type: ignore[assignment]
    return EntryChange(
        question=words[0],
        answer=words[1],
        status=None if seen and status == seen.status else status,
        visibility=None if seen and visibility == seen.visibility else visibility,
        valid_from=date.fromisoformat(start) if start else None,
        valid_until=date.fromisoformat(end) if end else None,
        clear=tuple(cleared),
    )


def _ticket(held: Held) -> str:
    if held.seen is None:
        return json.dumps({"gap": held.gap})
    return json.dumps({"gap": held.gap, "seen": asdict(held.seen)}, default=str, ensure_ascii=False)


def _taken(ticket: str) -> tuple[Entry | None, int]:
    try:
        data = json.loads(ticket)
        seen = data.get("seen")
        if seen is None:
            return None, int(data.get("gap", 0))
        for name in ("valid_from", "valid_until"):
            seen[name] = date.fromisoformat(seen[name]) if seen[name] else None
        return Entry(**{**seen, "tags": tuple(seen["tags"])}), int(data.get("gap", 0))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None, 0


def _text(label: str, elem_id: str, lines: int) -> gr.Textbox:
    return gr.Textbox(
        label=label,
        lines=lines,
        max_lines=3 * lines,
        max_length=20_000,
        elem_id=elem_id,
        elem_classes="pv-keep",
    )


def _radio(say: Words, name: str, values: tuple[str, ...], chosen: str) -> gr.Radio:
    return gr.Radio(
        [(say(f"{name}_{value}"), value) for value in values],
        value=chosen,
        label=say(name),
        elem_id=f"pv-knowledge-{name}",
    )
