"""A recogniser for a release: from what was learned before if it is still true, or learned now.

Vectors are kept by content and encoder version, models by everything they were learned from, in one folder.
"""

import contextlib
import hashlib
import os
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from bot.core.content import Release
from bot.recognition.encoder import Encoder, Vectors
from bot.recognition.evidence import EvidenceFinder
from bot.recognition.features import EvidenceFeatures
from bot.recognition.model import Model
from bot.recognition.recogniser import Recognizer

# Raise when features or learning change, so that nobody reads with yesterday's weights.
RECIPE = "10"
ENCODE_BATCH = 512
# Encoding everything takes about a minute: stopped in between, no more than this is lost.
SAVE_SECONDS = 10.0
LEFT_SECONDS = 3600.0
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
        self._known: dict[str, Vectors] = {}
        if folder:
            _clear_unfinished(folder)
        if self._path and self._path.exists():
            try:
                with self._path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                    keys, vectors = stored["keys"], stored["vectors"]
            except NOT_WHOLE:
                return
            self._known = dict(zip(keys.tolist(), vectors.astype(np.float32), strict=True))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As `Encoder.encode`; what is new is encoded and kept."""
        keys = [hashlib.sha256(t.encode()).hexdigest()[:24] for t in texts]
        new = {k: t for k, t in zip(keys, texts, strict=True) if k not in self._known}
        if new:
            self._encode(list(new), new)
        return np.stack([self._known[k] for k in keys]) if keys else np.zeros((0, self._encoder.size), np.float32)

    def _encode(self, names: list[str], texts: dict[str, str]) -> None:
        saved = self._clock()
        for start in range(0, len(names), ENCODE_BATCH):
            batch = names[start : start + ENCODE_BATCH]
            # as precise as they are kept, so that learning again gives the same numbers
            vectors = self._encoder.encode([texts[k] for k in batch]).astype(np.float16).astype(np.float32)
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
        vectors = np.stack(list(self._known.values())).astype(np.float16)
        np.savez(unfinished, keys=np.array(list(self._known)), vectors=vectors)
        unfinished.replace(self._path)


def _clear_unfinished(folder: Path) -> None:
    """What a process left that was killed while it saved."""
    for left in folder.glob("vectors-*.part.npz"):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > LEFT_SECONDS:
                left.unlink()


def fingerprint(release: Release, encoder: Encoder) -> str:
    """Names everything a model is learned from; cases, answers and replies change without relearning."""
    digest = hashlib.sha256(f"{RECIPE} {encoder.version}".encode())
    for part in (
        sorted(release.variants.items()),
        sorted((f.id, f.group, f.patterns) for f in release.frames),
        sorted((t.id, tuple((f.id, f.strength, f.patterns) for f in t.red_flags)) for t in release.typologies.values()),
        [(e.text, e.typology, e.urgency.value, e.form.value, e.source) for e in release.examples],
    ):
        digest.update(repr(part).encode())
    return digest.hexdigest()[:16]


@dataclass
class Workshop:
    """Builds recognisers, keeping what can be kept between releases and starts.

    Args:
        encoder: the sentence encoder to read meaning with.
        folder: where to keep what was learned; `None` keeps nothing.
        progress: told in a few words what is being done.
    """

    encoder: Encoder
    folder: Path | None = None
    progress: Progress = lambda _: None

    def __post_init__(self) -> None:
        # numpy's own threads wait for each other: one is up to thirty times faster on two busy cores
        threadpool_limits(limits=1)
        self.vectors = VectorCache(self.folder, self.encoder, self.progress)

    def build(self, release: Release, previous: Recognizer | None = None) -> Recognizer:
        """The recogniser of `release`: `previous` reworded, or loaded if learned before, else learned now."""
        name = fingerprint(release, self.encoder)
        if previous is not None and previous.learned_from == name:
            return self.reword(previous, release)
        finder = EvidenceFinder(release)
        features = EvidenceFeatures(release)
        path = self.folder / f"model-{name}.npz" if self.folder else None
        model = _load(path)
        if model is None:
            # scikit-learn is only needed to learn, and takes a second to import
            from bot.recognition.learn import learn

            model = learn(release, finder, features, self.encoder, encode=self.vectors.encode, progress=self.progress)
            if path:
                model.save(path)
                _forget_old(path.parent, keep=path)
        recogniser = Recognizer(
            release, model, finder, features, self.encoder, self._case_vectors(release), learned_from=name
        )
        recogniser.assess("warm up: 請問 http://example.com/ 怎么办")
        return recogniser

    def reword(self, previous: Recognizer, release: Release) -> Recognizer:
        """What `previous` learned, with the words of `release`."""
        return previous.reworded(release, self._case_vectors(release))

    def _case_vectors(self, release: Release) -> Vectors:
        return self.vectors.encode([f"{c.title.zh_hans}。{c.story.zh_hans}" for c in release.cases])


def _load(path: Path | None) -> Model | None:
    if path is None or not path.exists():
        return None
    try:
        return Model.load(path)
    except NOT_WHOLE:
        return None


def _forget_old(folder: Path, *, keep: Path) -> None:
    others = sorted((p for p in folder.glob("model-*.npz") if p != keep), key=lambda p: p.stat().st_mtime)
    for stale in others[:-4]:
        stale.unlink(missing_ok=True)
