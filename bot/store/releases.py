"""Pieces, revisions and releases: what may be done with them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Select, func, insert, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from bot.core.errors import StoreError
from bot.store.tables import Feedback, Piece, Release, ReleaseItem, Revision

SEED = "seed"
BATCH = 1000


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


def _newest(query: Select[Any]) -> Select[Any]:
    """`query` over Revision, limited to the newest of each piece that is not withdrawn."""
    newest = select(Revision.piece_id, func.max(Revision.number).label("number")).group_by(Revision.piece_id).subquery()
    return (
        query.select_from(Revision)
        .join(newest, (Revision.piece_id == newest.c.piece_id) & (Revision.number == newest.c.number))
        .join(Piece, Piece.id == Revision.piece_id)
        .where(Piece.withdrawn.is_(False))
    )


class ContentStore:
    """The repository of content. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def _session(self) -> Iterator[Session]:
        try:
            with Session(self._engine) as session, session.begin():
                yield session
        except SQLAlchemyError as error:
            raise StoreError(f"the store did not answer: {type(error).__name__}. `fangzha doctor` says more") from error

    def newest_release(self) -> int:
        """Number of the newest release; 0 before the first."""
        with self._session() as session:
            return session.scalar(select(func.max(Release.number))) or 0

    def pieces_of(self, number: int) -> list[tuple[str, str, dict[str, Any]]]:
        """(kind, key, body) of every piece in release `number`, in a stable order."""
        query = (
            select(Piece.kind, Piece.key, Revision.body)
            .join(Revision, Revision.piece_id == Piece.id)
            .join(ReleaseItem, ReleaseItem.revision_id == Revision.id)
            .where(ReleaseItem.release_number == number)
            .order_by(Piece.kind, Piece.id)
        )
        with self._session() as session:
            return [(kind, key, body) for kind, key, body in session.execute(query)]

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
        with self._session() as session:
            return [
                ReleaseNote(r.number, r.author, r.note, r.created_at, pieces) for r, pieces in session.execute(query)
            ]

    def draft(self, kind: str, key: str, body: dict[str, Any], *, author: str, comment: str = "") -> int:
        """A new revision of a piece (made if absent); its number. Nothing is shown until a release."""
        with self._session() as session:
            piece = session.scalar(select(Piece).where(Piece.kind == kind, Piece.key == key))
            if piece is None:
                piece = Piece(kind=kind, key=key)
                session.add(piece)
                session.flush()
            last = session.scalar(select(func.max(Revision.number)).where(Revision.piece_id == piece.id)) or 0
            session.add(Revision(piece_id=piece.id, number=last + 1, body=body, author=author, comment=comment))
            piece.withdrawn = False
            return last + 1

    def drafts(self) -> list[tuple[str, str, dict[str, Any]]]:
        """(kind, key, body) of what `publish` would release now."""
        query = _newest(select(Piece.kind, Piece.key, Revision.body)).order_by(Piece.kind, Piece.id)
        with self._session() as session:
            return [(kind, key, body) for kind, key, body in session.execute(query)]

    def withdraw(self, kind: str, key: str) -> None:
        """Leave a piece out of the next release.

        Raises:
            StoreError: there is no such piece.
        """
        with self._session() as session:
            piece = session.scalar(select(Piece).where(Piece.kind == kind, Piece.key == key))
            if piece is None:
                raise StoreError(f"{kind}/{key}: no such piece")
            piece.withdrawn = True

    def publish(self, *, author: str, note: str = "") -> int:
        """Release the newest revision of every piece that is not withdrawn; the new number.

        Raises:
            StoreError: another release was published at the same moment: try again.
        """
        chosen = _newest(select(Revision.id))
        try:
            with Session(self._engine) as session, session.begin():
                number = (session.scalar(select(func.max(Release.number))) or 0) + 1
                session.add(Release(number=number, author=author, note=note))
                session.flush()
                items = [{"release_number": number, "revision_id": i} for i in session.scalars(chosen)]
                for start in range(0, len(items), BATCH):
                    session.execute(insert(ReleaseItem), items[start : start + BATCH])
                return number
        except IntegrityError as error:
            raise StoreError("another release was published at the same moment: publish again") from error
        except SQLAlchemyError as error:
            raise StoreError(f"the release was not published: {type(error).__name__}") from error

    def seed(self, pieces: Iterable[tuple[str, str, dict[str, Any]]]) -> Seeded:
        """Insert what is absent; renew what only ever came from seeding; keep every edit."""
        added = renewed = kept = 0
        with self._session() as session:
            known = self._newest_by_piece(session)
            edited = set(session.scalars(select(Revision.piece_id).where(Revision.author != SEED).distinct()))
            for kind, key, body in pieces:
                current = known.get((kind, key))
                if current is None:
                    piece = Piece(kind=kind, key=key)
                    piece.revisions.append(Revision(number=1, body=body, author=SEED))
                    session.add(piece)
                    added += 1
                elif current[0] in edited or current[2] == body:
                    kept += 1
                else:
                    session.add(Revision(piece_id=current[0], number=current[1] + 1, body=body, author=SEED))
                    renewed += 1
        return Seeded(added, renewed, kept)

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
        with self._session() as session:
            session.add(Feedback(helpful=helpful, urgency=urgency, typology=typology, content_version=content_version))
