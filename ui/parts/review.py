"""Relire, laid out: the list, the text with what changed, the decision and the trail."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from copilot import Copilot
from ui.words import Words

STATES = ("submitted", "changes_requested", "approved", "rejected")
AFTER = ("learn", "faq", "case")
"""What an approved text may serve for."""


@dataclass(frozen=True)
class Case:
    """The text in front of one visitor: which reply, and the version she has seen."""

    reply_id: str = ""
    version: int = 0


class ReviewParts:
    """The parts of the page."""

    def __init__(self, copilot: Copilot, language: str) -> None:
        self.copilot = copilot
        self.say = Words(language, "review")
        self.case = gr.State(Case())

    def lay_out_queue(self) -> None:
        """Lay out the filter and the list, the longest wait first."""
        say = self.say
        shown = [(say(f"filter_{name}"), name) for name in STATES]
        self.filter = gr.Radio(
            shown, value="submitted", label=say("filter"), elem_id="pv-review-filter", elem_classes="pv-tabs"
        )
        self.queue = gr.HTML(
            f'<p class="pv-waiting" role="status">{say("reading")}</p>',
            elem_id="pv-review-queue",
            js_on_load="window.pvReview(element, trigger)",
        )

    def lay_out_text(self) -> None:
        """Lay out the comment, the text with what changed, and what the checks say."""
        say = self.say
        welcome = f"<h2>{say('welcome')}</h2><p>{say('choose')}</p>"
        self.head = gr.HTML(f'<div class="pv-welcome">{welcome}</div>', elem_id="pv-review-head")
        with gr.Column(visible=False) as self.body:
            self.text = gr.Textbox(
                label=say("text"),
                lines=6,
                max_lines=30,
                elem_id="pv-review-text",
                elem_classes=["pv-keep", "pv-own"],
            )
            with gr.Row(elem_classes="pv-buttons"):
                self.save = gr.Button(say("save"), elem_id="pv-review-save")
            self.diff = gr.HTML(elem_id="pv-review-changes")
            self.findings = gr.HTML(
                elem_id="pv-review-findings", js_on_load="window.pvReviewFix(element, trigger)"
            )
            with gr.Accordion(say("evidence"), open=False, elem_classes="pv-options"):
                self.evidence = gr.HTML(elem_id="pv-review-evidence")
            self.remarks = gr.HTML(elem_id="pv-review-remarks")
        self.conflict = gr.HTML(
            elem_id="pv-review-conflict", js_on_load="window.pvReviewConflict(element, watch, trigger)"
        )

    def lay_out_decision(self) -> None:
        """Lay out what is said and decided."""
        say = self.say
        with gr.Column(visible=False, elem_classes="pv-review-decision") as self.decision:
            self.remark = gr.Textbox(
                label=say("remark"),
                info=say("remark_info"),
                lines=2,
                max_lines=8,
                elem_id="pv-review-remark",
                elem_classes="pv-keep",
            )
            self.reason = gr.Textbox(
                label=say("reason"),
                info=say("reason_info"),
                lines=2,
                visible=False,
                elem_id="pv-review-reason",
            )
            self.after = gr.CheckboxGroup(
                [(say(f"after_{name}"), name) for name in AFTER],
                label=say("after"),
                elem_id="pv-review-after",
            )
            with gr.Column(visible=False, elem_classes="pv-review-case") as self.case_part:
                self.stand_ins = gr.HTML(elem_id="pv-review-stand-ins")
                self.case_text = gr.Textbox(
                    label=say("case_text"),
                    info=say("case_info"),
                    lines=8,
                    max_lines=24,
                    max_length=20_000,
                    elem_id="pv-review-case-text",
                )
            with gr.Row(elem_classes="pv-buttons"):
                self.approve = gr.Button(say("approve"), variant="primary", elem_id="pv-review-approve")
                self.again = gr.Button(say("again"), variant="primary", elem_id="pv-review-again")
                self.send_back = gr.Button(say("send_back"), elem_id="pv-review-back")
                self.reject = gr.Button(say("reject"), elem_id="pv-review-reject")
                self.comment = gr.Button(say("comment"), elem_id="pv-review-comment")

    def lay_out_trail(self) -> None:
        """Lay out the audit trail, read when it is opened, and the links that export it."""
        say = self.say
        with gr.Accordion(
            say("trail"), open=False, elem_classes="pv-options pv-review-trail"
        ) as self.trail_part:
            self.trail = gr.HTML(elem_id="pv-review-trail")
            gr.HTML(
                f'<p class="pv-review-export"><a href="../trail.csv" download>{say("export_csv")}</a> '
                f'<a href="../trail.json" download>{say("export_json")}</a></p>'
            )
