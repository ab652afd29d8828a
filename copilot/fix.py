"""Apply fixes to a text without letting them break each other or a fact."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from copilot import text as texts
from copilot.records import Draft, Edit, Finding, FixResult, Span

FactValues = Callable[[str], Sequence[str]]

PASSES = 3


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Apply edits that do not overlap; each span is a span of the given text.

    Raises:
        ValueError: two edits overlap or one lies outside the text.
    """
    position = len(text)
    for edit in sorted(edits, key=lambda e: (e.span.start, e.span.end), reverse=True):
        start, end = edit.span
        if not 0 <= start <= end <= position:
            raise ValueError(f"edit {edit.span} overlaps another one or lies outside the text")
        text = text[:start] + edit.text + text[end:]
        position = start
    return text


def apply_fixes(
    text: str, findings: Iterable[Finding], *, fact_values: FactValues | None = None, safe_only: bool = False
) -> FixResult:
    """Apply the fixes of ``findings``, errors first, then in text order.

    A fix that touches what an earlier one changed is skipped: its span means nothing any more. With
    ``fact_values`` (text → canonical values) so is one that would change the facts of the text, unless
    the finding is about a fact itself.
    """
    order = {"error": 0, "warning": 1, "suggestion": 2}
    with_fix = [f for f in findings if f.fix is not None and (f.fix.safe or not safe_only)]
    accepted: list[Finding] = []
    skipped: list[Finding] = []
    edits: list[Edit] = []
    facts = sorted(fact_values(text)) if fact_values else []
    for finding in sorted(with_fix, key=lambda f: (order[f.level], f.span)):
        assert finding.fix is not None
        own = list(finding.fix.edits)
        if any(_meet(a, b) for a in own for b in edits) or not _valid(text, own):
            skipped.append(finding)
            continue
        about_a_fact = finding.rule.startswith("facts.")
        if fact_values and not about_a_fact and sorted(fact_values(apply_edits(text, own))) != facts:
            skipped.append(finding)
            continue
        accepted.append(finding)
        edits.extend(own)
    return FixResult(apply_edits(text, edits), tuple(accepted), tuple(skipped))


def typeset(draft: Draft, check: Callable[[str], Iterable[Finding]]) -> Draft:
    """Apply to a fresh draft the safe fixes that change no word: spaces, apostrophes, quotes, capitals.

    One may call for another, and fixes that meet go one after the other: in at most ``PASSES`` passes.
    """
    for _ in range(PASSES):
        chosen = [f for f in check(draft.text) if _changes_no_word(draft.text, f)]
        done = apply_fixes(draft.text, chosen, safe_only=True)
        edits = [edit for finding in done.applied if finding.fix for edit in finding.fix.edits]
        sentences = tuple(replace(s, span=_moved(s.span, edits)) for s in draft.sentences)
        draft = replace(draft, text=done.text, sentences=sentences)
        if not edits:
            break
    return draft


def _changes_no_word(text: str, finding: Finding) -> bool:
    edits = finding.fix.edits if finding.fix else ()
    return bool(edits) and all(_words(text[e.span.start : e.span.end]) == _words(e.text) for e in edits)


_SETTING = frozenset("'’‘`´\"“”«».…-–—\u2011\u00ad")


def _words(text: str) -> str:
    """Return a text without what only its setting decides; accents count, save on capitals and ligatures."""
    kept = [c for c in text if not c.isspace() and c not in _SETTING]
    folded = [texts.normalize(c, fold_accents=True).text if c.isupper() or c in "œæ" else c for c in kept]
    return "".join(folded)


def _moved(span: Span, edits: Iterable[Edit]) -> Span:
    def moved(position: int) -> int:
        return position + sum(
            len(e.text) - (min(e.span.end, position) - e.span.start) for e in edits if e.span.start < position
        )

    return Span(moved(span.start), moved(span.end))


def _meet(a: Edit, b: Edit) -> bool:
    if a.span.start == b.span.start:
        return True
    return a.span.start < b.span.end and b.span.start < a.span.end


def _valid(text: str, edits: Sequence[Edit]) -> bool:
    return (
        bool(edits)
        and all(0 <= e.span.start <= e.span.end <= len(text) for e in edits)
        and not any(_meet(a, b) for i, a in enumerate(edits) for b in edits[:i])
    )
