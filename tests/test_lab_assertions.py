"""Assertions: promptfoo's types as promptfoo judges them, and the brand's own promises."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.assertions import ours
from copilot.lab import Assertion, Outcome, judge, verdict
from copilot.lab.kinds import comma_separated
from copilot.lab.overlap import bleu, gleu, rouge_1, treebank

TEXT = "Bonjour Léa, votre vélo part demain."


def passes(kind: str, text: str = TEXT, value: Any = None, **more: Any) -> bool:
    return verdict(Assertion(kind, value, **more), Outcome(text)).passed


def test_promptfoo_gives_the_same_verdicts(shared_data: Path) -> None:
    file = shared_data / "conformance" / "promptfoo" / "golden_assertions.json"
    rows = json.loads(file.read_text(encoding="utf-8"))["rows"]
    differing = [row["assert"] for row in rows if ours(row) != row["pass"]]
    assert differing == []


def test_promptfoo_gives_the_same_scores(shared_data: Path) -> None:
    file = shared_data / "conformance" / "promptfoo" / "golden_assertions.json"
    rows = json.loads(file.read_text(encoding="utf-8"))["rows"]
    for row in rows:
        if row["score"] is None:
            continue
        found = verdict(Assertion(**row["assert"]), Outcome(row["output"] or ""))
        assert found.score == pytest.approx(row["score"], abs=1e-9), row


@pytest.mark.parametrize(
    ("kind", "text", "value", "expected"),
    [
        ("regex", "١٢", r"\d", False),
        ("regex", "un deux", r"un\sdeux", True),
        ("regex", "a\n", "a$", False),
        ("regex", "🎉", "^..$", True),
        ("regex", "abc", "(?P<x>b)", False),
        ("not-regex", "abc", "(?P<x>b)", False),
        ("equals", '{"a": 1}', {"a": 1}, True),
        ("equals", '{"a": true}', {"a": 1}, False),
        ("equals", "12", 12, True),
        ("contains", "vingt 12 cent", 12, True),
        ("contains", "abc", "", False),
        ("not-contains", "abc", "", False),
        ("contains-any", "salut", 'bonjour, "salut, toi"', False),
        ("contains-any", "salut, toi", 'bonjour, "salut, toi"', True),
        ("contains-all", "un, deux", "un, deux", True),
        ("contains-all", "un", 'un, "deux', False),
        ("is-json", "NaN", None, False),
        ("is-json", "null", None, True),
        ("is-json", "1", {"type": "integer", "mystery": 1}, False),
        ("contains-json", "voici {nom: Léa} fin", None, True),
        ("contains-json", 'voici {\n\t"a": 1\n} fin', {"required": ["a"]}, True),
        ("contains-json", "rien ici", None, False),
        ("not-contains-json", '{"a": 1}', {"required": ["b"]}, True),
        ("word-count", "", 0, True),
        ("word-count", "un\u00a0deux trois", {"min": 3, "max": 3}, True),
        ("word-count", "un", {"min": 3, "max": 1}, False),
        ("not-is-json", '"a"', {"type": "string", "format": "nope"}, False),
        ("contains-json", "{", None, False),
        ("regex", "a", r"\u{61}", False),
        ("word-count", "un", True, False),
        ("is-html", "</p>", None, False),
        ("is-html", "<p>un</p>", None, True),
        ("is-html", "<p>un</p> deux", None, False),
        ("is-html", "<example>un</example>", None, False),
        ("is-html", "<my-tag>un</my-tag>", None, True),
        ("is-refusal", "Sorry, I can’t help with that", None, True),
        ("is-refusal", "Nous sommes désolés", None, False),
        ("levenshtein", "🎉🎉🎉", "", False),
    ],
)
def test_odd_cases_go_as_in_javascript(kind: str, text: str, value: Any, expected: bool) -> None:
    assert passes(kind, text, value) is expected


def test_fields_between_commas_may_be_quoted() -> None:
    assert comma_separated('un, "deux, ""trois""" ,, quatre') == ["un", 'deux, "trois"', "quatre"]


