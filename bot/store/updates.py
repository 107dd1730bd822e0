"""What messengers delivered: each update once, the broken ones kept, the groups that asked to be watched."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, func, select

from bot.store.tables import now
from bot.store.transactions import transaction
from bot.store.update_tables import GroupWatched, UpdateBroken, UpdateHandled

# Telegram repeats an update for a day at the most, WeChat for seconds.
KEEPS_HANDLED = timedelta(days=2)
KEEPS_BROKEN = timedelta(days=90)
SWEEP_EVERY = 500


@dataclass(frozen=True, slots=True)
class Broken:
    """An update that broke its handler."""

    channel: str
    key: str
    kind: str
    error: str
    at: datetime


class UpdateStore:
    """The repository of updates. `channel` names one account of one messenger, `key` one update of it."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._clock = clock
        self._noted = 0

    def was_handled(self, channel: str, key: str) -> bool:
        """Whether it need not be handled again."""
        with transaction(self._engine) as session:
            return session.get(UpdateHandled, (channel, key)) is not None

    def handled(self, channel: str, key: str) -> None:
        """Note that it need not be handled again; what is too old to be repeated is dropped now and then."""
        self._noted += 1
        with transaction(self._engine) as session:
            session.merge(UpdateHandled(channel=channel, key=key, at=self._clock()))
            if self._noted % SWEEP_EVERY == 1:
                session.execute(delete(UpdateHandled).where(UpdateHandled.at < self._clock() - KEEPS_HANDLED))
                session.execute(delete(UpdateBroken).where(UpdateBroken.at < self._clock() - KEEPS_BROKEN))

    def broken(self, channel: str, key: str, *, kind: str, error: str) -> None:
        """Keep what kind of update broke and how; never what was in it."""
        with transaction(self._engine) as session:
            session.add(UpdateBroken(channel=channel, key=key, kind=kind[:200], error=error[:200], at=self._clock()))

    def broken_ones(self, limit: int = 100) -> list[Broken]:
        """The newest first."""
        query = select(UpdateBroken).order_by(UpdateBroken.id.desc()).limit(limit)
        with transaction(self._engine) as session:
            return [Broken(b.channel, b.key, b.kind, b.error, b.at) for b in session.scalars(query)]

    def count_handled(self) -> int:
        """How many are remembered."""
        with transaction(self._engine) as session:
            return session.scalar(select(func.count()).select_from(UpdateHandled)) or 0

    def watch(self, channel: str, chat: str, *, on: bool) -> None:
        """Watch a group from now on, or leave it alone."""
        with transaction(self._engine) as session:
            if on:
                session.merge(GroupWatched(channel=channel, chat=chat, since=self._clock()))
            else:
                session.execute(delete(GroupWatched).where(GroupWatched.channel == channel, GroupWatched.chat == chat))

    def is_watched(self, channel: str, chat: str) -> bool:
        """Whether a group asked for it."""
        with transaction(self._engine) as session:
            return session.get(GroupWatched, (channel, chat)) is not None
