"""Whether a thread heats up: several hard words in a row, or graver ones than before."""

from __future__ import annotations

from collections.abc import Sequence

from copilot.records import Triage

_RECENT = 6
_HARD = frozenset(("insult", "hate", "threat", "sexual"))


def heats_up(thread: Sequence[Triage]) -> bool:
    """Whether the last messages of a thread, oldest first, are heating up.

    Two hard ones among the last six, or three angry ones of which the last is the gravest. One angry message
    alone is no heated thread.
    """
    recent = list(thread)[-_RECENT:]
    if len(recent) < 2 or not _angry(recent[-1]):
        return False
    if sum(_hard(found) for found in recent) >= 2:
        return True
    angry = [found for found in recent if _angry(found)]
    return len(angry) >= 3 and recent[-1].severity >= max(found.severity for found in angry)


def _hard(found: Triage) -> bool:
    abusive = found.toxicity is not None and found.toxicity.kind != "profanity"
    return abusive or not _HARD.isdisjoint(label.name for label in found.intents)


def _angry(found: Triage) -> bool:
    return _hard(found) or found.sentiment == "negative"
