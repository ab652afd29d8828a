"""Which rule of a brand's own netiquette a comment breaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from copilot.records import Chunk, Triage

_NAMES = ("netiquette", "nétiquette", "moderation", "modération", "house-rules", "house rules", "community")
_RULES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("threat", ("menace", "threat")),
    ("hate", ("haineux", "haine", "discrimin", "hate", "hatred")),
    ("sexual", ("sexuel", "sexual", "respect")),
    ("insult", ("insulte", "insult", "respect")),
    ("spam", ("publicit", "arnaque", "lien", "spam", "advert", "scam", "promot")),
    ("personal_data", ("données personnelles", "adresse", "téléphone", "personal data", "private")),
    ("off_topic", ("sans rapport", "sujet", "off-topic", "topic")),
)


def broken(sections: Sequence[str], found: Triage) -> int:
    """Return the number of the section that a comment breaks; -1 when none is about it.

    Args:
        sections: the netiquette, a section a rule, heading included.
        found: the triage of the comment.
    """
    names = {label.name for label in found.intents} | ({"personal_data"} if found.personal_data else set())
    wanted = next((words for name, words in _RULES if name in names), ())
    best, most = -1, 0
    for number, section in enumerate(sections):
        hits = sum(word in section.casefold() for word in wanted)
        if hits > most:
            best, most = number, hits
    return best


def house_rule(chunks: Iterable[Chunk], found: Triage, language: str, today: date) -> Chunk | None:
    """Return the passage of the brand's own netiquette that a comment breaks, in one language.

    A document is a netiquette when its name or a tag says so; only approved public passages that
    hold today are quoted.
    """
    rules = [
        chunk
        for chunk in chunks
        if (chunk.language, chunk.status, chunk.visibility) == (language, "approved", "public")
        and (chunk.valid_from or today) <= today <= (chunk.valid_until or today)
        and _is_netiquette(chunk)
    ]
    number = broken([f"{' '.join(chunk.headings[1:])}\n{chunk.text}" for chunk in rules], found)
    return rules[number] if number >= 0 else None


def _is_netiquette(chunk: Chunk) -> bool:
    named = " ".join((chunk.path, *chunk.tags)).casefold()
    return any(name in named for name in _NAMES)
