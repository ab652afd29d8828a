"""What a rule flags in the texts that were written before, each judged in its language and channel."""

from __future__ import annotations

from dataclasses import replace

from copilot.rules import RuleSet
from copilot.rules.blast import BlastRadius, blast_radius
from copilot.store import Store

PAST_TEXTS = 300
"""How many texts of the history a rule is tried on, the newest."""
EXAMPLES = 5

Past = tuple[str, str, str]
"""A text, its language, its channel."""


def past_texts(store: Store) -> list[Past]:
    """Return the newest texts of the history: what was sent, else what was drafted."""
    found = ((e.final_text or e.reply.draft.text, e.reply) for e in store.history(limit=PAST_TEXTS))
    return [(text, reply.draft.language, reply.channel) for text, reply in found if text.strip()]


def of(rules: RuleSet, rule_id: str, store: Store) -> tuple[BlastRadius, list[Past]]:
    """Return what a rule of a set flags in past texts, and those texts (``examples`` index them)."""
    past = past_texts(store)
    groups: dict[tuple[str, str], list[int]] = {}
    for number, (_, language, channel) in enumerate(past):
        groups.setdefault((language, channel), []).append(number)
    total = BlastRadius(rule_id, 0, 0, len(past))
    for (language, channel), numbers in groups.items():
        texts = [past[n][0] for n in numbers]
        for found in blast_radius(rules, texts, language=language, channel=channel, only=[rule_id]):
            examples = tuple((numbers[i], finding) for i, finding in found.examples)
            total = replace(
                total,
                texts=total.texts + found.texts,
                findings=total.findings + found.findings,
                examples=(total.examples + examples)[:EXAMPLES],
            )
    return total, past
