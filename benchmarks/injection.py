"""Prompt injection in texts: ``python -m benchmarks.injection FILE.jsonl… [--json OUT]``.

Reads sets with ``labels.injection``, sets of ordinary messages (``labels.benign`` or customer labels: any
alarm is false) and the triage form. The peer is a list of trigger words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import _report
from benchmarks._labelled import Row, auroc, files, read
from benchmarks._word_list import word_list
from copilot.moderation import injection
from copilot.moderation.words import cut

PEER = "trigger words"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run over the files given; without any, over the examples that ship."""
    options = _report.parser(__doc__).parse_args(arguments)
    results = []
    for path in files(options.data or [Path(__file__).parent / "data" / "triage"]):
        rows = [(row, truth) for row in read(path) if (truth := _truth(row)) is not None]
        for name, part in _parts(path.stem, rows):
            results += [
                _report.Result(name, _report.OURS, len(part), _score(part, lambda t: injection(t).score)),
                _report.Result(name, PEER, len(part), _score(part, _triggers)),
            ]
    _report.write("injection", results, options.json)


def _truth(row: Row) -> bool | None:
    if "intents" in row.data:
        return "injection" in row.data["intents"]
    if "injection" in row.labels:
        return bool(row.labels["injection"])
    return False if {"benign", "praise"} & row.labels.keys() else None


def _parts(name: str, rows: list[tuple[Row, bool]]) -> list[tuple[str, list[tuple[Row, bool]]]]:
    """The whole set, and each language of its injections where there are several."""
    languages = sorted({row.lang for row, truth in rows if truth})
    parts = [(name, rows)] if rows else []
    if len(languages) > 1:
        parts += [(f"{name}:{lang}", [r for r in rows if r[0].lang == lang]) for lang in languages]
    return parts


def _score(rows: Sequence[tuple[Row, bool]], score: Callable[[str], float]) -> dict[str, float]:
    truth = [is_injection for _, is_injection in rows]
    scores = [score(row.text) for row, _ in rows]
    found = [value >= 1.0 for value in scores]
    metrics: dict[str, float] = {}
    if any(truth):
        metrics["recall"] = sum(f for f, t in zip(found, truth, strict=True) if t) / sum(truth)
    if not all(truth):
        metrics["false_alarm_rate"] = sum(f for f, t in zip(found, truth, strict=True) if not t) / (
            len(truth) - sum(truth)
        )
    return metrics | ({"auroc": auroc(truth, scores)} if any(truth) and not all(truth) else {})


def _triggers(text: str) -> float:
    return float(len(set(cut(text).words) & word_list()["injection"]))


if __name__ == "__main__":
    main()
