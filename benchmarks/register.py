"""Tu and vous: detection and conversion on annotated texts, against a regular expression on pronouns.

DATA are directories with ``detect.jsonl`` (``id text register note``) and ``convert.jsonl``
(``id text to expected``), or such files; default: ``benchmarks/data/register``. Conversions match
exactly after NFC and with all spaces alike. Items noted ``held out`` also make a set of their own.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks import _report
from copilot.register import convert, detect

HERE = Path(__file__).parent / "data" / "register"
PEER = "pronoun-regex"
HELD_OUT = "held out"
Items = list[dict[str, Any]]

_TU = re.compile(r"(?i)\b(?:tu|te|toi|ton|ta|tes)\b|\bt['’]")
_VOUS = re.compile(r"(?i)\b(?:vous|votre|vos)\b")
_TO_TU = {"vous": "tu", "votre": "ton", "vos": "tes"}
_TO_VOUS = {"tu": "vous", "te": "vous", "toi": "vous", "ton": "votre", "ta": "votre", "tes": "vos"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; the exit code is 0 whatever the figures."""
    arguments = _report.parser(__doc__).parse_args(argv)
    results: list[_report.Result] = []
    for folder in arguments.data or [HERE]:
        results += _measure(*_read(folder))
    _report.write("register", results, arguments.json)
    return 0


def _read(path: Path) -> tuple[str, Items, Items]:
    """Return the name of the set, its detection items and its conversion items."""
    files = [path / "detect.jsonl", path / "convert.jsonl"] if path.is_dir() else [path]
    items = [item for file in files if file.is_file() for item in _lines(file)]
    name = path.name if path.is_dir() else path.parent.name
    return name, [i for i in items if "register" in i], [i for i in items if "expected" in i]


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def _measure(name: str, found: Items, converted: Items) -> Iterator[_report.Result]:
    sets = {name: (found, converted)}
    held = ([i for i in found if _is_held(i)], [i for i in converted if _is_held(i)])
    if any(held):
        sets[f"{name}/held-out"] = held
    systems: list[tuple[str, Callable[[str], str], Callable[[str, str], str]]] = [
        (_report.OURS, _our_register, _our_conversion),
        (PEER, _naive_register, _naive_conversion),
    ]
    for set_name, (detection, conversion) in sets.items():
        for system, read, rewrite in systems:
            metrics = {**_detection(detection, read), **_conversion(conversion, rewrite)}
            yield _report.Result(set_name, system, len(detection) + len(conversion), metrics)


def _is_held(item: dict[str, Any]) -> bool:
    return str(item.get("note", "")).startswith(HELD_OUT)


def _detection(items: Items, read: Callable[[str], str]) -> dict[str, float]:
    if not items:
        return {}
    pairs = [(item["register"], read(item["text"])) for item in items]
    labels = sorted({gold for gold, _ in pairs})
    accuracy = sum(gold == said for gold, said in pairs) / len(pairs)
    return {
        "detect_accuracy": accuracy,
        "detect_macro_f1": sum(_f1(pairs, label) for label in labels) / len(labels),
    }


def _f1(pairs: list[tuple[str, str]], label: str) -> float:
    both = sum(gold == said == label for gold, said in pairs)
    total = sum(gold == label for gold, _ in pairs) + sum(said == label for _, said in pairs)
    return 2 * both / total if total else 0.0


def _conversion(items: Items, rewrite: Callable[[str, str], str]) -> dict[str, float]:
    if not items:
        return {}
    exact = sum(_plain(rewrite(i["text"], i["to"])) in {_plain(e) for e in i["expected"]} for i in items)
    return {"convert_exact": exact / len(items)}


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _our_register(text: str) -> str:
    return detect(text).register


def _our_conversion(text: str, to: str) -> str:
    return convert(text, to="tu" if to == "tu" else "vous")


def _naive_register(text: str) -> str:
    tu, vous = bool(_TU.search(text)), bool(_VOUS.search(text))
    return {(True, True): "mixed", (True, False): "tu", (False, True): "vous"}.get((tu, vous), "none")


def _naive_conversion(text: str, to: str) -> str:
    table = _TO_TU if to == "tu" else _TO_VOUS
    return re.sub(rf"(?i)\b(?:{'|'.join(table)})\b", lambda match: table[match.group().lower()], text)


if __name__ == "__main__":
    raise SystemExit(main())
