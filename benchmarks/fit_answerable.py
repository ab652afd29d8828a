"""Learn the coefficients of ``copilot/retrieve/answerable.yml`` and write them.

    python -m benchmarks.fit_answerable

The material is our own: the FAQ of the sample brand and the questions of ``data/answerable.yml``. Each
part of the FAQ (French, English, all, halves of it, and lists of customers' wordings in its stead) is an
index of its own. Negatives are questions that the brand answers nowhere, those of other trades, small
talk, and answered questions whose entry was taken away. Answered and not weigh the same in all, and
so do the kinds of negatives.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from benchmarks._answerable_cases import Case, cases
from benchmarks._retrieval_sets import Query, RetrievalSet
from copilot.index import embedder
from copilot.records import Chunk
from copilot.retrieve import answerable

ROOT = Path(__file__).parent.parent
MATERIAL = Path(__file__).parent / "data" / "answerable.yml"
STRENGTH = 0.3
_ENTRY = re.compile(r"^## (?P<question>.+)\n+<!-- id: (?P<id>[\w-]+).*-->\n(?P<text>(?:(?!^#).*\n?)*)", re.M)


def entries() -> list[Chunk]:
    """Return the FAQ entries of the sample brand that carry an id."""
    found = []
    for path in sorted((ROOT / "knowledge" / "faq").rglob("*.md")):
        for entry in _ENTRY.finditer(path.read_text(encoding="utf-8")):
            text = entry["text"].strip()
            language = "en" if path.parent.name == "en" else "fr"
            found.append(
                Chunk(
                    entry["id"], path.name, path.name, text, entry["question"], language=language, version="1"
                )
            )
    return found


def sets() -> list[tuple[RetrievalSet, list[Query]]]:
    """Return the sets, each with the questions that nothing in it can answer."""
    material = yaml.safe_load(MATERIAL.read_text(encoding="utf-8"))
    faq = entries()
    found = []
    for language in ("fr", "en"):
        mine = [c for c in faq if c.language == language]
        found.append(_faq(f"faq {language}", mine, material[language]))
        for part in (0, 1):
            found.append(_faq(f"half {language} {part}", mine[part::2], material[language]))
        for left_out in (0, 1):
            found.append(_wordings(f"wordings {language} {left_out}", mine, material[language], left_out))
        hidden = [replace(c, question="") for c in mine]
        found.append(_faq(f"answers {language}", hidden, material[language]))
    return found


def _faq(name: str, chunks: list[Chunk], material: dict[str, Any]) -> tuple[RetrievalSet, list[Query]]:
    ids = {c.id for c in chunks}
    queries = [
        Query(f"{i}#{n}", text, frozenset([i]))
        for i, texts in material["answered"].items()
        if i in ids
        for n, text in enumerate(texts)
    ]
    queries += [Query(f"m{n}", text, frozenset(), True) for n, text in enumerate(material["missing"])]
    return RetrievalSet(name, chunks, {i: i for i in ids}, queries), _foreign(material)


def _wordings(
    name: str, faq: list[Chunk], material: dict[str, Any], left_out: int
) -> tuple[RetrievalSet, list[Query]]:
    """Return a list of wordings under short titles, as of a chat's intents, some asked in other words."""
    questions = {c.id: c.question for c in faq}
    chunks: list[Chunk] = []
    queries = [Query(f"m{n}", text, frozenset(), True) for n, text in enumerate(material["missing"])]
    for i, texts in material["answered"].items():
        kept = [questions.get(i, ""), texts[1 - left_out]]
        title = i.removeprefix("en-").replace("-", " ")
        chunks += [
            Chunk(f"{i}#{n}", "w", "w", text, title, language=faq[0].language, version="1")
            for n, text in enumerate(filter(None, kept))
        ]
        queries.append(Query(i, texts[left_out], frozenset([i])))
    return RetrievalSet(name, chunks, {c.id: c.id.split("#")[0] for c in chunks}, queries), _foreign(material)


def _foreign(material: dict[str, Any]) -> list[Query]:
    texts = [*material["elsewhere"], *material["small_talk"]]
    return [Query(f"e{n}", text, frozenset(), True) for n, text in enumerate(texts)]


def fitted(groups: list[list[Case]], strength: float = STRENGTH) -> dict[str, float]:
    """Return the coefficients of a logistic over cases, every group and kind weighing the same."""
    from sklearn.linear_model import LogisticRegression

    rows, labels, weights = [], [], []
    for group in groups:
        kinds = [case.kind for case in group]
        negatives = len(set(kinds) - {"answered"})
        for case in group:
            rows.append([case.signs[name] for name in answerable.FEATURES])
            labels.append(case.kind == "answered")
            share = 1.0 if case.kind == "answered" else 1.0 / negatives
            weights.append(share / kinds.count(case.kind))
    table = np.array(rows)
    middle, width = table.mean(axis=0), np.maximum(table.std(axis=0), 1e-6)
    model = LogisticRegression(C=strength, max_iter=2_000)
    model.fit((table - middle) / width, labels, np.array(weights) * len(rows) / sum(weights))
    slopes = model.coef_[0] / width
    intercept = float(model.intercept_[0] - slopes @ middle)
    return {"intercept": intercept, **dict(zip(answerable.FEATURES, slopes.tolist(), strict=True))}


def main() -> None:
    """Fit and write."""
    used = embedder()
    weights = fitted([cases(data, foreign, used) for data, foreign in sets()])
    head = (
        "# Probability that the knowledge answers: 1 / (1 + exp(-(intercept + sum of weight x feature))).\n"
    )
    head += "# Learnt from our own questions about the sample brand by benchmarks/fit_answerable.py.\n"
    lines = "".join(f"{name}: {value:.3f}\n" for name, value in weights.items())
    (ROOT / "copilot" / "retrieve" / "answerable.yml").write_text(head + lines, encoding="utf-8")
    print(lines)


if __name__ == "__main__":
    main()
