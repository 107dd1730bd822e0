"""What was worked out about texts before, kept by their content: vectors of meaning, and lines of evidence."""

import contextlib
import hashlib
import os
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.recognition.encoder import Encoder, Vectors
from bot.recognition.ngrams import Array

ENCODE_BATCH = 512
# Encoding everything takes about a minute: stopped in between, no more than this is lost.
SAVE_SECONDS = 10.0
LEFT_SECONDS = 3600.0
# Evidence read by patterns of before is worth keeping only for going back.
KEPT_EVIDENCE = 3
Progress = Callable[[str], None]
# What numpy raises for a file that is cut short, empty or no archive at all.
NOT_WHOLE = (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile)


class VectorCache:
    """Vectors of texts seen before, in one file an encoder version. What is encoded is saved as it goes."""

    def __init__(
        self, folder: Path | None, encoder: Encoder, progress: Progress, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._path = folder / f"vectors-{encoder.version}.npz" if folder else None
        self._encoder = encoder
        self._progress = progress
        self._clock = clock
        # half as precise as they come: as in the file, so that learning again gives the same numbers
        self._known: dict[str, NDArray[np.float16]] = {}
        if folder:
            _clear_unfinished(folder)
        if self._path and self._path.exists():
            try:
                with self._path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                    keys, vectors = stored["keys"], stored["vectors"]
            except NOT_WHOLE:
                return
            self._known = dict(zip(keys.tolist(), vectors, strict=True))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As `Encoder.encode`; what is new is encoded and kept."""
        keys = [hashlib.sha256(t.encode()).hexdigest()[:24] for t in texts]
        new = {k: t for k, t in zip(keys, texts, strict=True) if k not in self._known}
        if new:
            self._encode(list(new), new)
        kept = np.stack([self._known[k] for k in keys]) if keys else np.zeros((0, self._encoder.size), np.float16)
        return kept.astype(np.float32)

    def _encode(self, names: list[str], texts: dict[str, str]) -> None:
        saved = self._clock()
        for start in range(0, len(names), ENCODE_BATCH):
            batch = names[start : start + ENCODE_BATCH]
            vectors = self._encoder.encode([texts[k] for k in batch]).astype(np.float16)
            self._known.update(zip(batch, vectors, strict=True))
            self._progress(f"encoding meaning {min(start + ENCODE_BATCH, len(names))}/{len(names)}")
            if self._clock() - saved >= SAVE_SECONDS:
                self._save()
                saved = self._clock()
        self._save()

    def _save(self) -> None:
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # a file of this process: two that learn at once must not write into each other's
        unfinished = self._path.with_suffix(f".{os.getpid()}.part.npz")
        vectors = np.stack(list(self._known.values()))
        np.savez(unfinished, keys=np.array(list(self._known)), vectors=vectors)
        unfinished.replace(self._path)


def _clear_unfinished(folder: Path) -> None:
    """What a process left that was killed while it saved."""
    for left in folder.glob("vectors-*.part.npz"):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > LEFT_SECONDS:
                left.unlink()


class EvidenceCache:
    """Lines of evidence of texts read before by the same patterns; mostly zeros, so only the others are in the file.

    Args:
        folder: where the file is; `None` keeps nothing.
        name: names patterns and features (`bot.recognition.evidence.patterns_name`).
    """

    def __init__(self, folder: Path | None, name: str) -> None:
        self._path = folder / f"evidence-{name}.npz" if folder else None
        self._known: dict[str, Array] = {}
        if self._path and self._path.exists():
            with contextlib.suppress(*NOT_WHOLE):
                self._known = _unpacked(self._path)

    def lines(self, texts: Sequence[str], read: Callable[[str], Array]) -> Array:
        """One line of evidence for each text; `read` makes it where it is not known, and it is kept."""
        keys = [_key(text) for text in texts]
        new = False
        for key, text in zip(keys, texts, strict=True):
            if key not in self._known:
                self._known[key], new = read(text), True
        if new and self._path is not None:
            _pack(self._path, {key: self._known[key] for key in keys})
        return np.array([self._known[key] for key in keys])


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _pack(path: Path, known: dict[str, Array]) -> None:
    lines = np.array(list(known.values()))
    rows, columns = np.nonzero(lines)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}.part.npz")
    counts = np.bincount(rows, minlength=len(lines))
    np.savez(
        unfinished,
        keys=np.array(list(known)),
        counts=counts,
        columns=columns.astype(np.uint16),
        values=lines[rows, columns],
        width=np.array(lines.shape[1]),
    )
    unfinished.replace(path)
    others = sorted((p for p in path.parent.glob("evidence-*.npz") if p != path), key=lambda p: p.stat().st_mtime)
    for stale in others[: 1 - KEPT_EVIDENCE]:
        stale.unlink(missing_ok=True)


def _unpacked(path: Path) -> dict[str, Array]:
    with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        keys, counts, columns, values = (stored[name] for name in ("keys", "counts", "columns", "values"))
        lines = np.zeros((len(keys), int(stored["width"])), dtype=np.float32)
    lines[np.repeat(np.arange(len(keys)), counts), columns] = values
    return dict(zip(keys.tolist(), lines, strict=True))
