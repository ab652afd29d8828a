"""The review as HTML: the queue, what changed word by word, what was said, and the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from html import escape
from typing import TYPE_CHECKING

from copilot.messages import message
from copilot.records import Comment
from copilot.views.basics import moment, short
from copilot.views.desk import channel_title

if TYPE_CHECKING:
    from copilot.review import Change
    from copilot.store import AuditEntry, Remark, Review

MARKS = {"submitted": "○", "approved": "✓", "changes_requested": "↩", "rejected": "✕", "draft": "·"}
"""A shape beside the word of each state."""


def state(name: str, language: str) -> str:
    """Return a state of the review by shape and word."""
    word = escape(message(f"views.review_{name}", language))
    shape = f'<span aria-hidden="true">{MARKS[name]}</span>'
    return f'<span class="pv-review-state pv-review-{name}">{shape} {word}</span>'


def queue(items: Sequence[tuple[Review, str]], language: str, *, now: datetime, chosen: str = "") -> str:
    """Return reviews with their comments as a list of buttons; ``data-open`` is the reply's id."""
    if not items:
        return f'<p class="pv-empty">{escape(message("views.review_none", language))}</p>'
    rows = []
    for review, comment in items:
        here = ' aria-current="true"' if review.reply_id == chosen else ""
        by = escape(review.submitted_by or message("views.review_you", language))
        rows.append(
            f'<li><button type="button" data-open="{escape(review.reply_id)}"{here}>'
            f'<span class="pv-review-line">{state(review.state, language)}'
            f"<span>{by} · {since(review.updated_at, now, language)}</span></span>"
            f"<span>{escape(short(' '.join(comment.split()), 110))}</span></button></li>"
        )
    return f'<ol class="pv-review-queue">{"".join(rows)}</ol>'


def comment(item: Comment, language: str) -> str:
    """Return a customer's comment as a quotation, with her name and where it stands."""
    names = (item.author or message("views.review_customer", language), channel_title(item.channel, language))
    who = escape(" · ".join(name for name in names if name))
    text = escape(item.text).replace("\n", "<br>")
    return (
        f'<figure class="pv-review-comment"><figcaption>{who}</figcaption>'
        f"<blockquote>{text}</blockquote></figure>"
    )


def since(at: datetime, now: datetime, language: str) -> str:
    """Return how long ago a moment is, as a ``<time>`` in the reader's words."""
    from babel.dates import format_timedelta

    ago = message("views.review_now", language)
    if (now - at).total_seconds() >= 60:
        ago = format_timedelta(at - now, add_direction=True, locale=language)
    return f'<time datetime="{at.isoformat()}">{escape(ago)}</time>'


def changes(items: Sequence[Change], language: str) -> str:
    """Return a comparison of two texts; a screen reader hears where words were removed and added."""
    said = {kind: escape(message(f"views.change_{kind}", language)) for kind in ("removed", "added")}
    pieces = []
    for item in items:
        text = escape(item.text).replace("\n", "<br>")
        if item.kind == "same" or not item.text.strip():
            pieces.append(text if item.kind != "removed" else "")
            continue
        tag = "del" if item.kind == "removed" else "ins"
        pieces.append(f'<{tag}><span class="pv-unseen">{said[item.kind]} </span>{text}</{tag}>')
    if all(item.kind == "same" for item in items):  # the text itself stands above
        return f'<p class="pv-review-note">{escape(message("views.change_none", language))}</p>'
    return f'<p class="pv-review-diff">{"".join(pieces)}</p>'


def remarks(items: Sequence[Remark], language: str, *, now: datetime) -> str:
    """Return what people said about a text, oldest first."""
    rows = "".join(
        f"<li><p><strong>{escape(item.actor or message('views.review_you', language))}</strong> "
        f"{since(item.at, now, language)}</p><p>{escape(item.text)}</p></li>"
        for item in items
    )
    return f'<ol class="pv-review-remarks">{rows}</ol>' if rows else ""


def trail(
    entries: Sequence[AuditEntry], language: str, *, broken: Sequence[int], zone: tzinfo | None = None
) -> str:
    """Return entries of the audit trail as a table, newest first, and whether the chain holds.

    ``zone`` is where the reader's clock goes.
    """
    key = "trail_broken" if broken else "trail_whole"
    told = escape(message(f"views.{key}", language, ids=", ".join(map(str, broken))))
    level = "error" if broken else "good"
    names = ("trail_when", "trail_who", "trail_what", "trail_on")
    heads = "".join(f'<th scope="col">{escape(message(f"views.{name}", language))}</th>' for name in names)
    rows = "".join(
        f"<tr><td>{_moment(e.at, language, zone)}</td><td>{escape(e.actor or '·')}</td>"
        f"<td>{escape(_act(e.action, language))}</td><td>{escape(short(e.subject, 14))}</td></tr>"
        for e in reversed(entries)
    )
    return (
        f'<p class="pv-review-chain pv-{level}" role="status">{told}</p>'
        f'<div class="pv-review-scroll" tabindex="0"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def conflict(mine: str, theirs: str, who: str, language: str) -> str:
    """Return the dialog in which a person chooses between her text and the one saved meanwhile."""

    def say(key: str, **params: object) -> str:
        return escape(message(f"views.conflict_{key}", language, **params))

    return (
        f'<dialog class="pv-sheet pv-review-conflict" aria-label="{say("title")}"><h2>{say("title")}</h2>'
        f"<p>{say('info', who=who or '·')}</p><div>"
        f"<section><h3>{say('mine')}</h3><p>{escape(mine)}</p>"
        f'<button type="button" data-choice="mine">{say("keep")}</button></section>'
        f"<section><h3>{say('theirs')}</h3><p>{escape(theirs)}</p>"
        f'<button type="button" data-choice="theirs">{say("take")}</button></section></div></dialog>'
    )


def _act(action: str, language: str) -> str:
    name, _, detail = action.partition(":")
    if name in {*MARKS, "remark", "override", "account", "erased", "anonymised", "trail_exported"}:
        word = message(f"views.act_{name}", language)
        return f"{word} ({detail})" if detail else word
    return action


def _moment(at: str, language: str, zone: tzinfo | None) -> str:
    shown = moment(datetime.fromisoformat(at), language, zone)
    return f'<time datetime="{escape(at)}">{escape(shown)}</time>'
