"""The repository of content: seeding, releasing, reading releases."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bot.core.publishing import STANDING, State
from bot.store import audit, releasing, together
from bot.store.releasing import SEED
from bot.store.tables import AuditEntry, Feedback, Piece, Release, ReleaseItem, Revision, RevisionState, now
from bot.store.transactions import transaction, turn
from bot.store.views import Left

SEEDED = "content.seeded"


@dataclass(frozen=True, slots=True)
class ReleaseNote:
    """One line of the history."""

    number: int
    author: str
    note: str
    created_at: datetime
    pieces: int


@dataclass(frozen=True, slots=True)
class Seeded:
    """What seeding did."""

    added: int
    renewed: int
    kept: int


class ContentStore:
    """The repository of content. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def newest_release(self) -> int:
        """Number of the newest release; 0 before the first."""
        with transaction(self._engine) as session:
            return releasing.newest_release(session)

    def pieces_of(self, number: int) -> list[tuple[str, str, dict[str, Any]]]:
        """(kind, key, body) of every piece in release `number`, in a stable order."""
        with transaction(self._engine) as session:
            return releasing.pieces_of(session, number)

    def history(self, limit: int = 50) -> list[ReleaseNote]:
        """Newest releases first."""
        size = func.count(ReleaseItem.revision_id)
        query = (
            select(Release, size)
            .join(ReleaseItem, ReleaseItem.release_number == Release.number, isouter=True)
            .group_by(Release.number)
            .order_by(Release.number.desc())
            .limit(limit)
        )
        with transaction(self._engine) as session:
            return [
                ReleaseNote(r.number, r.author, r.note, r.created_at, pieces) for r, pieces in session.execute(query)
            ]

    def upcoming(self, *, seeds_only: bool = False) -> list[tuple[str, str, dict[str, Any]]]:
        """(kind, key, body) of what `publish` would release now."""
        query = (
            select(Piece.kind, Piece.key, Revision.body, Revision.id)
            .join(Revision, Revision.piece_id == Piece.id)
            .join(RevisionState, RevisionState.revision_id == Revision.id)
            .where(RevisionState.state.in_(STANDING))
            .order_by(Piece.kind, Piece.id)
        )
        with transaction(self._engine) as session:
            chosen = set(self._chosen(session, seeds_only).values())
            return [(kind, key, body) for kind, key, body, id_ in session.execute(query) if id_ in chosen]

    def publish(self, *, author: str, note: str = "", seeds_only: bool = False, by: str = "", apart: str = "") -> int:
        """Release for each piece the newest approved revision, never a draft; the new number.

        Args:
            author: who answers for it.
            note: what is new.
            seeds_only: only what was seeded since the last release; what people approved waits for them.
            by: who did it, for the trail; the author if left out.
            apart: why a part of what was made from a case goes out without the rest.

        Raises:
            FlowError: pieces of the same case would stay behind, and no reason is given. What is seeded waits for none.
        """
        with turn(self._engine) as session:
            moment = now()
            chosen = self._chosen(session, seeds_only)
            left: dict[str, tuple[Left, ...]] = {}
            if not seeds_only:
                left = together.left_behind(session, releasing.held(session, releasing.newest_release(session)), chosen)
                together.require_together(left, apart)
            number = releasing.freeze(session, chosen.values(), author=author, note=note, now=moment, by=by)
            together.note_apart(session, left, at=moment, actor=by or author, reason=apart.strip(), release=number)
            return number

    @staticmethod
    def _chosen(session: Session, seeds_only: bool) -> dict[int, int]:
        return releasing.seeded(session, now()) if seeds_only else releasing.next_release(session, now())

    def seeded_from(self) -> str:
        """The `source` of the last seeding, empty if it had none."""
        with transaction(self._engine) as session:
            return _seeded_from(session)

    def seed(self, pieces: Iterable[tuple[str, str, dict[str, Any]]], *, source: str = "") -> Seeded:
        """Insert what is absent; renew what only ever came from seeding; keep every edit. Seeds count as approved.

        `source` names what the pieces were read from, to be remembered.
        """
        added = renewed = kept = 0
        with turn(self._engine) as session:
            known = self._newest_by_piece(session)
            edited = set(session.scalars(select(Revision.piece_id).where(Revision.author != SEED).distinct()))
            fresh: list[Revision] = []
            for kind, key, body in pieces:
                current = known.get((kind, key))
                if current is None:
                    piece = Piece(kind=kind, key=key)
                    fresh.append(Revision(piece=piece, number=1, body=body, author=SEED))
                    added += 1
                elif current[0] in edited or current[2] == body:
                    kept += 1
                else:
                    fresh.append(Revision(piece_id=current[0], number=current[1] + 1, body=body, author=SEED))
                    renewed += 1
            self._insert(session, fresh)
            if fresh or (source and source != _seeded_from(session)):
                audit.append(session, at=now(), actor=SEED, action=SEEDED, added=added, renewed=renewed, source=source)
        return Seeded(added, renewed, kept)

    @staticmethod
    def _insert(session: Session, revisions: list[Revision]) -> None:
        session.add_all(revisions)
        session.flush()
        moment = now()
        session.add_all(
            RevisionState(
                revision_id=r.id,
                state=State.APPROVED,
                digest=audit.digest(r.body),
                approved_at=moment,
                changed_at=moment,
                changed_by=SEED,
            )
            for r in revisions
        )

    @staticmethod
    def _newest_by_piece(session: Session) -> dict[tuple[str, str], tuple[int, int, dict[str, Any]]]:
        rows = session.execute(
            select(Piece.kind, Piece.key, Piece.id, Revision.number, Revision.body)
            .join(Revision, Revision.piece_id == Piece.id)
            .order_by(Revision.number)
        )
        return {(kind, key): (piece_id, number, body) for kind, key, piece_id, number, body in rows}

    def record_feedback(self, *, helpful: bool, urgency: str, typology: str, content_version: int) -> None:
        """Keep one helpful / not helpful, without text or sender."""
        with transaction(self._engine) as session:
            session.add(Feedback(helpful=helpful, urgency=urgency, typology=typology, content_version=content_version))


def _seeded_from(session: Session) -> str:
    newest = session.scalar(
        select(AuditEntry.detail).where(AuditEntry.action == SEEDED).order_by(AuditEntry.number.desc()).limit(1)
    )
    return str((newest or {}).get("source", ""))
