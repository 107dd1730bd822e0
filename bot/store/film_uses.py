"""Which pieces speak of a film, asked in the transaction that lets its file go."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, aliased

from bot.core.errors import FlowError
from bot.core.publishing import Actor, Right, Rules
from bot.store import audit, pieces
from bot.store.tables import Piece, Release, ReleaseItem, Revision, now
from bot.store.transactions import turn

KIND = "film"


class FilmUses:
    """Films between their files and the pieces about them."""

    def __init__(self, engine: Engine, rules: Rules, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._rules = rules
        self._clock = clock

    def let_go(self, actor: Actor, name: str, remove: Callable[[], None]) -> None:
        """Have `remove` delete a film, and note who did it.

        Nobody can write about the film or release it meanwhile: those transactions wait for this one.

        Raises:
            FlowError: a released piece shows it, or a piece on its way would.
            NotAllowedError: no right to write.
        """
        with turn(self._engine) as session:
            pieces.authorise(session, self._rules, actor, Right.WRITE)
            users = sorted(_released(session, name) | _newest(session, name))
            if users:
                raise FlowError(
                    f"{', '.join(users)} shows this film: withdraw it first", code="film_in_use", value=", ".join(users)
                )
            remove()
            audit.append(session, at=self._clock(), actor=actor.login, action="film.deleted", subject=f"media/{name}")


def _released(session: Session, name: str) -> set[str]:
    """Keys of pieces in the newest release that show it."""
    newest = select(func.max(Release.number)).scalar_subquery()
    query = (
        select(Piece.key, Revision.body)
        .join(Revision, Revision.piece_id == Piece.id)
        .join(ReleaseItem, ReleaseItem.revision_id == Revision.id)
        .where(ReleaseItem.release_number == newest, Piece.kind == KIND)
    )
    return {key for key, body in session.execute(query) if body.get("file") == name}


def _newest(session: Session, name: str) -> set[str]:
    """Keys of pieces, not withdrawn, whose newest words would show it."""
    any_one = aliased(Revision)
    newest = select(func.max(any_one.number)).where(any_one.piece_id == Piece.id).scalar_subquery()
    query = (
        select(Piece.key, Revision.body)
        .join(Revision, Revision.piece_id == Piece.id)
        .where(Piece.kind == KIND, Piece.withdrawn.is_(False), Revision.number == newest)
    )
    return {key for key, body in session.execute(query) if body.get("file") == name}
