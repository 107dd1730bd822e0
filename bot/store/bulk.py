"""Thousands of new pieces at once: what saving them one by one would do, in a few statements."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bot.core.publishing import Actor, State
from bot.store import audit
from bot.store.tables import Piece, Revision, RevisionState
from bot.store.views import Written

BATCH = 500  # rows a statement, below what SQLite takes as variables
PARTS = 5  # pieces, revisions, their ids, states, the trail


def add_new(
    session: Session,
    actor: Actor,
    drafts: Sequence[Written],
    comment: str,
    moment: datetime,
    done: Callable[[int], None] = lambda _count: None,
) -> None:
    """First drafts of pieces that are not there yet, in a transaction of `turn`.

    Args:
        session: the transaction.
        actor: who writes,
        drafts: what,
        comment: why,
        moment: and when.
        done: told how many of them are done; what it raises undoes all.
    """
    if not drafts:
        return
    counter = _Counter(len(drafts), done)
    _insert(session, counter, Piece, [{"kind": one.kind, "key": one.key, "withdrawn": False} for one in drafts])
    ids = {(kind, key): id_ for id_, kind, key in session.execute(select(Piece.id, Piece.kind, Piece.key))}
    revisions: list[dict[str, Any]] = [
        {
            "piece_id": ids[one.kind, one.key],
            "number": 1,
            "body": one.body,
            "author": actor.login,
            "comment": comment,
            "created_at": moment,
        }
        for one in drafts
    ]
    _insert(session, counter, Revision, revisions)
    of_piece: dict[int, int] = {}
    for some in _batches([row["piece_id"] for row in revisions]):
        found = select(Revision.piece_id, Revision.id).where(Revision.piece_id.in_(some), Revision.number == 1)
        of_piece.update(session.execute(found).all())
        counter.add(len(some))
    digests = [audit.digest(one.body) for one in drafts]
    states = [
        {
            "revision_id": of_piece[row["piece_id"]],
            "state": State.DRAFT,
            "digest": digest,
            "changed_at": moment,
            "changed_by": actor.login,
        }
        for row, digest in zip(revisions, digests, strict=True)
    ]
    _insert(session, counter, RevisionState, states)
    for some in _batches(list(zip(drafts, digests, strict=True))):
        audit.append_all(
            session,
            at=moment,
            actor=actor.login,
            action="piece.saved",
            details=(
                (f"{one.kind}/{one.key}", {"revision": 1, "digest": digest, "comment": comment}) for one, digest in some
            ),
        )
        session.flush()
        counter.add(len(some))


class _Counter:
    """How many drafts are done: each goes through several parts."""

    def __init__(self, total: int, told: Callable[[int], None]) -> None:
        self._total = total
        self._told = told
        self._steps = 0

    def add(self, rows: int) -> None:
        """So many rows have gone through one part more."""
        self._steps += rows
        self._told(min(self._steps // PARTS, self._total))


def _insert(session: Session, counter: _Counter, table: Any, rows: list[dict[str, Any]]) -> None:
    for some in _batches(rows):
        session.execute(insert(table), some)
        counter.add(len(some))


def _batches(rows: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
