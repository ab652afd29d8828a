"""French typography against the cases of a public typography library, by country and channel."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from copilot.rules import RuleSet

# Which of our rules does the work of each fixer of that library.
RULES = {
    "CurlyQuote": ["francais.Apostrophe"],
    "Dash": ["typographie.Tiret"],
    "Dimension": ["typographie.Dimension"],
    "Ellipsis": ["francais.PointsSuspension"],
    "FrenchNoBreakSpace": [
        "francais.EspacePonctuation",
        "francais.EspaceDeuxPoints",
        "typographie.EspaceFine",
    ],
    "FrenchQuotes": ["francais.GuillemetsDroits"],
    "NoSpaceBeforeComma": ["francais.Virgule"],
    "SpaceBeforePunctuation": [
        "francais.EspacePonctuation",
        "francais.EspacePonctuationCanada",
        "francais.EspaceDeuxPoints",
        "francais.EspaceGuillemets",
        "typographie.EspaceFine",
    ],
    "Trademark": ["typographie.Marque"],
    "Unit": ["francais.EspaceUnite", "typographie.EspaceNombre"],
}
FRENCH = RuleSet.load(["francais", "typographie"])


def corrected(text: str, language: str, rules: list[str] | None = None, channel: str = "") -> str:
    """Apply the first fix of the given rules, one finding after the other, until none is left."""
    for _ in range(20):
        found = FRENCH.check(text, language=language, channel=channel)
        fixes = [f.fix for f in found if f.fix and (rules is None or f.rule in rules)]
        if not fixes:
            return text
        for edit in sorted(fixes[0].edits, key=lambda e: e.span, reverse=True):
            text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    raise AssertionError(f"fixes never end: {text!r}")


def test_the_cases_of_a_typography_library(shared_data: Path) -> None:
    cases = json.loads(
        (shared_data / "conformance/french_typography/jolitypo_fixer_cases.json").read_text("utf-8")
    )
    wrong = []
    for case in cases["cases"]:
        locale = case["args"] or "fr_FR"
        if case["fixer"] not in RULES or not locale.startswith("fr"):
            continue
        result = corrected(case["input"], locale, RULES[case["fixer"]])
        if result != case["expected"]:
            wrong.append(
                f"{case['fixer']} {locale}: {case['input']!r} -> {result!r}, not {case['expected']!r}"
            )
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("channel", ["x_post", "sms"])
def test_plain_spaces_pass_where_narrow_ones_cost_double(channel: str) -> None:
    text = "Merci ! 12 € ? Oui ; bien sûr : à 9 h"
    assert corrected(text, "fr", channel=channel) == text


def test_an_sms_keeps_the_characters_of_its_alphabet() -> None:
    text = 'C\'est fini... "Merci" !'
    assert corrected(text, "fr", channel="sms") == text


def test_a_web_text_gets_them_all() -> None:
    text = 'C\'est prêt... "Merci" ! 12€'
    assert corrected(text, "fr") == "C’est prêt… «\u00a0Merci\u00a0»\u202f! 12\u00a0€"
