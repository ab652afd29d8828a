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
from scipy.optimize import minimize

from benchmarks._answerable_cases import Case, cases
from benchmarks._retrieval_sets import Query, RetrievalSet
from copilot.index import embedder
from copilot.records import Chunk
from copilot.retrieve import answerable

ROOT = Path(__file__).parent.parent
MATERIAL = Path(__file__).parent / "data" / "answerable.yml"
RIDGE = 0.03
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


def fitted(groups: list[list[Case]]) -> dict[str, float]:
    """Return the coefficients of a logistic over cases, every group and kind weighing the same.

    No weight is negative: more of any feature never speaks against an answer.
    """
    table = np.array([[case.signs[n] for n in answerable.FEATURES] for group in groups for case in group])
    truth = np.array([case.kind == "answered" for group in groups for case in group]) * 1.0
    weights = np.concatenate([_weights(group) for group in groups])
    weights /= weights.sum()
    middle, width = table.mean(axis=0), np.maximum(table.std(axis=0), 1e-6)
    scaled = (table - middle) / width

    def loss(given: np.ndarray) -> tuple[float, np.ndarray]:
        chance = 1 / (1 + np.exp(-(scaled @ given[1:] + given[0])))
        likely = truth * np.log(chance + 1e-12) + (1 - truth) * np.log(1 - chance + 1e-12)
        slope = weights * (chance - truth)
        value = RIDGE * (given[1:] ** 2).sum() - (weights * likely).sum()
        return value, np.r_[slope.sum(), scaled.T @ slope + 2 * RIDGE * given[1:]]

    bounds = [(None, None), *[(0, None)] * table.shape[1]]
    best = minimize(loss, np.zeros(len(bounds)), jac=True, bounds=bounds, method="L-BFGS-B").x
    slopes = best[1:] / width
    intercept = float(best[0] - slopes @ middle)
    return {"intercept": intercept, **dict(zip(answerable.FEATURES, slopes.tolist(), strict=True))}


def _weights(group: list[Case]) -> np.ndarray:
    kinds = [case.kind for case in group]
    negatives = len(set(kinds) - {"answered"})
    return np.array([(1 if k == "answered" else 1 / negatives) / kinds.count(k) for k in kinds])


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
