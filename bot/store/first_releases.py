"""Since when customers see the words they see now."""

from datetime import datetime

from sqlalchemy import Engine, func, select

from bot.store.tables import Piece, Release, ReleaseItem, Revision
from bot.store.transactions import transaction


def first_released(engine: Engine, kind: str, release: int) -> dict[str, datetime]:
    """Key -> the moment at which the revision a release holds was first released, of every piece of a kind in it."""
    held = select(ReleaseItem.revision_id).where(ReleaseItem.release_number == release)
    query = (
        select(Piece.key, func.min(ReleaseItem.release_number))
        .join(Revision, Revision.piece_id == Piece.id)
        .join(ReleaseItem, ReleaseItem.revision_id == Revision.id)
        .where(Piece.kind == kind, Revision.id.in_(held))
        .group_by(Piece.key)
    )
    with transaction(engine) as session:
        numbers = {key: number for key, number in session.execute(query).all()}  # noqa: C416  # rows, not pairs
        asked = select(Release.number, Release.created_at).where(Release.number.in_(set(numbers.values())))
        moments = {number: at for number, at in session.execute(asked).all()}  # noqa: C416
    return {key: moments[number] for key, number in numbers.items()}
