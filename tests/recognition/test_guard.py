"""A sign of danger never speaks against danger, and what is not a sign of danger is read as learned."""

import numpy as np
import pytest

from bot.recognition.guard import read_guarded
from bot.recognition.model import Network, softmax

COLUMNS = 3
DANGEROUS = np.array([0, 1])


def network(danger_of: tuple[float, float, float]) -> Network:
    """A reader in which each column moves `stop-now` by so much; the hidden layer only passes values on."""
    hidden = np.hstack([np.eye(COLUMNS), -np.eye(COLUMNS)]).astype(np.float32)
    weights = np.zeros((2 * COLUMNS, 5), dtype=np.float32)
    weights[:COLUMNS, 3] = danger_of
    weights[COLUMNS:, 3] = [-d for d in danger_of]
    return Network(
        centre=np.zeros(COLUMNS, dtype=np.float32),
        spread=np.ones(COLUMNS, dtype=np.float32),
        hidden=hidden,
        hidden_offsets=np.zeros(2 * COLUMNS, dtype=np.float32),
        weights=weights,
        offsets=np.array([1.0, 0, 0, 0, 0], dtype=np.float32),
    )


def danger(reader: Network, *values: float) -> float:
    """How likely a text with these values is flagged."""
    rows = np.array([values], dtype=np.float32)
    scores = read_guarded(reader, rows, np.zeros(1, dtype=np.int64), DANGEROUS).scores
    return float(softmax(scores[0])[2:].sum())


def test_a_sign_learned_as_harmless_is_not_counted() -> None:
    reader = network((2.0, -1.5, 0.0))
    assert danger(reader, 1, 1, 0) == pytest.approx(danger(reader, 1, 0, 0))


def test_a_sign_of_danger_counts() -> None:
    reader = network((2.0, 1.0, 0.0))
    assert danger(reader, 1, 1, 0) > danger(reader, 1, 0, 0) > danger(reader, 0, 0, 0)


def test_signs_of_the_harmless_may_speak_against() -> None:
    reader = network((2.0, 1.0, -1.0))
    assert danger(reader, 1, 0, 1) < danger(reader, 1, 0, 0)


def test_chunks_of_a_text_are_read_together() -> None:
    reader = network((2.0, -1.5, 0.0))
    rows = np.array([[1, 1, 0], [0, 1, 0], [0, 0, 0]], dtype=np.float32)
    both = read_guarded(reader, rows, np.array([0, 0, 1]), DANGEROUS)
    assert both.scores.shape == (2, 5)
    assert both.counted[0].tolist() == [0.5, 0.0, 0.0]
