"""Vale's own scenarios: every alert line but those listed here, each with its reason."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from benchmarks._vale import run, scenarios

# Lines we do not give: their reason, and the beginning of the line after its file name.
NOT_GIVEN = {
    "Google": {
        "the first word of a sentence keeps its capital in our replacement": ["3:1:Google.Contractions"]
    },
    "Microsoft": {},
    "write-good": {},
    "alex": {
        "the package has since been cut into three rules": [
            "3:21:alex.Profanity",
            "6:13:alex.Profanity",
            "6:18:alex.Profanity",
            "8:210:alex.Profanity",
        ]
    },
    "vale": {
        "scripts hold a program and are not run": [
            "4:19:Scripts.CustomMsg",
            "29:1:Checks.ScriptRE",
            "39:1:Checks.ScriptRE",
            "17:1:Scripts.Test",
            "27:1:Scripts.Test",
        ],
        "Vale finds the place again by its words; ours is the true one": [
            "4:1:Markup.Repetition",
            "7:1:demo.HeadingStartsWithCapital",
            "36:101:demo.Smart",
        ],
        "our dictionary knows the hyphenated word": ["3:96:Spelling.Ignore"],
        "raw HTML inside Markdown is not read": ["20:12:rules.Table"],
        "English syllables are estimated": ["1:1:demo.Reading"],
    },
}
PARTS_OF_SPEECH = ("LanguageTool.", "demo.Meetup", "demo.Meet-up")


@pytest.mark.parametrize("package", sorted(NOT_GIVEN))
def test_alert_lines(package: str, shared_data: Path) -> None:
    folder = shared_data / "conformance"
    folder = folder / package if package == "vale" else folder / "vale_styles" / package
    missing: Counter[str] = Counter()
    for scenario in scenarios(folder):
        outcome = run(scenario)
        missing += Counter(outcome.expected) - Counter(outcome.found)
    places = [line.partition(":")[2] for line in missing.elements()]
    places = [place for place in places if place.split(":")[2].startswith(PARTS_OF_SPEECH) is False]
    known = [start for starts in NOT_GIVEN[package].values() for start in starts]
    assert [place for place in places if not place.startswith(tuple(known))] == []
