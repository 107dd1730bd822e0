"""Learning from a release: deterministic, one core, well under a minute, with a word on how far it is.

The reader of n-grams is read out of fold, so the readers above it see it as a new text will. How sure to be before
flagging is found on sources held out whole, because what strangers write is less like the examples than the examples
of one file are like each other.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.model_selection import GroupKFold, StratifiedKFold

from bot.core.content import Example, Release
from bot.core.vocabulary import NONE, Urgency
from bot.recognition.chunks import split
from bot.recognition.encoder import Encoder, Vectors
from bot.recognition.evidence import EvidenceFinder
from bot.recognition.features import EvidenceFeatures
from bot.recognition.fitting import Folds, Labels, Weights, fit_head, fit_network, fit_terms, temperature
from bot.recognition.guard import read_guarded
from bot.recognition.model import ENCODER_SCALE, FORMS, URGENCIES, Head, Model, pooled
from bot.recognition.ngrams import Array, Vocabulary, terms
from bot.recognition.thresholds import thresholds

Progress = Callable[[str], None]
# Texts, and how the evidence of one is read -> a line of evidence for each.
Remembered = Callable[[Sequence[str], Callable[[str], Array]], Array]
FOLDS = 4
SOURCE_FOLDS = 3
# Most of what a bank hears is harmless, more than among the examples.
HARMLESS_WEIGHT = 2.0
UNSURE_WEIGHT = 1.0
MOST_HEARD = 12.0
# The kind of scam lies in the words (figures: docs/adr/0005).
WORDS_FOR_TYPOLOGY = 5.0


@dataclass(frozen=True)
class Examples:
    """Labels of the training texts as column numbers, and which source each stands in."""

    classes: tuple[str, ...]
    typology: Labels
    urgency: Labels
    form: Labels
    source: Labels


def label(examples: Sequence[Example]) -> Examples:
    """Column numbers of the labels; `none` is always class 0."""
    present = sorted({e.typology for e in examples} - {NONE})
    classes = (NONE, *present)
    at = {name: i for i, name in enumerate(classes)}
    sources = {name: i for i, name in enumerate(sorted({e.source for e in examples}))}
    return Examples(
        classes=classes,
        typology=np.array([at[e.typology] for e in examples]),
        urgency=np.array([URGENCIES.index(e.urgency) for e in examples]),
        form=np.array([FORMS.index(e.form) for e in examples]),
        source=np.array([sources[e.source] for e in examples]),
    )


@dataclass(frozen=True)
class Readings:
    """What is read off the texts: a line for each chunk, `text` says of which text; n-grams of whole texts."""

    text: Labels
    chunks: list[str]
    evidence: Array
    vocabulary: Vocabulary
    whole: csr_matrix
    parts: csr_matrix


def learn(
    release: Release,
    finder: EvidenceFinder,
    features: EvidenceFeatures,
    encoder: Encoder,
    *,
    encode: Callable[[Sequence[str]], Vectors] | None = None,
    remembered: Remembered | None = None,
    progress: Progress = lambda _: None,
) -> Model:
    """Fit every reader to the examples of `release`.

    `encode` may be a caching stand-in for `encoder.encode`, `remembered` one for reading the evidence of texts.
    """
    labels = label(release.examples)
    progress(f"reading {len(release.examples)} examples for evidence")
    read = read_examples(release.examples, finder, features, remembered or _each)
    progress("encoding meaning")
    vectors = (encode or encoder.encode)(read.chunks)
    progress("learning words")
    size = len(labels.classes)
    words = words_unseen(read, labels, size)
    rows = np.hstack([vectors * ENCODER_SCALE, read.evidence[read.text], words]).astype(np.float32)
    progress("weighing evidence")
    at = read.text
    # a long text is one text: its chunks share its weight, though not quite, for each is another thing to read
    share = 1.0 / np.sqrt(np.bincount(at)[at])
    care = share * importance_of(labels)[at]
    scale = np.ones(rows.shape[1])
    scale[-words.shape[1] :] = WORDS_FOR_TYPOLOGY
    kinds = share * heard(labels)[at]
    typology = fit_head(rows, labels.typology[at], size, importance=kinds, scale=scale)
    form = fit_head(rows, labels.form[at], len(FORMS), importance=share)
    urgency = fit_network(rows, labels.urgency[at], len(URGENCIES), importance=care)
    progress("asking how sure to be")
    dangerous = vectors.shape[1] + np.array(features.dangerous, dtype=np.int64)
    strange = _by_strangers(rows, read.text, labels, care, dangerous)
    heat = temperature(strange, labels.urgency)
    return Model(
        classes=labels.classes,
        vocabulary=read.vocabulary,
        ngram_typology=Head(*fit_terms(read.whole, labels.typology, size)),
        ngram_urgency=Head(*fit_terms(read.whole, labels.urgency, len(URGENCIES))),
        typology=replace(typology, temperature=_typology_temperature(rows, at, labels, kinds, scale)),
        urgency=replace(urgency, temperature=heat),
        form=form,
        dangerous=dangerous,
        thresholds=thresholds(strange / heat, release.examples),
        encoder_version=encoder.version,
    )


def read_examples(
    examples: Sequence[Example], finder: EvidenceFinder, features: EvidenceFeatures, remembered: Remembered
) -> Readings:
    texts = [finder.plain(example.text) for example in examples]
    evidence = remembered(texts, lambda text: features.vector(finder.find(finder.doc(text), text), text))
    cut = [split(text) for text in texts]
    chunks = [chunk for pieces in cut for chunk in pieces]
    counts = [terms(text) for text in texts]
    vocabulary = Vocabulary.of(counts)
    return Readings(
        text=np.repeat(np.arange(len(texts)), [len(pieces) for pieces in cut]),
        chunks=chunks,
        evidence=evidence,
        vocabulary=vocabulary,
        whole=_matrix(vocabulary, counts),
        parts=_matrix(
            vocabulary, [c for count, parts in zip(counts, cut, strict=True) for c in _of_parts(count, parts)]
        ),
    )


def _each(texts: Sequence[str], read: Callable[[str], Array]) -> Array:
    return np.array([read(text) for text in texts])


def _of_parts(counts: Counter[str], parts: Sequence[str]) -> list[Counter[str]]:
    """The terms of each chunk; a text of one chunk is counted already."""
    return [counts] if len(parts) == 1 else [terms(part) for part in parts]


def _matrix(vocabulary: Vocabulary, documents: Sequence[Counter[str]]) -> csr_matrix:
    """One row of n-grams a text."""
    rows = [vocabulary.row(d) for d in documents]
    indptr = np.cumsum([0, *(len(c) for c, _ in rows)])
    columns = np.concatenate([c for c, _ in rows])
    weights = np.concatenate([w for _, w in rows])
    return csr_matrix((weights, columns, indptr), shape=(len(rows), len(vocabulary.idf)))


def words_unseen(read: Readings, labels: Examples, size: int) -> Array:
    """What readers of n-grams say of each chunk who never saw its text."""
    scores = np.zeros((len(read.chunks), size + len(URGENCIES)), dtype=np.float32)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(read.whole, labels.typology)
    for fit_on, unseen in folds:
        chosen = np.isin(read.text, unseen)
        told = (
            fit_terms(read.whole[fit_on], labels.typology[fit_on], size),
            fit_terms(read.whole[fit_on], labels.urgency[fit_on], len(URGENCIES)),
        )
        scores[chosen] = np.hstack([read.parts[chosen] @ weights + offsets for weights, offsets in told])
    return scores


def importance_of(labels: Examples) -> Weights:
    """How much each text counts for the urgency."""
    importance = np.ones(len(labels.urgency))
    importance[labels.urgency == URGENCIES.index(Urgency.NONE)] = HARMLESS_WEIGHT
    importance[labels.urgency == URGENCIES.index(Urgency.ASK)] = UNSURE_WEIGHT
    return importance


def heard(labels: Examples) -> Weights:
    """A kind released today with ten examples is heard among those with hundreds."""
    counts = np.bincount(labels.typology, minlength=len(labels.classes))
    typical = float(np.median(counts[1:])) if len(counts) > 1 else 1.0
    return np.clip(typical / np.maximum(counts, 1), 1.0, MOST_HEARD)[labels.typology]


def _by_strangers(rows: Array, text: Labels, labels: Examples, care: Weights, dangerous: Labels) -> Array:
    """Urgency scores of each text by networks that saw nothing of its source."""
    scores = np.zeros((len(labels.urgency), len(URGENCIES)), dtype=np.float32)
    for fit_on, unseen in _source_folds(labels):
        known, strange = np.isin(text, fit_on), np.isin(text, unseen)
        network = fit_network(
            rows[known], labels.urgency[text[known]], len(URGENCIES), importance=care[known], networks=1
        )
        of = np.searchsorted(unseen, text[strange])
        scores[unseen] = read_guarded(network, rows[strange], of, dangerous).scores
    return scores


def _source_folds(labels: Examples) -> Folds:
    sources = len(np.unique(labels.source))
    if sources <= SOURCE_FOLDS:
        return list(StratifiedKFold(SOURCE_FOLDS, shuffle=True, random_state=0).split(labels.urgency, labels.typology))
    return list(GroupKFold(SOURCE_FOLDS, shuffle=True, random_state=0).split(labels.urgency, groups=labels.source))


def _typology_temperature(rows: Array, text: Labels, labels: Examples, share: Weights, scale: Weights) -> float:
    """From a quarter of the texts held out."""
    fit_on, unseen = next(StratifiedKFold(FOLDS, shuffle=True, random_state=1).split(labels.typology, labels.typology))
    known, held = np.isin(text, fit_on), np.isin(text, unseen)
    head = fit_head(
        rows[known], labels.typology[text[known]], len(labels.classes), importance=share[known], scale=scale
    )
    return temperature(pooled(head.scores(rows[held]), np.searchsorted(unseen, text[held])), labels.typology[unseen])
