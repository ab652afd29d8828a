"""Fact proof on faithful replies and on replies with one injected error.

``python -m benchmarks.facts [DATA…] [--json OUT]``: each DATA is a JSONL file of items
``{id, lang, passages, reply, label, style, class, spans}``, or a folder of them; by default the
project's own set. A mutated item counts as caught when a claim that is not supported overlaps one of its
spans; a faithful one is a false alarm when any of its claims is objected to (``unproved`` across languages
is counted apart). The peer is the obvious check: every number, address and link of the reply occurs in
the passages.
"""

from __future__ import annotations

import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks._report import OURS, Result, parser, write
from copilot.facts import prove
from copilot.records import Chunk, Passage

OWN = Path(__file__).parent / "data" / "facts.jsonl"
NOW = "2026-11-20"
GROUPS = {
    "number-like": (
        "number",
        "price",
        "percent",
        "duration",
        "date",
        "hours",
        "phone",
        "email",
        "link",
        "unit",
    ),
    "conditions": ("condition_dropped", "scope_widened", "negation"),
    "names": ("place", "product"),
    "additions": ("promise_added", "unsupported_claim"),
}
Item = dict[str, Any]
Objection = tuple[int, int, str]
System = Callable[[Item], tuple[list[Objection], int]]


def passages_of(item: Item) -> list[Passage]:
    """The knowledge of an item."""
    return [
        Passage(Chunk(p["id"], p["id"], "", p["text"], question=p.get("title", ""), language="und"), 1.0)
        for p in item["passages"]
    ]


def ours(item: Item) -> tuple[list[Objection], int]:
    """Objections of the product and the number of its claims."""
    now = date.fromisoformat(item.get("now", NOW))
    claims = prove(item["reply"], passages_of(item), language=item["lang"], now=now)
    return [(*c.fact.span, c.state) for c in claims if c.state != "supported"], len(claims)


def tokens_occur(item: Item) -> tuple[list[Objection], int]:
    """The trivial peer: digits, e-mails and links of the reply must occur in the passages."""
    known = re.sub(
        r"[\s\u00a0\u202f]", "", " ".join(p["title"] + p["text"] for p in item["passages"])
    ).lower()
    found = list(
        re.finditer(r"[\w.+-]+@[\w.-]+\w|(?:https?://)?[\w-]+\.[\w.-]+/\S*\w|\d+(?:[.,]\d+)?", item["reply"])
    )
    missing = [m for m in found if m[0].lower().removeprefix("https://") not in known]
    return [(m.start(), m.end(), "not_found") for m in missing], len(found)


def load(paths: Sequence[Path]) -> dict[str, list[Item]]:
    """Read the sets by name, the own set when no path is given."""
    files = [f for p in paths or [OWN] for f in (sorted(p.glob("*.jsonl")) if p.is_dir() else [p])]
    return {
        f.stem: [json.loads(line) for line in f.read_text(encoding="utf-8").splitlines() if line.strip()]
        for f in files
    }


def caught(item: Item, objections: Iterable[Objection]) -> bool:
    """Does an objection overlap a mutated span?"""
    return any(a < end and start < b for a, b, _ in objections for start, end in item["spans"])


def measure(items: Sequence[Item], system: System) -> dict[str, float]:
    """Score one system on one set."""
    hits: dict[str, list[bool]] = defaultdict(list)
    alarms: list[bool] = []
    times: list[float] = []
    claims = unproved = 0
    for item in items:
        started = time.perf_counter()
        objections, count = system(item)
        times.append((time.perf_counter() - started) * 1000)
        if item["label"] == "mutated":
            hits[item["class"]].append(caught(item, objections))
            continue
        alarms.append(any(state != "unproved" for *_, state in objections))
        claims += count
        unproved += sum(state == "unproved" for *_, state in objections)
    return _metrics(hits, alarms, sorted(times)) | {"unproved_rate": unproved / claims if claims else 0.0}


def _metrics(hits: dict[str, list[bool]], alarms: list[bool], times: list[float]) -> dict[str, float]:
    def rate(values: list[bool]) -> float:
        return sum(values) / len(values) if values else 0.0

    metrics = {"recall": rate([h for values in hits.values() for h in values])}
    for group, classes in GROUPS.items():
        metrics[f"recall/{group}"] = rate([h for c in classes for h in hits.get(c, [])])
    metrics |= {f"recall/{c}": rate(hits[c]) for classes in GROUPS.values() for c in classes if c in hits}
    return metrics | {
        "false_alarm_rate": rate(alarms),
        "p50_ms": times[len(times) // 2],
        "p95_ms": times[min(len(times) - 1, int(len(times) * 0.95))],
    }


def main() -> None:
    """Run the product and its peer on each set."""
    arguments = parser(__doc__).parse_args()
    results = []
    for name, items in load(arguments.data).items():
        ours(items[0])
        for system, run in ((OURS, ours), ("numbers-occur", tokens_occur)):
            results.append(Result(name, system, len(items), measure(items, run)))
    write("facts", results, arguments.json)


if __name__ == "__main__":
    main()
