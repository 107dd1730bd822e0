"""Who has a piece open. A lock is a courtesy that ends by itself; what keeps edits apart is the number saved on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.core.errors import LockedError
from bot.core.publishing import Actor, Right, Rules
from bot.store import pieces
from bot.store.tables import EditLock, now
from bot.store.transactions import transaction, turn

LASTS = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Lock:
    """Who has a piece open since when, and when that ends unless he renews it."""

    holder: str
    since: datetime
    until: datetime


def respect(session: Session, kind: str, key: str, actor: Actor, moment: datetime) -> None:
    """Whether a piece is free for somebody.

    Raises:
        LockedError: somebody else has it open.
    """
    lock = session.get(EditLock, (kind, key))
    if lock is not None and lock.until > moment and lock.holder != actor.login:
        raise LockedError(
            f"{lock.holder} has {kind}/{key} open until {lock.until:%H:%M} UTC: wait, or ask",
            code="locked",
            who=lock.holder,
            until=lock.until.isoformat(),
        )


class LockStore:
    """Opening and closing pieces for editing."""

    def __init__(self, engine: Engine, rules: Rules, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._rules = rules
        self._clock = clock

    def take(self, actor: Actor, kind: str, key: str) -> Lock:
        """Open a piece, or keep it open for another while.

        Raises:
            LockedError: somebody else has it open; it carries who and until when.
            NotAllowedError: no right to write.
        """
        with turn(self._engine) as session:
            moment = self._clock()
            pieces.authorise(session, self._rules, actor, Right.WRITE)
            respect(session, kind, key, actor, moment)
            lock = session.get(EditLock, (kind, key))
            if lock is None:
                lock = EditLock(kind=kind, key=key)
                session.add(lock)
            if lock.holder != actor.login or lock.until <= moment:
                lock.holder, lock.since = actor.login, moment
            lock.until = moment + LASTS
            return Lock(lock.holder, lock.since, lock.until)

    def leave(self, actor: Actor, kind: str, key: str) -> None:
        """Close a piece; nothing when somebody else has it by now."""
        with turn(self._engine) as session:
            lock = session.get(EditLock, (kind, key))
            if lock is not None and lock.holder == actor.login:
                session.delete(lock)

    def holder(self, kind: str, key: str) -> Lock | None:
        """Who has a piece open now."""
        with transaction(self._engine) as session:
            lock = session.get(EditLock, (kind, key))
            if lock is None or lock.until <= self._clock():
                return None
            return Lock(lock.holder, lock.since, lock.until)
