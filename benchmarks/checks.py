"""How fast texts are checked: ``python -m benchmarks.checks [DATA…]``.

Replies of 280 and 1,200 characters pass every pack of ours with the rules of the sample brand. One
megabyte of plain text and of Markdown passes the styles Microsoft and write-good, which DATA (a folder
of packages, such as the conformance folder) must hold. The peer is proselint, on the same texts in the
same run; it is left out where it is not installed, and reads at most a tenth of the megabyte.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path

from benchmarks import _report
from copilot.brand import load_brand
from copilot.rules import RuleSet
from copilot.rules.pack import available

ROOT = Path(__file__).resolve().parent.parent
STYLES = ("Microsoft", "write-good")
MEGABYTE = 1_000_000
PEER = "proselint"


def sentences(files: Iterable[Path]) -> list[str]:
    """Return the lines of prose of Markdown files, headings and tables left out."""
    lines = (line.strip() for file in files for line in file.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if len(line) > 40 and line[0].isalnum()]


def replies(size: int, count: int, seed: int = 7) -> list[str]:
    """Return texts of a given size, put together from the sample brand's own sentences."""
    pool = sentences(sorted((ROOT / "knowledge" / "faq").glob("*.md")))
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        text = "Bonjour Camille, merci pour votre message."
        while len(text) < size:
            text += " " + chance.choice(pool)
        made.append(text[:size])
    return made


def milliseconds(check: Callable[[str], object], texts: Sequence[str]) -> dict[str, float]:
    """Time a check on each text, after one round to warm up."""
    for text in texts:
        check(text)
    spent = []
    for text in texts:
        begin = time.perf_counter()
        check(text)
        spent.append(1000 * (time.perf_counter() - begin))
    characters = sum(map(len, texts))
    return {
        "p50_ms": statistics.median(spent),
        "p95_ms": statistics.quantiles(spent, n=20)[-1],
        "chars_per_s": round(1000 * characters / sum(spent)),
    }


def peer() -> Callable[[str], object] | None:
    """Return proselint's check, if it is installed."""
    if find_spec("proselint") is None:
        return None
    from proselint.checks import __register__
    from proselint.registry import CheckRegistry
    from proselint.tools import LintFile

    if not CheckRegistry().checks:
        CheckRegistry().register_many(__register__)
    return lambda text: LintFile("text", text).lint()


def short_texts() -> list[_report.Result]:
    """Measure replies with all our packs."""
    brand = load_brand(ROOT / "brand.yml")
    folder = ROOT / "knowledge" / "rules"
    packs = [name for name in available() if name != "Vale"]
    rules = RuleSet.load(packs, folders=[folder], brand=brand)
    results = []
    for size in (280, 1200):
        texts = replies(size, 60)
        ours = milliseconds(lambda text: rules.check(text, channel="facebook_comment"), texts)
        results.append(_report.Result(f"reply_{size}", _report.OURS, len(texts), ours))
        if (other := peer()) is not None:
            results.append(_report.Result(f"reply_{size}", PEER, len(texts), milliseconds(other, texts)))
    return results


def style_folders(data: Sequence[Path]) -> list[Path]:
    """Return the folders that hold the two styles."""
    found = (p for folder in data for style in STYLES for p in folder.rglob(f"{style}/*.yml"))
    return sorted({path.parent.parent for path in found})


def prose(data: Sequence[Path]) -> str:
    """Return English Markdown of the given folders and of the sample brand, repeated to a megabyte."""
    files = [p for folder in data for p in sorted(folder.rglob("*.md"))]
    files += sorted((ROOT / "knowledge" / "faq" / "en").glob("*.md"))
    text = "\n\n".join(p.read_text(encoding="utf-8", errors="replace") for p in files)
    return (text * (MEGABYTE // max(1, len(text)) + 1))[:MEGABYTE]


def speed(check: Callable[[str], object], text: str, rounds: int = 2) -> dict[str, float]:
    """Return the characters a second of the faster round, the first one warming up."""
    best = float("inf")
    for _ in range(rounds):
        begin = time.perf_counter()
        check(text)
        best = min(best, time.perf_counter() - begin)
    return {"chars_per_s": round(len(text) / best)}


def long_texts(data: Sequence[Path]) -> list[_report.Result]:
    """Measure a megabyte of plain text and of Markdown."""
    folders = style_folders(data)
    if len({folder / style for folder in folders for style in STYLES if (folder / style).is_dir()}) < 2:
        print("No Microsoft and write-good styles in the data: the megabyte is left out.\n")
        return []
    rules = RuleSet.load(STYLES, folders=folders)
    markdown = prose(data)
    plain = "\n".join(line.lstrip("#>-*| ") for line in markdown.splitlines())
    results = []
    for name, text, form in (("text_1mb", plain, "text"), ("markdown_1mb", markdown, "markdown")):
        ours = speed(lambda t, form=form: rules.check(t, language="en", format=form), text)  # type: ignore[misc]
        results.append(_report.Result(name, _report.OURS, len(text), ours))
        if (other := peer()) is not None:
            part = text[: MEGABYTE // 10]
            results.append(_report.Result(name, PEER, len(part), speed(other, part, rounds=1)))
    return results


def main() -> None:
    """Run the benchmark."""
    arguments = _report.parser(__doc__).parse_args()
    results = [*short_texts(), *long_texts(arguments.data)]
    _report.write("checks", results, arguments.json)


if __name__ == "__main__":
    main()
