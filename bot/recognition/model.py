"""What a release has learned, as arrays: no pickled code, loads in a blink, the same everywhere."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.core.vocabulary import Form, Urgency
from bot.recognition.ngrams import Array, Vocabulary

URGENCIES = tuple(Urgency)
FORMS = tuple(Form)
ENCODER_SCALE = 4.0
NEIGHBOUR_SCALE = 3.0
NEIGHBOURS = 3


@dataclass(frozen=True)
class Head:
    """A linear reader: `scores = row @ weights + offsets`, divided by `temperature`."""

    weights: Array
    offsets: Array
    temperature: float = 1.0

    def scores(self, row: Array) -> Array:
        """Log-odds up to a constant, calibrated."""
        result: Array = (row @ self.weights + self.offsets) / self.temperature
        return result


def softmax(scores: Array) -> Array:
    """Probabilities along the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Array = shifted / shifted.sum(axis=-1, keepdims=True)
    return result


@dataclass(frozen=True)
class Model:
    """Everything `Recognizer.assess` needs beside the compiled patterns."""

    classes: tuple[str, ...]
    vocabulary: Vocabulary
    ngram_typology: Head
    ngram_urgency: Head
    typology: Head
    urgency: Head
    form: Head
    anchors: Array
    anchor_typology: NDArray[np.int64]
    anchor_urgency: NDArray[np.int64]
    thresholds: dict[str, float]
    encoder_version: str

    def row(self, evidence: Array, meaning: Array, counts: Counter[str]) -> Array:
        """The full feature row of one text."""
        columns, weights = self.vocabulary.row(counts)
        by_typology = weights @ self.ngram_typology.weights[columns] + self.ngram_typology.offsets
        by_urgency = weights @ self.ngram_urgency.weights[columns] + self.ngram_urgency.offsets
        similar = self.anchors @ meaning
        return np.concatenate(
            [
                meaning * ENCODER_SCALE,
                evidence,
                by_typology,
                by_urgency,
                nearest(similar, self.anchor_typology, len(self.classes)) * NEIGHBOUR_SCALE,
                nearest(similar, self.anchor_urgency, len(URGENCIES)) * NEIGHBOUR_SCALE,
            ]
        ).astype(np.float32)

    def save(self, path: Path) -> None:
        """Write to `path` (.npz), whole or not at all."""
        meta = {
            "classes": self.classes,
            "thresholds": self.thresholds,
            "encoder": self.encoder_version,
            "temperatures": {name: getattr(self, name).temperature for name in HEADS},
            "terms": list(self.vocabulary.columns),
        }
        arrays: dict[str, Any] = {
            "idf": self.vocabulary.idf,
            "anchors": self.anchors.astype(np.float16),
            "anchor_typology": self.anchor_typology,
            "anchor_urgency": self.anchor_urgency,
            "meta": np.frombuffer(json.dumps(meta, ensure_ascii=False).encode(), dtype=np.uint8),
        }
        for name in HEADS:
            head: Head = getattr(self, name)
            arrays[f"{name}_weights"], arrays[f"{name}_offsets"] = head.weights, head.offsets
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part.npz")
        np.savez(unfinished, **arrays)
        unfinished.replace(path)

    @classmethod
    def load(cls, path: Path) -> "Model":
        """Read what `save` wrote.

        Raises:
            OSError, KeyError, ValueError: there is no such file, or it is not whole.
        """
        with np.load(path, allow_pickle=False) as stored:
            meta = json.loads(stored["meta"].tobytes().decode())
            heads = {
                name: Head(stored[f"{name}_weights"], stored[f"{name}_offsets"], meta["temperatures"][name])
                for name in HEADS
            }
            return cls(
                classes=tuple(meta["classes"]),
                vocabulary=Vocabulary({t: i for i, t in enumerate(meta["terms"])}, stored["idf"]),
                anchors=stored["anchors"].astype(np.float32),
                anchor_typology=stored["anchor_typology"],
                anchor_urgency=stored["anchor_urgency"],
                thresholds=meta["thresholds"],
                encoder_version=meta["encoder"],
                **heads,
            )


HEADS = ("ngram_typology", "ngram_urgency", "typology", "urgency", "form")


def nearest(similar: Array, labels: NDArray[np.int64], classes: int) -> Array:
    """For each class the mean similarity of its closest three anchors (labels sorted or not)."""
    result = np.zeros(classes, dtype=np.float32)
    for label in range(classes):
        own = similar[labels == label]
        if own.size:
            keep = min(NEIGHBOURS, own.size)
            result[label] = np.partition(own, own.size - keep)[-keep:].mean()
    return result
