"""Looking once more at what customers showed before a release, and telling those who agreed where it is graver now."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import structlog

from bot.conversation.cards import card
from bot.conversation.snapshot import Snapshot
from bot.conversation.wording import Wording
from bot.core.assessment import Assessment
from bot.core.subscriptions import PUSHES
from bot.delivery.words import Spoken, spoken
from bot.store.broadcasts import BroadcastStore, Planned
from bot.store.kept_texts import KEPT_FOR, Kept, KeptTexts
from bot.store.tables import now

UPDATE = "update"
AT_ONCE = 1

log = structlog.get_logger()


class Telling:
    """Goes through the kept texts once for each release; in any number of processes, each is told once."""

    def __init__(self, kept: KeptTexts, broadcasts: BroadcastStore, clock: Callable[[], datetime] = now) -> None:
        self._kept = kept
        self._broadcasts = broadcasts
        self._clock = clock

    def run(self, snapshot: Snapshot) -> int:
        """Look at all that was judged under an older release; how many are told.

        Raises:
            StoreError: it broke off; whoever was not looked at will be the next time.
        """
        version, told = snapshot.release.version, 0
        while page := self._kept.judged_before(version):
            graver: dict[tuple[str, str], list[tuple[Kept, Assessment]]] = {}
            for kept in page:
                found = snapshot.recogniser.assess(kept.text, kept.language)
                if found.flagged and found.urgency.rank > kept.urgency.rank:
                    graver.setdefault((found.typology, found.urgency.value), []).append((kept, found))
            for (typology, urgency), those in graver.items():
                self._tell(snapshot, f"{typology}:{urgency}", those)
            gone = [kept.id for those in graver.values() for kept, _ in those]
            self._kept.delete(gone)
            self._kept.judged([k.id for k in page if k.id not in gone], version)
            told += len(gone)
        if told:
            log.info("answers_corrected", count=told, release=version)
        return told

    def _tell(self, snapshot: Snapshot, key: str, those: list[tuple[Kept, Assessment]]) -> None:
        planned = Planned(
            kind=UPDATE,
            key=key,
            revision=snapshot.release.version,
            title=key,
            digest="",
            priority=AT_ONCE,
            channels=tuple(PUSHES),
            audiences=(),
            places=(),
            ends_at=self._clock() + KEPT_FOR,
        )
        made = self._broadcasts.make(planned, _spoken(snapshot, those[0][1]), known=True)
        self._broadcasts.deliver_to(made, [kept.subscriber for kept, _ in those])


def _spoken(snapshot: Snapshot, found: Assessment) -> Spoken:
    """The card without anything of whose text it was."""
    bare = replace(found, red_flags=(), similar_cases=(), question=None, indicators=())

    def say(wording: Wording) -> str:
        return wording.reply("sub_update", card=card(replace(bare, language=wording.language), wording).text)

    return spoken(snapshot.release, snapshot.today(), say, foot="")
