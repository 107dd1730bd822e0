"""Fitting readers with scikit-learn: linear ones, and a small network. Deterministic, one core."""

import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.svm import LinearSVC

from bot.recognition.model import Head, Network, softmax
from bot.recognition.ngrams import Array

Labels = NDArray[np.int64]
Weights = NDArray[np.float64]
Folds = Sequence[tuple[Labels, Labels]]
REGULARISATION = 0.3
HIDDEN = 128
NETWORKS = 4
ROUNDS = 6
DECAY = 1.0
NEVER = -20.0


def fit_terms(matrix: csr_matrix, labels: Labels, classes: int) -> tuple[Array, Array]:
    """One-against-rest scores of n-grams: weights (columns x classes) and offsets."""
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


def fit_head(rows: Array, labels: Labels, classes: int, *, importance: Weights, scale: Weights | float = 1.0) -> Head:
    """A logistic reader of plain rows. `importance` weighs texts, `scale` columns, both only while learning."""
    columns = np.broadcast_to(np.asarray(scale, dtype=np.float32), rows.shape[1])
    # stopping early is as good out of fold as running to the end, and five times faster
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        fitted = LogisticRegression(C=REGULARISATION, max_iter=60, tol=3e-3)
        fitted.fit((rows * columns).astype(np.float32), labels, sample_weight=importance)
    weights = np.zeros((rows.shape[1], classes), dtype=np.float32)
    offsets = np.full(classes, NEVER, dtype=np.float32)
    if len(fitted.classes_) == 2:
        weights[:, fitted.classes_[1]] = fitted.coef_[0]
        offsets[fitted.classes_] = [0.0, fitted.intercept_[0]]
    else:
        weights[:, fitted.classes_] = fitted.coef_.T
        offsets[fitted.classes_] = fitted.intercept_
    return Head((weights * columns[:, None]).astype(np.float32), offsets)


def fit_network(rows: Array, labels: Labels, classes: int, *, importance: Weights, networks: int = NETWORKS) -> Network:
    """Several small networks from different beginnings, joined into one whose scores are their mean."""
    centre, spread = rows.mean(axis=0), rows.std(axis=0) + 0.1
    scaled = Network.scaled(rows, centre, spread)
    parts = [_one_network(scaled, labels, classes, importance, seed) for seed in range(networks)]
    return Network(
        centre=centre.astype(np.float32),
        spread=spread.astype(np.float32),
        hidden=np.hstack([p[0] for p in parts]),
        hidden_offsets=np.concatenate([p[1] for p in parts]),
        weights=(np.vstack([p[2] for p in parts]) / networks).astype(np.float32),
        offsets=np.mean([p[3] for p in parts], axis=0).astype(np.float32),
    )


def _one_network(
    rows: Array, labels: Labels, classes: int, importance: Weights, seed: int
) -> tuple[Array, Array, Array, Array]:
    machine = MLPClassifier(
        (HIDDEN,), alpha=DECAY, batch_size=min(128, len(rows)), max_iter=ROUNDS, random_state=seed, shuffle=True
    )
    with warnings.catch_warnings():
        # so few rounds are meant: more only learn the examples by heart
        warnings.simplefilter("ignore", ConvergenceWarning)
        machine.fit(rows, labels, sample_weight=importance)
    hidden, out = machine.coefs_
    weights = np.zeros((HIDDEN, classes), dtype=np.float32)
    offsets = np.full(classes, NEVER, dtype=np.float32)
    if len(machine.classes_) == 2:  # one output, the log-odds of the second class
        weights[:, machine.classes_[1]] = out[:, 0]
        offsets[machine.classes_] = [0.0, machine.intercepts_[1][0]]
    else:
        weights[:, machine.classes_] = out
        offsets[machine.classes_] = machine.intercepts_[1]
    return hidden.astype(np.float32), machine.intercepts_[0].astype(np.float32), weights, offsets


def temperature(scores: Array, labels: Labels) -> float:
    """The divisor under which the probabilities of texts not learned from are honest (least log-loss)."""
    grid = np.geomspace(0.5, 4.0, 25)
    losses = [-np.log(softmax(scores / t)[np.arange(len(labels)), labels] + 1e-9).mean() for t in grid]
    return float(grid[int(np.argmin(losses))])
