"""What time does by itself: what is scheduled goes out, what ended goes away, what grows old is a draft again."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, and_, select
from sqlalchemy.orm import Session

from bot.core.publishing import STANDING, SWEEP, Rules, State
from bot.store import audit, releasing, renewal
from bot.store.pieces import Found
from bot.store.releasing import Check
from bot.store.tables import Piece, Revision, RevisionState, now
from bot.store.transactions import transaction, turn
from bot.store.views import Name


@dataclass(frozen=True, slots=True)
class Swept:
    """What time did: the release it made, if any, and the pieces that went out, went away, and are drafts again."""

    release: int | None = None
    released: tuple[Name, ...] = ()
    expired: tuple[Name, ...] = ()
    renewed: tuple[Name, ...] = ()


class Sweeper:
    """The sweep, for any number of processes on one database.

    Args:
        engine: the database.
        rules: how long words hold.
        clock: the time.
        check: told a release before it is one; what it raises undoes the sweep.
    """

    def __init__(
        self, engine: Engine, rules: Rules, clock: Callable[[], datetime] = now, check: Check | None = None
    ) -> None:
        self._engine = engine
        self._rules = rules
        self._clock = clock
        self._check = check

    def sweep(self) -> Swept:
        """Release what is scheduled, take down what ended, make drafts again of what grows old.

        The release it makes is the one in force with just these changes. Where nothing is due, nothing is written.
        """
        moment = self._clock()
        with transaction(self._engine) as session:
            if not self._anything(session, moment):
                return Swept()
        with turn(self._engine) as session:
            over, out = self._over(session, moment), self._due(session, moment)
            for found in over:
                self._expire(session, found, moment)
            release = self._release(session, over, out, moment)
            renewed = renewal.renew(session, self._rules, moment)
            return Swept(release, _names(out), _names(over), renewed)

    def _anything(self, session: Session, moment: datetime) -> bool:
        due = self._over(session, moment) or self._due(session, moment)
        return bool(due) or renewal.waiting(session, self._rules, moment)

    @staticmethod
    def _expire(session: Session, found: Found, moment: datetime) -> None:
        found.move(State.EXPIRED, SWEEP, moment)
        number = found.revision.number
        audit.append(session, at=moment, actor=SWEEP.login, action="piece.expired", subject=found.name, revision=number)

    def _release(self, session: Session, over: list[Found], out: list[Found], moment: datetime) -> int | None:
        standing = releasing.held(session, releasing.newest_release(session))
        gone = {found.revision.id for found in over}
        left = {piece: revision for piece, revision in standing.items() if revision not in gone}
        left |= {found.piece.id: found.revision.id for found in out}
        if left == standing:
            return None
        return releasing.freeze(
            session, left.values(), author=SWEEP.login, note="by the calendar", now=moment, check=self._check
        )

    @staticmethod
    def _due(session: Session, moment: datetime) -> list[Found]:
        """What is scheduled and due, for each piece the newest."""
        found = _select(session, and_(releasing.due(moment), ~releasing.ended(moment), Piece.withdrawn.is_(False)))
        newest = {f.piece.id: f for f in found}  # in rising order of revisions
        return list(newest.values())

    @staticmethod
    def _over(session: Session, moment: datetime) -> list[Found]:
        """What has to leave."""
        return _select(session, and_(RevisionState.state.in_(STANDING), releasing.ended(moment)))


def _select(session: Session, where: ColumnElement[bool]) -> list[Found]:
    rows = session.execute(
        select(Piece, Revision, RevisionState)
        .join(Revision, Revision.piece_id == Piece.id)
        .join(RevisionState, RevisionState.revision_id == Revision.id)
        .where(where)
        .order_by(Revision.piece_id, Revision.number)
    )
    return [Found(*row) for row in rows]


def _names(found: Iterable[Found]) -> tuple[Name, ...]:
    return tuple((f.piece.kind, f.piece.key) for f in found)
