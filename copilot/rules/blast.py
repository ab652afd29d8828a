"""What a rule would have flagged in past texts, before it is let loose on the next ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from copilot.records import Finding
from copilot.rules.ruleset import RuleSet


@dataclass(frozen=True, slots=True)
class BlastRadius:
    """How often a rule speaks: ``texts`` flagged of ``total``, ``findings`` in all, some of them shown.

    ``examples`` pairs the index of a past text with a finding in it.
    """

    rule: str
    texts: int
    findings: int
    total: int
    examples: tuple[tuple[int, Finding], ...] = ()


def blast_radius(
    rules: RuleSet,
    texts: Iterable[str],
    *,
    language: str = "fr",
    channel: str = "",
    only: Sequence[str] = (),
    examples: int = 5,
) -> tuple[BlastRadius, ...]:
    """Count what each rule of a set flags in past texts, the loudest first.

    Args:
        rules: the set; for a rule being edited, ``RuleSet.of_text``.
        texts: past replies or posts.
        language: of the texts.
        channel: of the texts.
        only: ids of the rules to report; all of them by default.
        examples: how many findings to keep for each rule.
    """
    past = list(texts)
    found: dict[str, list[tuple[int, Finding]]] = {r.id: [] for r in rules.rules if not only or r.id in only}
    for index, text in enumerate(past):
        for finding in rules.check(text, language=language, channel=channel):
            if finding.rule in found:
                found[finding.rule].append((index, finding))
    radii = (
        BlastRadius(name, len({i for i, _ in hits}), len(hits), len(past), tuple(hits[:examples]))
        for name, hits in found.items()
    )
    return tuple(sorted(radii, key=lambda radius: (-radius.texts, -radius.findings, radius.rule)))
