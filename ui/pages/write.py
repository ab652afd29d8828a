"""Rédiger: from a brief to a post for each channel, proved, checked, and checked again as it is edited."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import gradio as gr

from copilot import Brief, CheckReport, Copilot, Finding, Post, views
from ui import batch as looks
from ui.access import actor
from ui.batch import Batch
from ui.desk import source
from ui.faults import said, told
from ui.parts.write import WriteParts
from ui.streaming import follow, stop

Update = dict[Any, Any]
PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def build(copilot: Copilot, language: str) -> None:
    """Lay the page out and connect it, inside an open ``gr.Blocks``."""
    screen = WriteScreen(copilot, language)
    with gr.Row(elem_classes="pv-desk", equal_height=False):
        with gr.Column(scale=5, elem_classes="pv-write-brief", min_width=320):
            screen.lay_out_brief()
        with gr.Column(scale=7, elem_classes="pv-main"):
            screen.lay_out_posts()
    screen.connect_brief()
    screen.connect_text()
    screen.connect_beside()


class WriteScreen(WriteParts):
    """What the parts of the page do. Handlers return ``{part: new value}``."""

    # -- connections ----------------------------------------------------------------------------

    def connect_brief(self) -> None:
        """Connect the brief and the writing."""
        brief = [self.form, self.objective, self.facts, self.audience, self.call, self.campaign]
        asked = [*brief, self.link, self.channels, self.language]
        shown = [self.text, self.marks, self.held]
        again = {**PRIVATE, "trigger_mode": "always_last"}
        checking = self.marks.input(self._told(self.check), shown, self._checked_parts(), **again)
        # A check of the text before that ends later would put the old posts back on the desk.
        alone = {**PRIVATE, "cancels": [checking]}
        self.tabs.input(self._told(self.turn), [self.tabs, *shown], self._all(), **alone)
        running = self.go.click(self._told(self.write), asked, self._all(), **alone)
        buttons = [self.go, self.stop, self.status]
        running.then(self.at_rest, None, buttons, **PRIVATE)
        running.failure(self.at_rest, None, buttons, **PRIVATE)
        self.stop.click(self.give_up, None, buttons, cancels=[running], **PRIVATE)
        about = [self.form_info, self.facts, self.channels]
        self.form.change(self._told(self.show_form), [self.form], about, **PRIVATE)
        self.marks.submit(self._told(self.resume), [self.held], self._all(), **PRIVATE)

    def connect_text(self) -> None:
        """Connect the text: turned to, checked as it is edited, worded anew, copied."""
        settings = [self.text, self.held]
        changed = [self.text, *self._checked_parts()]
        self.fix_all.click(self._told(self.fix_safe), settings, changed, **PRIVATE)
        self.undo.click(self._told(self.take_back), settings, changed, **PRIVATE)
        self.compare.click(self._told(self.other_words), settings, [self.variants], **PRIVATE)
        copied = json.dumps(self.say("copied"))
        self.copy.click(None, [self.text], None, js=f"(t) => window.pvCopy(t, {copied})", **PRIVATE)

    def connect_beside(self) -> None:
        """Connect findings, sources and files."""
        settings = [self.text, self.held]
        changed = [self.text, *self._checked_parts()]
        self.findings.click(self._told(self.fix_one), settings, changed, **PRIVATE)
        box = [self.reason_box, self.reason, self.held]
        asked = self.findings.select(self._told(self.ask_reason), [self.held], box, **PRIVATE)
        asked.then(None, None, None, js="() => window.pvFocus('#pv-reason-text textarea')", **PRIVATE)
        ignoring = [self.reason, *settings]
        parts = [*self._checked_parts(), self.reason_box]
        self.confirm.click(self._told(self.ignore), ignoring, parts, **PRIVATE)
        self.cancel.click(lambda: gr.update(visible=False), None, self.reason_box, **PRIVATE)
        self.evidence.click(self._told(self.open_source), [self.held], [self.source], **PRIVATE)
        wanted = [self.tool, self.at, *settings]
        self.download.click(self._told(self.export), wanted, [self.files, self.export_notices], **PRIVATE)

    # -- handlers: the brief --------------------------------------------------------------------

    def write(self, *values: Any) -> Iterator[Update]:
        """Write the posts, the words of a model shown while it writes."""
        brief = looks.brief_of(*values)
        waiting = f'<span class="pv-waiting" role="status">{self.say("writing")}</span>'
        yield {self.go: gr.update(interactive=False), self.stop: _shown(True), self.status: waiting}
        who = actor()
        for item in follow(lambda on_text: self.copilot.write(brief, on_text=on_text, actor=who)):
            if isinstance(item, str):
                yield {self.text: item, self.tabs: gr.update(choices=[(self.say("writing"), "")], value="")}
            else:
                yield self._opened(item)

    def resume(self, held: Batch, event: gr.EventData) -> Update:
        """Take up what the browser kept, after a reload or a restart of the server."""
        ticket = json.loads(event.ticket or "{}").get("ticket") or {}
        held = looks.taken_up(self.copilot, ticket)
        post = held.post
        if post is None:
            return {self.held: held}
        if event.text and event.text != held.text:
            held = held.edited(event.text)
        return {**self._turned(self._checked(held)), **self._brief_of(post.brief)}

    def give_up(self) -> list[Any]:
        """Abandon the draft that is being written; what is on the screen stays."""
        stop()
        return self.at_rest()

    def at_rest(self) -> list[Any]:
        """Give the buttons back, however the writing ended."""
        return [gr.update(interactive=True), _shown(False), ""]

    def show_form(self, name: str) -> Update:
        """Say what a format is, and what it takes the key facts for."""
        form = self.copilot.posts.formats()[name]
        label = form.facts.get(self.say.language) if form.facts else self.say("facts")
        return {
            self.form_info: self.form_words(name),
            self.facts: gr.update(label=label),
            self.channels: gr.update(visible=not form.channel),
        }

    # -- handlers: the text ---------------------------------------------------------------------

    def turn(self, post_id: str, text: str, painted: str, held: Batch) -> Update:
        """Keep the text as it stands, and put another post on the desk."""
        if looks.shows(painted, held):
            held = self._checked(held.edited(text or ""))
        return self._turned(self._checked(held.turned(post_id)))

    def check(self, text: str, painted: str, held: Batch) -> Update:
        """Check the text as it stands now, and keep it; one of a post that has left the desk is not hers."""
        if not looks.shows(painted, held):
            return {self.undo: gr.skip()}
        return self._parts(self._checked(held.edited(text or "")))

    def fix_safe(self, text: str, held: Batch) -> Update:
        """Apply every fix that cannot change what the text says."""
        chosen = held.report.findings if held.report else ()
        return self._fixed(text, chosen, held, safe_only=True)

    def fix_one(self, text: str, held: Batch, event: gr.EventData) -> Update:
        """Apply one fix, chosen by the position of its finding."""
        chosen = held.report.findings[event.fix : event.fix + 1] if held.report else ()
        return self._fixed(text, chosen, held, safe_only=False)

    def take_back(self, text: str, held: Batch) -> Update:
        """Put back the text as it was before the last change."""
        if not held.before:
            return {self.text: text, self.undo: _shown(False)}
        *before, older = held.before
        held = self._checked(replace(held.edited(older), before=tuple(before)))
        return {self.text: older, **self._parts(held)}

    def other_words(self, text: str, held: Batch) -> Update:
        """Show other wordings beside the text, compared word by word."""
        if held.post is None:
            return {self.variants: ""}
        return {self.variants: looks.variants(self.copilot.posts.variants(held.post, text), self.say)}

    # -- handlers: beside the text --------------------------------------------------------------

    def ask_reason(self, held: Batch, event: gr.EventData) -> Update:
        """Ask why a finding does not matter here."""
        held = replace(held, ignoring=event.ignore)
        return {self.reason_box: _shown(True), self.reason: "", self.held: held}

    def ignore(self, why: str, text: str, held: Batch) -> Update:
        """Set a finding aside, with the reason that was given."""
        if not why.strip():
            raise said(self.say("reason_missing"))
        held = self._checked(held.edited(text).excused(why.strip()))
        return {**self._parts(held), self.reason_box: _shown(False)}

    def open_source(self, held: Batch, event: gr.EventData) -> Update:
        """Show the document a passage comes from, at its place."""
        chunks = self.copilot.desk.source(event.open)
        sentences = held.report.sentences if held.report else ()
        spans = [e.span for s in sentences for e in s.evidence if e.passage_id == event.open]
        return {self.source: source(chunks, event.open, spans, self.say)}

    def export(self, tool: Any, at: str, text: str, held: Batch) -> Update:
        """Hand all posts over as files of a tool, with the texts they have now."""
        held = held.edited(text)
        items = [(post, held.texts[post.id]) for post in held.posts]
        moment = datetime.fromisoformat(at) if at else None
        files = self.copilot.posts.export(items, tool, language=self.say.language, at=moment, actor=actor())
        told = list(dict.fromkeys(notice for file in files for notice in file.notices))
        saved = looks.download([(f.name, f.media_type, f.content) for f in files])
        return {self.files: saved, self.export_notices: views.notices(told, self.say.language)}

    # -- what handlers share --------------------------------------------------------------------

    def _told(self, handler: Callable[..., Any]) -> Callable[..., Any]:
        return told(self.say)(handler)

    def _checked_parts(self) -> list[Any]:
        text = [self.marks, self.meter, self.fix_all, self.undo]
        return [*text, self.findings, self.evidence, self.duties, self.held]

    def _all(self) -> list[Any]:
        around = [self.go, self.stop, self.status, self.tabs, self.notices]
        beside = [self.fields, self.text, self.details, self.variants]
        brief = [self.form, self.objective, self.facts, self.audience, self.call, self.campaign, self.link]
        return [*around, *beside, *brief, self.channels, self.language, *self._checked_parts()]

    def _opened(self, posts: Sequence[Post]) -> Update:
        held = Batch(tuple(posts), {post.id: post.draft.text for post in posts}, posts[0].id)
        return self._turned(replace(held, report=posts[0].report))

    def _turned(self, held: Batch) -> Update:
        post = held.post
        if post is None:
            return {self.held: held}
        return {
            self.tabs: gr.update(choices=looks.titles(self.copilot, held, self.say), value=held.at),
            self.notices: views.notices(post.notices, self.say.language),
            self.fields: looks.fields(post, self.say),
            self.text: held.text,
            self.details: looks.details(post, self.say),
            self.variants: "",
            **self._parts(held),
        }

    def _parts(self, held: Batch) -> Update:
        report = held.report
        fixable = report is not None and any(
            f.fix is not None and f.fix.safe and not f.suppressed for f in report.findings
        )
        states = self.copilot.posts.duties(held.post, held.text) if held.post else []
        return {
            self.marks: looks.painted(held),
            self.meter: looks.meter(held, self.say),
            self.fix_all: _shown(fixable),
            self.undo: _shown(bool(held.before)),
            self.findings: looks.findings(held, self.say),
            self.evidence: looks.evidence(held, self.say),
            self.duties: looks.duties(states, self.say),
            self.held: held,
        }

    def _brief_of(self, brief: Brief) -> Update:
        return {
            self.form: brief.format,
            self.objective: brief.objective,
            self.facts: "\n".join(brief.key_facts),
            self.audience: brief.audience,
            self.call: brief.call_to_action,
            self.campaign: brief.campaign,
            self.link: brief.link,
            self.channels: " ".join(brief.channels),
            self.language: brief.language,
        }

    def _checked(self, held: Batch) -> Batch:
        post = held.post
        if post is None:
            return held
        reasons = held.reasons.get(post.id, {})
        report: CheckReport = self.copilot.posts.check(post, held.text, vouched=reasons, overrides=reasons)
        if held.text != self.copilot.posts.saved(post.id).text:
            self.copilot.posts.edit(post.id, held.text, actor=actor())
        return replace(held, report=report)

    def _fixed(self, text: str, chosen: Sequence[Finding], held: Batch, *, safe_only: bool) -> Update:
        result = self.copilot.fix(text, chosen, safe_only=safe_only)
        if result.text == text:
            gr.Info(self.say("skipped" if result.skipped else "nothing_to_fix"), title="")
            return {self.text: text, **self._parts(self._checked(held.edited(text)))}
        held = self._checked(held.remembered(text).edited(result.text))
        return {self.text: result.text, **self._parts(held)}


def _shown(visible: bool) -> Any:
    return gr.update(visible=visible)
