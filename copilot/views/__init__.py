"""Records as escaped HTML: used by the screens, the notebooks and the reports.

No text of a customer, a file or a model reaches a page unescaped. Classes begin with ``pv-`` and are styled
by each face; every state has its word beside its colour.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from copilot.messages import message
from copilot.records import (
    ChannelCount,
    CheckReport,
    Claim,
    Evidence,
    Finding,
    Notice,
    Passage,
    Reply,
    Span,
    Triage,
)
from copilot.views.basics import counted, highlighted, moment, number, place, short, title_of, utf16
from copilot.views.desk import (
    canned,
    channel_title,
    escalation,
    fold,
    painted_sentences,
    source,
    told_before,
)
from copilot.views.exposure import EXPOSURES, HURTFUL, house_rule, hurtful, shielded
from copilot.views.lab import cases, comparison, comparison_text, decision, decision_text, preview, reasons
from copilot.views.review import changes, comment, conflict, queue, remarks, state, trail
from copilot.views.strip import correction, guarded

__all__ = [
    "EXPOSURES",
    "canned",
    "cases",
    "changes",
    "channel_title",
    "claims",
    "comment",
    "comparison",
    "comparison_text",
    "conflict",
    "correction",
    "count",
    "decision",
    "decision_text",
    "escalation",
    "evidence",
    "findings",
    "fold",
    "guarded",
    "highlighted",
    "house_rule",
    "marked",
    "marks",
    "moment",
    "notices",
    "painted_sentences",
    "passages",
    "place",
    "preview",
    "queue",
    "reasons",
    "remarks",
    "reply",
    "shielded",
    "source",
    "state",
    "told_before",
    "trail",
    "triage",
    "utf16",
]

LEVELS = ("error", "warning", "suggestion")


def notices(items: Sequence[Notice], language: str) -> str:
    """Return notices as a list, or nothing when there are none."""
    if not items:
        return ""
    lines = "".join(
        f'<li class="pv-notice pv-{escape(item.level)}" data-code="{escape(item.code)}">'
        f"{escape(item.message.get(language))}</li>"
        for item in items
    )
    return f'<div role="status"><ul class="pv-notices">{lines}</ul></div>'


def triage(found: Triage, comment: str, language: str, *, heated: bool = False) -> str:
    """Return what a comment is, why, and what should happen with it, in one strip.

    ``heated`` says that its thread heats up. The words of an abuse bear ``pv-blurred``: inside a
    ``pv-guard`` they are blurred.
    """

    def say(key: str) -> str:
        return escape(message(f"views.{key}", language))

    chips = [f'<strong class="pv-route pv-route-{found.route}">{say(f"route_{found.route}")}</strong>']
    if found.severity != "S0":
        chips.append(f'<span class="pv-chip pv-severity">{say(f"severity_{found.severity}")}</span>')
    if found.unsure:
        chips.append(f'<span class="pv-chip pv-unsure">{say("unsure")}</span>')
    if heated:
        chips.append(f'<span class="pv-chip pv-heated">{say("heated")}</span>')
    for label in found.intents:
        hurts = " pv-blurred" if label.name in HURTFUL and hurtful(comment, found) else ""
        words = ", ".join(_quoted(comment[s.start : s.end], language) for s in label.reasons[:3])
        why = f'<span class="pv-why{hurts}">{escape(words)}</span>' if words else ""
        chips.append(f'<span class="pv-chip">{say(f"intent_{label.name}")}{why}</span>')
    chips.append(f'<span class="pv-chip">{say(f"sentiment_{found.sentiment}")}</span>')
    if found.personal_data:
        kinds = ", ".join(dict.fromkeys(say(f"personal_{p.kind}") for p in found.personal_data))
        chips.append(f'<span class="pv-chip pv-personal">{say("personal_data")} {kinds}</span>')
    explained = escape(found.explanation.get(language))
    explanation = f'<p class="pv-explanation">{explained}</p>' if explained else ""
    contact = f'<p class="pv-contact">{escape(found.contact)}</p>' if found.contact else ""
    return (
        f'<section class="pv-triage" aria-label="{say("triage")}"><p class="pv-chips">{"".join(chips)}</p>'
        f"{explanation}{contact}</section>"
    )


def marked(text: str, findings: Iterable[Finding], language: str) -> str:
    """Return a text with every finding marked in place; where several meet, the gravest shows."""
    pieces: list[str] = []
    position = 0
    for index, finding in _placed(text, findings):
        start, end = finding.span
        pieces.append(escape(text[position:start]))
        title = escape(finding.message.get(language))
        pieces.append(
            f'<mark class="pv-mark pv-{finding.level}" data-finding="{index}" title="{title}">'
            f"{escape(text[start:end])}</mark>"
        )
        position = end
    pieces.append(escape(text[position:]))
    return "".join(pieces)


def marks(text: str, findings: Iterable[Finding]) -> list[dict[str, int | str]]:
    """Return the same marks as data for an editor: number, level, and UTF-16 offsets as browsers count."""
    return [
        {
            "finding": number,
            "level": finding.level,
            "start": utf16(text, finding.span.start),
            "end": utf16(text, finding.span.end),
        }
        for number, finding in _placed(text, findings)
    ]


def findings(items: Sequence[Finding], language: str) -> str:
    """Return the findings as a list, gravest first, each with its fix as a button.

    A button carries ``data-fix`` with the position of its finding in ``items``; an override button
    carries ``data-override`` with the rule.
    """

    def say(key: str) -> str:
        return escape(message(f"views.{key}", language))

    open_items = [(n, f) for n, f in enumerate(items) if not f.suppressed]
    if not open_items:
        return f'<p class="pv-clean">{say("no_findings")}</p>'
    rows = "".join(
        _finding(number, item, language, say(f"level_{item.level}"), say("ignore"))
        for number, item in sorted(open_items, key=lambda p: (LEVELS.index(p[1].level), p[1].span))
    )
    return f'<ol class="pv-findings">{rows}</ol>'


def _finding(number: int, item: Finding, language: str, level: str, ignore: str) -> str:
    match = f'<q class="pv-match">{escape(short(item.match))}</q>' if item.match else ""
    why = escape(item.why.get(language))
    source = "".join(
        f'<blockquote class="pv-source">{escape(short(e.quote, 240))}</blockquote>' for e in item.evidence[:1]
    )
    button = ""
    if item.fix is not None:
        label = escape(item.fix.label.get(language))
        button = f'<button type="button" class="pv-fix" data-fix="{number}">{label}</button>'
    return (
        f'<li class="pv-finding pv-{item.level}" data-finding="{number}" tabindex="0">'
        f'<p><span class="pv-level">{level}</span> {match} {escape(item.message.get(language))}</p>'
        + (f'<p class="pv-reason">{why}</p>' if why else "")
        + f'{source}<p class="pv-actions">{button}'
        f'<button type="button" class="pv-ignore" data-ignore="{number}">{ignore}</button></p></li>'
    )


def claims(items: Sequence[Claim], language: str) -> str:
    """Return one line that counts the facts and their states: measured, never a score."""
    if not items:
        return f'<p class="pv-claims">{escape(message("views.no_facts", language))}</p>'
    counts: dict[str, int] = {}
    for claim in items:
        state = "vouched" if claim.vouched else claim.state
        counts[state] = counts.get(state, 0) + 1
    parts = [
        f'<span class="pv-state pv-state-{state}">'
        f"{escape(counted(f'views.state_{state}', count, language))}</span>"
        for state, count in counts.items()
    ]
    return f'<p class="pv-claims" role="status">{" ".join(parts)}</p>'


def evidence(
    report: CheckReport,
    passages: Sequence[Passage],
    language: str,
    note: str = "",
    *,
    note_key: str = "your_note",
) -> str:
    """Return the passages a text stands on, each with the sentences it supports and the spans that do.

    Cards and spans carry ``data-sentences``: the positions in ``report.sentences`` they support. A button
    with ``data-open`` and the passage's id asks for the whole source. ``note_key`` says what the person's own
    facts are: ``your_note``, or ``your_brief`` of a post.
    """
    by_id = {p.id: p for p in passages}
    used: dict[str, list[tuple[int, Evidence]]] = {}
    for index, sentence in enumerate(report.sentences):
        for item in sentence.evidence[:1]:
            used.setdefault(item.passage_id, []).append((index, item))
    cards = [
        _card(by_id[identifier], quotes, report, language)
        for identifier, quotes in used.items()
        if identifier in by_id
    ]
    if "note" in used and note:
        cards.append(_note_card(used["note"], note, message(f"views.{note_key}", language)))
    if not cards:
        return f'<p class="pv-empty">{escape(message("views.no_evidence", language))}</p>'
    return f'<ol class="pv-evidence">{"".join(cards)}</ol>'


def _note_card(quotes: Sequence[tuple[int, Evidence]], note: str, title: str) -> str:
    places = " ".join(str(n) for n, _ in quotes)
    return (
        f'<li class="pv-passage pv-note" data-sentences="{places}" tabindex="0"><h3>{escape(title)}</h3>'
        f'<p class="pv-quote">{highlighted(note, _by_span(quotes))}</p></li>'
    )


def _by_span(quotes: Sequence[tuple[int, Evidence]]) -> dict[Span, list[int]]:
    spans: dict[Span, list[int]] = {}
    for index, item in quotes:
        spans.setdefault(item.span, []).append(index)
    return spans


def _quoted(text: str, language: str) -> str:
    return f"«\u202f{text}\u202f»" if language == "fr" else f"“{text}”"


def _card(
    passage: Passage, quotes: Sequence[tuple[int, Evidence]], report: CheckReport, language: str
) -> str:
    places = " ".join(str(n) for n, _ in quotes)
    supported = [report.text[slice(*report.sentences[n].span)].strip() for n, _ in quotes]
    supports = escape(" ".join(_quoted(short(text, 90), language) for text in supported))
    open_label = escape(message("views.open_source", language))
    return (
        f'<li class="pv-passage" data-sentences="{places}" tabindex="0">'
        f"<h3>{escape(title_of(passage.chunk))}</h3>"
        f'<p class="pv-quote">{highlighted(passage.chunk.text, _by_span(quotes))}</p>'
        f'<p class="pv-unseen">{escape(message("views.supports", language))} {supports}</p>'
        f'<p class="pv-path">{escape(place(passage, language))} '
        f'<button type="button" class="pv-link" data-open="{escape(passage.id)}">{open_label}</button>'
        "</p></li>"
    )


def passages(items: Sequence[Passage], language: str) -> str:
    """Return passages as a list, for a search or for the human's eyes only (internal ones say so)."""
    if not items:
        return f'<p class="pv-empty">{escape(message("views.no_passages", language))}</p>'
    rows = []
    for item in items:
        chunk = item.chunk
        badge = ""
        if chunk.visibility == "internal":
            badge = f' <span class="pv-internal">{escape(message("views.internal", language))}</span>'
        spans: dict[Span, Sequence[int]] = {span: () for span in item.highlights}
        rows.append(
            f'<li class="pv-passage"><h3>{escape(title_of(chunk))}{badge}</h3>'
            f"<p>{highlighted(chunk.text, spans)}</p>"
            f'<p class="pv-path">{escape(place(item, language))}</p></li>'
        )
    return f'<ol class="pv-evidence">{"".join(rows)}</ol>'


