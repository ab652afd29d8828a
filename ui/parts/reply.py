"""Répondre, laid out: the message and the wishes, the answer, and what stands beside it."""

from __future__ import annotations

import gradio as gr

from copilot import Copilot, views
from ui import desk as looks
from ui.choice import choice
from ui.desk import Desk
from ui.words import Words


class ReplyParts:
    """The parts of the page."""

    def __init__(self, copilot: Copilot, language: str) -> None:
        self.copilot = copilot
        self.say = Words(language, "reply")
        self.desk = gr.State(Desk())

    def lay_out_message(self) -> None:
        """Lay out what came in, the wishes for the answer, and what was read in the message."""
        say = self.say
        self.comment = gr.Textbox(
            label=say("comment"),
            placeholder=say("comment_placeholder"),
            lines=3,
            max_lines=12,
            max_length=20_000,
            elem_id="pv-comment",
            elem_classes="pv-keep",
            autofocus=True,
        )
        with gr.Row(elem_classes="pv-settings"):
            self.author = _line(say("author"), say("author_placeholder"), "pv-author")
            titles = [(name, views.channel_title(name, say.language)) for name in self.copilot.brand.channels]
            self.channel = choice(say("channel"), titles, elem_id="pv-channel", elem_classes="pv-keep")
            self.register = gr.Radio(
                choices=[(say("register_vous"), "vous"), (say("register_tu"), "tu")],
                value=self.copilot.brand.register_,
                label=say("register"),
                elem_id="pv-register",
            )
        self.note = gr.Textbox(
            label=say("note"),
            placeholder=say("note_info"),
            lines=1,
            max_lines=6,
            max_length=4_000,
            elem_id="pv-note",
            elem_classes="pv-keep",
        )
        with gr.Row(elem_classes="pv-buttons"):
            self.go = gr.Button(say("draft"), variant="primary", elem_id="pv-go")
            self.stop = gr.Button(say("stop"), elem_id="pv-stop", visible=False)
            self.status = gr.HTML(elem_id="pv-status")
        self.triage = gr.HTML(elem_id="pv-triage", js_on_load="window.pvTriage(element, trigger)")
        self.handover = gr.HTML(elem_id="pv-handover", js_on_load="window.pvCopies(element)")
        self.notices = gr.HTML(elem_id="pv-notices")

    def lay_out_answer(self) -> None:
        """Lay out the text that will be sent and what can be done with it."""
        say = self.say
        with gr.Column(elem_id="pv-answer-part", elem_classes="pv-answer-part") as self.answer:
            self.text = gr.Textbox(
                label=say("answer"),
                placeholder=say("answer_placeholder"),
                lines=8,
                max_lines=40,
                elem_id="pv-answer",
                elem_classes=["pv-keep", "pv-own"],
            )
            self.marks = gr.HTML(
                elem_id="pv-marks", html_template="", js_on_load="window.pvMarks(props, watch, trigger)"
            )
            self.meter = gr.HTML(elem_id="pv-meter")
            with gr.Row(elem_classes="pv-buttons"):
                self.copy = gr.Button(say("copy"), elem_id="pv-copy")
                self.save = gr.Button(say("save"), elem_id="pv-save")
                self.submit = gr.Button(say("submit"), elem_id="pv-submit")
                self.fix_all = gr.Button(say("fix_all"), elem_id="pv-fix-all", visible=False)
                self.undo = gr.Button(say("undo"), elem_id="pv-undo", visible=False)
                self.unsave = gr.Button(say("undo_save"), elem_id="pv-unsave", visible=False)
                self.next = gr.Button(say("next"), elem_id="pv-next", visible=False)
            self.wording = gr.HTML(elem_id="pv-wording", js_on_load="window.pvWording(element, trigger)")
            self.variants = gr.HTML(elem_id="pv-variants", js_on_load="window.pvInserts(element)")
            self.canned = gr.HTML(elem_id="pv-canned", js_on_load="window.pvInserts(element)")

    def lay_out_side(self) -> None:
        """Lay out findings, evidence and what was told before, beside the text."""
        say = self.say
        self.findings = gr.HTML(
            looks.findings(Desk(), say),
            elem_id="pv-findings",
            js_on_load="window.pvFindings(element, trigger)",
        )
        with gr.Group(visible=False, elem_id="pv-reason") as self.reason_box:
            self.reason = gr.Textbox(
                label=say("reason"), info=say("reason_info"), lines=2, elem_id="pv-reason-text"
            )
            with gr.Row(elem_classes="pv-buttons"):
                self.confirm = gr.Button(say("reason_confirm"), variant="primary", size="sm")
                self.cancel = gr.Button(say("cancel"), size="sm")
        self.evidence = gr.HTML(elem_id="pv-evidence", js_on_load="window.pvEvidence(element, trigger)")
        self.told = gr.HTML(elem_id="pv-told")
        self.source = gr.HTML(elem_id="pv-source", js_on_load="window.pvSource(element, watch)")
        self.verdict = gr.HTML(elem_id="pv-verdict", js_on_load="window.pvVerdict(element, trigger)")


def _line(label: str, placeholder: str, elem_id: str) -> gr.Textbox:
    return gr.Textbox(
        label=label,
        placeholder=placeholder,
        max_lines=1,
        max_length=60,
        elem_id=elem_id,
        elem_classes="pv-keep",
    )
