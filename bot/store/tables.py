"""Typed mappings. A release is a numbered, immutable set of revisions; a revision is never changed, only followed."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, Index, String, Text, TypeDecorator, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

Body = JSON().with_variant(JSONB(), "postgresql")


def now() -> datetime:
    """The time in UTC, as every table keeps it."""
    return datetime.now(UTC)


class Moment(TypeDecorator[datetime]):
    """A time in UTC, aware on the way out too: SQLite keeps no zone, and compares what it keeps as text."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


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
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    piece: Mapped[Piece] = relationship(back_populates="revisions")


class Release(Base):
    """What was published together."""

    __tablename__ = "release"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    author: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


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
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


# ---- The desk ----


class RevisionState(Base):
    """Where a revision stands in the editorial flow. The words are in `Revision` and never change; this does."""

    __tablename__ = "revision_state"
    __table_args__ = (Index("revision_state_state", "state"),)

    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(16))
    step: Mapped[str] = mapped_column(String(32), default="")
    round: Mapped[int] = mapped_column(default=0)  # how often it was submitted; decisions of other rounds do not count
    submitted_by: Mapped[str] = mapped_column(String(64), default="")
    digest: Mapped[str] = mapped_column(String(64))  # SHA-256 of the body
    approved_at: Mapped[datetime | None] = mapped_column(Moment)
    released_at: Mapped[datetime | None] = mapped_column(Moment)
    release_at: Mapped[datetime | None] = mapped_column(Moment)  # when it is scheduled for
    ends_at: Mapped[datetime | None] = mapped_column(Moment)  # when it is to be taken down, said by a person
    valid_until: Mapped[datetime | None] = mapped_column(Moment)  # when it has to be checked again, by its kind
    leaves: Mapped[bool] = mapped_column(default=False)  # whether it is taken down then
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)
    changed_by: Mapped[str] = mapped_column(String(64))


class Decision(Base):
    """What somebody said of a revision at a step. Never changed."""

    __tablename__ = "decision"
    __table_args__ = (Index("decision_revision", "revision_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    round: Mapped[int]
    step: Mapped[str] = mapped_column(String(32))
    verdict: Mapped[str] = mapped_column(String(16))
    who: Mapped[str] = mapped_column(String(64))
    comment: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Moment, default=now)


class AuditEntry(Base):
    """One line of the trail, chained to the one before. The database refuses to change or delete it."""

    __tablename__ = "audit_entry"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(200))
    detail: Mapped[dict[str, Any]] = mapped_column(Body)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class EditLock(Base):
    """Who has a piece open. It ends by itself unless it is renewed. The piece need not exist yet."""

    __tablename__ = "edit_lock"

    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))
    since: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)


class Showing(Base):
    """Where a piece can be seen outside this app: a sign, a poster, a branch's counter; and who took it down."""

    __tablename__ = "showing"
    __table_args__ = (Index("showing_piece", "piece_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    piece_id: Mapped[int] = mapped_column(ForeignKey("piece.id"))
    number: Mapped[int]  # of the revision
    channel: Mapped[str] = mapped_column(String(32))
    place: Mapped[str] = mapped_column(String(200))
    since: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime | None] = mapped_column(Moment)
    put_by: Mapped[str] = mapped_column(String(64))
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
    removed_by: Mapped[str] = mapped_column(String(64), default="")


class Staff(Base):
    """A member of the desk. Never deleted, so that a login in the trail stays one person's."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    roles: Mapped[list[str]] = mapped_column(Body)
    password: Mapped[str] = mapped_column(String(200), default="")  # an argon2 hash; empty: only from outside
    external: Mapped[str | None] = mapped_column(String(255), unique=True)  # issuer and subject of an identity provider
    active: Mapped[bool] = mapped_column(default=True)
    must_change: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class StaffSession(Base):
    """Somebody signed in. Of the token only a hash is kept; an ended session is deleted."""

    __tablename__ = "staff_session"
    __table_args__ = (Index("staff_session_staff", "staff_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    address: Mapped[str] = mapped_column(String(64), default="")
    agent: Mapped[str] = mapped_column(String(200), default="")


class SignInFailure(Base):
    """Failed sign-ins by name, whether there is such a name or not, so that a lock-out tells nothing."""

    __tablename__ = "sign_in_failure"

    login_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(Moment)
    locked_until: Mapped[datetime | None] = mapped_column(Moment)
