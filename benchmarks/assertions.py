"""Assertions against promptfoo's own verdicts; the baseline searches the text for the value, case set aside.

DATA is a JSON file ``{"rows": [{"output", "assert", "pass"}, …]}``. One set per type of assertion.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from benchmarks._report import OURS, Result, parser, write
from copilot.lab import Assertion, Outcome, verdict

PEER = "substring"


def rows(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file, or of all JSON files of a directory."""
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    return [row for file in files for row in json.loads(file.read_text(encoding="utf-8"))["rows"]]


def ours(row: dict[str, Any]) -> bool:
    """Judge a row as the lab does."""
    given = {key: value for key, value in row["assert"].items() if key in ("type", "value", "threshold")}
    return verdict(Assertion(**given), Outcome(row["output"] or ""), {"o": row.get("vars_o") or ""}).passed


def substring(row: dict[str, Any]) -> bool:
    """Judge a row by whether its value stands in the text."""
    value = row["assert"].get("value")
    parts = value if isinstance(value, list) else [value]
    found = all(str(part).lower() in (row["output"] or "").lower() for part in parts)
    return found != row["assert"]["type"].startswith("not-")


def main() -> None:
    """Run the benchmark."""
    arguments = parser(__doc__, data="+").parse_args()
    sets: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path in arguments.data:
        for row in rows(path):
            sets[row["assert"]["type"]].append(row)
            sets["all"].append(row)
    results = []
    for name, items in sorted(sets.items(), key=lambda pair: (pair[0] == "all", pair[0])):
        for system, judged in ((OURS, ours), (PEER, substring)):
            agreed = sum(judged(row) == row["pass"] for row in items)
            results.append(Result(name, system, len(items), {"agreed": agreed, "total": len(items)}))
    write("assertions", results, arguments.json)


if __name__ == "__main__":
    main()
