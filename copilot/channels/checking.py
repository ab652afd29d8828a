"""What a channel would object to in a text: length, links, hashtags, formatting, the price of an SMS."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import regex

from copilot.channels import bluesky, entities, sms
from copilot.channels.counting import fitting, length, row_of, visible
from copilot.channels.entities import Entities, Entity
from copilot.channels.markup import unsupported
from copilot.channels.segments import graphemes
from copilot.channels.table import Channel
from copilot.messages import localized
from copilot.records import Edit, Finding, Fix, Level, Localized, Span

_PACK = "channels"
# What a reader came for: a figure, a link, an address.
_KEY_INFORMATION = regex.compile(
    r"https?://\S+|\b[\w.+-]+@[\w-]+\.\w+|\d+(?:[.,]\d+)*(?:[\s\u00a0\u202f]?(?:€|%|h\b|\p{L}+))?"
)
_NARROW_SPACE = "\u202f"


def check(text: str, channel: str, *, folders: Sequence[Path] = ()) -> tuple[Finding, ...]:
    """Return what the channel would refuse, hide or charge for, in text order.

    A figure that the platform itself documents gives an error, a third party's gives a warning. An unknown
    channel objects to nothing.

    Args:
        text: the text as it would be published.
        channel: a name of the table.
        folders: workspaces' ``channels/`` folders.
    """
    row = row_of(channel, folders)
    found = extract(text, channel)
    findings = [
        *_too_long(text, row),
        *_soft_limit(text, row),
        *_too_many_bytes(text, row),
        *_too_many(text, row, found),
        *_hashtags(row, found),
        *_forbidden(text, row),
        *unsupported(text, row),
        *_sms(text, row),
        *_folded(text, row),
    ]
    return tuple(sorted(findings, key=lambda finding: (finding.span, finding.rule)))


def extract(text: str, channel: str = "") -> Entities:
    """Return the links, hashtags, mentions and cashtags of a text as its channel finds them."""
    return bluesky.extract(text) if channel.startswith("bluesky") else entities.extract(text)


def _finding(
    rule: str, level: Level, text: str, span: Span, message: Localized, why: Localized, fix: Fix | None = None
) -> Finding:
    return Finding(f"{_PACK}.{rule}", level, span, message, text[span.start : span.end], why, fix=fix)


def source_of(row: Channel) -> Localized:
    """Return where a channel's figures come from, and how sure they are."""
    key = "source_primary" if row.level == "error" else "source_secondary"
    day = row.date.isoformat() if row.date else ""
    text = localized(f"channels.{key}", source=row.source or row.name, date=day)
    if not row.note.fr:
        return text
    return Localized(f"{row.note.fr} {text.fr}", f"{row.note.en} {text.en}")


def _unit(row: Channel) -> Localized:
    return localized("channels.unit_bytes" if row.unit == "bytes" else "channels.unit_characters")


def _too_long(text: str, row: Channel) -> Iterator[Finding]:
    if row.limit is None:
        return
    used = length(text, row)
    if used <= row.limit:
        return
    message = localized(
        "channels.too_long",
        over=used - row.limit,
        used=used,
        limit=row.limit,
        unit=_unit(row),
        channel=row.title,
    )
    span = Span(fitting(text, row), len(text))
    yield _finding("TooLong", row.level, text, span, message, source_of(row))
    if row.unit == "x_weighted" and _NARROW_SPACE in text:
        yield _costly_spaces(text, row)


def _costly_spaces(text: str, row: Channel) -> Finding:
    places = [at for at, character in enumerate(text) if character == _NARROW_SPACE]
    fix = Fix(
        localized("channels.fix_spaces"), tuple(Edit(Span(at, at + 1), row.no_break_space) for at in places)
    )
    message = localized("channels.costly_spaces", saved=len(places))
    span = Span(places[0], places[0] + 1)
    return _finding("CostlySpaces", "suggestion", text, span, message, source_of(row), fix)


def _soft_limit(text: str, row: Channel) -> Iterator[Finding]:
    if row.soft is None or (row.limit is not None and length(text, row) > row.limit):
        return
    used = length(text, row)
    if used > row.soft:
        message = localized(
            "channels.soft_limit", used=used, limit=row.soft, unit=_unit(row), channel=row.title
        )
        span = Span(fitting(text, row, row.soft), len(text))
        yield _finding("Long", "suggestion", text, span, message, source_of(row))


