"""What retrieval learns from variants and from replies that a person validated: a linear SVM.

An entry is a class; its examples are its own question, other wordings of the same question in the
index, and the exemplars: customers' messages that were answered from it. Only validated replies
count, since wrong ones hurt more than right ones help.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from copilot.index import analysis
from copilot.index.snapshot import Mask, Rows, Scores, Snapshot
from copilot.records import Language

COST = 1.0
_ALL_ENTRIES = 3_000
_OTHERS = 2_000
_SINGLE, _REST = "\0", "\1"


class Exemplar(NamedTuple):
    """A message that a person answered from a chunk, at that version of the chunk."""

    message: str
    chunk_id: str
    version: str = ""


@dataclass(frozen=True)
class Learnt:
    """A trained model. ``classes`` maps a class to its column, ``of_row`` a row to its class."""

    vocabulary: Mapping[int, int]
    idf: Any
    weights: Any
    offsets: Any
    classes: Mapping[str, int]
    of_row: Mapping[int, str]

    def scores(self, query: str, language: Language, rows: Rows) -> Scores:
        """Return for each row how surely the query belongs to its entry: 0 outside the margin, ≥ 1 inside."""
        decided = self._decided(query, language)
        columns = [self.classes.get(self.of_row.get(int(row), ""), -1) for row in rows]
        found = np.array([decided[c] if c >= 0 else -1.0 for c in columns], dtype=np.float32)
        bonus: Scores = np.clip(1 + found, 0, 2)
        return bonus

    def likely(self, query: str, language: Language, limit: int, allowed: Mask) -> Rows:
        """Return the allowed rows of the entries that the query belongs to, at most ``limit``."""
        decided = self._decided(query, language)
        inside = {name for name, column in self.classes.items() if decided[column] > -0.5}
        rows = [row for row, name in self.of_row.items() if name in inside and allowed[row]]
        return np.array(rows[:limit], dtype=np.int64)

    def _decided(self, query: str, language: Language) -> Any:
        features = _features([(query, language)], self.vocabulary, self.idf)
        return np.asarray(features @ self.weights.T).ravel() + self.offsets


def train(snapshot: Snapshot, exemplars: Sequence[Exemplar]) -> Learnt | None:
    """Train on the variants of an index and on exemplars; None where there is nothing to learn from.

    Exemplars whose chunk is gone are left out. Variants count where most of an index is made of them
    (a list of customers' wordings), not where two entries happen to share a question. Beyond
    ``_ALL_ENTRIES`` entries only those with exemplars are told apart, against a sample of the others,
    so that training stays short.
    """
    of_row = _classes(snapshot)
    known = [(e, of_row[snapshot.rows[e.chunk_id]]) for e in exemplars if e.chunk_id in snapshot.rows]
    taught = {name for _, name in known}
    large = len(of_row) > _ALL_ENTRIES
    shared = {name for name in of_row.values() if not name.startswith(_SINGLE)}
    if not large and sum(name in shared for name in of_row.values()) * 2 > len(of_row):
        taught |= shared
    if not taught:
        return None
    if large:
        of_row = {row: name if name in taught else _REST for row, name in of_row.items()}
    texts, labels = _examples(snapshot, of_row)
    texts += [(e.message, analysis.guess_language(e.message, "fr")) for e, _ in known]
    labels += [name for _, name in known]
    # An entry known by its own question alone would only blur what the lexical score says of it.
    return _fitted(texts, labels, {row: name for row, name in of_row.items() if name in taught})


def _classes(snapshot: Snapshot) -> dict[int, str]:
    """Return the class of each living row: its question when several rows share it, else its id."""
    questions = {row: snapshot.questions[row] for row in snapshot.rows.values()}
    sizes = Counter(questions.values())
    return {
        row: question if question and sizes[question] > 1 else _SINGLE + snapshot.ids[row]
        for row, question in questions.items()
    }


def _examples(snapshot: Snapshot, of_row: Mapping[int, str]) -> tuple[list[tuple[str, Language]], list[str]]:
    step = max(1, len(of_row) // _OTHERS)
    texts, labels = [], []
    for at, (row, label) in enumerate(of_row.items()):
        if label == _REST and at % step:
            continue
        chunk = snapshot.chunk(row)
        language = analysis.language_of(chunk)
        variants = not label.startswith((_SINGLE, _REST))
        wordings = [chunk.question, chunk.text] if variants else [chunk.question or chunk.text]
        for wording in filter(None, wordings):
            texts.append((wording, language))
            labels.append(label)
    return texts, labels


def _fitted(
    texts: Sequence[tuple[str, Language]], labels: Sequence[str], of_row: Mapping[int, str]
) -> Learnt | None:
    from sklearn.svm import LinearSVC

    names = sorted(set(labels))
    if len(names) < 2:
        return None
    counted = [_counts(*text) for text in texts]
    frequency = Counter(term for counts in counted for term in counts)
    vocabulary = {term: column for column, term in enumerate(frequency)}
    idf = np.log(1 + len(texts) / (np.array(list(frequency.values())) + 0.5))
    columns = {name: column for column, name in enumerate(names)}
    model = LinearSVC(C=COST, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # many classes with one example each are what we have
        model.fit(_features(texts, vocabulary, idf), [columns[label] for label in labels])
    weights, offsets = model.coef_, model.intercept_
    if len(names) == 2:
        weights, offsets = np.vstack([-weights, weights]), np.append(-offsets, offsets)
    return Learnt(vocabulary, idf, weights, offsets, columns, of_row)


def _counts(text: str, language: Language) -> dict[int, float]:
    tokens = analysis.words(text)
    light = analysis.FUNCTION_WORDS.get(language, analysis.FUNCTION_WORDS["fr"])
    counts: dict[int, float] = dict.fromkeys(analysis.pair_terms(tokens, language), 0.5)
    for token in tokens:
        weight = 0.5 if token in light else 1.0
        for term in (*analysis.gram_terms([token]), analysis.term_id("^" + token[:4])):
            counts[term] = max(counts.get(term, 0.0), weight)
    return counts


def _features(texts: Sequence[tuple[str, Language]], vocabulary: Mapping[int, int], idf: Any) -> Any:
    """Return unit rows of weighted terms, a sparse matrix of shape ``(len(texts), len(vocabulary))``."""
    from scipy.sparse import csr_matrix

    columns: list[int] = []
    values: list[float] = []
    bounds = [0]
    for text in texts:
        known = {vocabulary[t]: w for t, w in _counts(*text).items() if t in vocabulary}
        gains = [idf[c] * w for c, w in known.items()]
        norm = float(np.linalg.norm(gains)) or 1.0
        columns += known
        values += [g / norm for g in gains]
        bounds.append(len(columns))
    return csr_matrix((values, columns, bounds), shape=(len(texts), len(vocabulary)))
