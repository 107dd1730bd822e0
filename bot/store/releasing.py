"""Choosing what a release holds, and freezing it. Everything that releases goes through `freeze`."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from bot.core.publishing import State
from bot.store import audit
from bot.store.tables import Piece, Release, ReleaseItem, Revision, RevisionState
from bot.store.views import Name, PieceOf

BATCH = 1000
SEED = "seed"
# Told the number and the pieces of a release before it is one; what it raises keeps it from becoming one.
Check = Callable[[int, list[PieceOf]], object]


def ended(now: datetime) -> ColumnElement[bool]:
    """Whether a revision is to be out of every release by `now`: by its own end, or by the validity of its kind."""
    return or_(
        and_(RevisionState.ends_at.is_not(None), RevisionState.ends_at <= now),
        and_(RevisionState.leaves.is_(True), RevisionState.valid_until.is_not(None), RevisionState.valid_until <= now),
    )


def due(now: datetime) -> ColumnElement[bool]:
    """Whether a scheduled revision's time has come."""
    return and_(RevisionState.state == State.SCHEDULED, RevisionState.release_at <= now)


def chosen(now: datetime) -> Select[int, int]:
    """(piece id, revision id) of what a release made at `now` would hold.

    For each piece that is not withdrawn the newest revision that is approved, released, or scheduled and due. Never a
    draft, never what is still being reviewed.
    """
    newest = (
        select(Revision.piece_id, func.max(Revision.number).label("number"))
        .join(RevisionState, RevisionState.revision_id == Revision.id)
        .where(or_(RevisionState.state.in_([State.APPROVED, State.RELEASED]), due(now)))
        .where(~ended(now))
        .group_by(Revision.piece_id)
        .subquery()
    )
    return (
        select(Revision.piece_id, Revision.id)
        .join(newest, and_(Revision.piece_id == newest.c.piece_id, Revision.number == newest.c.number))
        .join(Piece, Piece.id == Revision.piece_id)
        .where(Piece.withdrawn.is_(False))
    )


def next_release(session: Session, now: datetime, only: Collection[Name] | None = None) -> dict[int, int]:
    """Piece id -> revision id of what a release made at `now` holds.

    With `only`, everything else stays as it is in the release in force; what is to be out of it by now is left out.
    """
    every = dict(session.execute(chosen(now)).all())
    if only is None:
        return every
    wanted = {
        id_ for id_, kind, key in session.execute(select(Piece.id, Piece.kind, Piece.key)) if (kind, key) in set(only)
    }
    standing = held(session, newest_release(session))
    kept = {piece: revision for piece, revision in standing.items() if piece in every}
    return kept | {piece: revision for piece, revision in every.items() if piece in wanted}


def seeded(session: Session, now: datetime) -> dict[int, int]:
    """Piece id -> revision id of the release in force with what was seeded since, and nothing else.

    What people approved at the desk waits for a person to release it, however often an app starts and seeds.
    """
    standing = (
        select(Revision.piece_id, Revision.id)
        .join(RevisionState, RevisionState.revision_id == Revision.id)
        .join(Piece, Piece.id == Revision.piece_id)
        .where(RevisionState.state == State.RELEASED, ~ended(now), Piece.withdrawn.is_(False))
    )
    of_seeds = chosen(now).where(Revision.author == SEED)
    return dict(session.execute(standing).all()) | dict(session.execute(of_seeds).all())


def fingerprint(revisions: Iterable[int]) -> str:
    """A short name for a set of revisions."""
    return audit.digest(sorted(revisions))[:24]


def newest_release(session: Session) -> int:
    """Number of the newest release; 0 before the first."""
    return session.scalar(select(func.max(Release.number))) or 0


def held(session: Session, number: int) -> dict[int, int]:
    """Piece id -> revision id of what release `number` holds."""
    query = (
        select(Revision.piece_id, Revision.id)
        .join(ReleaseItem, ReleaseItem.revision_id == Revision.id)
        .where(ReleaseItem.release_number == number)
    )
    return dict(session.execute(query).all())


def pieces_of(session: Session, number: int) -> list[PieceOf]:
    """(kind, key, body) of every piece in release `number`, in a stable order."""
    query = (
        select(Piece.kind, Piece.key, Revision.body)
        .join(Revision, Revision.piece_id == Piece.id)
        .join(ReleaseItem, ReleaseItem.revision_id == Revision.id)
        .where(ReleaseItem.release_number == number)
        .order_by(Piece.kind, Piece.id)
    )
    return [(kind, key, body) for kind, key, body in session.execute(query)]


def freeze(
    session: Session,
    revisions: Collection[int],
    *,
    author: str,
    note: str,
    now: datetime,
    by: str = "",
    check: Check | None = None,
    **detail: Any,
) -> int:
    """Make a release of these revisions, in a transaction of `turn`; its number.

    What it holds becomes released, what stood in the release before and is not in it is replaced, and so is everything
    approved that is older than what it holds. Withdrawn and expired are for the caller to say first.
    `by` is who did it, for the trail, where that is not who answers for it as `author`.
    """
    number = newest_release(session) + 1
    session.add(Release(number=number, author=author, note=note, created_at=now))
    session.flush()
    items = [{"release_number": number, "revision_id": id_} for id_ in sorted(revisions)]
    for start in range(0, len(items), BATCH):
        session.execute(insert(ReleaseItem), items[start : start + BATCH])
    if check is not None:
        check(number, pieces_of(session, number))
    _restate(session, number, author, now)
    digests = dict(session.execute(select(RevisionState.revision_id, RevisionState.digest)).all())
    audit.append(
        session,
        at=now,
        actor=by or author,
        action=audit.PUBLISHED,
        subject=f"release/{number}",
        release=number,
        pieces=len(items),
        digest=audit.release_digest(session, number, digests),
        author=author,
        note=note,
        **detail,
    )
    return number


def _restate(session: Session, number: int, author: str, now: datetime) -> None:
    inside = select(ReleaseItem.revision_id).where(ReleaseItem.release_number == number)
    changed = {"changed_at": now, "changed_by": author}
    session.execute(
        update(RevisionState)
        .where(RevisionState.revision_id.in_(inside), RevisionState.state != State.RELEASED)
        .values(
            state=State.RELEASED,
            release_at=None,
            released_at=func.coalesce(RevisionState.released_at, now),
            **changed,
        )
        .execution_options(synchronize_session=False)
    )
    older, newer = aliased(Revision), aliased(Revision)
    overtaken = (
        select(older.id)
        .join(newer, and_(newer.piece_id == older.piece_id, newer.number > older.number))
        .where(newer.id.in_(inside))
    )
    session.execute(
        update(RevisionState)
        .where(
            or_(
                and_(RevisionState.state == State.RELEASED, RevisionState.revision_id.not_in(inside)),
                and_(
                    RevisionState.state.in_([State.APPROVED, State.SCHEDULED]), RevisionState.revision_id.in_(overtaken)
                ),
            )
        )
        .values(state=State.REPLACED, release_at=None, **changed)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