def count(item: ChannelCount | None, language: str) -> str:
    """Return the length of a text in its channel's unit, with a word when it is over the limit."""
    if item is None:
        return ""
    used = number(item.used, language)
    if item.segments is not None:
        shown, over = counted("views.count_sms", item.segments, language, used=used), False
    elif item.limit is None:
        shown, over = counted("views.count_free", item.used, language), False
    else:
        over = item.used > item.limit
        key = "views.count_over" if over else "views.count"
        shown = message(
            key,
            language,
            used=used,
            limit=number(item.limit, language),
            over=number(item.used - item.limit, language),
        )
    return f'<span class="pv-count{" pv-over" if over else ""}">{escape(shown)}</span>'


def reply(item: Reply, language: str) -> str:
    """Return a whole reply, for a notebook or a report: text, facts, findings, evidence."""
    writer = message(
        "views.written_offline" if item.draft.writer == "offline" else "views.written_by",
        language,
        writer=item.draft.writer,
    )
    text = marked(item.report.text, item.report.findings, language).replace("\n", "<br>")
    return (
        f'<article class="pv-reply">{triage(item.triage, item.comment.text, language)}'
        f'{notices(item.notices, language)}<p class="pv-text">{text}</p>'
        f'<p class="pv-writer">{escape(writer)}</p>{claims(item.report.claims, language)}'
        f"{findings(item.report.findings, language)}"
        f"{evidence(item.report, item.passages, language, item.note)}</article>"
    )


def _placed(text: str, items: Iterable[Finding]) -> list[tuple[int, Finding]]:
    """Return the findings that can be marked without overlap, in text order, gravest first."""
    size = len(text)
    wanted = [
        (n, f) for n, f in enumerate(items) if not f.suppressed and 0 <= f.span.start < f.span.end <= size
    ]
    kept: list[tuple[int, Finding]] = []
    for index, finding in sorted(wanted, key=lambda p: (LEVELS.index(p[1].level), p[1].span)):
        if finding.span == (0, size) and size:
            continue  # a finding about the whole text is listed, not painted over everything
        if all(finding.span.end <= k.span.start or k.span.end <= finding.span.start for _, k in kept):
            kept.append((index, finding))
    return sorted(kept, key=lambda p: p[1].span)
