"""Recognisers that are ready before they are asked for: what the gate learned is in use as soon as it is released."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from bot.core.content import Release
from bot.recognition.build import Workshop, fingerprint
from bot.recognition.recogniser import Recognizer

# The draft the gate looked at, and what it replaces: for a withdrawal, or to go back. A hundred megabytes each.
KEPT = 2


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

    Building takes seconds even where nothing has to be learned, because the patterns are compiled anew.
    """

    shelf: Shelf = field(default_factory=Shelf)

    def build(self, release: Release, previous: Recognizer | None = None) -> Recognizer:
        """The recogniser of `release`, from the shelf or from `previous` where they were learned from the same."""
        ready = self.shelf.get(fingerprint(release, self.encoder))
        built = self.reword(ready, release) if ready is not None else super().build(release, previous)
        self.shelf.put(built)
        return built
