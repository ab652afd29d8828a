"""Personal data in messages: ``python -m benchmarks.privacy [FILE.jsonl…] [--json OUT]``.

Reads the triage form (``pii`` spans); a hit overlaps its span by half or more. Sets of customer messages
without ``pii`` count as clean. Without files: messages generated from templates (seeded), 200 of each kind
and 3,000 clean ones. The peer joins phonenumbers and python-stdnum with one pattern for e-mails.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from benchmarks import _report
from benchmarks._labelled import files, read
from benchmarks._personal_data import messages
from copilot import privacy

PEER = "phonenumbers + stdnum"
Found = list[tuple[str, int, int]]
_NUMBER = re.compile(r"(?<!\w)[A-Z]{0,2}\d(?:[ .\-\u00a0]?[\dA-Z]){8,32}(?!\w)", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run over the files given, or over generated messages."""
    options = _report.parser(__doc__).parse_args(arguments)
    sets = {path.stem: [dict(row.data) for row in read(path)] for path in files(options.data)}
    sets = sets or {"generated": list(messages(200, 3000))}
    results = []
    for name, rows in sets.items():
        for system, find in ((_report.OURS, _ours), (PEER, _library)):
            results.append(_report.Result(name, system, len(rows), _score(rows, find)))
    _report.write("privacy", results, options.json)


def _score(rows: Iterable[dict[str, object]], find: Callable[[str], Found]) -> dict[str, float]:
    expected: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    right = hits = clean = touched = 0
    for row in rows:
        text, items = str(row["text"]), [i for i in row.get("pii") or () if isinstance(i, dict)]  # type: ignore[union-attr]
        found = find(text)
        hits += len(found)
        right += sum(any(_half(hit, item) for item in items) for hit in found)
        clean += not items
        touched += 0 if items else len(found)
        for item in items:
            expected[item["type"]] += 1
            caught[item["type"]] += any(_half(hit, item) for hit in found)
    metrics = {f"recall/{kind}": caught[kind] / expected[kind] for kind in sorted(expected)}
    if expected:
        metrics = {"recall": caught.total() / expected.total()} | metrics
        metrics["precision"] = right / hits if hits else 1.0
    return metrics | ({"false_hits_per_1000": 1000 * touched / clean} if clean else {})


def _half(hit: tuple[str, int, int], item: dict[str, object]) -> bool:
    start, end = int(str(item["start"])), int(str(item["end"]))
    return min(hit[2], end) - max(hit[1], start) >= (end - start) / 2


def _ours(text: str) -> Found:
    return [(item.kind, *item.span) for item in privacy.find(text)]


def _library(text: str) -> Found:
    import phonenumbers
    from stdnum import iban, luhn
    from stdnum.fr import nir, siret

    found: Found = [("email", *m.span()) for m in _EMAIL.finditer(text)]
    found += [("phone", m.start, m.end) for m in phonenumbers.PhoneNumberMatcher(text, "FR")]
    for match in _NUMBER.finditer(text):
        plain = re.sub(r"[ .\-\u00a0]", "", match.group())
        if iban.is_valid(plain) or nir.is_valid(plain) or siret.is_valid(plain):
            found.append(("number", *match.span()))
        elif len(plain) == 16 and plain.isdigit() and luhn.is_valid(plain):
            found.append(("card", *match.span()))
    return found


if __name__ == "__main__":
    main()
