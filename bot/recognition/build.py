"""A recogniser for a release: from what was learned before if it is still true, or learned now.

Vectors are kept by content and encoder version, models by everything they were learned from, in one folder.
"""

import ctypes
import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path

from threadpoolctl import threadpool_limits

from bot.core.content import Release
from bot.recognition.caches import NOT_WHOLE, EvidenceCache, Progress, VectorCache
from bot.recognition.encoder import Encoder, Vectors
from bot.recognition.evidence import EvidenceFinder, patterns_name
from bot.recognition.features import EvidenceFeatures
from bot.recognition.model import Model
from bot.recognition.recogniser import Recognizer

# Raise when features or learning change, so that nobody reads with yesterday's weights.
RECIPE = "13"


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
        finder, features = self._patterns(release, previous)
        path = self.folder / f"model-{name}.npz" if self.folder else None
        model = _load(path)
        if model is None:
            # scikit-learn is only needed to learn, and takes a second to import
            from bot.recognition.learn import learn

            kept = EvidenceCache(self.folder, f"{RECIPE}-{finder.made_from}")
            model = learn(
                release,
                finder,
                features,
                self.encoder,
                encode=self.vectors.encode,
                remembered=kept.lines,
                progress=self.progress,
            )
            if path:
                model.save(path)
                _forget_old(path.parent, keep=path)
            _give_back()
        recogniser = Recognizer(
            release, model, finder, features, self.encoder, self._case_vectors(release), learned_from=name
        )
        recogniser.assess("warm up: 請問 http://example.com/ 怎么办")
        return recogniser

    @staticmethod
    def _patterns(release: Release, previous: Recognizer | None) -> tuple[EvidenceFinder, EvidenceFeatures]:
        """Those of `previous` where they are the same: compiled they take seconds and two hundred megabytes."""
        if previous is not None and previous.finder.made_from == patterns_name(release):
            return previous.finder, previous.features
        return EvidenceFinder(release), EvidenceFeatures(release)

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


def _give_back() -> None:
    """Learning takes some hundred megabytes for a minute, which the C library would keep for itself."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def _forget_old(folder: Path, *, keep: Path) -> None:
    others = sorted((p for p in folder.glob("model-*.npz") if p != keep), key=lambda p: p.stat().st_mtime)
    for stale in others[:-4]:
        stale.unlink(missing_ok=True)
