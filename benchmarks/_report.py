"""One table on screen and one JSON file for every benchmark."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

OURS = "porte-voix"


@dataclass(frozen=True, slots=True)
class Result:
    """The metrics of one system on one set of ``n`` items."""

    set: str
    system: str
    n: int
    metrics: Mapping[str, float]


def parser(description: str | None, *, data: str = "*") -> argparse.ArgumentParser:
    """Return the arguments that all benchmarks share: ``DATA…`` and ``--json OUT``."""
    arguments = argparse.ArgumentParser(description=description)
    arguments.add_argument("data", nargs=data, type=Path, help="data files or directories")
    arguments.add_argument("--json", type=Path, metavar="OUT", help="write the results here")
    return arguments


def write(name: str, results: Iterable[Result], out: Path | None) -> None:
    """Print one table a set and, if asked, write the JSON form of the results."""
    rows = list(results)
    for set_name in dict.fromkeys(row.set for row in rows):
        _print_set(set_name, [row for row in rows if row.set == set_name])
    if out is None:
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    payload = {
        "benchmark": name,
        "results": [{"set": r.set, "system": r.system, "n": r.n, "metrics": dict(r.metrics)} for r in rows],
    }
    out.write_text(json.dumps(payload, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _print_set(name: str, rows: list[Result]) -> None:
    metrics = list(dict.fromkeys(metric for row in rows for metric in row.metrics))
    head = [f"{name} (n={rows[0].n})", *(row.system for row in rows)]
    body = [[m, *(_figure(row.metrics.get(m)) for row in rows)] for m in metrics]
    widths = [max(len(line[i]) for line in [head, *body]) for i in range(len(head))]
    for line in [head, ["-" * w for w in widths], *body]:
        print(
            "  ".join(
                c.ljust(w) if i == 0 else c.rjust(w)
                for i, (c, w) in enumerate(zip(line, widths, strict=True))
            )
        )
    print()


def _figure(value: float | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.4g}"
