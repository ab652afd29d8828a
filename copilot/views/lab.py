"""The prompt lab as HTML: what would be sent, how two runs differ, and what the gate says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from copilot.lab import CasePair, Change, Comparison, Decision, Row, name_of
from copilot.messages import catalogue, message
from copilot.preview import Composed, Preview
from copilot.review import Change as WordChange
from copilot.views.basics import number, short

MOST_CASES = 30
"""Cases shown side by side; the others are counted."""
PROVED = ("supported", "unproved")


def decision(found: Decision, language: str, *, heading: str = "h3") -> str:
    """Return the verdict of the gate: one word, then what speaks against and for it."""
    key = "ship" if found.ship else "hold"
    verdict = escape(message(f"labview.{key}", language))
    groups = [("reasons", found.reasons), ("cautions", found.cautions), ("gains", found.gains)]
    lists = "".join(
        f"<{heading}>{escape(message(f'labview.{name}', language))}</{heading}>"
        f'<ul class="pv-{name}">'
        + "".join(f"<li>{escape(item.get(language))}</li>" for item in items)
        + "</ul>"
        for name, items in groups
        if items
    )
    return f'<section class="pv-gate pv-gate-{key}"><p class="pv-{key}">{verdict}</p>{lists}</section>'


def comparison(found: Comparison, language: str) -> str:
    """Return one row a promise: the rates before and after, the change with its interval, the cases."""

    def say(key: str) -> str:
        return escape(message(f"labview.{key}", language))

    head = "".join(
        f'<th scope="col"{"" if key == "promise" else _NUMBER}>{say(key)}</th>'
        for key in ("promise", "before", "after", "change", "broke", "mended")
    )
    rows = "".join(_row(change, language) for change in found.promises)
    aside = ""
    if found.incomparable:
        reasons = "".join(
            f"<li>{escape(case_id)} : {escape(why.get(language))}</li>" for case_id, why in found.incomparable
        )
        label = message("labview.aside", language, count=len(found.incomparable))
        aside = f"<details><summary>{escape(label)}</summary><ul>{reasons}</ul></details>"
    caption = message(
        "labview.caption",
        language,
        cases=len(found.cases),
        before=f"{found.before.system} {found.before.prompt_version}".strip(),
        after=f"{found.after.system} {found.after.prompt_version}".strip(),
    )
    return (
        f'<div class="pv-scroll" tabindex="0"><table class="pv-promises">'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>{aside}"
    )


def comparison_text(found: Comparison, language: str) -> str:
    """Return the same table as plain text."""
    lines = []
    for change in found.promises:
        name = name_of(change.name).get(language)
        lines.append(
            f"{name:<22} {_percent(change.before, language):>7} → {_percent(change.after, language):>7}"
            f"  {_interval(change, language)}  −{len(change.broke)} +{len(change.mended)}"
        )
    return "\n".join(lines)


def decision_text(found: Decision, language: str) -> str:
    """Return the verdict as plain text."""
    marks = (("✗", found.reasons), ("?", found.cautions), ("✓", found.gains))
    lines = [f"{mark} {item.get(language)}" for mark, items in marks for item in items]
    return "\n".join([message(f"labview.{'ship' if found.ship else 'hold'}", language), *lines])


def cases(found: Comparison, comments: Mapping[str, str], language: str) -> str:
    """Return the cases whose text or verdict changed, side by side, those that broke most first."""
    changed = [pair for pair in found.cases if pair.broke or pair.mended or not pair.same_text]
    if not changed:
        return f'<p class="pv-empty">{escape(message("labview.no_case_changed", language))}</p>'
    shown = "".join(
        case(pair, comments.get(pair.case_id, ""), language, opened=position == 0 and bool(pair.broke))
        for position, pair in enumerate(changed[:MOST_CASES])
    )
    rest = len(changed) - MOST_CASES
    more = f"<p>{escape(message('labview.more_cases', language, count=rest))}</p>" if rest > 0 else ""
    return f'<div class="pv-cases">{shown}</div>{more}'


def case(pair: CasePair, comment: str, language: str, *, opened: bool = False) -> str:
    """Return one case: the message, both replies with the words that differ, what broke and why."""

    def say(key: str) -> str:
        return escape(message(f"labview.{key}", language))

    before = _words([w for w in pair.words if w.kind != "added"])
    after = _words([w for w in pair.words if w.kind != "removed"])
    badges = "".join(
        f'<span class="pv-case-{kind}">{escape(message(f"labview.case_{kind}", language))} '
        f"{escape(', '.join(name_of(name).get(language) for name in names if name != 'passed'))}</span>"
        for kind, names in (("broke", pair.broke), ("mended", pair.mended))
        if names
    )
    why = "".join(f"<li>{escape(reason)}</li>" for reason in reasons(pair.after, language))
    because = f'<ul class="pv-why-not">{why}</ul>' if why and pair.broke else ""
    return (
        f'<details class="pv-case" data-case="{escape(pair.case_id)}"{" open" if opened else ""}>'
        f'<summary><span class="pv-case-name">{escape(short(comment or pair.case_id, 90))}</span> {badges}'
        f'</summary><p class="pv-path">{escape(pair.case_id)}</p>{because}<div class="pv-sides">'
        f"<section><h4>{say('before')}</h4><p>{before}</p></section>"
        f"<section><h4>{say('after')}</h4><p>{after}</p></section></div></details>"
    )


def reasons(row: Row, language: str) -> list[str]:
    """Return what speaks against the text of a case: unproved facts, errors, failed assertions."""
    found = [
        message(f"labview.claim_{state}", language, text=short(text, 160))
        for state, text in row.outcome.claims
        if state not in PROVED
    ]
    found += [
        message("labview.finding", language, rule=rule, match=short(match, 80))
        for rule, level, match in row.outcome.findings
        if level == "error" and not rule.startswith("facts.")
    ]
    found += [verdict.reason.get(language) for verdict in row.verdicts if not verdict.passed]
    return list(dict.fromkeys([*found, *filter(None, [row.reason.get(language)])]))


def preview(found: Preview, language: str) -> str:
    """Return what a prompt would send: the tokens of each part, then the messages, inputs marked."""
    about = "≈\u202f" if found.estimated else ""
    own = message("labview.own_words", language)
    largest = max((count for _, count in found.by_name()), default=1) or 1
    rows = "".join(
        f"<li><span>{escape(_input(name, language) if name else own)}</span> "
        f'<span class="pv-bar" aria-hidden="true">'
        f'<i style="width:{100 * count // largest}%"></i></span> '
        f'<span class="pv-count">{about}{escape(number(count, language))}</span></li>'
        for name, count in found.by_name()
    )
    total = message("labview.total", language, count=f"{about}{number(found.tokens, language)}")
    messages = "".join(_message(composed, about, language) for composed in found.messages)
    return f'<p class="pv-total">{escape(total)}</p><ul class="pv-tokens">{rows}</ul>{messages}'


def words(changes: Sequence[WordChange]) -> str:
    """Return a text with what was removed and what was added in it."""
    return _words(changes)


def _input(name: str, language: str) -> str:
    """Return what an input is in words; one that a brand made up is called as it calls it."""
    return catalogue("labview", language).get(f"input_{name}", name)


def _message(composed: Composed, about: str, language: str) -> str:
    role = message(f"labview.role_{composed.role}", language)
    body = "".join(
        f'<mark class="pv-part" title="{escape(_input(s.name, language))}">{escape(s.text)}</mark>'
        if s.name
        else escape(s.text)
        for s in composed.stretches
    )
    tokens = message("labview.tokens", language, count=f"{about}{number(composed.tokens, language)}")
    return (
        f'<details class="pv-message"><summary>{escape(role)} <span class="pv-count">{escape(tokens)}</span>'
        f"</summary><pre>{body}</pre></details>"
    )


def _words(changes: Sequence[WordChange]) -> str:
    tags = {"removed": "del", "added": "ins"}
    return "".join(
        f"<{tags[c.kind]}>{escape(c.text)}</{tags[c.kind]}>" if c.kind in tags else escape(c.text)
        for c in changes
    )


_NUMBER = ' class="pv-number"'


def _row(change: Change, language: str) -> str:
    name = escape(name_of(change.name).get(language))
    state = "broke" if change.broke and change.change < 0 else "mended" if change.mended else "same"
    cells = [
        _percent(change.before, language),
        _percent(change.after, language),
        _interval(change, language),
        str(len(change.broke) or "–"),
        str(len(change.mended) or "–"),
    ]
    return (
        f'<tr class="pv-row-{state}" data-promise="{change.name}"><th scope="row">{name}</th>'
        + "".join(f'<td class="pv-number">{escape(cell)}</td>' for cell in cells)
        + "</tr>"
    )


def _percent(rate: float, language: str) -> str:
    return f"{100 * rate:.0f}\u202f%" if language == "fr" else f"{100 * rate:.0f}%"


def _interval(change: Change, language: str) -> str:
    return message(
        "labview.interval",
        language,
        change=_signed(change.change),
        low=_signed(change.low),
        high=_signed(change.high),
    )


def _signed(value: float) -> str:
    points = round(100 * value)
    return f"{points:+d}".replace("-", "−") if points else "0"
