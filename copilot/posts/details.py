"""What goes with a post: subject and preheader, description for search engines, alt text, visual brief."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from copilot import text as texts
from copilot.messages import message
from copilot.posts.formats import Format, network_of
from copilot.records import Brief

SUBJECT, PREHEADER, TITLE, DESCRIPTION, ALT = 60, 100, 60, 155, 250
"""Characters that inboxes, search engines and screen readers show or say without a cut."""


@dataclass(frozen=True, slots=True)
class Details:
    """The fields beside the text; each empty where the format has none."""

    title: str = ""
    preheader: str = ""
    description: str = ""
    alt_text: str = ""
    visual: str = ""


def details(brief: Brief, form: Format, channel: str, sentences: Sequence[str]) -> Details:
    """Write the fields of a post from its own statements.

    Args:
        brief: what was asked.
        form: the format.
        channel: where it will stand.
        sentences: the statements of the post in their order, without greeting, link and hashtags.
    """
    if form.approved_only or not sentences:
        return Details()
    title = preheader = description = ""
    if form.channel == "email":
        title = _shortest_of([sentences[0], brief.campaign, *sentences[1:]], SUBJECT)
        preheader = _filled([s for s in sentences if s.rstrip(".") != title], PREHEADER)
    if form.channel == "web":
        title = _shortest_of([brief.campaign, *sentences], TITLE)
        description = _filled([s for s in sentences if s.rstrip(".") != title], DESCRIPTION)
    return Details(
        title,
        preheader,
        description,
        _alt(brief, sentences[0]),
        _visual(brief, channel, sentences[0]),
    )


def _shortest_of(candidates: Sequence[str], limit: int) -> str:
    """Return the first candidate that needs no cut, for a cut could take a condition away."""
    usable = [c.strip().rstrip(".") for c in candidates if c.strip()]
    return next((c for c in usable if len(c) <= limit), _cut(usable[0], limit) if usable else "")


def _filled(sentences: Sequence[str], limit: int) -> str:
    """Return as many whole sentences as fit, at least the beginning of the first."""
    kept = ""
    for sentence in sentences:
        if len(kept) + len(sentence) + 1 > limit:
            break
        kept = f"{kept} {sentence}".strip()
    return kept or (_cut(sentences[0], limit) if sentences else "")


def _cut(words: str, limit: int) -> str:
    if len(words) <= limit:
        return words
    return words[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:–\u00a0\u202f") + "…"


def _alt(brief: Brief, hook: str) -> str:
    key = "posts.alt_campaign" if brief.campaign.strip() else "posts.alt"
    return _cut(message(key, brief.language, campaign=brief.campaign.strip(), hook=hook), ALT)


def _visual(brief: Brief, channel: str, hook: str) -> str:
    """Return the brief for the designer, one line a point, the empty ones left out."""
    points = {
        "aim": brief.objective,
        "audience": brief.audience,
        "message": hook,
        "call": brief.call_to_action,
        "shape": network_of(channel).picture.get(brief.language),
        "words": message("posts.visual_few_words", brief.language),
    }
    lines = [
        message(f"posts.visual_{name}", brief.language, value=" ".join(value.split()))
        for name, value in points.items()
        if value.strip()
    ]
    return "\n".join(lines)


def statements_of(text: str, skipped: Sequence[str]) -> list[str]:
    """Return the sentences of a text, list marks dropped, without headings and those of ``skipped``."""
    found = [text[span.start : span.end].strip() for span in texts.sentences(text)]
    plain = [sentence.lstrip("-– ") for sentence in found if not sentence.startswith("#")]
    return [s for s in plain if s not in skipped and not s.startswith("http") and any(map(str.isalpha, s))]
