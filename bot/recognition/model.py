"""What a release has learned, as arrays: no pickled code, loads in a blink, the same everywhere."""

import json
from collections import Counter
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.core.vocabulary import Form, Urgency
from bot.recognition.ngrams import Array, Vocabulary

URGENCIES = tuple(Urgency)
FORMS = tuple(Form)
ENCODER_SCALE = 4.0
LARGEST = 4.0


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


@dataclass(frozen=True)
class Network:
    """A reader with one hidden layer, for what depends on combinations: `relu(row) @ weights + offsets`."""

    centre: Array
    spread: Array
    hidden: Array
    hidden_offsets: Array
    weights: Array
    offsets: Array
    temperature: float = 1.0

    @staticmethod
    def scaled(rows: Array, centre: Array, spread: Array) -> Array:
        """Columns brought to one scale; nothing counts for more than four spreads."""
        result: Array = np.clip((rows - centre) / spread, -LARGEST, LARGEST).astype(np.float32)
        return result

    def scores(self, rows: Array) -> Array:
        """Log-odds up to a constant, calibrated; one line for each row."""
        within = np.maximum(self.scaled(rows, self.centre, self.spread) @ self.hidden + self.hidden_offsets, 0)
        result: Array = (within @ self.weights + self.offsets) / self.temperature
        return result

    def slopes(self, rows: Array, directions: Array) -> Array:
        """How much each column of each row moves the scores along its direction (a number for each class)."""
        alive = self.scaled(rows, self.centre, self.spread) @ self.hidden + self.hidden_offsets > 0
        steps = ((directions @ self.weights.T) * alive) @ self.hidden.T / self.spread
        result: Array = (steps / self.temperature).astype(np.float32)
        return result


def softmax(scores: Array) -> Array:
    """Probabilities along the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Array = shifted / shifted.sum(axis=-1, keepdims=True)
    return result


def pooled(scores: Array, group: NDArray[np.int64]) -> Array:
    """The mean of the lines of each group, groups numbered from 0."""
    sums = np.zeros((int(group.max()) + 1, scores.shape[1]), dtype=np.float32)
    np.add.at(sums, group, scores)
    means: Array = (sums / np.bincount(group)[:, None]).astype(np.float32)
    return means


@dataclass(frozen=True)
class Model:
    """Everything `Recognizer.assess` needs beside the compiled patterns.

    `dangerous` are the columns of a row that tell of danger (see `bot.recognition.guard`).
    """

    classes: tuple[str, ...]
    vocabulary: Vocabulary
    ngram_typology: Head
    ngram_urgency: Head
    typology: Head
    urgency: Network
    form: Head
    dangerous: NDArray[np.int64]
    thresholds: dict[str, float]
    encoder_version: str

    @property
    def words(self) -> int:
        """How many columns of a row come from n-grams."""
        return len(self.ngram_typology.offsets) + len(self.ngram_urgency.offsets)

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
            "temperatures": {name: getattr(self, name).temperature for name in READERS},
            "terms": list(self.vocabulary.columns),
        }
        arrays: dict[str, Any] = {
            "idf": self.vocabulary.idf,
            "dangerous": self.dangerous,
            "meta": np.frombuffer(json.dumps(meta, ensure_ascii=False).encode(), dtype=np.uint8),
        }
        for name, kind in READERS.items():
            for part in _parts(kind):
                arrays[f"{name}_{part}"] = getattr(getattr(self, name), part)
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
            readers: dict[str, Any] = {
                name: kind(*(stored[f"{name}_{part}"] for part in _parts(kind)), meta["temperatures"][name])
                for name, kind in READERS.items()
            }
            return cls(
                classes=tuple(meta["classes"]),
                vocabulary=Vocabulary({t: i for i, t in enumerate(meta["terms"])}, stored["idf"]),
                dangerous=stored["dangerous"],
                thresholds=meta["thresholds"],
                encoder_version=meta["encoder"],
                **readers,
            )


READERS: dict[str, Any] = {
    "ngram_typology": Head,
    "ngram_urgency": Head,
    "typology": Head,
    "urgency": Network,
    "form": Head,
}


def _parts(kind: Any) -> list[str]:
    """The arrays a reader is made of, in order."""
    return [f.name for f in fields(kind) if f.name != "temperature"]
