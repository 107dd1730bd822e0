"""Texts that say the same: exact and near-duplicates among examples, found through a sparse product of trigrams."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

import numpy as np

from bot.content.files import Fault, Piece

NEAR = 0.75
BLOCK = 1024
# So many are looked up one by one in less time, and a tenth of the memory, than all are compared with all.
FEW = 500


def near_duplicates(pieces: Iterable[Piece], only: Collection[tuple[str, str]] | None = None) -> Iterator[Fault]:
    """One fault for each example that shares three quarters of its trigrams with an earlier one.

    Args:
        pieces: all of them.
        only: (kind, key) of pieces whose examples are held against all others; the others are left out.
    """
    places: list[tuple[Piece, tuple[str | int, ...]]] = []
    texts: list[str] = []
    start = None
    examples = [piece for piece in pieces if piece.kind == "examples"]
    if only is not None:
        examples.sort(key=lambda piece: (piece.kind, piece.key) in only)
    for piece in examples:
        if start is None and only is not None and (piece.kind, piece.key) in only:
            start = len(texts)
        for location, text in _texts(piece):
            places.append((piece, location))
            texts.append(re.sub(r"[\W\d_]", "", text.lower()) or text)
    if only is not None and start is None:
        return
    start = start or 0
    found = pairs_of_few(texts, NEAR, start) if len(texts) - start <= FEW else pairs(texts, NEAR, start=start)
    for first, second in found:
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


def pairs_of_few(texts: list[str], threshold: float, start: int) -> Iterator[tuple[int, int]]:
    """As `pairs`, where few texts stand behind `start`: through an index of their trigrams only."""
    own = {later: _trigrams(texts[later]) for later in range(start, len(texts))}
    having: dict[str, list[int]] = defaultdict(list)
    for later, trigrams in own.items():
        for trigram in trigrams:
            having[trigram].append(later)
    first: dict[int, int] = {}
    for earlier, text in enumerate(texts):
        trigrams = own.get(earlier) or _trigrams(text)
        for later, shared in Counter(one for trigram in trigrams for one in having.get(trigram, ())).items():
            alike = shared >= threshold * (len(trigrams) + len(own[later]) - shared)
            if earlier < later and alike:
                first.setdefault(later, earlier)
    yield from ((first[later], later) for later in sorted(first))


def _trigrams(text: str) -> set[str]:
    text = re.sub(r"\s\s+", " ", text)
    return {text[place : place + 3] for place in range(len(text) - 2)}


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