def _too_many_bytes(text: str, row: Channel) -> Iterator[Finding]:
    used = len(text.encode(errors="replace"))
    if row.max_bytes is not None and used > row.max_bytes:
        message = localized("channels.too_many_bytes", used=used, limit=row.max_bytes, channel=row.title)
        end = len(text.encode(errors="replace")[: row.max_bytes].decode(errors="ignore"))
        yield _finding("TooManyBytes", row.level, text, Span(end, len(text)), message, source_of(row))


def _too_many(text: str, row: Channel, found: Entities) -> Iterator[Finding]:
    unique_links = list({entity.value: entity for entity in reversed(found.urls)}.values())[::-1]
    for rule, key, limit, items in (
        ("TooManyLinks", "links", row.max_links, unique_links),
        ("TooManyMentions", "mentions", row.max_mentions, found.mentions),
        ("TooManyHashtags", "hashtags", row.max_hashtags, found.hashtags),
    ):
        if limit is not None and len(items) > limit:
            message = localized(
                f"channels.too_many_{key}" if limit else f"channels.no_{key}",
                used=len(items),
                limit=limit,
                channel=row.title,
            )
            span = Span(items[limit].span.start, items[-1].span.end)
            yield _finding(rule, row.level, text, span, message, source_of(row))


def _hashtags(row: Channel, found: Entities) -> Iterable[Finding]:
    if row.max_hashtag_length is not None:
        for tag in found.hashtags:
            used = len(graphemes(tag.value))
            if used > row.max_hashtag_length:
                message = localized(
                    "channels.hashtag_too_long",
                    used=used,
                    limit=row.max_hashtag_length,
                    channel=row.title,
                )
                yield _about(tag, "HashtagTooLong", row, row.level, message)
    if row.linked_hashtags is not None and len(found.hashtags) > row.linked_hashtags:
        message = localized("channels.unlinked_hashtags", limit=row.linked_hashtags, channel=row.title)
        yield _about(found.hashtags[row.linked_hashtags], "UnlinkedHashtags", row, "suggestion", message)


def _about(tag: Entity, rule: str, row: Channel, level: Level, message: Localized) -> Finding:
    return Finding(f"{_PACK}.{rule}", level, tag.span, message, f"#{tag.value}", source_of(row))


def _forbidden(text: str, row: Channel) -> Iterator[Finding]:
    for at, character in enumerate(text):
        if character in row.forbidden:
            message = localized("channels.forbidden", character=character, channel=row.title)
            yield _finding("Forbidden", row.level, text, Span(at, at + 1), message, source_of(row))


def _sms(text: str, row: Channel) -> Iterator[Finding]:
    if row.unit != "sms_segments":
        return
    cost = sms.measure(text)
    if cost.encoding == "GSM-7":
        return
    for accents in (False, True):
        edits = sms.edits(text, accents=accents)
        cheaper = sms.measure(_edited(text, edits)) if edits else None
        if edits and cheaper and cheaper.segments < cost.segments:
            label = localized("channels.fix_sms_accents" if accents else "channels.fix_sms")
            message = localized(
                "channels.sms_accents" if accents else "channels.sms_signs",
                signs=" ".join(dict.fromkeys(_shown(text[s.start : s.end]) for s in sms.foreign(text))),
                segments=cost.segments,
                cheaper=cheaper.segments,
            )
            fix = Fix(label, edits, safe=not accents)
            yield _finding(
                "SmsEncoding", "suggestion", text, sms.foreign(text)[0], message, source_of(row), fix
            )
            return


def _shown(sign: str) -> str:
    return sign if sign.strip() else "␣"


def _edited(text: str, edits: Sequence[Edit]) -> str:
    for edit in reversed(edits):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def _folded(text: str, row: Channel) -> Iterator[Finding]:
    seen = visible(text, row)
    if seen >= len(text):
        return
    found = _KEY_INFORMATION.search(text)
    if found and found.start() >= seen:
        message = localized("channels.folded", fold=row.fold, first=found[0], channel=row.title)
        yield _finding("Folded", "suggestion", text, Span(*found.span()), message, source_of(row))
