"""How long a newcomer waits: help, ingestion, the second start of the screens, a complete offline reply.

``python -m benchmarks.first_reply [DIR…] [--json OUT]``: each DIR has the form of a retrieval set
(``corpus.jsonl``, ``queries.jsonl``); without one, the sample workspace and its own questions serve. The
named baseline is bare Python for the help and a plain scan for the best matching entry
(``rapidfuzz.process.extractOne``) for the reply.
"""

from __future__ import annotations

import csv
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks._report import OURS, Result, parser, write

ROOT = Path(__file__).resolve().parent.parent
MAX_QUESTIONS = 100
STARTS = 5


def main() -> None:
    arguments = parser(__doc__.splitlines()[0] if __doc__ else "").parse_args()
    results = [r for folder in arguments.data or [None] for r in measure(folder)]
    write("first_reply", results, arguments.json)


def measure(data: Path | None) -> list[Result]:
    """Measure one set in a workspace of its own."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "workspace"
        entries, questions = _prepare(data, folder)
        started = time.perf_counter()
        subprocess.run([*_copilot(folder), "ingest", "--json"], check=True, stdout=subprocess.DEVNULL)
        ingest = time.perf_counter() - started
        replies = _reply_times(folder, questions)
        ours = {
            "help_user_s": _user_seconds(["-m", "copilot.cli", "--help"]) - _user_seconds(["-c", "pass"]),
            "second_start_s": statistics.median(_start_seconds(folder) for _ in range(3)),
            "reply_p50_ms": statistics.median(replies),
            "reply_p95_ms": statistics.quantiles(replies, n=20)[-1],
            "ingest_s": ingest,
            "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
    name = data.name if data else "sample"
    return [
        Result(name, OURS, len(questions), ours),
        Result(name, "bare python + rapidfuzz scan", len(questions), _baseline(entries, questions)),
    ]


def _prepare(data: Path | None, folder: Path) -> tuple[list[str], list[str]]:
    if data is None:
        for part in ("brand.yml", "knowledge", "prompts"):
            source = ROOT / part
            if source.is_dir():
                shutil.copytree(source, folder / part)
            else:
                folder.mkdir(exist_ok=True)
                shutil.copy(source, folder / part)
        import yaml

        cases = yaml.safe_load((ROOT / "tests/data/comments.yml").read_text(encoding="utf-8"))
        texts = [c["text"] for c in cases]
        return texts, texts
    subprocess.run([*_copilot(Path(".")), "init", str(folder)], check=True, stdout=subprocess.DEVNULL)
    corpus = _lines(data / "corpus.jsonl")
    with (folder / "knowledge/faq/entries.csv").open("w", encoding="utf-8", newline="") as out:
        sheet = csv.writer(out)
        sheet.writerow(["question", "answer"])
        sheet.writerows([row["title"] or row["text"][:80], row["text"]] for row in corpus)
    questions = [row["text"] for row in _lines(data / "queries.jsonl")]
    return [f"{row['title']} {row['text']}" for row in corpus], questions[:MAX_QUESTIONS]


def _lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _copilot(folder: Path) -> list[str]:
    return [sys.executable, "-m", "copilot.cli", "-w", str(folder)]


def _user_seconds(arguments: Sequence[str]) -> float:
    times = []
    for _ in range(STARTS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
        times.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before)
    return statistics.median(times)


def _reply_times(folder: Path, questions: Sequence[str]) -> list[float]:
    from copilot import Copilot

    copilot = Copilot(folder)
    copilot.reply(questions[0])  # the first call opens the index and compiles the rules
    return [_milliseconds(lambda q=q: copilot.reply(q)) for q in questions]


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _start_seconds(folder: Path) -> float:
    port = _free_port()
    started = time.perf_counter()
    process = subprocess.Popen(
        [*_copilot(folder), "ui", "--no-browser", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        while time.perf_counter() - started < 120:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/fr/", timeout=5):
                    return time.perf_counter() - started
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)
        return float("nan")
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _baseline(entries: Sequence[str], questions: Sequence[str]) -> dict[str, float]:
    from rapidfuzz import fuzz, process

    times = [
        _milliseconds(lambda q=q: process.extractOne(q, entries, scorer=fuzz.token_set_ratio))
        for q in questions
    ]
    return {
        "help_user_s": 0.0,
        "reply_p50_ms": statistics.median(times),
        "reply_p95_ms": statistics.quantiles(times, n=20)[-1],
    }


if __name__ == "__main__":
    main()
