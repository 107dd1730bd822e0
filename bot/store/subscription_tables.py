"""Tables of those who asked to be told: subscribers, and texts that are looked at once more."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.tables import Base, Moment, now


class Subscriber(Base):
    """Somebody who can be written to. Without `consent_at` he agreed to no warnings, only to answers being corrected.

    The address is what the messenger knows him by; no phone number, no name.
    """

    __tablename__ = "subscriber"
    __table_args__ = (UniqueConstraint("channel", "address", name="subscriber_channel_address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    address: Mapped[str] = mapped_column(String(128))
    place: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(16))
    zone: Mapped[str] = mapped_column(String(64))
    frequency: Mapped[str] = mapped_column(String(16))
    quiet_start: Mapped[int | None]
    quiet_end: Mapped[int | None]
    urgent_anyway: Mapped[bool]
    consent_release: Mapped[int | None]  # whose words he agreed to
    consent_at: Mapped[datetime | None] = mapped_column(Moment)
    left_at: Mapped[datetime | None] = mapped_column(Moment)
    left_why: Mapped[str] = mapped_column(String(16), default="")
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class SubscriberAudience(Base):
    """One audience somebody chose."""

    __tablename__ = "subscriber_audience"

    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscriber.id", ondelete="CASCADE"), primary_key=True)
    audience: Mapped[str] = mapped_column(String(64), primary_key=True)


class KeptText(Base):
    """A text somebody asked to have looked at once more, masked; deleted after 72 hours or when he was told."""

    __tablename__ = "kept_text"
    __table_args__ = (Index("kept_text_until", "until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscriber.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(16))
    urgency: Mapped[str] = mapped_column(String(16))
    release: Mapped[int]  # the one it was last judged under
    until: Mapped[datetime] = mapped_column(Moment)
