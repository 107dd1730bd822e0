"""Words that grow old: back in draft before their validity ends, so that somebody checks them again in time."""

from datetime import datetime, timedelta

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session, aliased

from bot.core.publishing import SWEEP, Rules, State
from bot.store import audit, pieces
from bot.store.tables import Piece, Revision, RevisionState

COMMENT = "validity ends {until:%Y-%m-%d}"


def _query(rules: Rules, moment: datetime) -> Select[Piece, Revision, RevisionState] | None:
    """What is released, soon or already too old, and on nobody's desk yet."""
    soon = [
        Piece.kind.in_(v.kinds) & (RevisionState.valid_until <= moment + timedelta(days=v.ahead))
        for v in rules.validity
    ]
    if not soon:
        return None
    later = aliased(Revision)
    return (
        select(Piece, Revision, RevisionState)
        .join(Revision, Revision.piece_id == Piece.id)
        .join(RevisionState, RevisionState.revision_id == Revision.id)
        .where(
            or_(
                RevisionState.state == State.RELEASED,
                # what left by its validity, though not what a person gave an end
                (RevisionState.state == State.EXPIRED) & RevisionState.ends_at.is_(None),
            ),
            Piece.withdrawn.is_(False),
            or_(*soon),
            ~exists().where(later.piece_id == Revision.piece_id, later.number > Revision.number),
        )
        .order_by(Piece.id)
    )


def waiting(session: Session, rules: Rules, moment: datetime) -> bool:
    """Whether `renew` would do anything."""
    query = _query(rules, moment)
    return query is not None and session.execute(query.limit(1)).first() is not None


def renew(session: Session, rules: Rules, moment: datetime) -> tuple[tuple[str, str], ...]:
    """Make a draft with the same words of each; what is released goes on being used. (kind, key) of them."""
    query = _query(rules, moment)
    rows = list(session.execute(query)) if query is not None else []
    for piece, revision, state in rows:
        until = state.valid_until or moment
        draft = pieces.add_revision(
            session,
            piece,
            revision.body,
            number=revision.number + 1,
            who=SWEEP,
            comment=COMMENT.format(until=until),
            now=moment,
        )
        audit.append(
            session,
            at=moment,
            actor=SWEEP.login,
            action="piece.due",
            subject=draft.name,
            revision=draft.revision.number,
            valid_until=until.isoformat(),
        )
    return tuple((piece.kind, piece.key) for piece, _, _ in rows)
