"""Texts that say the same: exact and near-duplicates among examples, found through a sparse product of trigrams."""

import re
from collections.abc import Callable, Iterable, Iterator
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
            code="near_duplicate",
            values={"name": f"{other.kind}/{other.key}", "value": texts[first][:40]},
            location=location,
        )


def pairs(
    texts: list[str], threshold: float, *, start: int = 0, step: Callable[[int], None] = lambda _: None
) -> Iterator[tuple[int, int]]:
    """(earlier, later) indexes of texts whose trigram sets overlap (Jaccard) at least so much, by the later one.

    Two sets that overlap so much share one of their rarest trigrams; only such pairs are compared, which is a small
    share of all pairs and misses none. Pairs whose later text stands before `start` are left out; `step`
    is told how far it is.
    """
    if len(texts) < 2:
        return
    # only who checks content pays for importing scikit-learn
    from sklearn.feature_extraction.text import CountVectorizer

    counts = CountVectorizer(analyzer="char", ngram_range=(3, 3), binary=True, lowercase=False, dtype=np.int32)
    try:
        matrix = counts.fit_transform(texts).tocsr()
    except ValueError:  # all texts shorter than three characters
        return
    sizes = np.diff(matrix.indptr)
    rare = _rarest(matrix, threshold)
    flipped = rare.T.tocsc()
    for block in range(start, len(texts), BLOCK):
        step(block)
        candidates = (rare[block : block + BLOCK] @ flipped).tocoo()
        later, earlier = candidates.row + block, candidates.col
        small, large = np.minimum(sizes[later], sizes[earlier]), np.maximum(sizes[later], sizes[earlier])
        possible = (earlier < later) & (small >= threshold * large)
        later, earlier = later[possible], earlier[possible]
        shared = np.asarray(matrix[later].multiply(matrix[earlier]).sum(axis=1)).ravel()
        hit = shared >= threshold * (sizes[later] + sizes[earlier] - shared)
        yield from _first_of_each(earlier[hit], later[hit])


def _rarest(matrix: Any, threshold: float) -> Any:
    """Of each row only the rarest columns, as many as two rows that overlap by `threshold` cannot both do without."""
    order = np.argsort(np.argsort(np.asarray(matrix.sum(axis=0)).ravel(), kind="stable"), kind="stable")
    ranked = matrix.copy()
    ranked.indices = order[matrix.indices].astype(matrix.indices.dtype)
    ranked.has_sorted_indices = False
    ranked.sort_indices()
    sizes = np.diff(ranked.indptr)
    kept = sizes - np.ceil(threshold * sizes).astype(sizes.dtype) + 1
    place = np.arange(len(ranked.indices)) - np.repeat(ranked.indptr[:-1], sizes)
    ranked.data = (place < np.repeat(kept, sizes)).astype(np.int32)
    ranked.eliminate_zeros()
    return ranked


def _first_of_each(earlier: Any, later: Any) -> Iterator[tuple[int, int]]:
    seen: set[int] = set()
    for second, first in sorted(zip(later.tolist(), earlier.tolist(), strict=True)):
        if second not in seen:
            seen.add(second)
            yield first, second


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
