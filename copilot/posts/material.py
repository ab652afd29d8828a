"""What a post is made of: the brief as sentences and as evidence, and the passages that suit it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from copilot import facts
from copilot import text as texts
from copilot.brand import Brand
from copilot.draft import MIN_ANSWERABLE
from copilot.errors import InputError
from copilot.fix import apply_fixes
from copilot.pipeline import Parts
from copilot.posts.addresses import tracked
from copilot.posts.formats import Format, Text, network_of
from copilot.records import Brief, Chunk, Evidence, Passage, Span
from copilot.text import normalize

PASSAGES = 6
LANGUAGES = ("fr", "en")
MAX_BRIEF = 20_000
"""Characters of all fields together."""


@dataclass(frozen=True, slots=True)
class Material:
    """All that one text may be composed of. ``limit_hashtags`` is what the channel takes."""

    brief: Brief
    brand: Brand
    format: Format
    text: Text
    channel: str
    passages: tuple[Passage, ...]
    wording: tuple[Passage, ...]
    link: str
    note: str
    limit_hashtags: int | None = None


def refuse_unusable(brief: Brief) -> None:
    """Refuse a brief from which nothing can be written.

    Raises:
        InputError: it is empty, too long, names no channel, or asks for a language without recipes.
    """
    fields = (brief.objective, *brief.key_facts, brief.call_to_action, brief.campaign)
    if not (brief.objective.strip() or any(fact.strip() for fact in brief.key_facts)):
        raise InputError("posts.empty_brief")
    if sum(map(len, fields)) > MAX_BRIEF:
        raise InputError("posts.too_long", limit=MAX_BRIEF)
    if brief.language not in LANGUAGES:
        raise InputError("posts.language", language=brief.language)


def polished(brief: Brief, parts: Parts) -> Brief:
    """Return the brief with the safe fixes of the rules made: spaces, apostrophes, preferred words."""

    def polish(words: str) -> str:
        def values(candidate: str) -> list[str]:
            found = facts.extract(candidate, language=brief.language, now=parts.now().date())
            return [fact.value for fact in found if fact.value]

        findings = parts.rules.check(words, language=brief.language, channel="web")
        return apply_fixes(words, findings, fact_values=values, safe_only=True).text

    facts_ = tuple(polish(fact) for fact in brief.key_facts)
    return replace(brief, key_facts=facts_, call_to_action=polish(brief.call_to_action))


def facts_of(brief: Brief) -> list[str]:
    """Return the key facts as whole sentences."""
    return [sentence(fact) for fact in brief.key_facts if fact.strip()]


def sentence(words: str) -> str:
    """Return words as a sentence: a capital in front, a point behind where there is no other sign."""
    words = re.sub(r"^\s*[-–•*]\s*", "", re.sub(r"[ \t\r\n]+", " ", words).strip())
    if not words:
        return ""
    closed = words[-1] in '.!?…:;»"”)' or re.search(r"https?://\S+$", words)
    return words[:1].upper() + words[1:] + ("" if closed else ".")


def note_of(brief: Brief, link: str) -> str:
    """Return the brief as evidence: what its author vouches for. Aim and audience are no facts."""
    lines = [*facts_of(brief), sentence(brief.call_to_action), brief.campaign.strip(), link]
    return "\n".join(line for line in lines if line)


def noted(note: str, words: str) -> tuple[Evidence, ...]:
    """Return the place of words in the note, as evidence."""
    at = note.find(words)
    return (Evidence("note", Span(at, at + len(words)), words),) if at >= 0 else ()


def link_of(brief: Brief, form: Format, text: Text, channel: str) -> str:
    """Return the brief's link for one channel, with its UTM parameters."""
    network = network_of(channel)
    content = "" if text.name == "main" else text.name.replace("_", "-")
    return tracked(
        brief.link,
        source=network.source,
        medium=network.medium,
        campaign=brief.campaign or form.name,
        content=content,
    )


def passages_for(brief: Brief, parts: Parts) -> tuple[Passage, ...]:
    """Return the approved public passages that the brief is about, in its language, best first."""
    query = " ".join([brief.objective, *brief.key_facts])
    today = parts.now().date()
    found = parts.retriever.search(query, k=PASSAGES, language=brief.language, today=today)
    usable = [p for p in found if p.chunk.language in (brief.language, "und") and not _guideline(p.chunk)]
    if not usable or parts.retriever.answerable(query, usable) < MIN_ANSWERABLE:
        return ()
    best = usable[0].score
    return tuple(p for p in usable if p.score >= 0.6 * best)


def wording_for(brief: Brief, parts: Parts) -> tuple[Passage, ...]:
    """Return the approved wording that the aim of the brief asks for, or nothing."""
    today = parts.now().date()
    aim = brief.objective or " ".join(brief.key_facts)
    found = parts.retriever.search(aim, k=30, language=brief.language, today=today)
    usable = [
        p
        for p in found
        if _guideline(p.chunk)
        and p.chunk.language == brief.language
        and p.chunk.path != parts.brand.netiquette
    ]
    if not usable or parts.retriever.answerable(aim, usable) < MIN_ANSWERABLE:
        return ()
    return (usable[0],)


def charter_of(brief: Brief, parts: Parts) -> tuple[Passage, ...]:
    """Return the passages of the netiquette in the brief's language, in their order."""
    today = parts.now().date()
    found = [
        chunk
        for chunk in parts.retriever.index.chunks().values()
        if parts.brand.netiquette
        and chunk.path == parts.brand.netiquette
        and chunk.language == brief.language
        and _public(chunk, today)
    ]
    return tuple(Passage(chunk, 1.0) for chunk in sorted(found, key=lambda chunk: chunk.start))


def statements(passage: Passage) -> list[Span]:
    """Return the sentences of a passage."""
    return texts.sentences(passage.chunk.text)


def said_already(words: str, before: Iterable[str]) -> bool:
    """Whether most of the content of ``words`` stands in one of the sentences before."""
    own = _content(words)
    return bool(own) and any(len(own & _content(other)) >= 0.6 * len(own) for other in before)


def own_words(text: Text, language: str, values: dict[str, str]) -> Sequence[str]:
    """Return the recipe's own words, which need no other proof."""
    return [part.words.get(language).format(**values) for part in text.parts if part.words is not None]


def _content(words: str) -> set[str]:
    folded = normalize(words, fold_case=True, fold_accents=True).text
    return {word for word in re.findall(r"\w+", folded) if len(word) > 3 or word.isdigit()}


def _guideline(chunk: Chunk) -> bool:
    return "/guidelines/" in f"/{chunk.path}"


def _public(chunk: Chunk, today: date) -> bool:
    valid = (chunk.valid_from is None or chunk.valid_from <= today) and (
        chunk.valid_until is None or today <= chunk.valid_until
    )
    return valid and chunk.status == "approved" and chunk.visibility == "public"
