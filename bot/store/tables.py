"""Typed mappings. A release is a numbered, immutable set of revisions; a revision is never changed, only followed."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

Body = JSON().with_variant(JSONB(), "postgresql")


def now() -> datetime:
    """The time in UTC, as every table keeps it."""
    return datetime.now(UTC)


class Base(DeclarativeBase):
    """All tables of the project."""


class Piece(Base):
    """One unit of content: a typology, a case, a reply, a row of the hotline table."""

    __tablename__ = "piece"
    __table_args__ = (UniqueConstraint("kind", "key", name="piece_kind_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(128))
    withdrawn: Mapped[bool] = mapped_column(default=False)
    revisions: Mapped[list["Revision"]] = relationship(back_populates="piece", order_by="Revision.number")


class Revision(Base):
    """One wording of a piece."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("piece_id", "number", name="revision_piece_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    piece_id: Mapped[int] = mapped_column(ForeignKey("piece.id"))
    number: Mapped[int]
    body: Mapped[dict[str, Any]] = mapped_column(Body)
    author: Mapped[str] = mapped_column(String(64))
    comment: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    piece: Mapped[Piece] = relationship(back_populates="revisions")


class Release(Base):
    """What was published together."""

    __tablename__ = "release"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    author: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)


class ReleaseItem(Base):
    """Which revision of which piece a release holds."""

    __tablename__ = "release_item"
    __table_args__ = (Index("release_item_revision", "revision_id"),)

    release_number: Mapped[int] = mapped_column(ForeignKey("release.number"), primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True)


class Feedback(Base):
    """Helpful or not, about which card of which release. No text, no sender."""

    __tablename__ = "feedback"

    id: Mapped[int] = mapped_column(primary_key=True)
    helpful: Mapped[bool]
    urgency: Mapped[str] = mapped_column(String(16))
    typology: Mapped[str] = mapped_column(String(64))
    content_version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
