"""What one visitor of Répondre has in hand, and how it looks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape

from copilot import (
    CheckReport,
    Chunk,
    Copilot,
    CopilotError,
    Draft,
    HistoryEntry,
    Localized,
    Passage,
    Reply,
    Span,
    views,
)
from ui.words import Words

UNDO = 20


@dataclass(frozen=True)
class Desk:
    """The reply, its last check, what she vouched for or ignored, and the texts before the last changes.

    ``handed`` is the version of the review that she handed in, 0 before.
    """

    reply: Reply | None = None
    report: CheckReport | None = None
    vouched: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[str, str] = field(default_factory=dict)
    before: tuple[str, ...] = ()
    ignoring: int = -1
    handed: int = 0

    def changed(self, text: str) -> Desk:
        """Return the desk that remembers ``text`` as what stood there before a change."""
        if not text.strip() or self.before[-1:] == (text,):
            return self
        return replace(self, before=(*self.before, text)[-UNDO:])

    def ignored(self, reason: str) -> Desk:
        """Return the desk where the finding in question is set aside for a reason."""
        if self.report is None or not 0 <= self.ignoring < len(self.report.findings):
            return self
        finding = self.report.findings[self.ignoring]
        if finding.rule.startswith("facts."):
            return replace(self, vouched={**self.vouched, finding.match: reason}, ignoring=-1)
        return replace(self, overrides={**self.overrides, finding.rule: reason}, ignoring=-1)

    @property
    def ticket(self) -> dict[str, object]:
        """What the browser keeps of it: enough to take it up again after a reload or a restart."""
        identifier = self.reply.id if self.reply else ""
        words = {"vouched": dict(self.vouched), "overrides": dict(self.overrides)}
        return {"reply": identifier, "handed": self.handed, **words}


def taken_up(copilot: Copilot, painted: str | None, held: Desk) -> Desk:
    """Return the desk in hand, or the one of the ticket when the server no longer knows the visitor."""
    if held.reply is not None or not painted:
        return held
    ticket = json.loads(painted).get("ticket") or {}
    if not ticket.get("reply"):
        return held
    try:
        saved = copilot.desk.saved(str(ticket["reply"]))
    except CopilotError:  # erased meanwhile: the text is still hers, its evidence is not
        return held
    words = {
        key: {str(k): str(v) for k, v in ticket.get(key, {}).items()} for key in ("vouched", "overrides")
    }
    handed = ticket.get("handed", 0)
    return Desk(saved.reply, saved.reply.report, **words, handed=handed if isinstance(handed, int) else 0)


def shows(painted: str | None, held: Desk) -> bool:
    """Say whether the page shows the reply in hand: its text and what is painted come together."""
    ticket = json.loads(painted or "{}").get("ticket") or {}
    return ticket.get("reply", "") == (held.reply.id if held.reply else "")


def painted(held: Desk) -> str:
    """Return what the editor paints behind the text, as JSON, with the ticket."""
    report = held.report
    if report is None:
        return json.dumps({"text": "", "marks": [], "sentences": [], "ticket": held.ticket})
    return json.dumps(
        {
            "text": report.text,
            "marks": views.marks(report.text, report.findings),
            "sentences": views.painted_sentences(report),
            "ticket": held.ticket,
        }
    )


def findings(held: Desk, say: Words) -> str:
    """Return the findings of the text, under their heading."""
    if held.report is None:
        return f'<div class="pv-welcome"><h2>{say("empty_title")}</h2><p>{say("empty_text")}</p></div>'
    if not held.report.text.strip():
        return ""
    count = sum(not f.suppressed for f in held.report.findings)
    head = f"<h2>{say('findings')}{f' <span>{count}</span>' if count else ''}</h2>"
    return head + views.findings(held.report.findings, say.language)


def evidence(held: Desk, say: Words) -> str:
    """Return the passages beside the sentences they support, and the internal ones apart."""
    if held.report is None:
        return ""
    passages: Sequence[Passage] = held.reply.passages if held.reply else ()
    note = held.reply.note if held.reply else ""
    shown = ""
    if held.report.text.strip():
        shown = f"<h2>{say('evidence')}</h2>{views.evidence(held.report, passages, say.language, note)}"
    if held.reply and held.reply.internal:
        inside = views.passages(held.reply.internal, say.language)
        shown += (
            f'<details class="pv-inside"><summary>{say("internal")}</summary>'
            f"<p>{say('internal_info')}</p>{inside}</details>"
        )
    return shown


def meter(held: Desk, say: Words) -> str:
    """Return length, states of the facts, and who wrote the text."""
    report = held.report
    if report is None or not report.text.strip():
        return ""
    parts = [views.count(report.count, say.language), views.claims(report.claims, say.language)]
    if report.count is not None:
        parts.append(views.fold(report.text, report.count.channel, say.language))
    if held.reply and held.reply.draft.text:
        parts.append(f'<p class="pv-writer">{_writer(held.reply.draft, say)}</p>')
    return f'<div class="pv-meter">{"".join(parts)}</div>'


def triage(copilot: Copilot, reply: Reply, say: Words, *, brief: bool) -> str:
    """Return what was read in the message; ``brief`` leaves out what the hand-over card says."""
    found, text = reply.triage, reply.comment.text
    if brief:
        found = replace(found, explanation=Localized("", ""), contact="")
    strip = views.triage(found, text, say.language, heated=copilot.desk.heated(reply))
    control = views.correction(found, say.language, corrected=copilot.desk.corrected(reply))
    return views.guarded(strip, found, text, say.language) + control


def notices(reply: Reply, say: Words, *, brief: bool) -> str:
    """Return the notices of a draft; ``brief`` leaves out what the hand-over card says."""
    return views.notices([n for n in reply.notices if not (brief and n.code == "human_only")], say.language)


def handover(copilot: Copilot, reply: Reply, say: Words) -> str:
    """Return the card of the person who takes over, where the message goes to one."""
    route = reply.triage.route
    if not route.startswith("escalate_"):
        return ""
    wanted = route.removeprefix("escalate_")
    contact = next((c for c in copilot.brand.contacts if c.route == wanted), None)
    return views.escalation(reply, contact, say.language, zone=copilot.now().tzinfo)


def told_before(copilot: Copilot, reply: Reply, say: Words) -> str:
    """Return what was sent before to this person and about this topic."""

    def pairs(entries: Sequence[HistoryEntry]) -> list[tuple[Reply, str]]:
        return [(entry.reply, entry.final_text) for entry in entries if entry.final_text]

    person, topic = copilot.desk.told_person(reply), copilot.desk.told_topic(reply)
    return views.told_before(pairs(person), pairs(topic), say.language)


def canned(copilot: Copilot, reply: Reply | None, say: Words) -> str:
    """Return the canned replies in the reply's language."""
    language = reply.draft.language if reply else say.language
    items = copilot.desk.canned(reply, language)
    return views.canned([(item.title, item.text) for item in items], say.language)


