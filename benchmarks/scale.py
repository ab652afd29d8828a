"""How do ingestion and search hold up at 1k, 10k, 100k passages? Against bare Chroma, and its server.

    python -m benchmarks.scale [--sizes N…] [--json OUT]

Passages are made up (Zipf-distributed words, a question and an answer each), queries are questions with
words dropped and mistyped. ``porte-voix`` is a whole search, ``porte-voix-server`` the same with the
vectors in a Chroma server; ``chroma`` is the bare query of a collection with the same vectors, handed in
ready-made; ``chroma-server`` the same through HttpClient. ``start_s`` is from opening to the first
answer, in a process that has imported what it needs; ``update_ms`` the commit of one changed passage;
``rss_mb`` the most memory of a process that searches, ``build_rss_mb`` of the one that built;
``recall@10`` the share of the ten truly nearest vectors that Chroma's graph finds, of real vectors of
the embedded embedder. 100k passages take many minutes: Chroma's graph is built three times.
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
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks import _report
from copilot.index import Index, embedder
from copilot.records import Chunk
from copilot.retrieve import Retriever

SEED = 7
QUERIES = 200
ROUNDS = 3
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


def asked_of(folder: Path) -> list[str]:
    """Return the queries that were kept beside what was built."""
    texts: list[str] = json.loads((folder / "queries.json").read_text(encoding="utf-8"))
    return texts


def peak() -> float:
    """Return the most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(search: Callable[[str], object], asked: Sequence[str]) -> dict[str, float]:
    """Return the time of a search: each query is asked in three rounds and its fastest counts.

    That keeps the noise of a shared machine out, for all systems alike.
    """
    search(asked[0])
    taken = np.zeros((ROUNDS, len(asked)))
    for row in taken:
        for at, text in enumerate(asked):
            start = time.perf_counter()
            search(text)
            row[at] = 1000 * (time.perf_counter() - start)
    fastest = taken.min(axis=0)
    return {"query_p50_ms": float(np.median(fastest)), "query_p95_ms": float(np.quantile(fastest, 0.95))}


def disk(folder: Path) -> float:
    """Return the size of a folder in MB."""
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 1e6


# -- the systems, each measured in a process of its own ------------------------------------------


def build_ours(folder: Path, size: int, chroma: str = "", name: str = "ours") -> dict[str, float]:
    """Index made-up passages in batches of a thousand, as ingestion does."""
    chunks = passages(size)
    (folder / "queries.json").write_text(json.dumps(queries(chunks)), encoding="utf-8")
    start = time.perf_counter()
    with Index.open(folder / name, embedder(), write=True, chroma=chroma) as index:
        for at in range(0, size, 1_000):
            index.upsert(chunks[at : at + 1_000])
            index.commit()
    taken = time.perf_counter() - start
    return {"ingest_per_s": size / taken, "build_rss_mb": peak(), "disk_mb": disk(folder / name)}


def update_ours(folder: Path, size: int) -> dict[str, float]:
    """Change one passage, five times, in a process that has the index open."""
    taken = []
    with Index.open(folder / "ours", embedder(), write=True) as index:
        for number in range(6):
            changed = replace(index.chunks()[f"c{size // 2}"], text=f"changé {number}")
            start = time.perf_counter()
            index.upsert([changed])
            index.commit()
            taken.append(1000 * (time.perf_counter() - start))
    return {"update_ms": float(np.median(taken[1:]))}


def search_ours(folder: Path, size: int, chroma: str = "", name: str = "ours") -> dict[str, float]:  # noqa: ARG001
    """Search the index built before."""
    asked = asked_of(folder)
    start = time.perf_counter()
    with Index.open(folder / name, embedder(), chroma=chroma) as index:
        retriever = Retriever(index)
        retriever.search(asked[0], today=TODAY)
        begun = time.perf_counter() - start
        figures = timed(lambda text: retriever.search(text, today=TODAY), asked)
    return {**figures, "start_s": begun, "rss_mb": peak()}


def served_ours(folder: Path, size: int) -> dict[str, float]:
    """Index and search with the vectors in a server of their own."""
    with server(folder / "served-chroma") as address:
        figures = build_ours(folder, size, address, "served")
        searched = search_ours(folder, size, address, "served")
    del searched["rss_mb"]  # of one that has built as well
    return figures | searched


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


def search_chroma(folder: Path, size: int) -> dict[str, float]:  # noqa: ARG001
    """Query the bare collection."""
    from copilot.index.mirror import embedded_client

    client = embedded_client(str(folder / "chroma"))
    figures = {**_query(lambda: client, folder), "rss_mb": peak(), "disk_mb": disk(folder / "chroma")}
    return figures | {"recall@10": _recall(client, folder)}


def search_server(folder: Path, size: int) -> dict[str, float]:  # noqa: ARG001
    """Query the same collection through a server of its own."""
    from copilot.index.mirror import server_client

    with server(folder / "chroma") as address:
        return {**_query(lambda: server_client(address), folder), "rss_mb": peak()}


@contextmanager
def server(place: Path) -> Iterator[str]:
    """Run a Chroma server over a folder; give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(place)]
    with subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as running:
        try:
            for _ in range(300):
                with socket.socket() as attempt:
                    if attempt.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.2)
            yield f"127.0.0.1:{port}"
        finally:
            running.terminate()


def _query(client: Callable[[], object], folder: Path) -> dict[str, float]:
    from copilot.index.mirror import collection_of

    asked = asked_of(folder)
    vectors = dict(zip(asked, embedder().embed(asked, query=True), strict=True))
    start = time.perf_counter()
    collection = collection_of(client(), "passages")

    def search(text: str) -> object:
        return collection.query(query_embeddings=vectors[text].reshape(1, -1), n_results=10, include=[])

    search(asked[0])
    begun = time.perf_counter() - start
    return {**timed(search, asked), "start_s": begun}


def _recall(client: object, folder: Path) -> float:
    """Return how many of the ten nearest by exact scan are among the ten of Chroma's graph."""
    from copilot.index.mirror import collection_of

    collection = collection_of(client, "passages")
    shares = []
    with Index.open(folder / "ours", embedder()) as index:
        snapshot = index.snapshot
        for vector in embedder().embed(asked_of(folder), query=True):
            exact = {snapshot.ids[row] for row in snapshot.scan(vector, 10, snapshot.alive)}
            found = collection.query(query_embeddings=vector.reshape(1, -1), n_results=10, include=[])
            shares.append(len(exact & set(found["ids"][0])) / len(exact))
    return float(np.mean(shares))


STEPS = {
    f.__name__: f
    for f in (build_ours, update_ours, search_ours, served_ours, build_chroma, search_chroma, search_server)
}
# Chroma is searched before a passage is changed: its recall is measured against our vectors.
SYSTEMS = {
    _report.OURS: ("build_ours", "search_ours"),
    f"{_report.OURS}-server": ("served_ours",),
    "chroma": ("build_chroma", "search_chroma"),
    "chroma-server": ("search_server",),
    f"{_report.OURS}, one change": ("update_ours",),
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
