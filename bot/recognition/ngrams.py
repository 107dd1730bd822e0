"""Characters of Chinese and words of English in ones, twos and threes: the recogniser's plainest reader."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from bot.recognition.patterns import tokens

Array = NDArray[np.float32]
MIN_COUNT = 2


def terms(text: str) -> Counter[str]:
    """Ones, twos and threes of the tokens of a normalised text; every number reads 0."""
    words = ["0" if t[0].isdigit() else t for t, _, _ in tokens(text) if t != "\n"]
    counts = Counter(words)
    for size in (2, 3):
        counts.update("~".join(words[i : i + size]) for i in range(len(words) - size + 1))
    return counts


@dataclass(frozen=True)
class Vocabulary:
    """Term -> column, and how much each column counts."""

    columns: Mapping[str, int]
    idf: Array

    @classmethod
    def of(cls, documents: Sequence[Counter[str]]) -> "Vocabulary":
        """From the training texts; a term seen once is dropped."""
        seen: Counter[str] = Counter()
        for document in documents:
            seen.update(document.keys())
        kept = sorted(term for term, count in seen.items() if count >= MIN_COUNT)
        idf = [math.log((1 + len(documents)) / (1 + seen[t])) + 1 for t in kept]
        return cls({t: i for i, t in enumerate(kept)}, np.array(idf, dtype=np.float32))

    def row(self, counts: Counter[str]) -> tuple[NDArray[np.int64], Array]:
        """Columns and unit-length weights of one text."""
        known = [(self.columns[t], c) for t, c in counts.items() if t in self.columns]
        columns = np.array([k for k, _ in known], dtype=np.int64)
        weights = np.array([1 + math.log(c) for _, c in known], dtype=np.float32) * self.idf[columns]
        length = float(np.sqrt((weights**2).sum())) or 1.0
        return columns, (weights / length).astype(np.float32)

    def matrix(self, documents: Sequence[Counter[str]]) -> csr_matrix:
        """One row a text."""
        rows = [self.row(d) for d in documents]
        indptr = np.cumsum([0, *(len(c) for c, _ in rows)])
        columns = np.concatenate([c for c, _ in rows])
        weights = np.concatenate([w for _, w in rows])
        return csr_matrix((weights, columns, indptr), shape=(len(rows), len(self.idf)))


def fit_linear(matrix: csr_matrix, labels: NDArray[np.int64], classes: int) -> tuple[Array, Array]:
    """One-against-rest scores: weights (columns x classes) and offsets."""
    machine = LinearSVC(C=0.3, tol=0.02, random_state=0, max_iter=200)
    machine.fit(matrix, labels)
    weights = np.zeros((matrix.shape[1], classes), dtype=np.float32)
    offsets = np.full(classes, -1.0, dtype=np.float32)
    if len(machine.classes_) == 2:  # scikit-learn gives one row for two classes
        weights[:, machine.classes_[1]], weights[:, machine.classes_[0]] = machine.coef_[0], -machine.coef_[0]
        return weights, offsets
    weights[:, machine.classes_] = machine.coef_.T
    offsets[machine.classes_] = machine.intercept_
    return weights, offsets
