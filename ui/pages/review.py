"""Relire: the texts that wait for a second pair of eyes, compared, talked about, decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from typing import Any

import gradio as gr

from copilot import ConflictError, Copilot, Finding, Reply, Review, views, word_changes
from ui.access import actor
from ui.faults import said, told
from ui.parts.review import STATES, Case, ReviewParts

Update = dict[Any, Any]
PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def build(copilot: Copilot, language: str) -> None:
    """Lay the page out and connect it, inside an open ``gr.Blocks``."""
    screen = ReviewScreen(copilot, language)
    with gr.Row(elem_classes="pv-desk pv-review", equal_height=False):
        with gr.Column(scale=4, elem_classes="pv-review-list", min_width=280):
            screen.lay_out_queue()
        with gr.Column(scale=8, elem_classes="pv-main"):
            screen.lay_out_text()
            screen.lay_out_decision()
    screen.lay_out_trail()
    screen.connect()


class ReviewScreen(ReviewParts):
    """What the parts of the page do. Handlers return ``{part: new value}``."""

    # -- connections ----------------------------------------------------------------------------

    def connect(self) -> None:
        """Connect every part."""
        listed = [self.queue]
        gr.on(self.filter.change, self._told(self.list), [self.filter, self.case], listed, **PRIVATE)
        every = self._all()
        opened = self.queue.click(self._told(self.open), [self.filter], every, **PRIVATE)
        # Another state may have been chosen while the text was on its way.
        opened.then(self._told(self.list), [self.filter, self.case], listed, **PRIVATE)
        work = [self.text, self.filter, self.case]
        kept = {"fn": None, "inputs": [self.conflict], "js": "window.pvReviewSaved", **PRIVATE}
        self.save.click(self._told(self.keep), work, every, **PRIVATE).success(**kept)
        self.conflict.click(self._told(self.settle), work, every, **PRIVATE).success(**kept)
        compared = [self.diff, self.findings, self.evidence]
        own = [self.text, self.case]
        # "change", for Gradio's "input" hears keys but neither a paste by mouse nor a dropped text.
        self.text.change(self._told(self.check), own, compared, trigger_mode="always_last", **PRIVATE)
        self.findings.click(self._told(self.fix), own, [self.text, *compared], **PRIVATE)
        decided = [*work, self.remark]
        approving = [*decided, self.reason, self.after, self.case_text]
        self.approve.click(self._told(self.do_approve), approving, every, **PRIVATE)
        self.again.click(self._told(self.submit_again), decided, every, **PRIVATE).success(**kept)
        self.after.input(self._told(self.show_case), [self.after, self.case], self._case_parts(), **PRIVATE)
        self.send_back.click(self._told(self.do_send_back), decided, every, **PRIVATE)
        self.reject.click(self._told(self.do_reject), decided, every, **PRIVATE)
        self.comment.click(self._told(self.do_remark), decided, every, **PRIVATE)
        self.trail_part.expand(self._told(self.show_trail), None, [self.trail], **PRIVATE)

    # -- handlers -------------------------------------------------------------------------------

    def list(self, wanted: str, case: Case) -> Update:
        """Show the texts in one state."""
        return {self.queue: self._queue(wanted, case.reply_id)}

    def open(self, wanted: str, event: gr.EventData) -> Update:
        """Show one text; ``text`` is what the browser kept of an unsaved edit."""
        reply_id = str(event.open or "")
        if not reply_id:
            return {self.queue: self._queue(wanted, "")}
        return self._shown(reply_id, wanted, str(event.text or ""), int(event.seen or 0))

    def keep(self, text: str, wanted: str, case: Case) -> Update:
        """Save the edited text."""
        try:
            self.copilot.reviews.edit(case.reply_id, text, actor=actor(), seen=case.version)
        except ConflictError:
            return self._conflict(text, case)
        gr.Info(self.say("saved"), title="")
        return self._shown(case.reply_id, wanted)

    def settle(self, text: str, wanted: str, case: Case, event: gr.EventData) -> Update:
        """Keep mine or take theirs, after a conflict."""
        if event.choice == "theirs":
            return self._shown(case.reply_id, wanted)
        return self.keep(text, wanted, replace(case, version=self._review(case.reply_id).version))

    def fix(self, text: str, case: Case, event: gr.EventData) -> Update:
        """Apply the fix of one finding to the text as it stands."""
        report = self.copilot.check(text, reply=self._reply(case.reply_id))
        fixed = self.copilot.fix(text, report.findings[event.fix : event.fix + 1]).text
        return {self.text: fixed, **self._compared(fixed, self._review(case.reply_id))}

    def check(self, text: str, case: Case) -> Update:
        """Compare and check the text as it is edited."""
        if not case.reply_id:
            return {self.diff: gr.skip()}
        return self._compared(text, self._review(case.reply_id))

    def show_case(self, after: list[str], case: Case) -> Update:
        """Show the golden case that would be made of the reply, personal data replaced."""
        if "case" not in after:
            return {self.case_part: gr.update(visible=False)}
        draft = self.copilot.lab.case_from_reply(case.reply_id)
        pairs = "".join(f"<li>{escape(old)} → {escape(new)}</li>" for _, old, new in draft.replaced)
        told = f"<p>{self.say('case_replaced')}</p><ul>{pairs}</ul>" if pairs else self.say("case_clean")
        shown = f'<div class="pv-review-stand-ins" role="status">{told}</div>'
        return {self.case_part: gr.update(visible=True), self.stand_ins: shown, self.case_text: draft.text}

    def submit_again(self, text: str, wanted: str, case: Case, remark: str) -> Update:
        """Hand a text that was sent back to the review once more."""
        try:
            self.copilot.reviews.submit(case.reply_id, text, actor=actor(), seen=case.version, remark=remark)
        except ConflictError:
            return self._conflict(text, case)
        gr.Info(self.say("submitted_again"), title="")
        return self._shown(case.reply_id, wanted)

    def do_approve(
        self, text: str, wanted: str, case: Case, remark: str, reason: str, after: list[str], grown: str
    ) -> Update:
        """Approve the text, or ask for the reason where errors stand."""
        reviews, who = self.copilot.reviews, actor()
        self._saved(text, case)
        if "case" in after:
            self.copilot.lab.check_case(self._grown(case, grown))
        standing = reviews.blocking(case.reply_id, text, {})
        if standing and not reason.strip():
            gr.Warning(self.say("blocked"), title="")
            return {self.reason: gr.update(visible=True, label=self._reason(standing))}
        why = {finding.rule: reason for finding in standing}
        try:
            reviews.approve(case.reply_id, actor=who, seen=case.version, overrides=why, remark=remark)
        except ConflictError:
            return self._conflict(text, case)
        self._follow_up(case.reply_id, text, after, who)
        if "case" in after:
            self.copilot.lab.write_case(self._grown(case, grown))
        gr.Info(self.say("approved"), title="")
        return self._shown(case.reply_id, wanted)

    def do_send_back(self, text: str, wanted: str, case: Case, remark: str) -> Update:
        """Ask for changes."""
        return self._refuse(self.copilot.reviews.send_back, "sent_back", text, wanted, case, remark)

    def do_reject(self, text: str, wanted: str, case: Case, remark: str) -> Update:
        """Refuse for good."""
        return self._refuse(self.copilot.reviews.reject, "rejected", text, wanted, case, remark)

    def do_remark(self, text: str, wanted: str, case: Case, remark: str) -> Update:
        """Say something about the text; an unsaved edit stays."""
        self.copilot.reviews.remark(case.reply_id, remark, actor=actor())
        return self._shown(case.reply_id, wanted, text, case.version)

    def show_trail(self) -> Update:
        """Read the audit trail and verify it."""
        reviews = self.copilot.reviews
        entries = reviews.trail(actor=actor())[-200:]
        broken, zone = reviews.broken(), self.copilot.now().tzinfo
        return {self.trail: views.trail(entries, self.say.language, broken=broken, zone=zone)}

    # -- what handlers share --------------------------------------------------------------------

    def _told(self, handler: Callable[..., Any]) -> Callable[..., Any]:
        return told(self.say)(handler)

    def _all(self) -> list[Any]:
        texts = [self.text, self.diff, self.findings, self.evidence, self.remarks, self.conflict]
        decision = [self.decision, self.remark, self.reason, self.after, *self._case_parts()]
        buttons = [self.approve, self.again, self.send_back, self.reject]
        return [self.queue, self.head, self.body, *texts, *decision, *buttons, self.case]

    def _case_parts(self) -> list[Any]:
        return [self.case_part, self.stand_ins, self.case_text]

    def _grown(self, case: Case, text: str) -> Any:
        """Return the golden case of a reply with the text it has now, which a person may have changed."""
        return replace(self.copilot.lab.case_from_reply(case.reply_id), text=text)

    def _refuse(
        self, act: Callable[..., Review], key: str, text: str, wanted: str, case: Case, remark: str
    ) -> Update:
        self._saved(text, case)
        try:
            act(case.reply_id, remark, actor=actor(), seen=case.version)
        except ConflictError:
            return self._conflict(text, case)
        gr.Info(self.say(key), title="")
        return self._shown(case.reply_id, wanted)

    def _saved(self, text: str, case: Case) -> None:
        review = self._review(case.reply_id)
        if review.version == case.version and text.strip() != review.text.strip():
            raise said(self.say("save_first"))

    def _follow_up(self, reply_id: str, text: str, after: list[str], who: str) -> None:
        self.copilot.accept(reply_id, text, actor=who, learn="learn" in after)
        if "faq" in after:
            masked = self.copilot.people.masked
            question = self._reply(reply_id).comment.text
            self.copilot.knowledge.create(masked(question), masked(text), actor=who)

    def _queue(self, wanted: str, chosen: str) -> str:
        found = self.copilot.reviews.waiting(wanted if wanted in STATES else None)  # type: ignore[arg-type]
        items = [(review, self._reply(review.reply_id).comment.text) for review in found]
        return views.queue(items, self.say.language, now=self.copilot.now(), chosen=chosen)

    def _shown(self, reply_id: str, wanted: str, typed: str = "", seen: int = 0) -> Update:
        """Show a text; ``typed`` is an edit that is not saved, ``seen`` the version it was made on."""
        review = self._review(reply_id)
        text = typed or review.text
        version = seen if typed and seen else review.version
        return {
            self.queue: self._queue(wanted, reply_id),
            self.head: self._head(review, version),
            self.body: gr.update(visible=True),
            self.decision: gr.update(visible=True),
            self.text: text,
            **self._compared(text, review),
            self.remarks: views.remarks(review.remarks, self.say.language, now=self.copilot.now()),
            self.conflict: "",
            self.remark: "",
            self.reason: gr.update(value="", visible=False),
            **self._choices(review),
            self.case: Case(reply_id, version),
        }

    def _choices(self, review: Review) -> Update:
        """Return what the person may do with a text in its state."""
        decides = self.copilot.accounts.role(actor()) in ("manager", "admin")
        waiting = review.state == "submitted" and decides
        return {
            self.after: gr.update(value=[], visible=waiting),
            self.case_part: gr.update(visible=False),
            self.approve: gr.update(visible=waiting),
            self.again: gr.update(visible=review.state == "changes_requested"),
            self.send_back: gr.update(visible=decides and review.state in ("submitted", "approved")),
            self.reject: gr.update(visible=decides and review.state != "rejected"),
        }

    def _compared(self, text: str, review: Review) -> Update:
        reply, language = self._reply(review.reply_id), self.say.language
        report = self.copilot.check(text, reply=reply, overrides=review.overrides)
        changes = views.changes(word_changes(reply.draft.text, text), language)
        return {
            self.diff: f"<h2>{self.say('changes')}</h2>{changes}",
            self.findings: f"<h2>{self.say('findings')}</h2>{views.findings(report.findings, language)}",
            self.evidence: views.evidence(report, reply.passages, language, reply.note),
        }

    def _head(self, review: Review, version: int) -> str:
        comment = views.comment(self._reply(review.reply_id).comment, self.say.language)
        state = views.state(review.state, self.say.language)
        return f'<h2 class="pv-review-title" data-version="{version}">{state}</h2>{comment}'

    def _conflict(self, text: str, case: Case) -> Update:
        theirs = self._review(case.reply_id)
        who = theirs.decided_by if theirs.state != "submitted" else theirs.submitted_by
        return {self.conflict: views.conflict(text, theirs.text, who, self.say.language)}

    def _reason(self, standing: Sequence[Finding]) -> str:
        told = dict.fromkeys(f.message.get(self.say.language) for f in standing)
        return self.say("reason_for", errors=" ".join(list(told)[:3]))

    def _review(self, reply_id: str) -> Review:
        review = self.copilot.reviews.get(reply_id)
        if review is None:
            raise said(self.say("gone"))
        return review

    def _reply(self, reply_id: str) -> Reply:
        return self.copilot.store.reply(reply_id).reply
