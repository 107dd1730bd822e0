"""Recognisers that are ready before they are asked for: what the gate learned is in use as soon as it is released."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.core.content import Release
from bot.recognition.build import Workshop, fingerprint
from bot.recognition.caches import VectorCache
from bot.recognition.recogniser import Recognizer
from bot.web.learning import learn_apart

# The draft the gate looked at, and what it replaces: for a withdrawal, or to go back. A hundred megabytes each.
KEPT = 2
# Fewer examples are learned in less time than a process takes to start.
MANY = 2_000

# A release, the version of the encoder, the folder, what is told of the progress -> whether it was learned.
Learn = Callable[[Release, str, Path, Callable[[str], None]], bool]


class Shelf:
    """The recognisers built last, by what they were learned from. Any thread may ask."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._kept: OrderedDict[str, Recognizer] = OrderedDict()

    def get(self, name: str) -> Recognizer | None:
        """The recogniser learned from exactly that, if it is still here."""
        with self._guard:
            return self._kept.get(name)

    def put(self, recogniser: Recognizer) -> None:
        """Keep one; the oldest goes."""
        with self._guard:
            self._kept.pop(recogniser.learned_from, None)
            self._kept[recogniser.learned_from] = recogniser
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)


@dataclass
class ReadyWorkshop(Workshop):
    """A workshop that shares its shelf with others of this process: what one built, the next only rewords.

    Building takes seconds even where nothing has to be learned, because the patterns are compiled anew. What has to be
    learned from many examples is learned in a process of its own, so that the app stays as small as it was.
    """

    shelf: Shelf = field(default_factory=Shelf)
    learn: Learn = learn_apart
    many: int = MANY

    def build(self, release: Release, previous: Recognizer | None = None) -> Recognizer:
        """The recogniser of `release`, from the shelf or from `previous` where they were learned from the same.

        Raises:
            LearningError: the process that learned was ended from outside.
        """
        name = fingerprint(release, self.encoder)
        ready = self.shelf.get(name)
        if ready is not None:
            built = self.reword(ready, release)
        else:
            if previous is None or previous.learned_from != name:
                self._learn(release, name)
            built = super().build(release, previous)
        if ready is None or release.version:  # a draft's words, version 0, are of no use to anybody else
            self.shelf.put(built)
        return built

    def _learn(self, release: Release, name: str) -> None:
        """Have it learned apart, unless it was before, or is so little that starting a process would take longer."""
        if self.folder is None or len(release.examples) < self.many or (self.folder / f"model-{name}.npz").exists():
            return
        if self.learn(release, self.encoder.version, self.folder, self.progress):
            # with what was encoded there: what is encoded here would be kept over it
            self.vectors = VectorCache(self.folder, self.encoder, self.progress)
