"""How many of Vale's own alert lines our rules give: ``python -m benchmarks.rules DIR``.

DIR is a folder of packages with their features (Microsoft, Google, …), the folder of Vale's own
scenarios, one package, or the parent of them all. A line is a file, line, column, rule and message.
The peer is Vale itself, whose recorded output the expected lines are.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from benchmarks import _report
from benchmarks._vale import run, scenarios


def packages(folder: Path) -> list[Path]:
    """Return the packages at or below a folder."""
    if (folder / "scenarios.json").is_file() or (folder / "features").is_dir():
        return [folder]
    return [found for child in sorted(p for p in folder.iterdir() if p.is_dir()) for found in packages(child)]


def measure(package: Path, verbose: bool) -> _report.Result:
    """Run all scenarios of a package."""
    matched = total = extra = characters = 0
    seconds = 0.0
    for scenario in scenarios(package):
        outcome = run(scenario)
        ours, theirs = Counter(outcome.found), Counter(outcome.expected)
        if not scenario.exact:
            ours &= theirs
        matched += (ours & theirs).total()
        total += theirs.total()
        extra += (ours - theirs).total()
        characters += outcome.characters
        seconds += outcome.seconds
        if verbose and ours != theirs:
            print(f"{scenario.folder.name}: {scenario.name}")
            for line in (theirs - ours).elements():
                print(f"  - {line}")
            for line in (ours - theirs).elements():
                print(f"  + {line}")
    metrics = {
        "matched": matched,
        "expected": total,
        "extra": extra,
        "chars_per_s": round(characters / seconds) if seconds else 0,
    }
    return _report.Result(package.name, _report.OURS, total, metrics)


def main() -> None:
    """Run the benchmark."""
    parser = _report.parser(__doc__, data="+")
    parser.add_argument("-v", "--verbose", action="store_true", help="show each line that differs")
    arguments = parser.parse_args()
    results = [measure(p, arguments.verbose) for folder in arguments.data for p in packages(folder)]
    _report.write("rules", results, arguments.json)


if __name__ == "__main__":
    main()
