"""More evidence of danger never speaks against danger.

A reader that combines may learn that a sign of danger is harmless in some company: true of the examples, and not to be
relied on where somebody may lose his savings. Such a sign is not counted there, and the graver of both readings stands.
It also carries over better to texts of strangers (figures: docs/adr/0010).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.recognition.model import URGENCIES, Network, pooled, softmax
from bot.recognition.ngrams import Array

FLAGGED = np.array([u.flagged for u in URGENCIES])


@dataclass(frozen=True)
class Guarded:
    """Urgency scores of each text, its mean row as it was counted, and how far each column moves it toward danger."""

    scores: Array
    counted: Array
    slopes: Array


def read_guarded(network: Network, rows: Array, text: NDArray[np.int64], columns: NDArray[np.int64]) -> Guarded:
    """Urgency scores of each text from the rows of its chunks.

    Args:
        network: the reader.
        rows: a line for each chunk.
        text: of which text each row is, numbered from 0.
        columns: those that tell of danger.
    """
    plain = pooled(network.scores(rows), text)
    means = pooled(rows, text)
    slopes = network.slopes(means, toward_danger(plain))
    against = (means[:, columns] > 0) & (slopes[:, columns] < 0)
    if not against.any():
        return Guarded(plain, means, slopes)
    quiet = rows.copy()
    quiet[:, columns] *= ~against[text]
    second = pooled(network.scores(quiet), text)
    graver = _odds(second) > _odds(plain)
    # how likely a danger is: the graver reading; which danger: the reading of everything
    lift = np.where(graver, _odds(second) - _odds(plain), 0.0)
    scores = (plain + lift[:, None] * FLAGGED).astype(np.float32)
    counted = np.where(graver[:, None], pooled(quiet, text), means).astype(np.float32)
    return Guarded(scores, counted, network.slopes(counted, toward_danger(scores)))


def toward_danger(scores: Array) -> Array:
    """For each text the direction in which its scores grow graver: from `none` to the likely among the flagged."""
    danger = softmax(scores) * FLAGGED
    direction = danger / np.maximum(danger.sum(axis=1, keepdims=True), 1e-9)
    direction[:, 0] -= 1.0
    result: Array = direction.astype(np.float32)
    return result


def _odds(scores: Array) -> Array:
    """Log-odds of danger."""
    result: Array = np.logaddexp.reduce(scores[:, FLAGGED], axis=1) - np.logaddexp.reduce(scores[:, ~FLAGGED], axis=1)
    return result
