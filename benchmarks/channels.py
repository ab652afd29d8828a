"""Do we count and find links as the platforms do: ``python -m benchmarks.channels DIR``.

DIR holds the platforms' own conformance suites (``twitter-text/``, ``bluesky/``, ``mastodon/``, ``sms/``,
``unicode/``). The baseline is what a script would do: ``len(text)`` for lengths, ``text.split()`` for links
and hashtags. Cases that we fail are named.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from benchmarks import _report
from benchmarks._conformance import Case, cases

_BASELINE = "len(text)"


def _folders(folder: Path) -> list[Path]:
    inner = folder / "conformance"
    return [inner] if inner.is_dir() else [folder]


def _results(suite: str, found: list[Case], failed: list[str]) -> Iterator[_report.Result]:
    passed = plain = 0
    for case in found:
        answer = case.ours()
        passed += answer == case.expected
        plain += case.baseline() == case.expected
        if answer != case.expected:
            failed.append(f"{suite}: {case.name}\n    expected {case.expected!r}\n    answered {answer!r}")
    total = len(found)
    yield _report.Result(suite, _report.OURS, total, {"passed": passed, "total": total})
    yield _report.Result(suite, _BASELINE, total, {"passed": plain, "total": total})


def main() -> None:
    """Run the benchmark."""
    arguments = _report.parser(__doc__, data="+").parse_args()
    everything = [case for folder in arguments.data for inner in _folders(folder) for case in cases(inner)]
    failed: list[str] = []
    results = [
        result
        for suite, found in groupby(sorted(everything, key=lambda case: case.suite), lambda case: case.suite)
        for result in _results(suite, list(found), failed)
    ]
    _report.write("channels", results, arguments.json)
    for line in failed:
        print(line[:600])


if __name__ == "__main__":
    main()
