"""Giving approved revisions their times, inside a transaction, and what a case would then be missing."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.errors import FlowError
from bot.core.publishing import STANDING, Actor, State
from bot.store import audit, pieces, releasing, together
from bot.store.pieces import Found
from bot.store.tables import Piece, Revision, RevisionState
from bot.store.views import Left, Numbered


def schedule(
    session: Session,
    found: Found,
    actor: Actor,
    moment: datetime,
    *,
    release_at: datetime | None,
    ends_at: datetime | None,
) -> State:
    """Set the times of one revision, in a transaction of `turn`; `PublicationStore.schedule` says what it raises."""
    number = found.revision.number
    if found.is_at not in STANDING:
        raise FlowError(
            f"{found.name} revision {number} is {found.is_at}, not approved", code="not_approved", state=found.is_at
        )
    _check_times(moment, release_at, ends_at)
    if found.is_at is State.RELEASED:
        if release_at is not None:
            raise FlowError(f"{found.name} is released already", code="released_already")
        found.state.changed_at, found.state.changed_by = moment, actor.login
    else:
        found.move(State.SCHEDULED if release_at else State.APPROVED, actor, moment)
    found.state.release_at, found.state.ends_at = release_at, ends_at
    session.flush()
    audit.append(
        session,
        at=moment,
        actor=actor.login,
        action="piece.scheduled",
        subject=found.name,
        revision=number,
        release_at=release_at.isoformat() if release_at else None,
        ends_at=ends_at.isoformat() if ends_at else None,
    )
    return found.is_at


def left_behind(session: Session, revisions: Sequence[Numbered], at: datetime) -> dict[str, tuple[Left, ...]]:
    """Of the cases these belong to, what is not out yet when they go out at a time; as `together.left_behind`."""
    scheduled = (
        select(Revision.piece_id, Revision.id)
        .join(RevisionState, RevisionState.revision_id == Revision.id)
        .join(Piece, Piece.id == Revision.piece_id)
        .where(releasing.due(at), Piece.withdrawn.is_(False))
        .order_by(Revision.number)
    )
    due = dict(session.execute(scheduled).all())
    standing = releasing.held(session, releasing.newest_release(session))
    own = {found.piece.id for found in (pieces.find(session, *numbered) for numbered in revisions)}
    gone = {piece: revision for piece, revision in due.items() if piece not in own}
    before, after = standing | gone, standing | due
    return together.left_behind(session, before, after)


def _check_times(moment: datetime, release_at: datetime | None, ends_at: datetime | None) -> None:
    if release_at is not None and release_at <= moment:
        raise FlowError("the time to release has passed: name a later one, or release now", code="time_passed")
    if ends_at is not None and ends_at <= (release_at or moment):
        raise FlowError("the end is before the beginning: name a later one", code="end_before_beginning")
