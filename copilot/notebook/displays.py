"""How a notebook shows records: as HTML through ``views``, and as plain text where there is no browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from typing import Any

from copilot import views
from copilot.assessment import Assessment
from copilot.lab import Comparison, Decision
from copilot.messages import message
from copilot.notebook.trial import ChangedCases, Trial, cases_text, trial_html, trial_text
from copilot.records import CheckReport, Passage, Reply, Triage

LEVELS = {"error": "▲", "warning": "◆", "suggestion": "○"}
STATES = {"supported": "✓", "contradicted": "✗", "condition_dropped": "◐", "not_found": "?", "unproved": "–"}

# Buttons act in the screens alone. Words of others are escaped, so no tag of theirs can match.
_BUTTON = re.compile(r"<button\b.*?</button>", re.DOTALL)
_EMPTY = re.compile(r'<p class="pv-actions">\s*</p>')
_TAG = re.compile(r"<[^>]+>")


def register(formatter: Any, language: Callable[[], str]) -> None:
    """Teach the formatter of a shell to show our records; ``language`` is asked for at each display."""
    html, plain = formatter.formatters["text/html"], formatter.formatters["text/plain"]
    for kind, (rich, text) in _KINDS.items():
        html.for_type(kind, lambda item, rich=rich: page(rich(item, language())))
        plain.for_type(kind, lambda item, printer, _, text=text: printer.text(text(item, language())))
    usual = plain.lookup_by_type(list)

    def listed(items: list[Any], printer: Any, cycle: bool) -> None:
        if _are_passages(items):
            printer.text(passages_text(items, language()))
        else:
            usual(items, printer, cycle)

    html.for_type(
        list, lambda items: page(views.passages(items, language())) if _are_passages(items) else None
    )
    plain.for_type(list, listed)


def page(inside: str) -> str:
    """Return HTML with its style, ready for an output cell."""
    still = _EMPTY.sub("", _BUTTON.sub("", inside))
    return f'<style>{_style()}</style><div class="pv-nb">{still}</div>'


@cache
def _style() -> str:
    return (resources.files(__name__.rpartition(".")[0]) / "style.css").read_text(encoding="utf-8")


def report_html(report: CheckReport, language: str) -> str:
    """Return a checked text: the text with its findings marked, its length, its facts."""
    text = views.marked(report.text, report.findings, language).replace("\n", "<br>")
    return (
        f'<p class="pv-text">{text}</p><p>{views.count(report.count, language)}</p>'
        f"{views.claims(report.claims, language)}{views.findings(report.findings, language)}"
    )


def triage_html(found: Triage, language: str) -> str:
    """Return what a comment is; its words are not at hand, so the reasons are left out."""
    return _WHY.sub("", views.triage(found, "", language))


def reply_text(reply: Reply, language: str) -> str:
    """Return a reply as plain text: the draft, then facts, findings and sources."""
    lines = [reply.report.text or message("views.no_draft_here", language), ""]
    lines += [f"! {notice.message.get(language)}" for notice in reply.notices]
    lines += _checked(reply.report, language)
    by_id = {passage.id: passage for passage in reply.passages}
    used = dict.fromkeys(e.passage_id for s in reply.report.sentences for e in s.evidence[:1])
    lines += [f"  ← {_title(by_id[i])} ({views.place(by_id[i], language)})" for i in used if i in by_id]
    return "\n".join(lines)


def report_text(report: CheckReport, language: str) -> str:
    """Return a checked text as plain text."""
    return "\n".join([report.text, "", *_checked(report, language)])


def triage_text(found: Triage, language: str) -> str:
    """Return the reading of a comment in one line."""
    intents = ", ".join(message(f"views.intent_{label.name}", language) for label in found.intents)
    route = message(f"views.route_{found.route}", language)
    return f"{route} · {intents} · {message(f'views.sentiment_{found.sentiment}', language)}"


def passages_text(items: Sequence[Passage], language: str) -> str:
    """Return passages as plain text, best first."""
    return "\n\n".join(
        f"{number}. {_title(item)} ({views.place(item, language)}, {item.score:.2f})\n   {item.chunk.text}"
        for number, item in enumerate(items, 1)
    )


def assessment_html(found: Assessment, language: str) -> str:
    """Return the verdict, then the promises."""
    return views.decision(found.decision, language) + views.comparison(found.comparison, language)


def assessment_text(found: Assessment, language: str) -> str:
    """Return the same as plain text."""
    verdict = views.decision_text(found.decision, language)
    return f"{verdict}\n\n{views.comparison_text(found.comparison, language)}"


def _checked(report: CheckReport, language: str) -> list[str]:
    lines = [
        f"{STATES[claim.state]} {claim.fact.text} {claim.message.get(language)}".strip()
        for claim in report.claims
    ]
    lines += [
        f"{LEVELS[finding.level]} {finding.match} : {finding.message.get(language)}"
        for finding in report.findings
        if not finding.suppressed
    ]
    count = _TAG.sub("", views.count(report.count, language))
    return [*lines, *([count] if count else [])]


def _title(passage: Passage) -> str:
    chunk = passage.chunk
    return chunk.question or " › ".join(chunk.headings) or chunk.path


def _are_passages(items: list[Any]) -> bool:
    return bool(items) and all(isinstance(item, Passage) for item in items)


_WHY = re.compile(r'<span class="pv-why">.*?</span>')
_KINDS: dict[type, tuple[Callable[[Any, str], str], Callable[[Any, str], str]]] = {
    Reply: (views.reply, reply_text),
    CheckReport: (report_html, report_text),
    Triage: (triage_html, triage_text),
    Trial: (trial_html, trial_text),
    ChangedCases: (
        lambda found, language: views.cases(found.comparison, found.comments, language),
        cases_text,
    ),
    Comparison: (views.comparison, views.comparison_text),
    Decision: (views.decision, views.decision_text),
    Assessment: (assessment_html, assessment_text),
}
