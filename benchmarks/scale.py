"""How do ingestion and search hold up at 1k, 10k, 100k passages? Against bare Chroma, and its server.

    python -m benchmarks.scale [--sizes N…] [--json OUT]

Passages are made up (Zipf-distributed words, a question and an answer each), queries are questions with
words dropped and mistyped. ``porte-voix`` is a whole search; ``chroma`` is the bare query of a
collection with the same vectors, handed in ready-made; ``chroma-server`` the same through HttpClient.
``start_s`` is from opening to the first answer, in a process that has imported what it needs;
``rss_mb`` is of a process that has searched. 100k passages take many minutes: Chroma's graph is built.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks import _report
from copilot.index import Index, embedder
from copilot.records import Chunk
from copilot.retrieve import Retriever

SEED = 7
QUERIES = 200
TODAY = date(2026, 1, 1)
_SYLLABLES = [c + v for c in "bcdfglmnprstv" for v in ("a", "e", "i", "o", "u", "ou", "an", "er")]


def vocabulary(size: int = 30_000) -> list[str]:
    """Return made-up words, the frequent ones first and short."""
    chance = np.random.default_rng(SEED)
    words: dict[str, None] = {}
    while len(words) < size:
        parts = 1 + int(len(words) > 100) + int(chance.integers(0, 3))
        words["".join(chance.choice(_SYLLABLES, parts))] = None
    return list(words)


def passages(size: int) -> list[Chunk]:
    """Return made-up FAQ entries."""
    chance = np.random.default_rng(SEED)
    words = np.array(vocabulary())

    def text(length: int) -> str:
        return " ".join(words[np.minimum(chance.zipf(1.25, length) - 1, len(words) - 1)])

    def passage(number: int) -> Chunk:
        answer, question = text(int(chance.integers(25, 60))), text(int(chance.integers(6, 13)))
        return Chunk(f"c{number}", "d", f"{number // 20}.md", answer, question, language="fr", version="1")

    return [passage(number) for number in range(size)]


def queries(chunks: Sequence[Chunk]) -> list[str]:
    """Return questions of some passages, a word left out and a letter lost."""
    chance = np.random.default_rng(SEED + 1)
    found = []
    for row in chance.integers(0, len(chunks), QUERIES):
        words = chunks[int(row)].question.split()
        del words[int(chance.integers(len(words)))]
        words[0] = words[0][1:] or words[0]
        found.append(" ".join(words))
    return found


def timed(search: Callable[[str], object], asked: Sequence[str]) -> dict[str, float]:
    """Return the time of a search, the first one left out."""
    search(asked[0])
    taken = []
    for text in asked:
        start = time.perf_counter()
        search(text)
        taken.append(1000 * (time.perf_counter() - start))
    return {"query_p50_ms": float(np.median(taken)), "query_p95_ms": float(np.quantile(taken, 0.95))}


def disk(folder: Path) -> float:
    """Return the size of a folder in MB."""
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 1e6


# -- the systems, each measured in a process of its own ------------------------------------------


def build_ours(folder: Path, size: int) -> dict[str, float]:
    """Index made-up passages in batches of a thousand, as ingestion does."""
    chunks = passages(size)
    start = time.perf_counter()
    with Index.open(folder / "ours", embedder(), write=True) as index:
        for at in range(0, size, 10_000):
            index.upsert(chunks[at : at + 10_000])
            index.commit()
    return {"ingest_per_s": size / (time.perf_counter() - start)}


def search_ours(folder: Path, size: int) -> dict[str, float]:
    """Search the index built before."""
    asked = queries(passages(size))
    start = time.perf_counter()
    with Index.open(folder / "ours", embedder()) as index:
        retriever = Retriever(index)
        retriever.search(asked[0], today=TODAY)
        begun = time.perf_counter() - start
        figures = timed(lambda text: retriever.search(text, today=TODAY), asked)
    return {**figures, "start_s": begun, "disk_mb": disk(folder / "ours")}


def build_chroma(folder: Path, size: int) -> dict[str, float]:
    """Fill a bare collection with the same vectors."""
    from copilot.index.mirror import collection_of, embedded_client

    chunks = passages(size)
    vectors = embedder().embed([f"{c.question}\n{c.text}" for c in chunks])
    start = time.perf_counter()
    collection = collection_of(embedded_client(str(folder / "chroma")), "passages")
    for at in range(0, size, 1_000):
        part = slice(at, at + 1_000)
        collection.upsert(ids=[c.id for c in chunks[part]], embeddings=vectors[part])
    collection.query(query_embeddings=vectors[:1], n_results=10)
    return {"ingest_per_s": size / (time.perf_counter() - start)}


def search_chroma(folder: Path, size: int) -> dict[str, float]:
    """Query the bare collection."""
    from copilot.index.mirror import embedded_client

    figures = _query(lambda: embedded_client(str(folder / "chroma")), size)
    return {**figures, "disk_mb": disk(folder / "chroma")}


def search_server(folder: Path, size: int) -> dict[str, float]:
    """Query the same collection through a server of its own."""
    from copilot.index.mirror import server_client

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(folder / "chroma")]
    with subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            for _ in range(100):
                with socket.socket() as attempt:
                    if attempt.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.2)
            return _query(lambda: server_client(f"127.0.0.1:{port}"), size)
        finally:
            server.terminate()


def _query(client: Callable[[], object], size: int) -> dict[str, float]:
    from copilot.index.mirror import collection_of

    asked = queries(passages(size))
    vectors = dict(zip(asked, embedder().embed(asked, query=True), strict=True))
    start = time.perf_counter()
    collection = collection_of(client(), "passages")

    def search(text: str) -> object:
        return collection.query(query_embeddings=vectors[text].reshape(1, -1), n_results=10, include=[])

    search(asked[0])
    begun = time.perf_counter() - start
    return {**timed(search, asked), "start_s": begun}


STEPS = {f.__name__: f for f in (build_ours, search_ours, build_chroma, search_chroma, search_server)}
SYSTEMS = {
    _report.OURS: ("build_ours", "search_ours"),
    "chroma": ("build_chroma", "search_chroma"),
    "chroma-server": ("search_server",),
}


def apart(step: str, folder: Path, size: int) -> dict[str, float]:
    """Run one step in its own process."""
    command = [sys.executable, "-m", "benchmarks.scale", "--step", step, str(folder), str(size)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ})
    if done.returncode:
        print(f"{step} failed: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return {}
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def main(arguments: Sequence[str] | None = None) -> None:
    """Run from the command line."""
    parser = _report.parser(__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000], metavar="N")
    parser.add_argument("--step", nargs=3, metavar=("STEP", "FOLDER", "N"), help="for the benchmark itself")
    options = parser.parse_args(arguments)
    if options.step:
        name, folder, size = options.step
        figures = STEPS[name](Path(folder), int(size))
        figures["rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(figures))
        return
    results = []
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as temporary:
            for system, steps in SYSTEMS.items():
                figures = {}
                for step in steps:
                    figures |= apart(step, Path(temporary), size)
                rounded = {name: round(value, 3) for name, value in figures.items()}
                results.append(_report.Result(f"{size} passages", system, QUERIES, rounded))
    _report.write("scale", results, options.json)


if __name__ == "__main__":
    main()
