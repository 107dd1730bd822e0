"""Learning from a release: deterministic, one core, well under a minute, with a word on how far it is.

The reader of n-grams is read out of fold, so the final heads see it as a new text will.
"""

import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bot.core.content import Example, Release
from bot.core.vocabulary import NONE, Form, Urgency
from bot.recognition.encoder import Encoder, Vectors
from bot.recognition.evidence import EvidenceFinder
from bot.recognition.features import EvidenceFeatures
from bot.recognition.model import ENCODER_SCALE, FORMS, URGENCIES, Head, Model, softmax
from bot.recognition.ngrams import Array, Vocabulary, terms

Progress = Callable[[str], None]
Labels = NDArray[np.int64]
Weights = NDArray[np.float64]
FOLDS = 4
MEANING_CHARS = 1200
REGULARISATION = 0.3
FALSE_ALARMS_ALLOWED = 0.02
LEAST_SURE = {Form.QUESTION: 0.8, Form.FIRST: 0.6, Form.AFTER: 0.6, Form.SMS: 0.6, Form.CALL: 0.5}
MOST_SURE = 0.62
# Most of what a bank hears is harmless, more than among the examples.
HARMLESS_WEIGHT = 2.0
UNSURE_WEIGHT = 1.8
# The kind of scam lies in the words, how urgent it is more in the evidence (figures: docs/adr/0005).
WORDS_FOR_TYPOLOGY = 5.0
WORDS_FOR_URGENCY = 2.0


@dataclass(frozen=True)
class Examples:
    """Training texts with their labels as column numbers."""

    classes: tuple[str, ...]
    typology: Labels
    urgency: Labels
    form: Labels


def label(examples: Sequence[Example]) -> Examples:
    """Column numbers of the labels; `none` is always class 0."""
    present = sorted({e.typology for e in examples} - {NONE})
    classes = (NONE, *present)
    at = {name: i for i, name in enumerate(classes)}
    return Examples(
        classes=classes,
        typology=np.array([at[e.typology] for e in examples]),
        urgency=np.array([URGENCIES.index(e.urgency) for e in examples]),
        form=np.array([FORMS.index(e.form) for e in examples]),
    )


def learn(
    release: Release,
    finder: EvidenceFinder,
    features: EvidenceFeatures,
    encoder: Encoder,
    *,
    encode: Callable[[Sequence[str]], Vectors] | None = None,
    progress: Progress = lambda _: None,
) -> Model:
    """Fit every reader to the examples of `release`.

    `encode` may be a caching stand-in for `encoder.encode`.
    """
    examples = release.examples
    labels = label(examples)
    progress(f"reading {len(examples)} examples for evidence")
    texts, evidence = [], []
    for example in examples:
        normalised, doc = finder.read(example.text)
        texts.append(normalised.text)
        evidence.append(features.vector(finder.find(doc, normalised.text), normalised.text))
    progress("encoding meaning")
    vectors = (encode or encoder.encode)([t[:MEANING_CHARS] for t in texts])
    progress("learning words")
    counts = [terms(t) for t in texts]
    vocabulary = Vocabulary.of(counts)
    matrix = _matrix(vocabulary, counts)
    folds = list(StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(vectors, labels.typology))
    size = len(labels.classes)
    word_scores = np.hstack(
        [
            _out_of_fold(matrix, labels.typology, size, folds),
            _out_of_fold(matrix, labels.urgency, len(URGENCIES), folds),
        ]
    )
    rows = np.hstack([vectors * ENCODER_SCALE, np.array(evidence), word_scores]).astype(np.float32)
    progress("weighing evidence")
    importance = np.ones(len(rows))
    importance[labels.urgency == URGENCIES.index(Urgency.NONE)] = HARMLESS_WEIGHT
    importance[labels.urgency == URGENCIES.index(Urgency.ASK)] = UNSURE_WEIGHT
    words = np.zeros(rows.shape[1], dtype=bool)
    words[-word_scores.shape[1] :] = True
    urgency, spare_scores = _fit(
        rows, labels.urgency, len(URGENCIES), folds, importance, np.where(words, WORDS_FOR_URGENCY, 1.0)
    )
    typology, _ = _fit(rows, labels.typology, size, folds[:1], None, np.where(words, WORDS_FOR_TYPOLOGY, 1.0))
    form, _ = _fit(rows, labels.form, len(FORMS), folds[:1])
    return Model(
        classes=labels.classes,
        vocabulary=vocabulary,
        ngram_typology=Head(*_fit_linear(matrix, labels.typology, size)),
        ngram_urgency=Head(*_fit_linear(matrix, labels.urgency, len(URGENCIES))),
        typology=typology,
        urgency=urgency,
        form=form,
        thresholds=_thresholds(softmax(spare_scores), labels),
        encoder_version=encoder.version,
    )


