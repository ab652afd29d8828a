"""What one visitor of Rédiger has in hand, and how it looks."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape

from copilot import Brief, CheckReport, Copilot, CopilotError, DutyState, Post, Variant, views
from ui.words import Words

UNDO = 20


@dataclass(frozen=True)
class Batch:
    """The posts of one brief, the text each has now, the one on the desk and its last check.

    ``reasons`` holds, by post, what was vouched for or set aside and why.
    """

    posts: tuple[Post, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    at: str = ""
    report: CheckReport | None = None
    reasons: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    before: tuple[str, ...] = ()
    ignoring: int = -1

    @property
    def post(self) -> Post | None:
        """The post on the desk."""
        return next((post for post in self.posts if post.id == self.at), None)

    @property
    def text(self) -> str:
        """The text on the desk."""
        return self.texts.get(self.at, "")

    def edited(self, text: str) -> Batch:
        """Return the batch with a new text on the desk."""
        return replace(self, texts={**self.texts, self.at: text})

    def turned(self, post_id: str) -> Batch:
        """Return the batch with another post on the desk."""
        return replace(self, at=post_id, before=(), ignoring=-1)

    def remembered(self, text: str) -> Batch:
        """Return the batch that can go back to ``text``."""
        return replace(self, before=(*self.before, text)[-UNDO:]) if text.strip() else self

    def excused(self, reason: str) -> Batch:
        """Return the batch where the finding in question is set aside for a reason."""
        if self.report is None or not 0 <= self.ignoring < len(self.report.findings):
            return self
        finding = self.report.findings[self.ignoring]
        key = finding.match if finding.rule.startswith("facts.") else finding.rule
        mine = {**self.reasons.get(self.at, {}), key: reason}
        return replace(self, reasons={**self.reasons, self.at: mine}, ignoring=-1)


def brief_of(
    form: str,
    objective: str,
    facts: str,
    audience: str,
    call: str,
    campaign: str,
    link: str,
    channels: str,
    language: str,
) -> Brief:
    """Return the brief that a form holds; ``channels`` are names with spaces between them."""
    lines = tuple(line.strip() for line in (facts or "").splitlines() if line.strip())
    words = [(value or "").strip() for value in (objective, audience, call, campaign, link)]
    return Brief(words[0], words[1], lines, *words[2:], form, tuple((channels or "").split()), language)


def taken_up(copilot: Copilot, ticket: Mapping[str, object]) -> Batch:
    """Return the posts that the browser's ticket names, with the texts they have in the store."""
    saved = []
    named = ticket.get("posts")
    for post_id in named if isinstance(named, list) else []:
        try:
            saved.append(copilot.posts.saved(str(post_id)))
        except CopilotError:  # erased meanwhile
            continue
    posts = tuple(item.post for item in saved)
    at = str(ticket.get("reply") or "")
    known = [post.id for post in posts]
    return Batch(posts, {i.post.id: i.text for i in saved}, at if at in known else next(iter(known), ""))


def painted(held: Batch) -> str:
    """Return what the editor paints behind the text, as JSON, with the ticket for a later visit."""
    ticket = {"reply": held.at, "posts": [post.id for post in held.posts]}
    report = held.report
    if report is None:
        return json.dumps({"text": "", "marks": [], "sentences": [], "ticket": {}})
    marks = views.marks(report.text, report.findings)
    sentences = views.painted_sentences(report)
    return json.dumps({"text": report.text, "marks": marks, "sentences": sentences, "ticket": ticket})


def short_title(channel: str, language: str) -> str:
    """Return the name of a channel where it is plain that posts are meant."""
    title = views.channel_title(channel, language)
    return title.removeprefix("Publication ").removesuffix(" post")


def shows(painted: str | None, held: Batch) -> bool:
    """Say whether the page still shows the post on the desk: its text and what is painted come together."""
    ticket = json.loads(painted or "{}").get("ticket") or {}
    return bool(held.at) and ticket.get("reply") == held.at


def titles(copilot: Copilot, held: Batch, say: Words) -> list[tuple[str, str]]:
    """Return what each post is called on its tab, and its id."""
    forms = copilot.posts.formats()
    named = []
    for post in held.posts:
        pieces = {text.name: text.title.get(say.language) for text in forms[post.format].texts}
        piece = pieces.get(post.piece, "")
        title = views.channel_title(post.channel, say.language)
        named.append((f"{title} – {piece}" if piece else title, post.id))
    return named


