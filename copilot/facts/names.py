"""Proper names: products, places, people and organisations, read from their capitals or from a list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from copilot.facts.lexicon import Lexicon, folded
from copilot.facts.mention import Mention
from copilot.records import Span
from copilot.text import NormalizedText

_LINK = r"(?:[ '-](?:de|du|des|d|la|le|les|l|sur|en|sous|of|the|and|&|et)[ '-](?:l')?|[ '-])"
_NAME = re.compile(
    r"(?<![\w@#/.])[A-ZÀ-ÖØ-Þ][\wÀ-ÿ]*(?:['’.&+-][A-Za-zÀ-ÿ0-9]+)*(?: (?:(?:de|du|des|d['’]|sur"
    r"|en|of) ?)?(?:la |l['’])?(?:[A-ZÀ-ÖØ-Þ][\wÀ-ÿ-]*|\d{1,4}(?![\d€%]|[,.:]\d| ?[€%h°]| (?:km"
    r"|kg|jours?|mois|ans?|days?|months?|euros?)))\+?)*"
)
_IGNORED = frozenset(
    [
        "i",
        "i'm",
        "i'll",
        "i've",
        "je",
        "j'ai",
        "m",
        "mme",
        "mr",
        "mrs",
        "ms",
        "dr",
        "cb",
        "sav",
        "rib",
        "ttc",
        "ht",
        "faq",
        "cgv",
        "ok",
        "pdf",
        "sms",
        "id",
        "whatsapp",
        "instagram",
        "facebook",
        "x",
        "linkedin",
        "tiktok",
        "twitter",
        "dm",
        "mp",
        "messenger",
        "youtube",
        "threads",
        "google",
        "internet",
        "web",
        "noel",
        "france",
        "europe",
        "french",
        "english",
        "francais",
        "anglais",
        "the",
        "a",
        "service",
        "client",
        "customer",
        "care",
    ]
) - {"france", "europe"}
_ELIDED = re.compile(r"(?:[ldjmtscn]|qu)'|(?:it|that|there|here|i|you|we|they|he|she|what|who|let)'\w+ ?")
_OPENERS = ("«", '"', ":", "(", "-", "•")
_PERSON_BEFORE = re.compile(
    r"(?:\bje suis|\bmoi c'est|\bc'est|\bi am|\bi'm|\bmy name is|\bthis is|\bsigne|\bhere)\s*$"
)
_BRAND_BEFORE = re.compile(r"(?:l'equipe(?: de| d')?|equipe|(?:^|[.!?\n,] ?)chez|team at|team from)\s*$")


def names_in(
    normalized: NormalizedText,
    found: Sequence[Mention],
    starts: Sequence[int],
    listed: Sequence[str],
    words: Lexicon,
) -> Iterator[Mention]:
    """Yield names outside the typed mentions.

    A capital that only opens a sentence proves nothing, so such a word counts when it is ``listed`` or
    goes on with another capital. Names carry their folded form as value.
    """
    taken = bytearray(len(normalized.text))
    for mention in found:
        if mention.kind not in ("number", "reference"):
            _take(mention, taken)
    for name in _listed(normalized, listed):
        if not any(taken[name.start : name.end]):
            _take(name, taken)
            yield name
    opening = set(starts)
    for match in _NAME.finditer(normalized.original):
        read = _name(match, normalized, opening, words)
        if read is not None and not any(taken[read.start : read.end]):
            yield read


def _take(mention: Mention, taken: bytearray) -> None:
    taken[mention.start : mention.end] = b"\x01" * (mention.end - mention.start)


def _listed(normalized: NormalizedText, listed: Sequence[str]) -> Iterator[Mention]:
    for name in sorted(listed, key=len, reverse=True):
        pattern = re.compile(rf"(?<!\w){re.escape(folded(name))}(?!\w)")
        for found in pattern.finditer(normalized.text):
            yield Mention("name", found.start(), found.end(), found[0])


def _name(
    match: re.Match[str], normalized: NormalizedText, opening: set[int], words: Lexicon
) -> Mention | None:
    start, end = normalized.within(Span(match.start(), match.end()))
    written = match[0]
    elided = _ELIDED.match(normalized.text, start, end)
    if elided is not None:
        # "L'option Vélo", "It's 10": the article or the verb is no part of the name.
        start, written = elided.end(), written[elided.end() - start :]
        if not written[:1].isupper():
            return None
    if start in opening or normalized.text[max(0, start - 2) : start].strip() in _OPENERS:
        shorter = _opened(written, normalized.text[start:end], words)
        start, written = start + len(written) - len(shorter), shorter
    text = normalized.text[start:end]
    if not written or text in _IGNORED or text in words.light:
        return None
    if written.isupper() and " " not in text and not _acronym(match, text, words):
        return None
    before = normalized.text[max(0, start - 24) : start]
    if _PERSON_BEFORE.search(before) or _BRAND_BEFORE.search(before):
        return None
    return Mention("name", start, end, text)


def _acronym(match: re.Match[str], text: str, words: Lexicon) -> bool:
    """Letters that name something ("VIP"): not a word in capitals, a shout or an everyday abbreviation."""
    if not 2 < len(text) < 6 or not text.isalpha() or text in words.abbreviations or text in words.words:
        return False
    return not re.search(r"[A-Z]{2}\W+$", match.string[max(0, match.start() - 6) : match.start()]) and not (
        re.match(r"\W+[A-Z]{2}", match.string[match.end() : match.end() + 4])
    )


def _opened(written: str, text: str, words: Lexicon) -> str:
    """What of a capitalised run that opens a sentence is a name: "Vers la Suisse" names Switzerland."""
    whole = written
    while " " in written:
        small = text.split(" ")[0] in words.light or not written[0].isupper()
        if not small and not written.split(" ")[1][0].islower():
            break
        cut = written.index(" ") + 1
        written, text = written[cut:], text[cut:]
    if re.fullmatch(r"\w+ \d+", written) and text.split(" ")[0] in words.words:
        # "Ring 150", "Comptez 15": an order and its number.
        return ""
    if written == whole and not re.search(r"[ -][A-ZÀ-ÖØ-Þ0-9]", written):
        return ""
    return written if written[0].isupper() else ""
