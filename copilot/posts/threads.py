"""Threads: the messages of one text, numbered, each within the limit of its channel."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from copilot import channels
from copilot.posts.offline import Line, joined
from copilot.records import CheckReport, Finding, Span
from copilot.shorten import split_thread

_NUMBER = re.compile(r"[ \t]*\((\d{1,3})/(\d{1,3})\)[ \t]*(?=\n|$)")
_CHANNEL_RULES = "channels."


def messages(lines: Sequence[Line], channel: str, folders: Sequence[Path]) -> list[str]:
    """Return the messages that lines make up: one paragraph each, invitation, link and hashtags last.

    Paragraphs too long for one message are cut at the borders of sentences.
    """
    groups: list[list[Line]] = []
    for line in lines:
        if not groups or (line.before == "\n\n" and not line.tail):
            groups.append([])
        groups[-1].append(line)
    pieces: list[str] = []
    for group in groups:
        body, tail = [x for x in group if not x.tail], [x for x in group if x.tail]
        whole = joined(group)[0]
        if _fits(channel, folders)(whole) or not tail:
            pieces += _cut(whole, channel, folders)
        else:
            pieces += [p for part in (body, tail) if part for p in _cut(joined(part)[0], channel, folders)]
    return numbered([piece for piece in pieces if piece])


def numbered(pieces: Sequence[str]) -> list[str]:
    """Return pieces with their numbers; a single one has none."""
    if len(pieces) < 2:
        return list(pieces)
    return [f"{piece} ({number}/{len(pieces)})" for number, piece in enumerate(pieces, 1)]


def messages_of(text: str) -> tuple[str, ...]:
    """Return the messages of an edited thread, as its numbers say; a text without any is one message."""
    return tuple(text[span.start : span.end] for span in _spans(text))


def checked(report: CheckReport, channel: str, folders: Sequence[Path]) -> CheckReport:
    """Return a report whose findings about length and form are those of each message of the thread."""
    numbers = [Span(*found.span()) for found in _NUMBER.finditer(report.text)]

    def counts(span: Span) -> bool:  # « (2/5) » is no date
        return not any(n.start <= span.start and span.end <= n.end for n in numbers)

    findings = [f for f in report.findings if not f.rule.startswith(_CHANNEL_RULES) and counts(f.span)]
    claims = tuple(claim for claim in report.claims if counts(claim.fact.span))
    longest = report.count
    for span in _spans(report.text):
        words = report.text[span.start : span.end]
        findings += [_moved(f, span.start) for f in channels.check(words, channel, folders=folders)]
        count = channels.count(words, channel, folders=folders)
        if longest is report.count or (longest and count.used > longest.used):
            longest = count
    ordered = tuple(sorted(findings, key=lambda f: (f.span, f.rule)))
    return replace(report, claims=claims, findings=ordered, count=longest)


def _spans(text: str) -> list[Span]:
    spans, start = [], 0
    for found in _NUMBER.finditer(text):
        spans.append(Span(start, found.end()))
        start = found.end() + len(text[found.end() :]) - len(text[found.end() :].lstrip())
    if start < len(text) and text[start:].strip():
        spans.append(Span(start, len(text)))
    return spans


def _moved(finding: Finding, by: int) -> Finding:
    def moved(span: Span) -> Span:
        return Span(span.start + by, span.end + by)

    fix = finding.fix
    if fix is not None:
        fix = replace(fix, edits=tuple(replace(edit, span=moved(edit.span)) for edit in fix.edits))
    return replace(finding, span=moved(finding.span), fix=fix)


def _fits(channel: str, folders: Sequence[Path]) -> Callable[[str], bool]:
    return lambda text: channels.fits(f"{text} (99/99)", channel, folders=folders)


def _cut(text: str, channel: str, folders: Sequence[Path]) -> list[str]:
    if _fits(channel, folders)(text):
        return [text]
    return [_NUMBER.sub("", piece).rstrip() for piece in split_thread(text, channel, folders=folders)]