def _writer(draft: Draft, say: Words) -> str:
    shown = (
        say("writer_offline")
        if draft.writer == "offline"
        else say("writer_model", writer=escape(draft.writer))
    )
    usage = draft.usage
    if usage is None:
        return shown
    key = "usage_estimated" if usage.estimated else "usage"
    shown += " · " + say(key, input=usage.input_tokens, output=usage.output_tokens)
    if usage.cost is not None:
        shown += " · " + say("usage_cost", cost=f"{usage.cost:.4f}", currency=usage.currency)
    return shown


def wordings(wishes: Sequence[str], say: Words) -> str:
    """Return the other ways to say a text, as buttons; ``data-wish`` names each."""
    if not wishes:
        return ""
    names = [*wishes, "variants"] if len(wishes) > 1 else list(wishes)
    buttons = "".join(
        f'<button type="button" data-wish="{name}">{say(f"wish_{name}")}</button>' for name in names
    )
    label = say("wording")
    return f'<div class="pv-wishes" role="group" aria-label="{label}"><span>{label}</span>{buttons}</div>'


def variants(items: Sequence[tuple[str, str]], say: Words) -> str:
    """Return wordings side by side, each with a button that takes it."""
    if not items:
        return f'<p class="pv-empty" role="status">{say("no_variants")}</p>'
    cards = "".join(
        f"<li><h3>{escape(title)}</h3><p>{escape(text)}</p>"
        f'<button type="button" data-replace="{escape(text)}">{say("take")}</button></li>'
        for title, text in items
    )
    return f'<ol class="pv-variants">{cards}</ol>'


def verdict(say: Words) -> str:
    """Return the question whether the draft was of use; a bad one asks for the reason."""
    return (
        f'<div class="pv-verdict"><span>{say("useful")}</span>'
        f'<button type="button" data-good="1">{say("useful_yes")}</button>'
        f'<button type="button" data-good="">{say("useful_no")}</button>'
        f'<form hidden><label for="pv-why">{say("useful_why")}</label>'
        '<input id="pv-why" type="text" maxlength="500">'
        f'<button type="submit">{say("send")}</button></form></div>'
    )


def source(chunks: Sequence[Chunk], shown: str, spans: Sequence[Span], say: Words) -> str:
    """Return the dialog that shows a document at the place of a passage."""
    return (
        f'<dialog class="pv-sheet pv-document" aria-label="{say("source")}">'
        f'<form method="dialog"><button>{say("close")}</button></form>'
        f"{views.source(chunks, shown, spans, say.language)}</dialog>"
    )
