"""Tables of what goes out: broadcasts, their words, and the outbox."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.tables import Base, Body, Moment, now

_WAITING = text("state = 'waiting'")


class Broadcast(Base):
    """One thing sent to many: a revision of a warning, a correction of one, or better knowledge about kept texts."""

    __tablename__ = "broadcast"
    __table_args__ = (
        UniqueConstraint("kind", "key", "revision", name="broadcast_kind_key_revision"),
        Index("broadcast_state", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(128))
    revision: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))  # of the words: who got them gets them once
    priority: Mapped[int]
    channels: Mapped[list[str]] = mapped_column(Body)
    audiences: Mapped[list[str]] = mapped_column(Body)
    places: Mapped[list[str]] = mapped_column(Body)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(String(16))
    corrects: Mapped[int | None] = mapped_column(ForeignKey("broadcast.id"))
    reached: Mapped[int] = mapped_column(default=0)  # planned up to this subscriber
    planned_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)


class BroadcastText(Base):
    """The words of a broadcast in one language with the numbers of one place, as they stand in the release in force."""

    __tablename__ = "broadcast_text"

    broadcast_id: Mapped[int] = mapped_column(ForeignKey("broadcast.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(16), primary_key=True)
    place: Mapped[str] = mapped_column(String(64), primary_key=True)
    lead: Mapped[str] = mapped_column(Text)  # above several in one message
    text: Mapped[str] = mapped_column(Text)
    foot: Mapped[str] = mapped_column(Text)
    buttons: Mapped[list[dict[str, Any]]] = mapped_column(Body)


class Delivery(Base):
    """The outbox: one broadcast to one subscriber.

    While `worker` is set somebody has it in hand, until `next_at`; after that moment it is anybody's again.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("broadcast_id", "subscriber_id", name="delivery_broadcast_subscriber"),
        Index("delivery_state", "broadcast_id", "state"),
        Index("delivery_subscriber", "subscriber_id", "state"),
        Index("delivery_due", "broadcast_id", "next_at", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    broadcast_id: Mapped[int] = mapped_column(ForeignKey("broadcast.id", ondelete="CASCADE"))
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscriber.id", ondelete="CASCADE"))
    bundled: Mapped[bool]
    state: Mapped[str] = mapped_column(String(16))
    next_at: Mapped[datetime] = mapped_column(Moment)
    worker: Mapped[str] = mapped_column(String(64), default="")
    tries: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(String(32), default="")


class Pace(Base):
    """When the next message of a channel may leave: every worker takes its turns from here."""

    __tablename__ = "pace"

    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    free_at: Mapped[datetime] = mapped_column(Moment)
