"""Atelier: edit a prompt, see what it would send, try it on the golden cases, promote it or go back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from copilot import Comment, Copilot, CopilotError, views
from ui import bench as looks
from ui.access import actor
from ui.bench import Bench
from ui.faults import said, told
from ui.streaming import follow
from ui.words import Words

Update = dict[Any, Any]
PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def build(copilot: Copilot, language: str) -> None:
    """Lay the page out and connect it, inside an open ``gr.Blocks``."""
    screen = LabScreen(copilot, language)
    with gr.Row(elem_classes="pv-lab-desk", equal_height=False):
        with gr.Column(scale=7, elem_classes="pv-lab-main"):
            screen.lay_out_text()
        with gr.Column(scale=5, elem_classes="pv-lab-side", min_width=320):
            screen.lay_out_preview()
    with gr.Column(elem_classes="pv-lab-below"):
        screen.lay_out_trial()
        screen.lay_out_promotion()
    screen.connect()


class LabScreen:
    """The parts of the page and what they do. Handlers return ``{part: new value}``."""

    def __init__(self, copilot: Copilot, language: str) -> None:
        self.copilot = copilot
        self.book = copilot.prompt_book
        self.say = Words(language, "lab")
        self.bench = gr.State(Bench())

    # -- layout ---------------------------------------------------------------------------------

    def lay_out_text(self) -> None:
        """Lay out the choice of a prompt and its text."""
        say = self.say
        names = sorted(self.book.names(), key=looks.order)
        self.name = gr.Radio(
            [(looks.title(name, say), name) for name in names],
            value="reply",
            label=say("prompt"),
            elem_id="pv-lab-name",
            elem_classes="pv-tabs",
        )
        self.text = gr.Textbox(
            label=say("text"),
            info=say("text_info"),
            lines=18,
            max_lines=32,
            max_length=60_000,
            elem_id="pv-lab-text",
            elem_classes=["pv-keep", "pv-own"],
        )
        with gr.Accordion(say("head"), open=False, elem_classes="pv-options"):
            self.head = gr.Textbox(
                label=say("head"),
                info=say("head_info"),
                lines=8,
                max_lines=24,
                max_length=20_000,
                elem_id="pv-lab-head",
                elem_classes=["pv-keep", "pv-own"],
            )
        self.state = gr.HTML(elem_id="pv-lab-state")
        self.diff = gr.HTML(elem_id="pv-lab-diff")
        self.begin = gr.HTML(
            elem_id="pv-lab-begin", html_template="", js_on_load="window.pvLabBegin(trigger)"
        )

    def lay_out_preview(self) -> None:
        """Lay out an example and the messages that would be sent for it."""
        say = self.say
        self.example = gr.Textbox(
            label=say("example"),
            value=say("example_text"),
            lines=2,
            max_lines=6,
            max_length=20_000,
            elem_id="pv-lab-example",
        )
        gr.HTML(f"<h2>{say('preview')}</h2><p class='pv-path'>{say('preview_info')}</p>")
        self.preview = gr.HTML(elem_id="pv-lab-preview")

    def lay_out_trial(self) -> None:
        """Lay out the trial on the golden cases and its result."""
        say = self.say
        gr.HTML(f"<h2>{say('trial')}</h2><p class='pv-path'>{say('trial_info')}</p>")
        options = self._answers()
        self.answers = gr.Radio(
            options,
            value=options[0][1] if options else "",
            label=say("answers"),
            visible=len(options) > 1,
            elem_id="pv-lab-answers",
        )
        with gr.Row(elem_classes="pv-buttons"):
            self.go = gr.Button(say("try"), variant="primary", elem_id="pv-lab-go", interactive=bool(options))
            self.stop = gr.Button(say("stop"), elem_id="pv-lab-stop", visible=False)
            self.status = gr.HTML("" if options else say("no_answers"), elem_id="pv-lab-status")
        self.result = gr.HTML(elem_id="pv-lab-result")
        self.cases = gr.HTML(elem_id="pv-lab-cases")

    def lay_out_promotion(self) -> None:
        """Lay out the promotion and the history."""
        say = self.say
        with gr.Row(elem_classes="pv-lab-desk", equal_height=False):
            with gr.Column(scale=7, elem_classes="pv-lab-main"):
                gr.HTML(f"<h2>{say('promotion')}</h2>")
                self.note = gr.Textbox(
                    label=say("note"),
                    info=say("note_info"),
                    lines=2,
                    max_length=500,
                    elem_id="pv-lab-note",
                )
                with gr.Row(elem_classes="pv-buttons"):
                    self.promote_button = gr.Button(say("promote"), elem_id="pv-lab-promote")
                    self.promoted = gr.HTML(elem_id="pv-lab-promoted")
            with gr.Column(scale=5, elem_classes="pv-lab-side", min_width=320):
                gr.HTML(f"<h2>{say('history')}</h2>")
                self.history = gr.HTML(
                    elem_id="pv-lab-history", js_on_load="window.pvLabHistory(element, trigger)"
                )

    # -- connections ----------------------------------------------------------------------------

    def connect(self) -> None:
        """Connect the text, the trial, the promotion and the history."""
        opened = [
            self.name,
            self.head,
            self.text,
            *self._about(),
            self.history,
            self.result,
            self.cases,
            self.bench,
        ]
        asked = [self.name, self.head, self.text, self.example, self.bench]
        again = {**PRIVATE, "trigger_mode": "always_last"}
        begun = self.begin.submit(self._told(self.begin_again), [self.example], opened, **PRIVATE)
        chosen = self.name.input(self._told(self.open), [self.name, self.example], opened, **PRIVATE)
        for event in (begun, chosen):
            event.then(None, None, None, js="() => window.pvLabShow()", **PRIVATE)
        chosen.then(None, [self.name], None, js="window.pvLabChosen", **PRIVATE)
        edits = [self.head.change, self.text.change, self.example.change]
        gr.on(edits, self._told(self.edit), asked, self._about(), **again)
        running = self.go.click(
            self._told(self.attempt), [*asked[:3], self.answers, self.bench], self._tried(), **PRIVATE
        )
        buttons = [self.go, self.stop]
        running.then(self.at_rest, None, buttons, **PRIVATE)
        self.stop.click(self.stopped, None, [*buttons, self.status], cancels=[running], **PRIVATE)
        after = [*opened, self.note, self.promoted]
        kept = self.promote_button.click(self._told(self.promote), [*asked, self.note], after, **PRIVATE)
        kept.success(None, [self.name], None, js="window.pvLabChosen", **PRIVATE)
        self.history.click(self._told(self.roll_back), [self.name, self.example], after, **PRIVATE)

    # -- handlers -------------------------------------------------------------------------------

    def begin_again(self, example: str, event: gr.EventData) -> Update:
        """Open the prompt that the browser kept, with the text that was being edited."""
        name = event.name if event.name in self.book.names() else "reply"
        opened = self.open(name, example)
        if not event.text:
            return opened
        head = event.head or opened[self.head]
        edited = self.edit(name, head, event.text, example, opened[self.bench])
        return {**opened, self.head: head, self.text: event.text, **edited}

    def open(self, name: str, example: str) -> Update:
        """Open a prompt."""
        head, body = looks.split(self.book.text(name))
        bench = Bench(name, self.book.current(name.partition(".")[0]).version)
        shown = {self.name: name, self.head: head, self.text: body, self.bench: bench}
        checked = self.edit(name, head, body, example, bench)
        return {**shown, **checked, **self._results(bench), **self._past(bench)}

    def edit(self, name: str, head: str, body: str, example: str, bench: Bench) -> Update:
        """Check the text as it stands and show what it would send."""
        text, promoted = looks.joined(head, body), self.book.text(name.partition(".")[0])
        try:
            shown = self.book.preview(name, text, Comment(example or self.say("example_text")))
        except CopilotError as error:
            return {self.state: looks.problem(error.in_language(self.say.language), self.say)}
        return {
            self.state: looks.state(shown.prompt.version, bench.base, self.say),
            self.diff: looks.difference(promoted, text, self.say),
            self.preview: views.preview(shown, self.say.language),
        }

    def attempt(self, name: str, head: str, body: str, recording: str, bench: Bench) -> Iterator[Update]:
        """Try the text on the golden cases, beside the version in production."""
        yield {self.go: gr.update(interactive=False), self.stop: gr.update(visible=True)}
        text = looks.joined(head, body)
        who, version = actor(), self.book.read(name, text).version
        found = None
        try:
            for found in follow(lambda report: self._assessed(name, text, recording, who, report)):
                if isinstance(found, str):
                    yield {self.status: found}
        except CopilotError as error:
            yield {self.status: looks.problem(error.in_language(self.say.language), self.say)}
            return
        bench = replace(bench, assessment=found, tried=version)
        yield {self.status: "", self.bench: bench, **self._results(bench)}

    def at_rest(self) -> list[Any]:
        """Give the buttons back, however the trial ended."""
        return [gr.update(interactive=True), gr.update(visible=False)]

    def stopped(self) -> list[Any]:
        """Say that a trial was stopped: what was answered is kept."""
        return [*self.at_rest(), f'<span role="status">{self.say("stopped")}</span>']

    def promote(self, name: str, head: str, body: str, example: str, bench: Bench, note: str) -> Update:
        """Make the text the version that production uses."""
        if not (note or "").strip():
            raise said(self.say("note_missing"))
        base = name.partition(".")[0]
        text = looks.joined(head, body)
        made = self.book.promote(base, text, note, actor=actor(), base=bench.base)
        told_ = f'<span role="status">✓ {self.say("promoted", version=made.version)}</span>'
        return {**self.open(base, example), self.note: "", self.promoted: told_}

    def roll_back(self, name: str, example: str, event: gr.EventData) -> Update:
        """Make an earlier version the one that production uses."""
        base = name.partition(".")[0]
        made = self.book.roll_back(base, str(event.version), actor=actor())
        told_ = f'<span role="status">✓ {self.say("rolled_back", version=made.version)}</span>'
        return {**self.open(base, example), self.note: "", self.promoted: told_}

    # -- parts ----------------------------------------------------------------------------------

    def _assessed(self, name: str, text: str, recording: str, who: str, report: Any) -> Any:
        def progress(step: Any) -> None:
            report(looks.waiting(step.done, step.total, step.cost, self.say))

        return self.book.assess(name, text, recording=recording, progress=progress, actor=who)

    def _answers(self) -> list[tuple[str, str]]:
        """Return who may answer: the recording first, as it costs nothing, then the model of the settings."""
        kept = [(self.say("recorded"), str(self.book.recorded))] if self.book.recorded else []
        llm = self.copilot.settings.llm or getattr(self.copilot.given_llm, "name", "")
        return [*kept, (self.say("endpoint", name=llm), "")] if llm else kept

    def _results(self, bench: Bench) -> Update:
        return {self.result: looks.verdict(bench, self.say), self.cases: looks.cases(bench, self.say)}

    def _past(self, bench: Bench) -> Update:
        versions = self.book.history(bench.name.partition(".")[0])
        zone = self.copilot.now().tzinfo
        return {self.history: looks.history(versions, bench.base, self.say, zone=zone)}

    def _about(self) -> list[Any]:
        return [self.state, self.diff, self.preview]

    def _tried(self) -> list[Any]:
        return [self.go, self.stop, self.status, self.result, self.cases, self.bench]

    def _told(self, handler: Any) -> Any:
        return told(self.say)(handler)