@given(st.text(min_size=1))
def test_a_text_is_itself(text: str) -> None:
    assert passes("equals", text, text)
    assert passes("starts-with", text, text)
    assert passes("levenshtein", text, text, threshold=0)
    assert not passes("not-contains", text, text)
    if text.strip("\ufeff").split() and treebank(text):
        assert gleu(text, [text]) == 1
        assert rouge_1(text, text) == pytest.approx(1)
        assert 0 <= bleu(text, [text]) <= 1 + 1e-9


@given(st.text(), st.text(min_size=1))
def test_every_graded_score_lies_between_none_and_all(text: str, reference: str) -> None:
    for kind in ("rouge-n", "bleu", "gleu"):
        assert 0 <= verdict(Assertion(kind, reference), Outcome(text)).score <= 1 + 1e-9


def test_a_set_passes_by_its_mean_score_when_it_has_a_threshold() -> None:
    parts = (Assertion("contains", "vélo", weight=3), Assertion("contains", "trottinette"))
    strict = verdict(Assertion("assert-set", parts=parts), Outcome(TEXT))
    assert (strict.passed, strict.score) == (False, 0.75)
    assert verdict(Assertion("assert-set", parts=parts, threshold=0.7), Outcome(TEXT)).passed


def test_weight_metric_transform_and_values_of_the_case() -> None:
    judged = judge(
        [
            Assertion("contains", "{{author}}", metric="name"),
            Assertion("contains", "LÉA", transform="output.trim().toUpperCase()", metric="name", weight=3),
            Assertion("contains", "nothing of the kind", weight=0),
        ],
        Outcome(TEXT),
        given={"author": "Léa"},
    )
    assert judged.passed
    assert judged.metrics["name"] == 1


GOOD = Outcome(
    "Bonjour, la livraison coûte 59 €.",
    language="fr",
    register="vous",
    evidence=("livraison-prix",),
    claims=(("supported", "59 €"),),
    used=33,
    limit=280,
    seconds=1.5,
    cost=0.002,
)


@pytest.mark.parametrize(
    ("assertion", "change", "why"),
    [
        (Assertion("supported"), {"claims": (("contradicted", "49 €"),)}, "49 €"),
        (Assertion("supported"), {"claims": (("condition_dropped", "gratuit"),)}, "gratuit"),
        (Assertion("no-findings"), {"findings": (("marque.Promesse", "error", "à vie"),)}, "à vie"),
        (Assertion("no-findings", "warning"), {"findings": (("x.Y", "warning", "VAE"),)}, "VAE"),
        (Assertion("register", "vous"), {"register": "tu"}, "tu"),
        (Assertion("within-channel"), {"used": 281}, "281/280"),
        (Assertion("answers-with", ["livraison-prix"]), {"evidence": ("retour-frais",)}, "livraison-prix"),
        (Assertion("not-declines"), {"answered": False}, ""),
        (Assertion("latency", threshold=2000), {"seconds": 2.5}, "2500 ms"),
        (Assertion("cost", threshold=0.01), {"cost": 0.02}, "0.02"),
    ],
)
def test_promises_are_kept_or_broken_with_the_reason(
    assertion: Assertion, change: dict[str, Any], why: str
) -> None:
    assert verdict(assertion, GOOD).passed
    broken = verdict(assertion, replace(GOOD, **change))
    assert not broken.passed
    assert why in broken.reason.fr
    assert why in broken.reason.en


def test_several_passages_may_be_enough_in_part() -> None:
    wanted = Assertion("answers-with", ["livraison-prix", "livraison-delai"], threshold=0.5)
    assert verdict(wanted, GOOD).passed
    assert not verdict(replace(wanted, threshold=None), GOOD).passed
