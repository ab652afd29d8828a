"""Répondre: paste a message, get a reply that is proved, checked, and checked again as it is edited."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import gradio as gr

from copilot import CheckReport, Comment, Copilot, Reply, ReplyRequest, views
from ui.faults import told
from ui.streaming import follow
from ui.words import Words


@dataclass(frozen=True)
class Desk:
    """What one visitor has in hand: the reply, its last check, and what she vouched for or ignored."""

    reply: Reply | None = None
    report: CheckReport | None = None
    vouched: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, str] = field(default_factory=dict)
    before_fix: str = ""
    ignoring: int = -1


def build(copilot: Copilot, language: str) -> None:
    """Lay the page out and connect it, inside an open ``gr.Blocks``."""
    say = Words(language, "reply")
    desk = gr.State(Desk())
    with gr.Row(elem_classes="pv-desk", equal_height=False):
        with gr.Column(scale=7, elem_classes="pv-main"):
            comment = gr.Textbox(
                label=say("comment"),
                placeholder=say("comment_placeholder"),
                lines=3,
                max_lines=12,
                max_length=20_000,
                elem_id="pv-comment",
                autofocus=True,
            )
            with gr.Row(elem_classes="pv-row"):
                author = gr.Textbox(
                    label=say("author"), placeholder=say("author_placeholder"), max_lines=1, max_length=60
                )
                channel = gr.Radio(
                    choices=list(copilot.brand.channels),
                    value=copilot.brand.channels[0],
                    label=say("channel"),
                )
            with gr.Accordion(say("options"), open=False, elem_classes="pv-options"):
                note = gr.Textbox(label=say("note"), info=say("note_info"), lines=2, max_lines=6)
                register = gr.Radio(
                    choices=[
                        (say("register_brand"), ""),
                        (say("register_vous"), "vous"),
                        (say("register_tu"), "tu"),
                    ],
                    value="",
                    label=say("register"),
                )
            with gr.Row(elem_classes="pv-row pv-buttons"):
                go = gr.Button(say("draft"), variant="primary", elem_id="pv-go", scale=0, min_width=220)
                stop = gr.Button(say("stop"), elem_id="pv-stop", visible=False, scale=0, min_width=120)
            triage = gr.HTML(elem_id="pv-triage")
            notices = gr.HTML(elem_id="pv-notices")
            text = gr.Textbox(
                label=say("answer"),
                placeholder=say("answer_placeholder"),
                lines=8,
                max_lines=40,
                elem_id="pv-answer",
            )
            marks = gr.HTML(elem_id="pv-marks", html_template="", js_on_load="window.pvMarks(props, watch)")
            meter = gr.HTML(elem_id="pv-meter")
            with gr.Row(elem_classes="pv-row pv-buttons"):
                copy = gr.Button(say("copy"), elem_id="pv-copy", scale=0, min_width=120)
                fix_all = gr.Button(say("fix_all"), elem_id="pv-fix-all", scale=0, min_width=200)
                save = gr.Button(say("save"), elem_id="pv-save", scale=0, min_width=200)
                undo = gr.Button(say("undo"), elem_id="pv-undo", visible=False, scale=0, min_width=160)
                unsave = gr.Button(
                    say("undo_save"), elem_id="pv-unsave", visible=False, scale=0, min_width=160
                )
        with gr.Column(scale=5, elem_classes="pv-side", min_width=320):
            findings = gr.HTML(
                _empty(say, copilot), elem_id="pv-findings", js_on_load="window.pvFindings(element, trigger)"
            )
            with gr.Group(visible=False, elem_id="pv-reason") as reason_box:
                reason = gr.Textbox(label=say("reason"), info=say("reason_info"), lines=2)
                with gr.Row(elem_classes="pv-row pv-buttons"):
                    confirm = gr.Button(say("reason_confirm"), variant="primary", size="sm")
                    cancel = gr.Button(say("cancel"), size="sm")
            evidence = gr.HTML(elem_id="pv-evidence", js_on_load="window.pvEvidence(element)")

    checked = [marks, findings, evidence, meter, desk]
    drafted = [triage, notices, text, *checked, go, stop, undo, unsave]

    @told(say)
    def draft(message: str, name: str, where: str, facts: str, address: str) -> Iterator[list[Any]]:
        comment = Comment(message or "", (name or "").strip(), where)
        request = ReplyRequest(comment, note=facts or "", register=_register(address))
        yield _waiting(say)
        for item in follow(lambda on_text: copilot.reply(request, on_text=on_text)):
            yield _streamed(item) if isinstance(item, str) else _drafted(item, say)

    @told(say)
    def check(edited: str, where: str, address: str, held: Desk) -> list[Any]:
        held = replace(held, report=_checked(copilot, edited, where, address, held))
        return _checked_parts(held, say)

    @told(say)
    def fix_one(edited: str, where: str, address: str, held: Desk, event: gr.EventData) -> list[Any]:
        chosen = held.report.findings[event.fix : event.fix + 1] if held.report else ()
        return _fixed(copilot, edited, chosen, where, address, held, say, safe_only=False)

    @told(say)
    def fix_safe(edited: str, where: str, address: str, held: Desk) -> list[Any]:
        chosen = held.report.findings if held.report else ()
        return _fixed(copilot, edited, chosen, where, address, held, say, safe_only=True)

    @told(say)
    def take_back(where: str, address: str, held: Desk) -> list[Any]:
        text_before = held.before_fix
        held = replace(held, report=_checked(copilot, text_before, where, address, held), before_fix="")
        return [text_before, *_checked_parts(held, say), gr.update(visible=False)]

    @told(say)
    def ask_reason(held: Desk, event: gr.EventData) -> list[Any]:
        return [gr.update(visible=True), "", replace(held, ignoring=event.ignore)]

    @told(say)
    def ignore(edited: str, why: str, where: str, address: str, held: Desk) -> list[Any]:
        if not why.strip():
            raise gr.Error(say("reason_missing"), title="", print_exception=False)
        held = _ignored(held, why.strip())
        held = replace(held, report=_checked(copilot, edited, where, address, held))
        return [*_checked_parts(held, say), gr.update(visible=False)]

    @told(say)
    def accept(edited: str, held: Desk) -> list[Any]:
        if held.reply is None:
            raise gr.Error(say("no_draft"), title="", print_exception=False)
        copilot.accept(held.reply.id, edited)
        gr.Info(say("saved"), title="")
        return [gr.update(visible=True)]

    @told(say)
    def take_back_saved(held: Desk) -> list[Any]:
        if held.reply is not None:
            copilot.unaccept(held.reply.id)
            gr.Info(say("unsaved"), title="")
        return [gr.update(visible=False)]

    settings = [channel, register, desk]
    private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    running = gr.on(
        [go.click, comment.submit], draft, [comment, author, channel, note, register], drafted, **private
    )
    at_rest = [gr.update(interactive=True), gr.update(visible=False)]
    running.then(lambda: at_rest, None, [go, stop], **private)
    stop.click(lambda: at_rest, None, [go, stop], cancels=[running], **private)
    gr.on(
        [text.input, channel.change, register.change],
        check,
        [text, *settings],
        checked,
        trigger_mode="always_last",
        **private,
    )
    fixed = [text, *checked, undo]
    findings.click(fix_one, [text, *settings], fixed, **private)
    fix_all.click(fix_safe, [text, *settings], fixed, **private)
    undo.click(take_back, settings, fixed, **private)
    findings.select(ask_reason, [desk], [reason_box, reason, desk], **private)
    confirm.click(ignore, [text, reason, *settings], [*checked, reason_box], **private)
    cancel.click(lambda: gr.update(visible=False), None, reason_box, **private)
    save.click(accept, [text, desk], [unsave], **private)
    unsave.click(take_back_saved, [desk], [unsave], **private)
    copy.click(None, [text], None, js=f"(t) => window.pvCopy(t, {json.dumps(say('copied'))})")


def _register(address: str) -> Any:
    return address if address in ("tu", "vous") else ""


def _waiting(say: Words) -> list[Any]:
    same = gr.skip()
    wait = f'<p class="pv-waiting" role="status">{say("drafting")}</p>'
    return [wait, "", same, same, same, same, "", same, _off(), gr.update(visible=True), *_hidden(2)]


def _streamed(text: str) -> list[Any]:
    return [gr.skip(), gr.skip(), text, *[gr.skip()] * 9]


def _drafted(reply: Reply, say: Words) -> list[Any]:
    held = Desk(reply, reply.report)
    return [
        views.triage(reply.triage, reply.comment.text, say.language),
        views.notices(reply.notices, say.language),
        reply.draft.text,
        *_checked_parts(held, say),
        gr.update(interactive=True),
        *_hidden(3),
    ]


def _off() -> Any:
    return gr.update(interactive=False)


def _hidden(number: int) -> list[Any]:
    return [gr.update(visible=False) for _ in range(number)]


def _checked(copilot: Copilot, text: str, channel: str, address: str, held: Desk) -> CheckReport:
    report = copilot.check(
        text,
        reply=held.reply,
        channel=channel,
        register=_register(address),
        vouched=held.vouched,
        overrides=held.overrides,
    )
    if held.reply is not None:
        copilot.edit(held.reply.id, text, report)
    return report


def _checked_parts(held: Desk, say: Words) -> list[Any]:
    report = held.report
    assert report is not None
    painted = {"text": report.text, "marks": views.marks(report.text, report.findings)}
    passages = held.reply.passages if held.reply else ()
    note = held.reply.note if held.reply else ""
    return [
        json.dumps(painted),
        f"<h2>{say('findings')}</h2>{views.findings(report.findings, say.language)}",
        _evidence(report, passages, note, held, say),
        _meter(report, held, say),
        held,
    ]


def _evidence(report: CheckReport, passages: Any, note: str, held: Desk, say: Words) -> str:
    shown = f"<h2>{say('evidence')}</h2>{views.evidence(report, passages, say.language, note)}"
    if held.reply and held.reply.internal:
        inside = views.passages(held.reply.internal, say.language)
        shown += (
            f'<details class="pv-inside"><summary>{say("internal")}</summary>'
            f"<p>{say('internal_info')}</p>{inside}</details>"
        )
    return shown


def _meter(report: CheckReport, held: Desk, say: Words) -> str:
    draft = held.reply.draft if held.reply else None
    parts = [views.count(report.count, say.language), views.claims(report.claims, say.language)]
    if draft and draft.text:
        offline = draft.writer == "offline"
        from html import escape

        writer = say("writer_offline") if offline else say("writer_model", writer=escape(draft.writer))
        parts.append(f'<p class="pv-writer">{writer}{_usage(draft, say)}</p>')
    return f'<div class="pv-meter">{"".join(parts)}</div>'


def _usage(draft: Any, say: Words) -> str:
    usage = draft.usage
    if usage is None:
        return ""
    key = "usage_estimated" if usage.estimated else "usage"
    shown = " · " + say(key, input=usage.input_tokens, output=usage.output_tokens)
    if usage.cost is not None:
        shown += " · " + say("usage_cost", cost=f"{usage.cost:.4f}", currency=usage.currency)
    return shown


def _fixed(
    copilot: Copilot,
    text: str,
    chosen: Any,
    channel: str,
    address: str,
    held: Desk,
    say: Words,
    *,
    safe_only: bool,
) -> list[Any]:
    result = copilot.fix(text, chosen, safe_only=safe_only)
    if result.applied:
        gr.Info(say("fixed", count=len(result.applied)), title="")
    else:
        gr.Info(say("skipped" if result.skipped else "nothing_to_fix"), title="")
    held = replace(held, report=_checked(copilot, result.text, channel, address, held), before_fix=text)
    return [result.text, *_checked_parts(held, say), gr.update(visible=bool(result.applied))]


def _ignored(held: Desk, reason: str) -> Desk:
    if held.report is None or not 0 <= held.ignoring < len(held.report.findings):
        return held
    finding = held.report.findings[held.ignoring]
    if finding.rule.startswith("facts."):
        return replace(held, vouched={**held.vouched, finding.match: reason}, ignoring=-1)
    return replace(held, overrides={**held.overrides, finding.rule: reason}, ignoring=-1)


def _empty(say: Words, copilot: Copilot) -> str:
    return f'<div class="pv-welcome"><h2>{say("empty_title")}</h2><p>{say("empty_text")}</p></div>'
