"""Saving a draft, inside a transaction: on the newest revision, and on nobody else's open piece."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.core.errors import FlowError, MergeNeeded
from bot.core.publishing import Actor, State
from bot.store import audit, locks, pieces
from bot.store.pieces import Found
from bot.store.tables import Piece, Revision
from bot.store.views import Written

LONGEST_KIND, LONGEST_KEY = 32, 128


def save(session: Session, actor: Actor, draft: Written, comment: str, moment: datetime) -> int:
    """A new revision of a piece, in a transaction of `turn`; its number. `FlowStore.save` says what it raises."""
    kind, key, body = draft.kind, draft.key, draft.body
    locks.respect(session, kind, key, actor, moment)
    piece = pieces.piece_of(session, kind, key)
    newest = pieces.newest(session, piece) if piece else None
    _check_base(session, f"{kind}/{key}", newest, draft.base, body)
    if newest and newest.is_at is State.REVIEW:
        raise FlowError(
            f"{kind}/{key} is with {newest.state.step}: take it back, or wait for the decision",
            code="in_review",
            step=newest.state.step,
        )
    if newest and newest.is_at is State.DRAFT:
        if newest.revision.body == body:
            return newest.revision.number
        newest.move(State.REPLACED, actor, moment)
    if piece is None:
        piece = Piece(kind=kind, key=key)
        session.add(piece)
    found = pieces.add_revision(
        session,
        piece,
        body,
        number=newest.revision.number + 1 if newest else 1,
        who=actor,
        comment=comment,
        now=moment,
    )
    audit.append(
        session,
        at=moment,
        actor=actor.login,
        action="piece.saved",
        subject=found.name,
        revision=found.revision.number,
        digest=found.state.digest,
        comment=comment,
    )
    return found.revision.number


def check_name(kind: str, key: str) -> None:
    """Whether a piece may be called so.

    Raises:
        FlowError: it may not.
    """
    if not (0 < len(kind) <= LONGEST_KIND and 0 < len(key) <= LONGEST_KEY):
        raise FlowError(
            f"a piece needs a kind of at most {LONGEST_KIND} and a key of at most {LONGEST_KEY} characters",
            code="bad_name",
        )


def _check_base(session: Session, name: str, newest: Found | None, base: int, own: dict[str, Any]) -> None:
    number = newest.revision.number if newest else 0
    if base == number:
        return
    if newest is None or base > number:
        raise FlowError(f"{name}: there is no revision {base} to begin from", code="no_revision", piece=name)
    began: Revision | None = None
    if base:
        began = pieces.find(session, newest.piece.kind, newest.piece.key, base).revision
    raise MergeNeeded(
        name,
        base_number=base,
        newest_number=number,
        newest_author=newest.revision.author,
        base=began.body if began else {},
        newest=newest.revision.body,
        own=own,
    )
