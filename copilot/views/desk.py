"""Views of the desk where replies are written: hand-over, source, past replies, canned replies, fold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from html import escape
from urllib.parse import quote

from copilot import channels
from copilot.brand import Contact, Told
from copilot.messages import message
from copilot.records import CheckReport, Chunk, Reply, Span
from copilot.views.basics import highlighted, moment, number, short, title_of, utf16


def channel_title(name: str, language: str) -> str:
    """Return the name of a channel as people know it."""
    return channels.row_of(name).title.get(language)


def painted_sentences(report: CheckReport) -> list[dict[str, int]]:
    """Return the sentences that stand on evidence, for an editor: number and UTF-16 offsets."""
    return [
        {
            "sentence": position,
            "start": utf16(report.text, sentence.span.start),
            "end": utf16(report.text, sentence.span.end),
        }
        for position, sentence in enumerate(report.sentences)
        if sentence.evidence
    ]


def fold(text: str, channel: str, language: str) -> str:
    """Return what a reader sees before « voir plus », or nothing where the channel hides nothing of it."""
    row = channels.row_of(channel)
    seen = channels.visible(text, row)
    if row.fold is None or seen >= len(text):
        return ""
    label = message("views.fold", language, count=number(row.fold, language))
    return (
        f'<details class="pv-fold"><summary>{escape(label)}</summary>'
        f"<p>{escape(text[:seen])}<span>…</span></p></details>"
    )


def escalation(reply: Reply, contact: Contact | None, language: str, *, zone: tzinfo | None = None) -> str:
    """Return the card for the person who takes over: whom to reach, how, and the context to hand on.

    A button with ``data-copy`` carries the context as text. ``zone`` is where the brand's clock goes.
    """

    def say(key: str, **params: object) -> str:
        return message(f"views.{key}", language, **params)

    context = handover(reply, language, zone=zone)
    head = f"<h2>{escape(say(f'route_{reply.triage.route}'))}</h2>"
    if reply.triage.explanation.get(language):
        head += f"<p>{escape(reply.triage.explanation.get(language))}</p>"
    ways = _ways(contact, language, context) if contact else ""
    who = f"<h3>{_said(contact.name, language)}</h3>" if contact else f"<p>{escape(say('no_contact'))}</p>"
    draft = "" if reply.draft.text else f'<p class="pv-no-draft">{escape(say("no_draft_here"))}</p>'
    return (
        f'<section class="pv-escalation" aria-label="{escape(say("handover"))}">'
        f"{head}{who}{ways}{draft}<details><summary>{escape(say('handover_context'))}</summary>"
        f"<pre>{escape(context)}</pre></details>"
        f'<button type="button" data-copy="{escape(context)}">{escape(say("copy_context"))}</button>'
        "</section>"
    )


def handover(reply: Reply, language: str, *, zone: tzinfo | None = None) -> str:
    """Return the context of a message as plain text, for the person who takes over."""
    comment, triage = reply.comment, reply.triage
    rows = [
        ("handover_route", message(f"views.route_{triage.route}", language)),
        ("handover_channel", channel_title(comment.channel, language)),
        ("handover_author", comment.author),
        ("handover_at", moment(reply.created_at, language, zone) if reply.created_at else ""),
        ("handover_url", comment.url),
        ("handover_note", reply.note),
    ]
    lines = [message(f"views.{key}", language, value=value) for key, value in rows if value]
    return "\n".join([*lines, "", comment.text])


def _ways(contact: Contact, language: str, context: str) -> str:
    ways = []
    if contact.phone:
        ways.append(f'<a href="tel:{quote(contact.phone.replace(" ", ""))}">{escape(contact.phone)}</a>')
    if contact.email:
        subject = message("views.handover_subject", language)
        mail = f"mailto:{quote(contact.email)}?subject={quote(subject)}&body={quote(context[:1500])}"
        ways.append(f'<a href="{escape(mail)}">{escape(contact.email)}</a>')
    shown = f'<p class="pv-ways">{" · ".join(ways)}</p>' if ways else ""
    if contact.hours.get(language):
        label = escape(message("views.contact_hours", language))
        shown += f'<p class="pv-hours">{label} {_said(contact.hours, language)}</p>'
    return shown


def _said(told: Told, language: str) -> str:
    """Return the brand's words, named as of the other language where they are only given in that one."""
    text = escape(told.get(language))
    other = "en" if language == "fr" else "fr"
    return text if getattr(told, language, "") else f'<span lang="{other}">{text}</span>'


def source(chunks: Sequence[Chunk], shown: str, spans: Iterable[Span], language: str) -> str:
    """Return a whole document, passage after passage, the one in question marked and found by its id."""
    if not chunks:
        return f'<p class="pv-empty">{escape(message("views.no_passages", language))}</p>'
    parts = []
    for chunk in chunks:
        here = chunk.id == shown
        marks: Mapping[Span, Sequence[int]] = {span: () for span in spans} if here else {}
        state = ' class="pv-here" id="pv-here" tabindex="-1"' if here else ""
        parts.append(
            f"<section{state}><h3>{escape(title_of(chunk))}</h3>"
            f"<p>{highlighted(chunk.text, marks)}</p></section>"
        )
    return f'<p class="pv-path">{escape(chunks[0].path)}</p>{"".join(parts)}'


Sent = Sequence[tuple[Reply, str]]
"""Replies with the text that was sent."""


def told_before(person: Sent, topic: Sent, language: str) -> str:
    """Return what was sent before to the same person and about the same passages, newest first.

    Empty when there is nothing to show.
    """
    groups = [("told_person", person), ("told_topic", topic)]
    return "".join(_told_group(key, replies, language) for key, replies in groups if replies)


def _told_group(key: str, replies: Sent, language: str) -> str:
    label = message(f"views.{key}", language, count=len(replies))
    form = "%d/%m/%Y" if language == "fr" else "%d %b %Y"
    rows = []
    for reply, sent in replies:
        at = reply.created_at.strftime(form) if reply.created_at else ""
        rows.append(
            f'<li><p class="pv-path">{escape(at)} · {escape(channel_title(reply.channel, language))}</p>'
            f'<p class="pv-asked">{escape(short(reply.comment.text, 120))}</p>'
            f"<p>{escape(short(sent, 400))}</p></li>"
        )
    return f'<details class="pv-told"><summary>{escape(label)}</summary><ol>{"".join(rows)}</ol></details>'


def canned(items: Sequence[tuple[str, str]], language: str) -> str:
    """Return canned replies as buttons: ``(title, text)``; ``data-insert`` carries the text."""
    buttons = "".join(
        f'<li><button type="button" data-insert="{escape(text)}" title="{escape(short(text, 200))}">'
        f"{escape(title)}</button></li>"
        for title, text in items
    )
    if not buttons:
        return ""
    label = escape(message("views.canned", language))
    return f'<details class="pv-canned"><summary>{label}</summary><ul>{buttons}</ul></details>'
