"""From hits to findings: the message in two languages, the words as the user wrote them, the fix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from copilot.messages import localized
from copilot.records import Edit, Finding, Fix, Level, Localized, Span
from copilot.rules import actions
from copilot.rules.definition import Definition
from copilot.rules.pack import Examples, RuleNotes
from copilot.rules.pattern import compiled
from copilot.rules.rule import Hit, PatternRule


@dataclass(frozen=True, slots=True)
class RuleRecord:
    """What the screens and the documentation show of a rule."""

    id: str
    pack: str
    level: Level
    kind: str
    message: Localized
    why: Localized
    examples: Examples
    link: str
    languages: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


@dataclass(slots=True)
class Loaded:
    """A rule ready to run. ``link`` is its own, else the anchor of its page in the documentation."""

    rule: PatternRule
    notes: RuleNotes
    pack: str
    link: str = ""
    messages: dict[tuple[tuple[str, ...], tuple[str, ...]], Localized] = field(default_factory=dict)

    @property
    def definition(self) -> Definition:
        return self.rule.definition

    def __post_init__(self) -> None:
        name = self.definition.name.partition(".")[2]
        self.link = self.link or self.definition.link or f"docs/rules/{self.pack}.md#{name.lower()}"


def record(item: Loaded) -> RuleRecord:
    """Return what is shown of a rule."""
    d, notes = item.definition, item.notes
    return RuleRecord(
        id=d.name,
        pack=item.pack,
        level=d.level,
        kind=d.kind,
        message=notes.message or Localized(d.message, d.message),
        why=notes.why,
        examples=notes.examples,
        link=item.link,
        languages=notes.languages,
        channels=notes.channels,
    )


def findings(item: Loaded, found: Sequence[tuple[Hit, Span]], text: str) -> list[Finding]:
    """Return the findings of one rule, its hits in text order."""
    if not found:
        return []
    if item.notes.group and len(found) > 1:
        edits = tuple(_edit(span, hit.fixes[0], text) for hit, span in found if hit.fixes)
        label = localized("rules.fix_all", count=len(edits))
        fix = Fix(label, edits, item.notes.safe) if edits else None
        return [_finding(item, *found[0], text, fix)]
    return [_finding(item, hit, span, text, _fix(item, hit, span, text)) for hit, span in found]


def _finding(item: Loaded, hit: Hit, span: Span, text: str, fix: Fix | None) -> Finding:
    definition = item.definition
    return Finding(
        rule=definition.name,
        level=definition.level,
        span=span,
        message=_message_once(item, hit),
        match=text[span.start : span.end],
        why=item.notes.reason(hit.fixes[0] if hit.fixes else ""),
        link=item.link,
        fix=fix,
    )


def _message_once(item: Loaded, hit: Hit) -> Localized:
    key = (hit.values, hit.fixes)
    message = item.messages.get(key)
    if message is None:
        if len(item.messages) > 1000:
            item.messages.clear()
        message = item.messages[key] = _message(item, hit)
    return message


def _message(item: Loaded, hit: Hit) -> Localized:
    notes, message = item.notes, item.definition.message
    if notes.message is not None:
        return Localized(
            actions.fill(notes.message.fr, _joined(item, hit, "\u00a0» ou «\u00a0")),
            actions.fill(notes.message.en, _joined(item, hit, "” or “")),
        )
    first = hit.values[0] if hit.values else ""
    # Vale quotes the options itself, and undoes the quotes of a message that has them too.
    if first.startswith("'") and first.endswith("'"):
        for verb in ("'%s'", '"%s"'):
            if message.count(verb) == 2:
                message = message.replace(verb, "%s", 1)
    filled = compiled(" +").sub(" ", actions.fill(message, hit.values).replace("\n", " "))
    return Localized(filled, filled)


def _joined(item: Loaded, hit: Hit, separator: str) -> tuple[str, ...]:
    if item.definition.kind != "substitution" or len(hit.values) < 2:
        return hit.values
    return separator.join(hit.fixes) if hit.fixes else hit.values[0], *hit.values[1:]


def _fix(item: Loaded, hit: Hit, span: Span, text: str) -> Fix | None:
    if not hit.fixes or hit.whole:
        return None
    old = text[span.start : span.end]
    if hit.fixes[0] == old:
        return None
    new = hit.fixes[0]
    safe = item.notes.safe and len(hit.fixes) == 1
    if new.strip():
        return Fix(localized("rules.fix_replace", text=new), (_edit(span, new, text),), safe)
    key = "rules.fix_remove" if old.strip() and not new else "rules.fix_edit"
    edit = _removal(span, text) if not new else _edit(span, new, text)
    return Fix(localized(key, text=old.strip()), (edit,), safe)


def _edit(span: Span, new: str, text: str) -> Edit:
    """Return the edit that puts ``new`` in the place of a span, cut down to the signs that change."""
    start, end = span
    whole = Edit(span, new)
    while start < end and new and text[start] == new[0]:
        start, new = start + 1, new[1:]
    while start < end and new and text[end - 1] == new[-1]:
        end, new = end - 1, new[:-1]
    letters = any(c.isalnum() for c in (*text[start:end], *new))
    return whole if letters else Edit(Span(start, end), new)


def _removal(span: Span, text: str) -> Edit:
    """Take a word out together with one of the spaces around it."""
    start, end = span
    before, after = text[start - 1 : start], text[end : end + 1]
    if before in (" ", "") and after == " ":
        return Edit(Span(start, end + 1), "")
    if before == " " and (after == "" or not after.isalnum()):
        return Edit(Span(start - 1, end), "")
    return Edit(Span(start, end), "")
