"""Does search find the right entry? Against bm25s with Snowball stems, and Chroma with the same vectors.

    python -m benchmarks.retrieval DIR… [--noise P] [--learn N] [--embedder NAME] [--json OUT]

Rows are ranked, each group keeps its best row, and the figures are over groups. Out-of-scope queries
are left out. ``*.low`` and ``*.high`` bound the 95 % bootstrap interval. With ``--learn N`` the first N
queries of each group are taken as validated replies and asked no more; the peers don't learn.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks import _report
from benchmarks._retrieval_sets import Query, RetrievalSet, indexed, load, mistyped
from copilot.index import Embedder, embedder
from copilot.retrieve import Retriever

TODAY = date(2026, 1, 1)
DEPTH = 300
SEED = 7
Search = Callable[[str], Sequence[str]]
Exemplar = tuple[str, str, str]


def porte_voix(data: RetrievalSet, folder: Path, used: Embedder, exemplars: list[Exemplar]) -> Search:
    """Return our search, ids best first."""
    retriever = Retriever(indexed(data.chunks, folder, used), exemplars)
    return lambda text: [p.id for p in retriever.search(text, k=DEPTH, today=TODAY)]


def bm25(data: RetrievalSet) -> Search:
    """Return bm25s over question and answer as one field, Snowball stems, its own defaults."""
    import bm25s
    import Stemmer

    votes = [c.language for c in data.chunks]
    language = "french" if votes.count("fr") >= votes.count("en") else "english"
    stemmer = Stemmer.Stemmer(language)
    options = {"stopwords": None, "stemmer": stemmer, "show_progress": False}
    index = bm25s.BM25()
    index.index(
        bm25s.tokenize([f"{c.question} {c.text}" for c in data.chunks], **options), show_progress=False
    )
    ids = [c.id for c in data.chunks]

    def search(text: str) -> list[str]:
        tokens = bm25s.tokenize([text], return_ids=False, **options)
        rows, _ = index.retrieve(tokens, k=min(DEPTH, len(ids)), show_progress=False)
        return [ids[int(row)] for row in rows[0]]

    return search


def chroma(data: RetrievalSet, used: Embedder) -> Search:
    """Return a bare Chroma collection over the same vectors."""
    import os

    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    import chromadb
    from chromadb.config import Settings

    client = chromadb.EphemeralClient(Settings(anonymized_telemetry=False))
    name = f"bench-{abs(hash(data.name)) % 10**9}"
    collection = client.get_or_create_collection(
        name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
    )
    texts = [f"{c.question}\n{c.text}" for c in data.chunks]
    for start in range(0, len(texts), 1000):
        part = slice(start, start + 1000)
        collection.upsert(ids=[c.id for c in data.chunks[part]], embeddings=used.embed(texts[part]))
    depth = min(DEPTH, len(texts))

    def search(text: str) -> list[str]:
        vector = used.embed([text], query=True)
        return list(collection.query(query_embeddings=vector, n_results=depth)["ids"][0])

    return search


def ranks(data: RetrievalSet, queries: list[Query], search: Search) -> np.ndarray:
    """Return for each query the 0-based rank of its first relevant group, a large number if none."""
    found = []
    for query in queries:
        groups = list(dict.fromkeys(data.groups[i] for i in search(query.text)))
        hits = [rank for rank, group in enumerate(groups) if group in query.groups]
        found.append(hits[0] if hits else 10**6)
    return np.array(found)


def metrics(found: np.ndarray) -> dict[str, float]:
    """Return the figures with their intervals. One relevant group a query makes the ideal gain 1."""
    per_query = {
        "ndcg@10": np.where(found < 10, 1 / np.log2(found + 2.0), 0.0),
        "recall@1": (found < 1) * 1.0,
        "recall@5": (found < 5) * 1.0,
        "recall@10": (found < 10) * 1.0,
        "mrr@10": np.where(found < 10, 1 / (found + 1.0), 0.0),
    }
    drawn = np.random.default_rng(SEED).integers(0, len(found), (1000, len(found)))
    figures = {}
    for name, values in per_query.items():
        low, high = np.quantile(values[drawn].mean(axis=1), [0.025, 0.975])
        figures |= {name: values.mean(), f"{name}.low": low, f"{name}.high": high}
    return {name: round(float(value), 4) for name, value in figures.items()}


def learnt(data: RetrievalSet, queries: list[Query], number: int) -> tuple[list[Exemplar], list[Query]]:
    """Take the first queries of each group as validated replies, always leaving one to ask."""
    first = {group: row for row, group in reversed(data.groups.items())}
    by_group: dict[str, list[Query]] = {}
    for query in queries:
        by_group.setdefault(min(query.groups), []).append(query)
    taken: list[Exemplar] = []
    asked: list[Query] = []
    for group, members in by_group.items():
        cut = min(number, len(members) - 1)
        taken += [(q.text, first[group], "1") for q in members[:cut]]
        asked += members[cut:]
    return taken, asked


def run(folder: Path, used: Embedder, noise: float, learn: int) -> list[_report.Result]:
    """Measure the three systems on one set."""
    data = load(folder)
    queries = [q for q in data.queries if q.groups and not q.oos]
    exemplars, asked = learnt(data, queries, learn)
    if noise:
        asked = mistyped(asked, noise, SEED)
    with tempfile.TemporaryDirectory() as temporary:
        systems = {
            _report.OURS: porte_voix(data, Path(temporary), used, exemplars),
            "bm25s": bm25(data),
            "chroma": chroma(data, used),
        }
        return [
            _report.Result(data.name, name, len(asked), metrics(ranks(data, asked, search)))
            for name, search in systems.items()
        ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run from the command line."""
    parser = _report.parser(__doc__, data="+")
    parser.add_argument("--noise", type=float, default=0.0, metavar="P", help="share of words to mistype")
    parser.add_argument("--learn", type=int, default=0, metavar="N", help="validated replies a group")
    parser.add_argument("--embedder", default="embedded", metavar="NAME")
    options = parser.parse_args(arguments)
    used = embedder(options.embedder)
    results = [r for folder in options.data for r in run(folder, used, options.noise, options.learn)]
    _report.write("retrieval", results, options.json)


if __name__ == "__main__":
    main()
