"""Who is signed in, and who tried and failed. Tokens and names tried are kept as hashes only."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, or_, select

from bot.store import audit
from bot.store.staff import Member, member_of
from bot.store.tables import SignInFailure, Staff, StaffSession, now
from bot.store.transactions import transaction, turn

# Seen at every click, written down once a minute.
SEEN_EVERY = timedelta(minutes=1)
FORGET_FAILURES_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One sign-in, as its owner sees it in his list."""

    id: int
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    address: str
    agent: str


def hashed(secret: str) -> str:
    """SHA-256. Enough for what is random; never for a password."""
    return hashlib.sha256(secret.encode()).hexdigest()


class SessionStore:
    """Sessions and failed sign-ins."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._clock = clock

    def open(self, login: str, token: str, *, lasts: timedelta, address: str, agent: str, way: str) -> None:
        """A session for somebody who has proved who he is; `way` tells how, for the trail."""
        with turn(self._engine) as session:
            moment = self._clock()
            staff = session.scalars(select(Staff).where(Staff.login == login)).one()
            session.add(
                StaffSession(
                    token_hash=hashed(token),
                    staff_id=staff.id,
                    created_at=moment,
                    seen_at=moment,
                    expires_at=moment + lasts,
                    address=address[:64],
                    agent=agent[:200],
                )
            )
            session.execute(delete(SignInFailure).where(SignInFailure.login_hash == hashed(login)))
            audit.append(session, at=moment, actor=login, action="session.opened", subject=login, way=way)

    def find(self, token: str, *, idle: timedelta) -> tuple[Member, SessionLine] | None:
        """Whose token this is, while it is valid: not expired, not unused for `idle`, the account active."""
        with transaction(self._engine) as session:
            row = session.execute(
                select(Staff, StaffSession)
                .join(StaffSession, StaffSession.staff_id == Staff.id)
                .where(StaffSession.token_hash == hashed(token), Staff.active.is_(True))
            ).first()
            moment = self._clock()
            if row is None or row[1].expires_at <= moment or row[1].seen_at + idle <= moment:
                return None
            found = member_of(row[0]), _line(row[1])
            if row[1].seen_at + SEEN_EVERY <= moment:
                row[1].seen_at = moment
            return found

    def of(self, login: str, *, idle: timedelta) -> list[SessionLine]:
        """Somebody's sessions, the last used first."""
        moment = self._clock()
        query = (
            select(StaffSession)
            .join(Staff, Staff.id == StaffSession.staff_id)
            .where(Staff.login == login, StaffSession.expires_at > moment, StaffSession.seen_at > moment - idle)
            .order_by(StaffSession.seen_at.desc())
        )
        with transaction(self._engine) as session:
            return [_line(s) for s in session.scalars(query)]

    def end(self, login: str, session_id: int) -> None:
        """End one of somebody's sessions; nothing when it has ended already."""
        with turn(self._engine) as session:
            found = session.scalar(
                select(StaffSession)
                .join(Staff, Staff.id == StaffSession.staff_id)
                .where(StaffSession.id == session_id, Staff.login == login)
            )
            if found is not None:
                session.delete(found)
                audit.append(session, at=self._clock(), actor=login, action="session.ended", subject=login)

    def forget_old(self, *, idle: timedelta) -> None:
        """Delete what is over: sessions that ended by themselves, failures of days ago."""
        moment = self._clock()
        with transaction(self._engine) as session:
            session.execute(
                delete(StaffSession).where(
                    or_(StaffSession.expires_at <= moment, StaffSession.seen_at <= moment - idle)
                )
            )
            session.execute(delete(SignInFailure).where(SignInFailure.last_at <= moment - FORGET_FAILURES_AFTER))

    # ---- Failed sign-ins ----

    def attempt(self, login: str, pause: Callable[[int], timedelta | None]) -> datetime | None:
        """Count a try under a name before it is made; until when the name is locked, `None` if it may be tried.

        Args:
            login: the name tried.
            pause: how long a name is locked after so many tries without success.
        """
        with turn(self._engine) as session:
            moment = self._clock()
            found = session.get(SignInFailure, hashed(login))
            if found is None:
                found = SignInFailure(login_hash=hashed(login), failures=0, last_at=moment, locked_until=None)
                session.add(found)
            if found.locked_until is not None and found.locked_until > moment:
                return found.locked_until
            found.failures += 1
            found.last_at = moment
            wait = pause(found.failures)
            found.locked_until = moment + wait if wait is not None else None
            return None

    def failed(self, login: str) -> None:
        """The try failed: a lock-out that begins with it goes into the trail."""
        with turn(self._engine) as session:
            found = session.get(SignInFailure, hashed(login))
            if found is None or found.locked_until is None:
                return
            # a name that is nobody's may be a password typed into the wrong field
            known = session.scalar(select(Staff.id).where(Staff.login == login)) is not None
            audit.append(
                session,
                at=self._clock(),
                actor=login if known else "",
                action="session.locked_out",
                subject=login if known else "",
                failures=found.failures,
                until=found.locked_until.isoformat(),
            )

    def forgive(self, login: str) -> None:
        """Forget the failures of a name."""
        with transaction(self._engine) as session:
            session.execute(delete(SignInFailure).where(SignInFailure.login_hash == hashed(login)))


def _line(found: StaffSession) -> SessionLine:
    return SessionLine(found.id, found.created_at, found.seen_at, found.expires_at, found.address, found.agent)
