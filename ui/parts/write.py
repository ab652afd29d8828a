"""Rédiger, laid out: the brief, the posts on their tabs, and what stands beside them."""

from __future__ import annotations

import gradio as gr

from copilot import Copilot
from ui import batch as looks
from ui.batch import Batch
from ui.choice import chips, choice
from ui.moment import moment
from ui.words import Words

TOOLS = ("markdown", "csv", "buffer", "metricool", "sprout")
CHOSEN = 2
"""How many channels are chosen at first."""
FIRST = 6
"""How many channels are always on show; the brand's own are, however many."""


class WriteParts:
    """The parts of the page."""

    def __init__(self, copilot: Copilot, language: str) -> None:
        self.copilot = copilot
        self.say = Words(language, "write")
        self.held = gr.State(Batch())

    def lay_out_brief(self) -> None:
        """Lay out what the posts should do."""
        say = self.say
        forms = self.copilot.posts.formats().values()
        names = [(f.name, f.title.get(say.language)) for f in forms]
        self.form = choice(say("format"), names, elem_id="pv-write-format", elem_classes="pv-keep")
        self.form_info = gr.HTML(self.form_words("post"), elem_id="pv-write-info")
        self.objective = _text(say, "objective", lines=2)
        self.facts = _text(say, "facts", lines=4)
        self.audience = _text(say, "audience")
        self.call = _text(say, "call")
        self.campaign = _text(say, "campaign")
        self.link = _text(say, "link")
        self.channels = self._channels()
        self.language = gr.Radio(
            [(say("language_fr_name"), "fr"), (say("language_en_name"), "en")],
            value=say.language,
            label=say("language"),
            elem_id="pv-write-language",
        )
        with gr.Row(elem_classes="pv-buttons"):
            self.go = gr.Button(say("write"), variant="primary", elem_id="pv-go")
            self.stop = gr.Button(say("stop"), elem_id="pv-stop", visible=False)
            self.status = gr.HTML(elem_id="pv-status")

    def _channels(self) -> gr.HTML:
        known, own = self.copilot.posts.channels(), self.copilot.brand.channels
        return chips(
            self.say("channels"),
            [(name, looks.short_title(name, self.say.language)) for name in known],
            chosen=[name for name in known if name != "web"][:CHOSEN],
            first=max(FIRST, sum(name in own for name in known)),
            more=self.say("more_channels"),
            elem_id="pv-write-channels",
        )

    def lay_out_posts(self) -> None:
        """Lay out the posts: one on the desk, the others on their tabs."""
        say = self.say
        gr.HTML(looks.welcome(say), elem_id="pv-write-welcome")
        with gr.Column(elem_id="pv-write-posts", elem_classes="pv-answer-part"):
            self.tabs = gr.Radio([], label=say("posts"), elem_id="pv-write-tabs", elem_classes="pv-tabs")
            self.notices = gr.HTML(elem_id="pv-notices")
            self.fields = gr.HTML(elem_id="pv-write-fields", js_on_load="window.pvCopies(element)")
            self.text = gr.Textbox(
                label=say("text"),
                lines=9,
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
                self.fix_all = gr.Button(say("fix_all"), elem_id="pv-fix-all", visible=False)
                self.undo = gr.Button(say("undo"), elem_id="pv-undo", visible=False)
                self.compare = gr.Button(say("variants"), elem_id="pv-write-compare")
            self.variants = gr.HTML(elem_id="pv-variants", js_on_load="window.pvInserts(element)")
            self._lay_out_beside()

    def _lay_out_beside(self) -> None:
        say = self.say
        self.findings = gr.HTML(elem_id="pv-findings", js_on_load="window.pvFindings(element, trigger)")
        with gr.Group(visible=False, elem_id="pv-reason") as self.reason_box:
            self.reason = gr.Textbox(
                label=say("reason"), info=say("reason_info"), lines=2, elem_id="pv-reason-text"
            )
            with gr.Row(elem_classes="pv-buttons"):
                self.confirm = gr.Button(say("reason_confirm"), variant="primary", size="sm")
                self.cancel = gr.Button(say("cancel"), size="sm")
        self.duties = gr.HTML(elem_id="pv-write-duties")
        self.details = gr.HTML(elem_id="pv-write-details", js_on_load="window.pvCopies(element)")
        self.evidence = gr.HTML(elem_id="pv-evidence", js_on_load="window.pvEvidence(element, trigger)")
        self.source = gr.HTML(elem_id="pv-source", js_on_load="window.pvSource(element, watch)")
        with gr.Column(elem_id="pv-write-export"):
            gr.HTML(f"<h2>{say('export')}</h2><p>{say('export_info')}</p>")
            with gr.Row(elem_classes="pv-settings"):
                tools = [(name, say(f"form_{name}")) for name in TOOLS]
                self.tool = choice(say("tool"), tools, elem_id="pv-write-tool")
                self.at = moment(say("at"), elem_id="pv-write-at")
            with gr.Row(elem_classes="pv-buttons"):
                self.download = gr.Button(say("download"), elem_id="pv-write-download")
            self.export_notices = gr.HTML(elem_id="pv-write-export-notices")
            self.files = gr.HTML(
                elem_id="pv-write-files", html_template="", js_on_load="window.pvWriteSave(props, watch)"
            )

    def form_words(self, name: str) -> str:
        """Return what a format is."""
        return f"<p>{self.copilot.posts.formats()[name].info.get(self.say.language)}</p>"


def _text(say: Words, name: str, *, lines: int = 1) -> gr.Textbox:
    return gr.Textbox(
        label=say(name),
        placeholder=say(f"{name}_placeholder"),
        lines=lines,
        max_lines=12 if lines > 1 else 1,
        max_length=4000,
        elem_id=f"pv-write-{name}",
        elem_classes="pv-keep",
    )
