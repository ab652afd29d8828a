"""Language of short texts: ``python -m benchmarks.language FILE.jsonl… [--json OUT]``.

Reads any set whose rows have ``text`` and ``lang``; rows whose language is not ``fr``, ``en``, ``und`` or
another ISO 639-1 code are left out. The peer is py3langid restricted to the two expected languages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import _report
from benchmarks._labelled import Row, files, read
from copilot import language

PEER = "py3langid"
_SHORT = 20


def main(arguments: Sequence[str] | None = None) -> None:
    """Run over the files given; without any, over the examples that ship."""
    options = _report.parser(__doc__).parse_args(arguments)
    peer = _peer()
    results, everything = [], []
    for path in files(options.data or [Path(__file__).parent / "data" / "triage"]):
        rows = [row for row in read(path) if re.fullmatch(r"[a-z]{2}|und", row.lang) and row.lang != "xx"]
        everything += rows
        results += _compare(path.stem, rows, peer) if rows else []
    if len(results) > 2:
        results += _compare("all", everything, peer)
    _report.write("language", results, options.json)


def _compare(name: str, rows: Sequence[Row], peer: Callable[[str], str]) -> list[_report.Result]:
    return [
        _report.Result(name, _report.OURS, len(rows), _score(rows, lambda text: language.detect(text)[0])),
        _report.Result(name, PEER, len(rows), _score(rows, peer)),
    ]


def _score(rows: Sequence[Row], detect: Callable[[str], str]) -> dict[str, float]:
    right = [(len(row.text) <= _SHORT, detect(row.text) == row.lang) for row in rows]
    short = [ok for is_short, ok in right if is_short]
    metrics = {"accuracy": sum(ok for _, ok in right) / len(right)}
    return metrics | ({f"accuracy@{_SHORT}chars": sum(short) / len(short)} if short else {})


def _peer() -> Callable[[str], str]:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE)
    model.set_languages(["fr", "en"])
    return lambda text: str(model.classify(text)[0])


if __name__ == "__main__":
    main()