def findings(held: Batch, say: Words) -> str:
    """Return the findings of the text, under their heading."""
    if held.report is None or not held.text.strip():
        return ""
    count = sum(not f.suppressed for f in held.report.findings)
    head = f"<h2>{say('findings')}{f' <span>{count}</span>' if count else ''}</h2>"
    return head + views.findings(held.report.findings, say.language)


def evidence(held: Batch, say: Words) -> str:
    """Return what the sentences stand on: her brief and approved passages."""
    if held.report is None or held.post is None or not held.text.strip():
        return ""
    passages, note = held.post.passages, held.post.note
    shown = views.evidence(held.report, passages, say.language, note, note_key="your_brief")
    return f"<h2>{say('evidence')}</h2>{shown}"


def meter(held: Batch, say: Words) -> str:
    """Return the length in the channel's unit, the states of the facts, the fold, and who wrote it."""
    report, post = held.report, held.post
    if report is None or post is None or not held.text.strip():
        return ""
    writer = post.draft.writer
    told = say("writer_offline") if writer == "offline" else say("writer_model", writer=escape(writer))
    parts = [
        views.count(report.count, say.language),
        f"<span>{say('longest')}</span>" if post.parts else "",
        views.claims(report.claims, say.language),
        "" if post.parts else views.fold(report.text, post.channel, say.language),
        f'<p class="pv-writer">{told}</p>',
    ]
    return f'<div class="pv-meter">{"".join(parts)}</div>'


def fields(post: Post, say: Words) -> str:
    """Return what goes above the text: subject and preheader, title and description."""
    rows = [("title_email" if post.channel == "email" else "title_web", post.title)]
    rows += [("preheader", post.preheader), ("description", post.description)]
    return _rows(rows, say)


def details(post: Post, say: Words) -> str:
    """Return what goes with the text: alt text, brief for the designer, answers of a poll."""
    rows = [("options", "\n".join(post.options)), ("alt_text", post.alt_text), ("visual", post.visual)]
    shown = _rows(rows, say)
    return f"<h2>{say('beside')}</h2>{shown}" if shown else ""


def _rows(rows: Sequence[tuple[str, str]], say: Words) -> str:
    items = "".join(
        f"<div><dt>{say(key)}</dt><dd><p>{escape(text)}</p>"
        f'<button type="button" data-copy="{escape(text)}" aria-label="{say("copy")} – {say(key)}">'
        f"{say('copy')}</button></dd></div>"
        for key, text in rows
        if text
    )
    return f'<dl class="pv-write-fields">{items}</dl>' if items else ""


def duties(items: Sequence[DutyState], say: Words) -> str:
    """Return the legal checklist, each duty with its state in words."""
    if not items:
        return ""
    rows = "".join(_duty(item, say) for item in items)
    return (
        f"<h2>{say('duties')}</h2><p>{say('duties_info')}</p>"
        f'<div role="status"><ul class="pv-write-duties">{rows}</ul></div>'
    )


def _duty(item: DutyState, say: Words) -> str:
    title, why = item.duty.title.get(say.language), item.duty.why.get(say.language)
    return (
        f'<li class="pv-write-duty pv-write-{item.state}"><p><strong>{escape(title)}</strong> '
        f"<span>{say(f'duty_{item.state}')}</span></p><p>{escape(why)}</p></li>"
    )


def variants(items: Sequence[Variant], say: Words) -> str:
    """Return other wordings, what they take out and put in marked word by word."""
    if not items:
        return f'<p class="pv-empty" role="status">{say("no_variants")}</p>'
    tags = {"same": "span", "removed": "del", "added": "ins"}
    cards = []
    for item in items:
        words = "".join(f"<{tags[c.kind]}>{escape(c.text)}</{tags[c.kind]}>" for c in item.changes)
        cards.append(
            f"<li><h3>{say(f'wish_{item.wish}')}</h3><p>{words}</p>"
            f'<button type="button" data-replace="{escape(item.text)}">{say("take")}</button></li>'
        )
    return f'<ol class="pv-variants pv-write-variants">{"".join(cards)}</ol>'


def welcome(say: Words) -> str:
    """Return what stands where the posts will be."""
    return f'<div class="pv-welcome"><h2>{say("empty_title")}</h2><p>{say("empty_text")}</p></div>'


def download(files: Sequence[tuple[str, str, bytes]]) -> str:
    """Return files (name, media type, content) as JSON that the page saves."""
    rows = [{"name": n, "type": t, "data": base64.b64encode(c).decode()} for n, t, c in files]
    return json.dumps(rows)
