"""What is made from one case goes out together: what a release would leave behind, and why somebody let it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from bot.core.errors import FlowError
from bot.core.publishing import State
from bot.store import audit
from bot.store.tables import Piece, Revision, RevisionState
from bot.store.views import Left

BATCH = 500  # values a statement, below what SQLite takes as variables
APART = "release.apart"
WAITING = (State.DRAFT, State.REVIEW, State.APPROVED, State.SCHEDULED)

_FROM_CASE = Revision.body["from_case"].as_string()


def left_behind(
    session: Session, standing: Mapping[int, int], chosen: Mapping[int, int]
) -> dict[str, tuple[Left, ...]]:
    """Case -> what of it and of everything made from it stays behind, where others of them go out.

    What customers see already in its newest words does not stay behind, nor what was withdrawn or has expired.

    Args:
        session: the transaction.
        standing: piece id -> revision id of the release in force,
        chosen: and of the one that is to follow.
    """
    going = {piece: revision for piece, revision in chosen.items() if standing.get(piece) != revision}
    cases = set(_cases(session, going))
    if not cases:
        return {}
    left: dict[str, list[Left]] = defaultdict(list)
    for row in session.execute(_waiting()):
        case = row.key if row.kind == "case" else row.case
        if case in cases and row.id not in going and chosen.get(row.id) != row.revision:
            left[case].append(Left(row.kind, row.key, row.number, State(row.state), row.step, row.release_at))
    return {case: tuple(left[case]) for case in sorted(left)}


def _cases(session: Session, going: Mapping[int, int]) -> Iterator[str]:
    """The cases of what goes out: of each piece by the words it goes out with."""
    revisions = sorted(going.values())
    for start in range(0, len(revisions), BATCH):
        some = revisions[start : start + BATCH]
        query = (
            select(Piece.kind, Piece.key, _FROM_CASE.label("case"))
            .join(Revision, Revision.piece_id == Piece.id)
            .where(Revision.id.in_(some), or_(Piece.kind == "case", _FROM_CASE.is_not(None)))
        )
        for row in session.execute(query):
            yield row.key if row.kind == "case" else row.case


def _waiting() -> Select[*tuple[Any, ...]]:
    """Cases, and what was made from any, whose newest revision is not what customers see."""
    newest = select(Revision.piece_id, func.max(Revision.number).label("number")).group_by(Revision.piece_id).subquery()
    return (
        select(
            Piece.id,
            Piece.kind,
            Piece.key,
            Revision.id.label("revision"),
            Revision.number,
            RevisionState.state,
            RevisionState.step,
            RevisionState.release_at,
            _FROM_CASE.label("case"),
        )
        .join(Revision, Revision.piece_id == Piece.id)
        .join(RevisionState, RevisionState.revision_id == Revision.id)
        .join(newest, and_(newest.c.piece_id == Piece.id, newest.c.number == Revision.number))
        .where(RevisionState.state.in_(WAITING), or_(Piece.kind == "case", _FROM_CASE.is_not(None)))
        .order_by(Piece.kind, Piece.key)
    )


def require_together(left: Mapping[str, tuple[Left, ...]], reason: str) -> None:
    """Whether a release may leave something behind: only with a reason.

    Raises:
        FlowError: it would, and none is given.
    """
    if left and not reason.strip():
        count = sum(len(pieces) for pieces in left.values())
        names = ", ".join(f"{one.kind}/{one.key}" for pieces in left.values() for one in pieces[:5])
        raise FlowError(
            f"{count} pieces of the same case would stay behind ({names}): release them together, or say why not",
            code="left_behind",
            count=str(count),
            name=", ".join(list(left)[:5]),
        )


def note_apart(
    session: Session,
    left: Mapping[str, tuple[Left, ...]],
    *,
    at: datetime,
    actor: str,
    reason: str,
    **detail: Any,
) -> None:
    """Keep in the trail, under each case, why a part of it went out alone, and without what."""
    audit.append_all(
        session,
        at=at,
        actor=actor,
        action=APART,
        details=(
            (f"case/{case}", {"reason": reason, "left": [f"{one.kind}/{one.key}" for one in pieces], **detail})
            for case, pieces in left.items()
        ),
    )
