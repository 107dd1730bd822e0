"""Texts that say the same: exact and near-duplicates among examples, found through a sparse product of trigrams."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from bot.content.files import Fault, Piece

NEAR = 0.75
BLOCK = 1024


def near_duplicates(pieces: Iterable[Piece]) -> Iterator[Fault]:
    """One fault for each example that shares three quarters of its trigrams with an earlier one."""
    places: list[tuple[Piece, tuple[str | int, ...]]] = []
    texts: list[str] = []
    for piece in pieces:
        if piece.kind != "examples":
            continue
        for location, text in _texts(piece):
            places.append((piece, location))
            texts.append(re.sub(r"[\W\d_]", "", text.lower()) or text)
    for first, second in pairs(texts, NEAR):
        piece, location = places[second]
        other, other_location = places[first]
        yield Fault(
            piece.path,
            piece.line(location),
            f"says the same as {other.path}:{other.line(other_location)}: rewrite or remove it",
        )


def pairs(texts: list[str], threshold: float) -> Iterator[tuple[int, int]]:
    """(earlier, later) indexes of texts whose trigram sets overlap (Jaccard) at least so much."""
    if len(texts) < 2:
        return
    # only who checks content pays for importing scikit-learn
    from sklearn.feature_extraction.text import CountVectorizer

    counts = CountVectorizer(analyzer="char", ngram_range=(3, 3), binary=True, lowercase=False, dtype=np.int32)
    try:
        matrix = counts.fit_transform(texts).tocsr()
    except ValueError:  # all texts shorter than three characters
        return
    sizes = np.asarray(matrix.sum(axis=1)).ravel()
    flipped = matrix.T.tocsc()
    for start in range(0, len(texts), BLOCK):
        shared = (matrix[start : start + BLOCK] @ flipped).tocoo()
        rows = shared.row + start
        union = sizes[rows] + sizes[shared.col] - shared.data
        hit = (shared.col < rows) & (shared.data >= threshold * union)
        seen: set[int] = set()
        for later, earlier in zip(rows[hit], shared.col[hit], strict=True):
            if int(later) not in seen:
                seen.add(int(later))
                yield int(earlier), int(later)


def _texts(piece: Piece) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for language in ("zh", "en"):
        for form, urgencies in _mapping(piece.body.get(language)).items():
            for urgency, texts in _mapping(urgencies).items():
                for index, text in enumerate(texts if isinstance(texts, list | tuple) else []):
                    if isinstance(text, str):
                        yield (language, form, urgency, index), text


def _mapping(value: Any) -> dict[str, Any]:
    """The value if it is a mapping; what it is instead is another check's fault."""
    return value if isinstance(value, dict) else {}
