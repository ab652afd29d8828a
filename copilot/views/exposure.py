"""Abuse as a person may choose to see it: blurred, weakly or strongly, until a key reveals it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Literal, get_args

from copilot.errors import InputError
from copilot.messages import message
from copilot.moderation.house_rules import broken
from copilot.records import Span, Triage
from copilot.views.basics import highlighted

Exposure = Literal["off", "mild", "strong"]
EXPOSURES: tuple[Exposure, ...] = get_args(Exposure)
HURTFUL = frozenset(("insult", "hate", "threat", "sexual"))


def shielded(text: str, found: Triage, exposure: Exposure, language: str) -> str:
    """Return a customer's words, with the abuse in them blurred as the reader chose.

    ``off`` blurs nothing, ``mild`` the hurtful words, ``strong`` the whole text. What is blurred stands in
    ``<span class="pv-blurred">`` behind a ``<button data-reveal aria-expanded="false">``; CSS shows it when
    the button is expanded. Nothing is blurred where nothing hurts, nor where a person speaks of harming
    herself: she must be read.

    Raises:
        InputError: the exposure is none of the three.
    """
    if exposure not in EXPOSURES:
        raise InputError("views.wrong_exposure", value=exposure, allowed=", ".join(EXPOSURES))
    spans = hurtful(text, found)
    if exposure == "off" or not spans:
        return f'<p class="pv-comment">{escape(text)}</p>'
    if exposure == "strong":
        shown = f'<span class="pv-blurred" aria-hidden="true">{escape(text)}</span>'
    else:
        shown = highlighted(text, dict.fromkeys(spans, ()))
        shown = shown.replace("<mark>", '<span class="pv-blurred" aria-hidden="true">')
        shown = shown.replace("</mark>", "</span>")
    label = escape(message("views.reveal", language))
    return (
        f'<div class="pv-shield" data-exposure="{exposure}"><p class="pv-comment">{shown}</p>'
        f'<button type="button" class="pv-reveal" data-reveal aria-expanded="false">{label}</button></div>'
    )


def hurtful(text: str, found: Triage) -> tuple[Span, ...]:
    """Return the places of the abuse; the whole text when it is abusive and no word shows where."""
    names = {label.name for label in found.intents}
    if "self_harm" in names:
        return ()
    spans = [span for label in found.intents if label.name in HURTFUL for span in label.reasons]
    if found.toxicity is not None and found.toxicity.kind != "profanity":
        spans += found.toxicity.reasons
    whole = [Span(0, len(text))] if text and not spans and names & HURTFUL else []
    return tuple(sorted(set(spans or whole)))


def house_rule(guideline: str, found: Triage) -> str:
    """Return the paragraph of the brand's own netiquette that a comment breaks; empty when none is named.

    Args:
        guideline: the netiquette's Markdown, a section a rule.
        found: the triage of the comment.
    """
    sections = _sections(guideline)
    number = broken(sections, found)
    return sections[number].partition("\n")[2].strip().split("\n\n")[0] if number >= 0 else ""


def _sections(guideline: str) -> Sequence[str]:
    body = guideline.split("---\n", 2)[-1] if guideline.startswith("---\n") else guideline
    return [part for part in body.split("\n## ")[1:] if part.strip()]
