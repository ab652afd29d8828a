"""Répondre: paste a message, get a reply that is proved, checked, and checked again as it is edited."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from copilot import CheckReport, Comment, ConflictError, Copilot, Finding, Reply, ReplyRequest, views
from ui import desk as looks
from ui.access import actor
from ui.desk import Desk
from ui.faults import said, told
from ui.parts.reply import ReplyParts
from ui.streaming import follow, stop

Update = dict[Any, Any]
PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def build(copilot: Copilot, language: str) -> None:
    """Lay the page out and connect it, inside an open ``gr.Blocks``."""
    screen = ReplyScreen(copilot, language)
    with gr.Row(elem_classes="pv-desk", equal_height=False):
        with gr.Column(scale=7, elem_classes="pv-main"):
            screen.lay_out_message()
            screen.lay_out_answer()
        with gr.Column(scale=5, elem_classes="pv-side", min_width=320):
            screen.lay_out_side()
    screen.connect_message()
    screen.connect_answer()
    screen.connect_side()


class ReplyScreen(ReplyParts):
    """What the parts of the page do. Handlers return ``{part: new value}``."""

    # -- connections ----------------------------------------------------------------------------

    def connect_message(self) -> None:
        """Connect the message and its draft."""
        asked = [self.comment, self.author, self.channel, self.note, self.register, self.text, self.desk]
        settings = [self.text, self.channel, self.register, self.marks, self.desk]
        checked = [*self._checked_parts(), self.undo]
        # A check of the text before that ends after the draft would put the old reply back on the desk.
        checking = gr.on(
            [self.marks.input, self.channel.change],
            self._told(self.check),
            settings,
            checked,
            trigger_mode="always_last",
            **PRIVATE,
        )
        drafting = [self.go.click, self.comment.submit]
        running = gr.on(drafting, self._told(self.draft), asked, self._all(), cancels=[checking], **PRIVATE)
        buttons = [self.go, self.stop, self.status]
        running.then(self.at_rest, None, buttons, **PRIVATE)
        running.failure(self.at_rest, None, buttons, **PRIVATE)
        stopped = self.stop.click(self.give_up, None, buttons, cancels=[running], **PRIVATE)
        # What a model had written so far is a text like any other.
        stopped.then(self._told(self.check), settings, checked, **PRIVATE)
        resumed = self.marks.submit(self._told(self.resume), [self.desk], self._all(), **PRIVATE)
        resumed.then(self._told(self.check), settings, checked, **PRIVATE)  # for the channel that came back
        self.next.click(self.clear, None, self._all(), js="window.pvNext", **PRIVATE)
        read = [self.triage, self.desk]
        self.triage.click(self._told(self.correct), [self.marks, self.desk], read, **PRIVATE)

    def connect_answer(self) -> None:
        """Connect the text: checked as it is edited, worded anew, copied, saved."""
        settings = [self.text, self.channel, self.register, self.marks, self.desk]
        checked = [*self._checked_parts(), self.undo]
        changed = [self.text, self.notices, *checked]
        self.register.input(self._told(self.address), settings, changed, **PRIVATE)
        self.wording.click(self._told(self.reword), settings, [*changed, self.variants], **PRIVATE)
        self.fix_all.click(self._told(self.fix_safe), settings, changed, **PRIVATE)
        self.undo.click(self._told(self.take_back), settings, changed, **PRIVATE)
        after = [self.unsave, self.next, self.desk]
        held = [self.marks, self.desk]
        saved = self.save.click(self._told(self.accept), [self.text, *held], after, **PRIVATE)
        saved.success(None, None, None, js="() => window.pvForget()", **PRIVATE)
        self.unsave.click(self._told(self.take_back_saved), held, after, **PRIVATE)
        handed = [self.marks, self.next, self.desk]
        self.submit.click(self._told(self.hand_in), [self.text, *held], handed, **PRIVATE)
        copied = json.dumps(self.say("copied"))
        self.copy.click(None, [self.text], None, js=f"(t) => window.pvCopy(t, {copied})", **PRIVATE)

    def connect_side(self) -> None:
        """Connect findings, sources and the verdict on the draft."""
        settings = [self.text, self.channel, self.register, self.marks, self.desk]
        changed = [self.text, self.notices, *self._checked_parts(), self.undo]
        self.findings.click(self._told(self.fix_one), settings, changed, **PRIVATE)
        box = [self.reason_box, self.reason, self.desk]
        asked = self.findings.select(self._told(self.ask_reason), [self.desk], box, **PRIVATE)
        asked.then(None, None, None, js="() => window.pvFocus('#pv-reason-text textarea')", **PRIVATE)
        ignoring = [self.reason, *settings]
        ignored = [*self._checked_parts(), self.undo, self.reason_box]
        self.confirm.click(self._told(self.ignore), ignoring, ignored, **PRIVATE)
        self.cancel.click(lambda: gr.update(visible=False), None, self.reason_box, **PRIVATE)
        self.evidence.click(self._told(self.open_source), [self.desk], [self.source], **PRIVATE)
        self.verdict.click(self._told(self.judge), [self.marks, self.desk], [self.verdict], **PRIVATE)

    # -- handlers: the message ------------------------------------------------------------------

    def draft(
        self, message: str, name: str, where: str, facts: str, address: str, edited: str, held: Desk
    ) -> Iterator[Update]:
        """Draft a reply, its words shown as a model writes them; what stood there can be had back."""
        comment = Comment(message or "", (name or "").strip(), where)
        request = ReplyRequest(comment, note=facts or "", register=_register(address))
        busy = {self.go: gr.update(interactive=False), self.stop: gr.update(visible=True)}
        waiting = f'<span class="pv-waiting" role="status">{self.say("drafting")}</span>'
        yield {**busy, self.status: waiting, self.unsave: _shown(False), self.next: _shown(False)}
        who, fresh = actor(), Desk(before=held.changed(edited or "").before)
        for item in follow(lambda on_text: self.copilot.reply(request, on_text=on_text, actor=who)):
            if isinstance(item, str):
                yield self._writing(item, fresh)
            else:
                yield self._drafted(item.draft.text, replace(fresh, reply=item, report=item.report))

    def resume(self, held: Desk, event: gr.EventData) -> Update:
        """Take up what the browser kept, after a reload or a restart of the server."""
        held = looks.taken_up(self.copilot, event.ticket, held)
        if held.reply is None:
            return {self.text: event.text, **self._rechecked(event.text, "", "", held)}
        text = event.text or held.reply.draft.text
        held = replace(held, report=self._checked(text, held.reply.channel, "", held))
        return self._drafted(text, held)

    def correct(self, painted: str, held: Desk, event: gr.EventData) -> Update:
        """Keep what she says the message is, or take that back; the next draft goes by it."""
        held = self._taken_up(painted, held)
        if held.reply is None:
            raise said(self.say("no_draft"))
        desk, reply = self.copilot.desk, held.reply
        if event.undo:
            found = desk.uncorrect(reply, actor=actor())
        else:
            fields = {"intents": tuple(event.intents), "route": event.route}
            found = desk.correct(reply, fields, actor=actor())
        read = replace(reply, triage=found)
        shown = looks.triage(self.copilot, read, self.say, brief=found.route.startswith("escalate_"))
        return {self.triage: shown, self.desk: replace(held, reply=read)}

    def give_up(self) -> list[Any]:
        """Abandon the draft that is being written; what is on the screen stays."""
        stop()
        return self.at_rest()

    def at_rest(self) -> list[Any]:
        """Give the buttons back, however the draft ended."""
        return [gr.update(interactive=True), _shown(False), ""]

    def clear(self) -> Update:
        """Empty the page for the next message."""
        empty: Update = dict.fromkeys(self._all(), "")
        hidden = (self.unsave, self.next, self.undo, self.fix_all, self.stop)
        empty |= {button: _shown(False) for button in hidden}
        empty |= {self.desk: Desk(), self.go: gr.update(interactive=True), self.answer: _shown(True)}
        return {**empty, self.marks: looks.painted(Desk()), self.findings: looks.findings(Desk(), self.say)}

    # -- handlers: the text ---------------------------------------------------------------------

    def check(self, edited: str, where: str, address: str, painted: str, held: Desk) -> Update:
        """Check the text as it stands now; one that was sent before its reply came back is not its text."""
        held = self._taken_up(painted, held)
        if not looks.shows(painted, held):
            return {self.undo: gr.skip()}
        return self._rechecked(edited or "", where, address, held)

    def address(self, edited: str, where: str, address: str, painted: str, held: Desk) -> Update:
        """Call the reader tu or vous: the text is rewritten, and checked for it from now on."""
        held = self._taken_up(painted, held)
        if held.reply is None or held.reply.draft.language != "fr" or not edited.strip():
            return self._rechecked(edited or "", where, address, held)
        wish = "tu" if address == "tu" else "vous"
        found = self.copilot.desk.rewrite(held.reply, edited, wish)
        return self._replaced(edited, found.text, where, address, held)

    def reword(
        self, edited: str, where: str, address: str, painted: str, held: Desk, event: gr.EventData
    ) -> Update:
        """Say the text in another way, or show several ways side by side."""
        held = self._taken_up(painted, held)
        if held.reply is None:
            raise said(self.say("no_draft"))
        if event.wish == "variants":
            return {self.variants: self._variants(held.reply, edited)}
        found = self.copilot.desk.rewrite(held.reply, edited, event.wish)
        told = views.notices(found.notices, self.say.language)
        if found.text == edited and not found.notices:
            gr.Info(self.say("as_it_was"), title="")
        return {**self._replaced(edited, found.text, where, address, held), self.notices: told}

    def fix_safe(self, edited: str, where: str, address: str, painted: str, held: Desk) -> Update:
        """Apply every fix that cannot change what the text says."""
        chosen = held.report.findings if held.report else ()
        return self._fixed(edited, chosen, where, address, self._taken_up(painted, held), safe_only=True)

    def fix_one(
        self, edited: str, where: str, address: str, painted: str, held: Desk, event: gr.EventData
    ) -> Update:
        """Apply one fix, chosen by the position of its finding."""
        held = self._taken_up(painted, held)
        chosen = held.report.findings[event.fix : event.fix + 1] if held.report else ()
        return self._fixed(edited, chosen, where, address, held, safe_only=False)

    def take_back(self, edited: str, where: str, address: str, _painted: str, held: Desk) -> Update:
        """Put back the text as it was before the last change."""
        if not held.before:
            return {self.undo: _shown(False), self.text: edited}
        *before, text = held.before
        return {self.text: text, **self._rechecked(text, where, address, replace(held, before=tuple(before)))}

    def accept(self, edited: str, painted: str, held: Desk) -> Update:
        """Record the text that is sent."""
        held = self._taken_up(painted, held)
        if held.reply is None:
            raise said(self.say("no_draft"))
        self.copilot.accept(held.reply.id, edited, actor=actor())
        gr.Info(self.say("saved"), title="")
        return {self.unsave: _shown(True), self.next: _shown(True), self.desk: held}

    def hand_in(self, edited: str, painted: str, held: Desk) -> Update:
        """Hand the text to the review."""
        held = self._taken_up(painted, held)
        if held.reply is None:
            raise said(self.say("no_draft"))
        try:
            review = self.copilot.reviews.submit(held.reply.id, edited, actor=actor(), seen=held.handed)
        except ConflictError:
            raise said(self.say("under_review")) from None
        gr.Info(self.say("submitted"), title="")
        held = replace(held, handed=review.version)
        return {self.marks: looks.painted(held), self.next: _shown(True), self.desk: held}

    def take_back_saved(self, painted: str, held: Desk) -> Update:
        """Take the record back."""
        held = self._taken_up(painted, held)
        if held.reply is not None:
            self.copilot.unaccept(held.reply.id, actor=actor())
            gr.Info(self.say("unsaved"), title="")
        return {self.unsave: _shown(False), self.next: _shown(False), self.desk: held}

    # -- handlers: beside the text --------------------------------------------------------------

    def ask_reason(self, held: Desk, event: gr.EventData) -> Update:
        """Ask why a finding does not matter here."""
        return {
            self.reason_box: _shown(True),
            self.reason: "",
            self.desk: replace(held, ignoring=event.ignore),
        }

    def ignore(self, why: str, edited: str, where: str, address: str, painted: str, held: Desk) -> Update:
        """Set a finding aside, with the reason that was given."""
        if not why.strip():
            raise said(self.say("reason_missing"))
        held = self._taken_up(painted, held).ignored(why.strip())
        return {**self._rechecked(edited, where, address, held), self.reason_box: _shown(False)}

    def open_source(self, held: Desk, event: gr.EventData) -> Update:
        """Show the document a passage comes from, at its place."""
        chunks = self.copilot.desk.source(event.open)
        sentences = held.report.sentences if held.report else ()
        spans = [e.span for s in sentences for e in s.evidence if e.passage_id == event.open]
        return {self.source: looks.source(chunks, event.open, spans, self.say)}

    def judge(self, painted: str, held: Desk, event: gr.EventData) -> Update:
        """Record whether the draft was of use."""
        held = self._taken_up(painted, held)
        if held.reply is not None:
            self.copilot.desk.feedback(held.reply.id, good=event.good, reason=event.reason, actor=actor())
        thanks = f'<p class="pv-thanks" role="status">{self.say("judged")}</p>'
        return {self.verdict: thanks}

    # -- what handlers share --------------------------------------------------------------------

    def _told(self, handler: Callable[..., Any]) -> Callable[..., Any]:
        return told(self.say)(handler)

    def _checked_parts(self) -> list[Any]:
        return [self.marks, self.findings, self.evidence, self.meter, self.fix_all, self.desk]

    def _all(self) -> list[Any]:
        around = [self.go, self.stop, self.status, self.triage, self.handover, self.notices, self.answer]
        below = [self.unsave, self.next, self.wording, self.variants, self.canned, self.told, self.verdict]
        return [*around, self.text, *self._checked_parts(), self.undo, *below]

    def _taken_up(self, painted: str, held: Desk) -> Desk:
        return looks.taken_up(self.copilot, painted, held)

    def _writing(self, text: str, fresh: Desk) -> Update:
        """What stands beside the text is of the draft before: it goes as soon as a model writes."""
        beside = dict.fromkeys([self.findings, self.evidence, self.meter, self.verdict], "")
        return {self.text: text, self.marks: looks.painted(fresh), self.desk: fresh, **beside}

    def _drafted(self, text: str, held: Desk) -> Update:
        reply, say = held.reply, self.say
        assert reply is not None
        silent = not reply.draft.text and not text.strip()
        card = looks.handover(self.copilot, reply, say)
        return {
            self.triage: looks.triage(self.copilot, reply, say, brief=bool(card)),
            self.handover: card,
            self.notices: looks.notices(reply, say, brief=bool(card)),
            self.answer: _shown(not silent or reply.triage.route == "ignore"),
            self.text: text,
            **self._parts(held),
            **self._beside(reply, held),
            **{button: _shown(False) for button in (self.unsave, self.next)},
        }

    def _beside(self, reply: Reply, held: Desk) -> Update:
        wishes = self.copilot.desk.wishes if held.report and held.report.text.strip() else ()
        return {
            self.wording: looks.wordings(wishes, self.say),
            self.variants: "",
            self.canned: looks.canned(self.copilot, reply, self.say),
            self.told: looks.told_before(self.copilot, reply, self.say),
            self.verdict: looks.verdict(self.say) if reply.draft.text else "",
        }

    def _parts(self, held: Desk) -> Update:
        fixable = held.report is not None and any(
            f.fix is not None and f.fix.safe and not f.suppressed for f in held.report.findings
        )
        return {
            self.marks: looks.painted(held),
            self.findings: looks.findings(held, self.say),
            self.evidence: looks.evidence(held, self.say),
            self.meter: looks.meter(held, self.say),
            self.fix_all: _shown(fixable),
            self.undo: _shown(bool(held.before)),
            self.desk: held,
        }

    def _checked(self, text: str, channel: str, address: str, held: Desk) -> CheckReport:
        report = self.copilot.check(
            text,
            reply=held.reply,
            channel=channel,
            register=_register(address),
            vouched=held.vouched,
            overrides=held.overrides,
        )
        known = held.report
        same = known is not None and (known.text, known.findings) == (text, report.findings)
        if held.reply is not None and not same:
            self.copilot.edit(held.reply.id, text, report, actor=actor())
        return report

    def _rechecked(self, text: str, channel: str, address: str, held: Desk) -> Update:
        return self._parts(replace(held, report=self._checked(text, channel, address, held)))

    def _replaced(self, before: str, text: str, channel: str, address: str, held: Desk) -> Update:
        held = held.changed(before) if text != before else held
        return {self.text: text, **self._rechecked(text, channel, address, held)}

    def _fixed(
        self,
        text: str,
        chosen: tuple[Finding, ...],
        channel: str,
        address: str,
        held: Desk,
        *,
        safe_only: bool,
    ) -> Update:
        result = self.copilot.fix(text, chosen, safe_only=safe_only)
        count = len(result.applied)
        if count:
            gr.Info(self.say("fixed_one" if count == 1 else "fixed", count=count), title="")
        else:
            gr.Info(self.say("skipped" if result.skipped else "nothing_to_fix"), title="")
        return self._replaced(text, result.text, channel, address, held)

    def _variants(self, reply: Reply, text: str) -> str:
        found = [
            (self.say(f"wish_{wish}"), item.text) for wish, item in self.copilot.desk.variants(reply, text)
        ]
        return looks.variants(found, self.say)


def _register(address: str) -> Any:
    return address if address in ("tu", "vous") else ""


def _shown(visible: bool) -> Any:
    return gr.update(visible=visible)
