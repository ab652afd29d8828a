"""Our own packs: every rule flags what its examples say, and lets good texts pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from copilot.records import Finding
from copilot.rules import RuleSet
from copilot.rules.factory import build
from copilot.rules.pack import builtin_folder, load_pack

SAMPLE = Path(__file__).resolve().parent.parent / "knowledge" / "rules"
PACKS = sorted(p.parent.name for folder in (builtin_folder(), SAMPLE) for p in folder.glob("*/pack.yml"))
LOADED = {name: load_pack(name, [SAMPLE]) for name in PACKS}
SETS = {name: RuleSet.load([name], folders=[SAMPLE]) for name in PACKS}
CASES = [
    (f"{name}.{rule}", flagged, text)
    for name, pack in LOADED.items()
    for rule, notes in pack.notes.items()
    for flagged, texts in ((True, notes.examples.flags), (False, notes.examples.allows))
    for text in texts
]


def findings_of(rule: str, text: str) -> list[Finding]:
    """The findings of one rule, in a language, country and channel where it speaks."""
    name, _, short = rule.partition(".")
    notes = LOADED[name].notes[short]
    language = "_".join([*(notes.languages[:1] or ("fr",)), *notes.countries[:1]])
    channel = notes.channels[0] if notes.channels else ""
    return [f for f in SETS[name].check(text, language=language, channel=channel) if f.rule == rule]


@pytest.mark.parametrize(("rule", "flagged", "text"), CASES)
def test_examples(rule: str, flagged: bool, text: str) -> None:
    assert bool(findings_of(rule, text)) is flagged


@pytest.mark.parametrize("name", PACKS)
def test_every_rule_has_examples_and_an_explanation_in_both_languages(name: str) -> None:
    for rule, notes in LOADED[name].notes.items():
        assert notes.message is not None, rule
        assert all((notes.message.fr, notes.message.en, notes.why.fr, notes.why.en)), rule
        assert notes.examples.allows, rule
        if rule != "Orthographe":
            assert notes.examples.flags, rule


@pytest.mark.parametrize("name", PACKS)
def test_every_pattern_compiles(name: str) -> None:
    for definition in LOADED[name].definitions:
        rule = build(definition)
        assert rule is not None
        rule.compile()
