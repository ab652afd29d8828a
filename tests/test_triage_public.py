"""Triage on public sets, where they are at hand: the promises of the documentation hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks._labelled import Row, binary, macro_f1, read
from copilot import language
from copilot.moderation import hate, injection, spam
from copilot.records import Comment
from copilot.triage import triage


def _rows(shared_data: Path, name: str, every: int = 1) -> list[Row]:
    return read(shared_data / "moderation" / f"{name}.jsonl")[::every]


def test_ordinary_customers_raise_next_to_no_alarm(shared_data: Path) -> None:
    rows = _rows(shared_data, "banking77_en", 2) + _rows(shared_data, "apia_fr", 2)
    grave = [row.text for row in rows if triage(Comment(row.text)).severity >= "S2"]
    assert len(grave) <= 0.005 * len(rows), grave


def test_hatred_is_told_from_its_contrasts(shared_data: Path) -> None:
    rows = _rows(shared_data, "mhc_fr")
    truth = [row.labels["hate"] == 1 for row in rows]
    assert macro_f1(truth, [hate(row.text).found for row in rows]) >= 0.72
    threats = [row for row in rows if row.labels["functionality"].startswith("threat")]
    assert sum(hate(row.text).found for row in threats) >= 0.8 * len(threats)


def test_injections_are_seen_and_trigger_words_are_not(shared_data: Path) -> None:
    attacks = [row for row in _rows(shared_data, "deepset_pi") if row.labels["injection"]]
    assert sum(injection(row.text).found for row in attacks) >= 0.6 * len(attacks)
    benign = _rows(shared_data, "notinject")
    assert sum(injection(row.text).found for row in benign) <= 0.03 * len(benign)


def test_promotion_under_videos_is_spam(shared_data: Path) -> None:
    rows = _rows(shared_data, "ytspam_en")
    assert binary([r.labels["spam"] == 1 for r in rows], [spam(r.text).found for r in rows])[2] >= 0.9


@pytest.mark.parametrize("name", ["xlmt_fr", "mhc_fr", "banking77_en"])
def test_the_language_of_social_texts(shared_data: Path, name: str) -> None:
    rows = _rows(shared_data, name, 2)
    assert sum(language.detect(row.text)[0] == row.lang for row in rows) >= 0.98 * len(rows)
