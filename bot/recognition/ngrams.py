"""Characters of Chinese and words of English in ones, twos and threes: the recogniser's plainest reader."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
