"""The platforms' own conformance suites decide whether we count and find links as they do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from benchmarks._conformance import Case, cases
from copilot import channels
from copilot.channels import sms

# Cases of each suite that we knowingly answer otherwise, each with its reason. None at present.
EXCEPTIONS: dict[tuple[str, str], str] = {}
SUITES = {
    "bluesky/cashtags": 18,
    "bluesky/graphemes": 12,
    "bluesky/links and mentions": 40,
    "bluesky/tags": 39,
    "mastodon/status length": 10,
    "sms/segments": 48,
    "twitter-text/extract cashtags": 10,
    "twitter-text/extract hashtags": 76,
    "twitter-text/extract mentions": 31,
    "twitter-text/extract replies": 13,
    "twitter-text/extract urls": 108,
    "twitter-text/validate": 53,
    "twitter-text/weighted length": 44,
    "unicode/grapheme": 602,
    "unicode/sentence": 502,
    "unicode/word": 1823,
}


@pytest.fixture(scope="module")
def suites(shared_data: Path) -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = {}
    for case in cases(shared_data / "conformance"):
        found.setdefault(case.suite, []).append(case)
    return found


@pytest.mark.parametrize("suite", SUITES)
def test_suite(suite: str, suites: dict[str, list[Case]]) -> None:
    found = suites[suite]
    assert len(found) >= SUITES[suite]
    failed = [case.name for case in found if case.ours() != case.expected]
    assert [name for name in failed if (suite, name) not in EXCEPTIONS] == []


def test_the_table_holds_every_collated_figure(shared_data: Path) -> None:
    collated = yaml.safe_load((shared_data / "channel_limits.yaml").read_text(encoding="utf-8"))
    for name, row in collated.items():
        ours = channels.channel(name)
        for key in ("limit", "unit", "url", "max_links", "max_hashtags", "fold", "soft"):
            if key in row and not isinstance(row[key], list):
                assert getattr(ours, key) == row[key], (name, key)
        assert ours.level == ("error" if row["confidence"].startswith("primary") else "warning"), name


def test_every_sign_that_sms_gateways_replace_has_a_plain_form_here_too(shared_data: Path) -> None:
    signs = json.loads((shared_data / "conformance" / "sms" / "smart_encoding_map.json").read_text("utf-8"))
    for sign in "’‘“”«»…–—•\u00a0\u202f\u200b\u2060\ufeff½":
        assert sign in signs
        edits = sms.edits(f"a{sign}b", accents=False)
        assert edits, repr(sign)
        assert all(map(sms.is_gsm, edits[0].text))


def test_the_benchmark_reads_a_folder_that_holds_some_suites_only(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "unicode"
    folder.mkdir(parents=True)
    (folder / "GraphemeBreakTest.txt").write_text(
        "÷ 0061 × 0301 ÷ 0062 ÷ # a\n# remark\n÷ 0061 × 0062 ÷ # wrong on purpose\n", encoding="utf-8"
    )
    out = tmp_path / "out.json"
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.channels", str(tmp_path / "data"), "--json", str(out)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parent.parent,
    )
    assert "wrong on purpose" in done.stdout
    results = json.loads(out.read_text())["results"]
    assert results[0] == {
        "set": "unicode/grapheme",
        "system": "porte-voix",
        "n": 2,
        "metrics": {"passed": 1, "total": 2},
    }
