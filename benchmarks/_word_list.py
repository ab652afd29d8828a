"""The naive peer of the safety benchmarks: single words of the shipped lexicons, no grammar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml

from copilot.moderation.words import cut


@cache
def word_list() -> Mapping[str, frozenset[str]]:
    """Return label → single words."""
    abuse = _classes("copilot.moderation", "abuse")
    hate = _classes("copilot.moderation", "hate")
    polarity = _classes("copilot.triage", "polarity")
    insults = _words(abuse["insult_noun"])
    return {
        "insult": insults,
        "hate": insults | _words(hate["slur"].split()) | _words(hate["slur_of_women"].split()),
        "praise": _words(polarity["pos3"].split()) | _words(polarity["pos2"].split()),
        "complaint": _words(polarity["neg2"].split()),
        "injection": frozenset(
            ("ignore", "instructions", "prompt", "jailbreak", "forget", "oublie", "consignes")
        ),
    }


def _classes(package: str, name: str) -> Mapping[str, Any]:
    text = (resources.files(package) / "data" / f"{name}.yml").read_text(encoding="utf-8")
    classes: Mapping[str, Any] = yaml.safe_load(text)["classes"]
    return classes


def _words(entries: Iterable[str]) -> frozenset[str]:
    return frozenset(w[0] for e in entries if "*" not in e and len(w := cut(e.replace("_", " ")).words) == 1)
