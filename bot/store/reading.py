"""What the desk shows of pieces: where each stands, its revisions with what was decided, and what a release changes."""

import json
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Row, Select, String, Subquery, and_, cast, func, or_, select
from sqlalchemy.orm import Session

from bot.core.publishing import Rules, State, Verdict
from bot.store import releasing, together
from bot.store.tables import Decision, Moment, Piece, Revision, RevisionState, now
from bot.store.transactions import transaction
from bot.store.views import Change, DecisionLine, Name, PieceLine, RevisionLine, Upcoming, Written


class PieceReader:
    """Reading only. Whoever may read may see all of it."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._clock = clock

    def pieces(
        self,
        *,
        kind: str | None = None,
        state: State | None = None,
        step: str | None = None,
        text: str = "",
        limit: int = 100,
        offset: int = 0,
    ) -> list[PieceLine]:
        """Pieces by their newest revision, what changed last first.

        Args:
            kind: only this kind.
            state: only what stands there.
            step: only what is with this step.
            text: only where the key or the words contain it.
            limit: how many,
            offset: after how many.
        """
        query = _lines()
        if kind is not None:
            query = query.where(Piece.kind == kind)
        if state is not None:
            query = query.where(RevisionState.state == state)
        if step is not None:
            query = query.where(RevisionState.step == step, RevisionState.state == State.REVIEW)
        if text:
            query = query.where(_contains(text, self._engine.dialect.name))
        query = query.order_by(RevisionState.changed_at.desc(), Piece.id).limit(limit).offset(offset)
        with transaction(self._engine) as session:
            return [_line(row) for row in session.execute(query)]

    def newest(self, *kinds: str, withdrawn: bool = False) -> list[Written]:
        """The newest words of every piece, draft or not; `base` is the revision's number.

        Args:
            kinds: only these, where any are named.
            withdrawn: also what was withdrawn.
        """
        newest = _newest().subquery()
        query = (
            select(Piece.kind, Piece.key, Revision.body, Revision.number)
            .join(Revision, Revision.piece_id == Piece.id)
            .join(newest, and_(newest.c.piece_id == Piece.id, newest.c.number == Revision.number))
            .order_by(Piece.kind, Piece.id)
        )
        if kinds:
            query = query.where(Piece.kind.in_(kinds))
        if not withdrawn:
            query = query.where(Piece.withdrawn.is_(False))
        with transaction(self._engine) as session:
            return [Written(*row) for row in session.execute(query)]

    def counts(self) -> dict[tuple[str, State, str], int]:
        """(kind, state, step) -> how many pieces stand there by their newest revision."""
        newest = _newest().subquery()
        query = (
            select(Piece.kind, RevisionState.state, RevisionState.step, func.count())
            .join(Revision, Revision.piece_id == Piece.id)
            .join(RevisionState, RevisionState.revision_id == Revision.id)
            .join(newest, and_(newest.c.piece_id == Piece.id, newest.c.number == Revision.number))
            .group_by(Piece.kind, RevisionState.state, RevisionState.step)
        )
        with transaction(self._engine) as session:
            return {(kind, State(state), step): n for kind, state, step, n in session.execute(query)}

    def piece(self, kind: str, key: str) -> PieceLine | None:
        """Where one piece stands."""
        with transaction(self._engine) as session:
            row = session.execute(_lines().where(Piece.kind == kind, Piece.key == key)).first()
            return _line(row) if row else None

    def revisions(self, kind: str, key: str) -> list[RevisionLine]:
        """Every revision of a piece with what was decided about it, newest first."""
        with transaction(self._engine) as session:
            return _revisions(session, kind, key, None)

    def revision(self, kind: str, key: str, number: int) -> RevisionLine | None:
        """One revision with what was decided about it."""
        with transaction(self._engine) as session:
            return next(iter(_revisions(session, kind, key, number)), None)

    def belonging(self, typology: str) -> list[Name]:
        """(kind, key) of what names a typology as its own and is no use without it: its cases and examples."""
        return self._naming("typology", typology, Piece.kind.in_(["case", "examples"]))

    def made_from(self, case: str) -> list[Name]:
        """(kind, key) of everything that names a case as what it was made from."""
        return self._naming("from_case", case, Piece.kind != "case")

    def _naming(self, field: str, value: str, kinds: Any) -> list[Name]:
        owner = Revision.body[field].as_string()
        query = _lines().where(kinds, owner == value, Piece.withdrawn.is_(False)).order_by(Piece.id)
        with transaction(self._engine) as session:
            return [(row.kind, row.key) for row in session.execute(query)]

    def overdue(self, rules: Rules, *, within: timedelta = timedelta(0)) -> list[PieceLine]:
        """What customers see and whose validity has ended, or ends `within` a while, the oldest first.

        What came from files has no date of its own: it counts from its approval, and is only told of here.
        """
        moment = self._clock() + within
        live = _live()
        old = [
            and_(
                Piece.kind.in_(v.kinds),
                or_(
                    live.c.valid_until <= moment,
                    and_(live.c.valid_until.is_(None), live.c.approved_at <= moment - timedelta(days=v.days)),
                ),
            )
            for v in rules.validity
        ]
        if not old:
            return []
        query = _lines(live).where(or_(*old)).order_by(live.c.approved_at)
        with transaction(self._engine) as session:
            return [_line(row) for row in session.execute(query)]

    def upcoming(self, at: datetime | None = None, *, only: Collection[Name] | None = None) -> Upcoming:
        """What a release made now, or at a later time, would hold and change; with `only`, where just these may."""
        with transaction(self._engine) as session:
            chosen = releasing.next_release(session, at or self._clock(), only)
            rows = session.execute(
                select(Piece.kind, Piece.key, Revision.body, Revision.id)
                .join(Revision, Revision.piece_id == Piece.id)
                .join(RevisionState, RevisionState.revision_id == Revision.id)
                .where(RevisionState.state.in_([State.APPROVED, State.SCHEDULED, State.RELEASED]))
                .order_by(Piece.kind, Piece.id)
            )
            inside = set(chosen.values())
            pieces = [(kind, key, body) for kind, key, body, id_ in rows if id_ in inside]
            standing = releasing.held(session, releasing.newest_release(session))
            changes = _changes(session, standing, chosen)
            left = together.left_behind(session, standing, chosen)
            return Upcoming(releasing.fingerprint(inside), pieces, changes, left)

    def changes(self, old: int, new: int) -> tuple[Change, ...]:
        """What is different between two releases."""
        with transaction(self._engine) as session:
            return _changes(session, releasing.held(session, old), releasing.held(session, new))


def _newest() -> Select[int, int]:
    return select(Revision.piece_id, func.max(Revision.number).label("number")).group_by(Revision.piece_id)


def _live() -> Subquery:
    """What customers see now."""
    return (
        select(Revision.piece_id, Revision.number, RevisionState.valid_until, RevisionState.approved_at)
        .join(RevisionState, RevisionState.revision_id == Revision.id)
        .where(RevisionState.state == State.RELEASED)
        .subquery()
    )


def _lines(live: Subquery | None = None) -> Select[*tuple[Any, ...]]:
    newest = _newest().subquery()
    live = _live() if live is None else live
    return (
        select(
            Piece.kind,
            Piece.key,
            Piece.withdrawn,
            Revision.number,
            Revision.author,
            RevisionState.state,
            RevisionState.step,
            RevisionState.changed_at,
            RevisionState.changed_by,
            RevisionState.release_at,
            RevisionState.ends_at,
            func.coalesce(live.c.valid_until, RevisionState.valid_until, type_=Moment()).label("valid_until"),
            live.c.number.label("live"),
        )
        .join(Revision, Revision.piece_id == Piece.id)
        .join(RevisionState, RevisionState.revision_id == Revision.id)
        .join(newest, and_(newest.c.piece_id == Piece.id, newest.c.number == Revision.number))
        .join(live, live.c.piece_id == Piece.id, isouter=True)
    )


def _line(row: Row[Any]) -> PieceLine:
    return PieceLine(**{**row._mapping, "state": State(row.state)})


def _contains(text: str, dialect: str) -> Any:
    # SQLite keeps bodies as JSON text in which what is not ASCII is escaped
    needle = json.dumps(text)[1:-1] if dialect == "sqlite" else text
    return or_(Piece.key.contains(text, autoescape=True), cast(Revision.body, String).contains(needle, autoescape=True))


def _revisions(session: Session, kind: str, key: str, number: int | None) -> list[RevisionLine]:
    query = (
        select(Revision, RevisionState)
        .join(Piece, Piece.id == Revision.piece_id)
        .join(RevisionState, RevisionState.revision_id == Revision.id)
        .where(Piece.kind == kind, Piece.key == key)
        .order_by(Revision.number.desc())
    )
    if number is not None:
        query = query.where(Revision.number == number)
    rows = list(session.execute(query))
    said: dict[int, list[DecisionLine]] = {}
    ids = [r.id for r, _ in rows]
    for d in session.scalars(select(Decision).where(Decision.revision_id.in_(ids)).order_by(Decision.id)):
        line = DecisionLine(d.round, d.step, Verdict(d.verdict), d.who, d.comment, d.at)
        said.setdefault(d.revision_id, []).append(line)
    return [
        RevisionLine(
            kind=kind,
            key=key,
            number=r.number,
            body=r.body,
            author=r.author,
            comment=r.comment,
            created_at=r.created_at,
            state=State(s.state),
            step=s.step,
            round=s.round,
            submitted_by=s.submitted_by,
            approved_at=s.approved_at,
            released_at=s.released_at,
            release_at=s.release_at,
            ends_at=s.ends_at,
            valid_until=s.valid_until,
            decisions=tuple(said.get(r.id, ())),
        )
        for r, s in rows
    ]


def _changes(session: Session, old: dict[int, int], new: dict[int, int]) -> tuple[Change, ...]:
    touched = {p for p in old.keys() | new.keys() if old.get(p) != new.get(p)}
    if not touched:
        return ()
    names = {id_: (kind, key) for id_, kind, key in session.execute(select(Piece.id, Piece.kind, Piece.key))}
    numbers: dict[int, int] = dict(session.execute(select(Revision.id, Revision.number)).all())
    found = [
        Change(
            *names[p],
            numbers[old[p]] if p in old else None,
            numbers[new[p]] if p in new else None,
        )
        for p in touched
    ]
    return tuple(sorted(found, key=lambda c: (c.kind, c.key)))