Folds = Sequence[tuple[Labels, Labels]]


def _matrix(vocabulary: Vocabulary, documents: Sequence[Counter[str]]) -> csr_matrix:
    """One row of n-grams a text."""
    rows = [vocabulary.row(d) for d in documents]
    indptr = np.cumsum([0, *(len(c) for c, _ in rows)])
    columns = np.concatenate([c for c, _ in rows])
    weights = np.concatenate([w for _, w in rows])
    return csr_matrix((weights, columns, indptr), shape=(len(rows), len(vocabulary.idf)))


def _fit_linear(matrix: csr_matrix, labels: Labels, classes: int) -> tuple[Array, Array]:
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


def _out_of_fold(matrix: csr_matrix, labels: Labels, classes: int, folds: Folds) -> Array:
    scores = np.zeros((len(labels), classes), dtype=np.float32)
    for fit_on, read in folds:
        weights, offsets = _fit_linear(matrix[fit_on], labels[fit_on], classes)
        scores[read] = matrix[read] @ weights + offsets
    return scores


def _fit(
    rows: Array,
    labels: Labels,
    classes: int,
    folds: Folds,
    importance: Weights | None = None,
    scale: Weights | None = None,
) -> tuple[Head, Array]:
    """A head with its temperature, and the scores each text gets from heads that never saw it.

    `importance` weighs texts, `scale` weighs columns while learning; the head itself reads plain rows.
    """
    columns = np.ones(rows.shape[1]) if scale is None else scale
    scaled = (rows * columns).astype(np.float32)
    spare = np.full((len(labels), classes), -8.0, dtype=np.float32)
    for fit_on, read in folds:
        some = None if importance is None else importance[fit_on]
        weights, offsets = _weigh(scaled[fit_on], labels[fit_on], classes, some)
        spare[read] = scaled[read] @ weights + offsets
    read_all = np.concatenate([read for _, read in folds])
    temperature = _temperature(spare[read_all], labels[read_all])
    weights, offsets = _weigh(scaled, labels, classes, importance)
    return Head((weights * columns[:, None]).astype(np.float32), offsets, temperature), spare / temperature


def _weigh(rows: Array, labels: Labels, classes: int, importance: NDArray[np.float64] | None) -> tuple[Array, Array]:
    # stopping early is as good out of fold as running to the end, and five times faster
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        fitted = LogisticRegression(C=REGULARISATION, max_iter=60, tol=3e-3).fit(rows, labels, sample_weight=importance)
    weights = np.zeros((rows.shape[1], classes), dtype=np.float32)
    offsets = np.full(classes, -20.0, dtype=np.float32)
    if len(fitted.classes_) == 2:
        weights[:, fitted.classes_[1]] = fitted.coef_[0]
        offsets[fitted.classes_] = [0.0, fitted.intercept_[0]]
    else:
        weights[:, fitted.classes_] = fitted.coef_.T
        offsets[fitted.classes_] = fitted.intercept_
    return weights, offsets


def _temperature(scores: Array, labels: Labels) -> float:
    """The divisor under which out-of-fold probabilities are honest (least log-loss)."""
    grid = np.geomspace(0.5, 4.0, 25)
    losses = [-np.log(softmax(scores / t)[np.arange(len(labels)), labels] + 1e-9).mean() for t in grid]
    return float(grid[int(np.argmin(losses))])


def _thresholds(probabilities: Array, labels: Examples) -> dict[str, float]:
    """By form, how sure to be before flagging: as many false alarms among the examples as allowed, within bounds.

    What strangers write is less like the examples than the examples are like each other, hence the lower bounds.
    """
    flagged = probabilities[:, [u.flagged for u in URGENCIES]].sum(axis=1)
    harmless = labels.urgency == URGENCIES.index(Urgency.NONE)
    thresholds = {}
    for form in FORMS:
        own = flagged[harmless & (labels.form == FORMS.index(form))]
        wanted = float(np.quantile(own, 1 - FALSE_ALARMS_ALLOWED)) if own.size >= 50 else 0.0
        least = LEAST_SURE.get(form, 0.5)
        thresholds[form.value] = min(max(wanted, least), max(MOST_SURE, least))
    return thresholds
