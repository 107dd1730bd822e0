"""The place register: where a piece can be seen outside this app, so that it can be taken down everywhere."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.core.errors import FlowError
from bot.core.publishing import Actor, Right, Rules
from bot.store import audit, pieces
from bot.store.tables import Piece, Showing, now
from bot.store.transactions import transaction, turn


@dataclass(frozen=True, slots=True)
class Shown:
    """One place where a piece is, or was, showing. `removed_by` is empty while nobody confirmed that it is gone."""

    id: int
    kind: str
    key: str
    number: int
    channel: str
    place: str
    since: datetime
    until: datetime | None
    put_by: str
    removed_at: datetime | None
    removed_by: str


class ShowingStore:
    """The register. Putting up and taking down are for people; this keeps who said so."""

    def __init__(self, engine: Engine, rules: Rules, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._rules = rules
        self._clock = clock

    def put_up(
        self, actor: Actor, kind: str, key: str, number: int, *, channel: str, place: str, until: datetime | None = None
    ) -> int:
        """Note that a revision shows at a place; the id of the line.

        Raises:
            FlowError: there is no such revision.
            NotAllowedError: no right to write.
        """
        with turn(self._engine) as session:
            moment = self._clock()
            pieces.authorise(session, self._rules, actor, Right.WRITE)
            found = pieces.find(session, kind, key, number)
            line = Showing(
                piece_id=found.piece.id,
                number=number,
                channel=channel,
                place=place,
                since=moment,
                until=until,
                put_by=actor.login,
            )
            session.add(line)
            session.flush()
            audit.append(
                session, at=moment, actor=actor.login, action="showing.put_up", subject=found.name,
                revision=number, channel=channel, place=place,
            )  # fmt: skip
            return line.id

    def taken_down(self, actor: Actor, showing_id: int) -> None:
        """Confirm that a place shows it no more.

        Raises:
            FlowError: there is no such line, or somebody confirmed it already.
            NotAllowedError: no right to comment.
        """
        with turn(self._engine) as session:
            moment = self._clock()
            pieces.authorise(session, self._rules, actor, Right.COMMENT)
            line = session.get(Showing, showing_id)
            if line is None:
                raise FlowError(f"the register has no line {showing_id}", code="no_showing")
            if line.removed_at is not None:
                raise FlowError(f"{line.removed_by} confirmed it already", code="confirmed", who=line.removed_by)
            line.removed_at, line.removed_by = moment, actor.login
            piece = session.get_one(Piece, line.piece_id)
            audit.append(
                session, at=moment, actor=actor.login, action="showing.taken_down", subject=f"{piece.kind}/{piece.key}",
                channel=line.channel, place=line.place,
            )  # fmt: skip

    def shown(self, names: Sequence[tuple[str, str]] | None = None, *, gone: bool = False) -> list[Shown]:
        """Where pieces show, the oldest first; of some pieces where given; with `gone` also where they did."""
        with transaction(self._engine) as session:
            return _shown(session, names, gone)


def _shown(session: Session, names: Sequence[tuple[str, str]] | None, gone: bool) -> list[Shown]:
    query = select(Showing, Piece).join(Piece, Piece.id == Showing.piece_id).order_by(Showing.since, Showing.id)
    if not gone:
        query = query.where(Showing.removed_at.is_(None))
    wanted = set(names) if names is not None else None
    return [
        Shown(
            id=s.id,
            kind=p.kind,
            key=p.key,
            number=s.number,
            channel=s.channel,
            place=s.place,
            since=s.since,
            until=s.until,
            put_by=s.put_by,
            removed_at=s.removed_at,
            removed_by=s.removed_by,
        )
        for s, p in session.execute(query)
        if wanted is None or (p.kind, p.key) in wanted
    ]
