"""Bring together all that is known of a text: rule findings, register, length, claims and their proof."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from copilot import channels, facts, moderation, register
from copilot.brand import Brand
from copilot.messages import localized
from copilot.records import (
    ChannelCount,
    Claim,
    Comment,
    Edit,
    Finding,
    Fix,
    Level,
    Passage,
    PersonalData,
)
from copilot.rules import RuleSet

Retrieve = Callable[[str], Sequence[Passage]]

_CLAIM_LEVEL: dict[str, Level] = {
    "contradicted": "error",
    "condition_dropped": "error",
    "not_found": "warning",
    "unproved": "suggestion",
}


@dataclass(frozen=True, slots=True)
class Situation:
    """What a text is checked against. ``language`` and ``register`` are those the text should have."""

    brand: Brand
    rules: RuleSet
    today: date
    language: str
    register: str
    channel: str = "web"
    passages: Sequence[Passage] = ()
    internal: Sequence[Passage] = ()
    comment: Comment | None = None
    personal_data: Sequence[PersonalData] = ()
    retrieve: Retrieve | None = None
    vouched: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[str, str] = field(default_factory=dict)
    channel_folders: Sequence[Path] = ()


def findings_and_claims(
    text: str, written_in: str, situation: Situation
) -> tuple[tuple[Finding, ...], tuple[Claim, ...]]:
    """Check a text.

    Args:
        text: the text that will be published.
        written_in: the language it was found to be in.
        situation: all that it is checked against.

    Returns:
        The findings in text order, those about claims included, and the claims.
    """
    brand = situation.brand
    claims = _proved(text, written_in, situation, situation.passages, retrieve=situation.retrieve)
    found = [
        *situation.rules.check(text, language=written_in, channel=situation.channel),
        *_language(text, written_in, situation.language),
        *channels.check(text, situation.channel, folders=situation.channel_folders),
        *moderation.outgoing(
            text,
            comment=situation.comment,
            personal_data=situation.personal_data,
            internal_passages=situation.internal,
            website=brand.website,
            passages=situation.passages,
            competitors=brand.competitors,
        ),
        *(finding for claim in claims if (finding := claim_finding(claim))),
        *_left_out_by_a_note(text, written_in, situation, claims),
    ]
    if written_in == "fr" and situation.register in ("tu", "vous"):
        found.extend(register.check(text, "tu" if situation.register == "tu" else "vous"))
    found = [_with_override(f, situation.overrides) for f in found]
    return tuple(sorted(found, key=lambda f: (f.span, f.rule))), claims


def _proved(
    text: str,
    written_in: str,
    situation: Situation,
    passages: Sequence[Passage],
    retrieve: Retrieve | None = None,
) -> tuple[Claim, ...]:
    return facts.prove(
        text,
        passages,
        language=written_in,
        now=situation.today,
        names=names_of(situation.brand),
        retrieve=retrieve,
        vouched=situation.vouched,
    )


def _left_out_by_a_note(
    text: str, written_in: str, situation: Situation, claims: Sequence[Claim]
) -> Iterator[Finding]:
    """Yield what a person's own note or brief proves while the approved source adds a condition to it."""
    approved = [p for p in situation.passages if p.id != "note"]
    if len(approved) == len(situation.passages):
        return
    told = {claim.fact.span for claim in claims if claim.state != "supported" or claim.vouched}
    for claim in _proved(text, written_in, situation, approved):
        if claim.state == "condition_dropped" and not claim.vouched and claim.fact.span not in told:
            found = claim_finding(claim)
            if found:
                yield replace(found, rule="facts.condition_of_source", level="warning")


def count(text: str, channel: str, folders: Sequence[Path] = ()) -> ChannelCount:
    """Return the length of a text in its channel's own unit; ``folders`` hold the workspace's tables."""
    return channels.count(text, channel, folders=folders)


def fits(text: str, channel: str, folders: Sequence[Path] = ()) -> bool:
    """Return whether a channel takes a text of this length."""
    return channels.fits(text, channel, folders=folders)


def names_of(brand: Brand) -> list[str]:
    """Return the proper names that the brand itself knows."""
    return [brand.name, *brand.products, *(place.name for place in brand.places)]


def claim_finding(claim: Claim) -> Finding | None:
    """Return the finding of a claim that is not proved, or None for one that is or was vouched for."""
    if claim.state == "supported" or claim.vouched:
        return None
    return Finding(
        rule=f"facts.{claim.state}",
        level=_CLAIM_LEVEL[claim.state],
        span=claim.fact.span,
        message=claim.message,
        match=claim.fact.text,
        evidence=claim.evidence,
        fix=_source_value(claim),
    )


def _source_value(claim: Claim) -> Fix | None:
    if claim.state != "contradicted" or not claim.evidence:
        return None
    quote = claim.evidence[0].quote.strip()
    typed = claim.fact.kind not in ("statement", "negation", "promise", "condition")
    if not typed or not quote or len(quote) > max(40, 2 * len(claim.fact.text)):
        return None
    label = localized("check.use_source", value=quote)
    return Fix(label, (Edit(claim.fact.span, quote),), safe=False)


def _language(text: str, written_in: str, wanted: str) -> list[Finding]:
    if written_in in (wanted, "und") or not wanted:
        return []
    from copilot.records import Span

    return [
        Finding(
            "langue.WrongLanguage",
            "error",
            Span(0, len(text)),
            localized("check.wrong_language", found=written_in, wanted=wanted),
        )
    ]


def _with_override(finding: Finding, overrides: Mapping[str, str]) -> Finding:
    reason = overrides.get(finding.rule, "")
    return replace(finding, suppressed=reason) if reason else finding
