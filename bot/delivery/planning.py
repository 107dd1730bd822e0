"""From a release to the outbox: new warnings go out, changed ones replace the old, withdrawn ones are corrected."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.core.content import Release
from bot.core.products import PublicWarning
from bot.core.subscriptions import INTERNAL, PUSHES
from bot.delivery.words import Published, digest_of, spoken, warning_text
from bot.store.broadcasts import BroadcastStore, Planned, Progress
from bot.store.tables import now

WARNING, CORRECTION = "warning", "correction"
CORRECTED_FOR = timedelta(days=7)

log = structlog.get_logger()


class Planner:
    """Plans whatever is new. Any process may, any number of times: a warning goes to each who asked once.

    Args:
        published: the newest release.
        broadcasts: where it is planned.
        zone: the time zone of the days warnings begin and end.
        clock: the time.
    """

    def __init__(
        self, published: Published, broadcasts: BroadcastStore, zone: ZoneInfo, clock: Callable[[], datetime] = now
    ) -> None:
        self._published = published
        self._broadcasts = broadcasts
        self._zone = zone
        self._clock = clock
        self._done: tuple[int, date] | None = None

    def run(self) -> int:
        """Take in the newest release and write the outbox to its end; how many subscribers were looked at.

        Raises:
            StoreError, ContentError: the release or the store cannot be read; nothing is lost, run it again.
        """
        release, today = self._published.newest(), self._today()
        if self._done != (release.version, today):
            self._take_in(release, today)
            self._done = (release.version, today)
        looked_at = 0
        for broadcast in self._broadcasts.unplanned():
            while page := self._broadcasts.plan(broadcast):
                looked_at += page
        return looked_at

    def _today(self) -> date:
        return self._clock().astimezone(self._zone).date()

    def _take_in(self, release: Release, today: date) -> None:
        revisions = self._broadcasts.revisions(release.version)
        sent = [w for w in release.products.warnings if w.head.showing.in_force(today) and _goes_out(w)]
        current = {(w.head.id, revisions[w.head.id]) for w in sent}
        self._end_others(release, today, current)
        for warning in sent:
            planned = self._planned(warning, revisions[warning.head.id])
            made = self._broadcasts.make(planned, spoken(release, today, warning_text(warning)))
            log.info("warning_planned", broadcast=made, warning=warning.head.id, release=release.version)

    def _end_others(self, release: Release, today: date, current: set[tuple[str, int]]) -> None:
        withdrawn = self._broadcasts.withdrawn_keys()
        for old in self._broadcasts.open():
            if old.kind != WARNING or (old.key, old.revision) in current:
                continue
            if old.key in withdrawn:
                self._correct(release, today, old)
            self._broadcasts.end(old.id, "withdrawn" if old.key in withdrawn else "over")

    def _correct(self, release: Release, today: date, old: Progress) -> None:
        before = self._broadcasts.spoken(old.id)
        titles = {language: words.text.split("\n")[0] for (language, _), words in before.items()}
        words = spoken(
            release,
            today,
            lambda wording: wording.reply("sub_correction", title=titles.get(wording.language, old.title)),
        )
        ends = self._clock() + CORRECTED_FOR
        corrected = Planned(
            CORRECTION, old.key, old.revision, old.title, "", old.priority, tuple(PUSHES), (), (), ends, old.id
        )
        self._broadcasts.make(corrected, words)

    def _planned(self, warning: PublicWarning, revision: int) -> Planned:
        showing = warning.head.showing
        over = datetime.combine(showing.end + timedelta(days=1), time(), self._zone)
        return Planned(
            kind=WARNING,
            key=warning.head.id,
            revision=revision,
            title=warning.title.zh_hans,
            digest=digest_of(warning),
            priority=warning.priority,
            channels=tuple(c for c in warning.channels if c in PUSHES),
            audiences=tuple(a for a in showing.audiences if a not in INTERNAL),
            places=showing.places,
            ends_at=over,
        )


def _goes_out(warning: PublicWarning) -> bool:
    return bool(PUSHES & set(warning.channels)) and not set(warning.head.showing.audiences) <= INTERNAL
