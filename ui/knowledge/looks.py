"""How the knowledge looks: records in, escaped HTML out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

from copilot import Chunk, Entry, HealthReport, Localized, SourceFile, message, word_changes
from ui.words import Words

SHOWN = 30
"""How many rows a list shows before it is asked for more."""


def entries(items: Sequence[Chunk], today: date, say: Words, *, shown: int = SHOWN, at: str = "") -> str:
    """Return the list of entries; ``data-do="open"`` and ``data-id`` name the one that is chosen."""
    if not items:
        return f'<p class="pv-empty">{say("no_entries")}</p>'
    count = say("count_one") if len(items) == 1 else say("count", count=len(items))
    rows = "".join(_row(item, today, say, item.id == at) for item in items[:shown])
    more = ""
    if len(items) > shown:
        more = f"<p>{button('more', '', say('more', count=len(items) - shown), link=True)}</p>"
    head = f'<p class="pv-knowledge-count" role="status">{count}</p>'
    return f'{head}<ol class="pv-knowledge-list">{rows}</ol>{more}'


def button(act: str, identifier: object, words: str, *, link: bool = False) -> str:
    """Return a button that a handler of the page hears: what to do, and with which thing."""
    kind = ' class="pv-link"' if link else ""
    return f'<button type="button"{kind} data-do="{act}" data-id="{escape(str(identifier))}">{words}</button>'


def _row(item: Chunk, today: date, say: Words, here: bool) -> str:
    current = ' aria-current="true"' if here else ""
    return (
        f'<li><button type="button" data-do="open" data-id="{escape(item.id)}"{current}>'
        f"<strong>{escape(item.question or item.text[:80])}</strong>"
        f"<span>{badges(item, today, say)}</span></button></li>"
    )


def badges(item: Chunk | Entry, today: date, say: Words) -> str:
    """Return the state, the readers and the validity of an entry, each in a word."""
    found = [_badge(item.status, say(f"status_{item.status}"))]
    if item.visibility == "internal":
        found.append(_badge("internal", say("visibility_internal")))
    if item.valid_until and item.valid_until < today:
        found.append(_badge("past", say("past", date=day(item.valid_until, say))))
    elif item.valid_until:
        found.append(_badge("until", say("until", date=day(item.valid_until, say))))
    if item.valid_from and item.valid_from > today:
        found.append(_badge("later", say("later", date=day(item.valid_from, say))))
    return " ".join(found)


def _badge(kind: str, words: str) -> str:
    return f'<span class="pv-badge pv-badge-{kind}">{escape(words)}</span>'


def day(when: date, say: Words) -> str:
    """Return a date as the reader writes it."""
    return when.strftime("%d/%m/%Y") if say.language == "fr" else f"{when.day} {when.strftime('%b %Y')}"


def entry_head(item: Entry | None, today: date, say: Words, uses: int = 0) -> str:
    """Return what stands above the form: where the entry is, its state, how often it served."""
    if item is None:
        return f'<h2>{say("new_entry")}</h2><p class="pv-hint">{say("new_entry_info")}</p>'
    served = say("uses_none") if not uses else say("uses_one") if uses == 1 else say("uses", count=uses)
    outside = "" if item.words_editable else f'<p class="pv-hint">{say("words_elsewhere")}</p>'
    return (
        f'<h2>{say("edit_entry")}</h2><p class="pv-knowledge-place">{badges(item, today, say)} '
        f"<code>{escape(item.path)}</code> <span>{escape(served)}</span></p>{outside}"
    )


def conflict(theirs: str, mine: str, say: Words) -> str:
    """Return the dialog of two texts at odds: the words that differ are marked in each."""
    changes = word_changes(theirs, mine)
    left = _sides(changes, "removed", "del")
    right = _sides(changes, "added", "ins")
    return (
        f'<dialog class="pv-sheet pv-knowledge-conflict" data-open aria-label="{say("conflict")}">'
        f"<h2>{say('conflict')}</h2><p>{say('conflict_info')}</p>"
        f'<div class="pv-knowledge-sides"><section><h3>{say("theirs")}</h3><p>{left}</p></section>'
        f"<section><h3>{say('mine')}</h3><p>{right}</p></section></div>"
        f'<p class="pv-knowledge-actions"><button type="button" data-do="mine">{say("keep_mine")}</button>'
        f'<button type="button" data-do="theirs">{say("take_theirs")}</button>'
        f'<button type="button" data-do="back">{say("back_to_text")}</button></p></dialog>'
    )


def changed(before: str, after: str) -> str:
    """Return a text with the words that are new in it marked, and those that went struck through.

    Changes with nothing but a space between them are shown as one.
    """
    pieces: list[str] = []
    old = new = ""
    changes = word_changes(before, after)
    for number, change in enumerate(changes):
        if change.kind == "removed":
            old += change.text
        elif change.kind == "added":
            new += change.text
        elif change.text.strip() or number + 1 == len(changes) or not (old or new):
            pieces += [_mark("del", old), _mark("ins", new), escape(change.text)]
            old = new = ""
        else:
            old, new = old + change.text, new + change.text
    return "".join([*pieces, _mark("del", old), _mark("ins", new)])


def _mark(tag: str, text: str) -> str:
    gap = " " if tag == "del" else ""
    return f"<{tag}>{escape(text)}</{tag}>{gap}" if text.strip() else escape(text)


def _sides(changes: Sequence[object], kind: str, tag: str) -> str:
    pieces = []
    for change in changes:
        words = escape(change.text)  # type: ignore[attr-defined]
        if change.kind == "same":  # type: ignore[attr-defined]
            pieces.append(words)
        elif change.kind == kind:  # type: ignore[attr-defined]
            pieces.append(f"<{tag}>{words}</{tag}>")
    return "".join(pieces)


def health(report: HealthReport, editable: frozenset[str], say: Words) -> str:
    """Return the health report: counts first, then each kind with its sources side by side."""
    counts = report.counts()
    if not report.items:
        return f'<p class="pv-empty" role="status">{say("healthy", count=report.chunks)}</p>'
    chips = "".join(
        f'<li><a href="#pv-health-{k}"><strong>{count}</strong> {escape(kind_of(k, count, say))}</a></li>'
        for k, count in counts.items()
        if count
    )
    parts = "".join(_kind(kind, report, editable, say) for kind, count in counts.items() if count)
    return (
        f'<p class="pv-hint" role="status">{say("looked_at", count=report.chunks)}</p>'
        f'<ul class="pv-health-counts">{chips}</ul>{parts}'
    )


def kind_of(kind: str, count: int, say: Words) -> str:
    """Return the name of a kind of health item."""
    return message(f"knowledge.{kind}", say.language) if count == 1 else say(f"many_{kind}")


def _kind(kind: str, report: HealthReport, editable: frozenset[str], say: Words) -> str:
    items = [item for item in report.items if item.kind == kind]
    rows = "".join(
        f'<li class="pv-health-item"><p>{escape(_sentence(item.message, say))}</p>'
        f'<div class="pv-knowledge-sides">{"".join(_side(s, editable, say) for s in item.sources)}</div></li>'
        for item in items[:SHOWN]
    )
    hidden = len(items) - SHOWN
    rest = f'<p class="pv-hint">{say("and_more", count=hidden)}</p>' if hidden > 0 else ""
    heading = f"{escape(kind_of(kind, len(items), say))} <span>{len(items)}</span>"
    opened = " open" if kind in ("contradiction", "expired", "expiring", "duplicate") else ""
    return (
        f'<details class="pv-health" id="pv-health-{kind}"{opened}><summary><h2>{heading}</h2></summary>'
        f"<ol>{rows}</ol>{rest}</details>"
    )


def _sentence(text: Localized, say: Words) -> str:
    words = text.get(say.language)
    return words[:1].upper() + words[1:]


def _side(source: object, editable: frozenset[str], say: Words) -> str:
    chunk_id, path, question = source.chunk_id, source.path, source.question  # type: ignore[attr-defined]
    text = " ".join(source.text.split())  # type: ignore[attr-defined]
    shown = escape(text if len(text) <= 320 else text[:319].rstrip() + "…")
    opening = ""
    if chunk_id in editable:
        opening = button("open", chunk_id, say("open_entry"), link=True)
    return (
        f"<section><h3>{escape(question or path)}</h3><p>{shown}</p>"
        f'<p class="pv-path">{escape(path)} {opening}</p></section>'
    )


def gaps(items: Sequence[tuple[int, str, int, str]], say: Words) -> str:
    """Return the unanswered questions: ``(id, question, times, last day)`` each with its two buttons."""
    if not items:
        return f'<p class="pv-empty" role="status">{say("no_gaps")}</p>'
    rows = "".join(_gap(*item, say) for item in items)
    return f'<p class="pv-hint">{say("gaps_info")}</p><ol class="pv-knowledge-gaps">{rows}</ol>'


def _gap(number: int, question: str, times: int, last: str, say: Words) -> str:
    asked = say("asked_once", date=last) if times == 1 else say("asked", count=times, date=last)
    buttons = button("write", number, say("write_entry")) + button("close", number, say("close_gap"))
    return (
        f'<li><p><strong>{escape(question)}</strong><span class="pv-hint">{escape(asked)}</span></p>'
        f'<p class="pv-knowledge-actions">{buttons}</p></li>'
    )


def sources(items: Sequence[SourceFile], say: Words, at: str = "") -> str:
    """Return the files of the knowledge as a table."""
    if not items:
        return f'<p class="pv-empty">{say("no_sources")}</p>'
    rows = "".join(_source(item, say, item.path == at) for item in items)
    head = "".join(f'<th scope="col">{say(name)}</th>' for name in ("file", "passages", "state"))
    label = say("sources")
    return (
        f'<div class="pv-knowledge-scroll" tabindex="0" role="region" aria-label="{label}">'
        f'<table class="pv-knowledge-table"><caption class="pv-unseen">{label}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _source(item: SourceFile, say: Words, here: bool) -> str:
    name = escape(item.path.removeprefix("knowledge/"))
    if item.failed is not None:
        state = f"{_badge('past', say('unreadable'))} {escape(item.failed.get(say.language))}"
        return f"<tr><th scope='row'>{name}</th><td>–</td><td>{state}</td></tr>"
    counts = [(item.approved, "approved"), (item.pending, "pending"), (item.retired, "retired")]
    state = " ".join(_badge(kind, _counted(kind, count, say)) for count, kind in counts if count)
    if item.internal:
        state += " " + _badge("internal", _counted("internal", item.internal, say))
    if item.waiting:
        state += " " + _badge("later", say("waiting"))
    total = item.approved + item.pending + item.retired
    name = button("review", item.path, f"<strong>{name}</strong>" if here else name, link=True)
    return f"<tr><th scope='row'>{name}</th><td>{total}</td><td>{state}</td></tr>"


def _counted(kind: str, count: int, say: Words) -> str:
    return f"{count} {say(f'counted_{kind}_one' if count == 1 else f'counted_{kind}')}"


def problem(text: str) -> str:
    """Return a mistake to mend, in place."""
    return f'<p class="pv-knowledge-problem" role="alert">{escape(text)}</p>' if text else ""


def done(text: str) -> str:
    """Return something that went well, in place."""
    return f'<p class="pv-knowledge-done" role="status">{escape(text)}</p>'
