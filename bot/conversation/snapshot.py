"""Everything a turn needs of one release, swapped whole when a newer one is in force."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.content.build import build_release
from bot.conversation.answers import AnswerIndex
from bot.conversation.wording import Wording
from bot.core.content import Release
from bot.core.vocabulary import Language
from bot.recognition.build import Workshop, fingerprint
from bot.recognition.recogniser import Recognizer


@dataclass(frozen=True)
class Snapshot:
    """A release with what was built from it. Words always come from `release`; `today` tells which numbers expired."""

    release: Release
    recogniser: Recognizer
    answers: AnswerIndex
    today: Callable[[], date] = date.today

    def wording(self, language: Language, places: tuple[str, ...] = ()) -> Wording:
        """Words for a customer; without a known place, the home places of the language."""
        at = places or self.release.home_places.get(language, ("cn",))
        return Wording(self.release, language, at, self.today())


class SnapshotBuilder:
    """Makes the snapshot of a release, at once with what is learned already, and whole when learning is done."""

    def __init__(
        self,
        pieces_of: Callable[[int], list[tuple[str, str, dict[str, Any]]]],
        workshop: Workshop,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._pieces_of = pieces_of
        self._workshop = workshop
        self._today = today

    def build(self, number: int, previous: Snapshot | None) -> tuple[Snapshot, Callable[[], Snapshot] | None]:
        """The snapshot of release `number`; beside it, where something must be learned first, how to finish it.

        Raises:
            StoreError, ContentError: the release cannot be read.
        """
        release = build_release(number, self._pieces_of(number))
        if previous is None:
            return self._whole(release, None), None
        if previous.recogniser.learned_from == fingerprint(release, self._workshop.encoder):
            return self._whole(release, previous.recogniser), None
        at_once = self._with(release, self._workshop.reword(previous.recogniser, release))
        return at_once, lambda: self._whole(release, previous.recogniser)

    def of(self, pieces: list[tuple[str, str, dict[str, Any]]], previous: Snapshot) -> Snapshot:
        """The snapshot of pieces that are no release, whole; what of `previous` is still true is not learned again.

        Raises:
            ContentError: they cannot be built.
        """
        return self._whole(build_release(0, pieces), previous.recogniser)

    def _whole(self, release: Release, known: Recognizer | None) -> Snapshot:
        return self._with(release, self._workshop.build(release, known))

    def _with(self, release: Release, recogniser: Recognizer) -> Snapshot:
        answers = AnswerIndex.of(release.answers, self._workshop.encoder, self._workshop.vectors.encode)
        return Snapshot(release, recogniser, answers, self._today)
