"""What a release has learned, as arrays: no pickled code, loads in a blink, the same everywhere."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.core.vocabulary import Form, Urgency
from bot.recognition.ngrams import Array, Vocabulary

URGENCIES = tuple(Urgency)
FORMS = tuple(Form)
ENCODER_SCALE = 4.0


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
    thresholds: dict[str, float]
    encoder_version: str

    def row(self, evidence: Array, meaning: Array, counts: Counter[str]) -> Array:
        """The full feature row of one text."""
        columns, weights = self.vocabulary.row(counts)
        by_typology = weights @ self.ngram_typology.weights[columns] + self.ngram_typology.offsets
        by_urgency = weights @ self.ngram_urgency.weights[columns] + self.ngram_urgency.offsets
        return np.concatenate([meaning * ENCODER_SCALE, evidence, by_typology, by_urgency]).astype(np.float32)

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
            OSError, KeyError, ValueError, EOFError, BadZipFile: there is no such file, or it is not whole.
        """
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            meta = json.loads(stored["meta"].tobytes().decode())
            heads = {
                name: Head(stored[f"{name}_weights"], stored[f"{name}_offsets"], meta["temperatures"][name])
                for name in HEADS
            }
            return cls(
                classes=tuple(meta["classes"]),
                vocabulary=Vocabulary({t: i for i, t in enumerate(meta["terms"])}, stored["idf"]),
                thresholds=meta["thresholds"],
                encoder_version=meta["encoder"],
                **heads,
            )


HEADS = ("ngram_typology", "ngram_urgency", "typology", "urgency", "form")
