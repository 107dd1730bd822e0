"""Tables of what customers taught: counts without a sender, and masked texts that were not understood."""

from datetime import date

from sqlalchemy import Date, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.tables import Base


class Measure(Base):
    """How often something happened to a piece on one day of the bank."""

    __tablename__ = "measure"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    event: Mapped[str] = mapped_column(String(32), primary_key=True)
    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    place: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]


class InboxText(Base):
    """A masked text that was not understood or not answered well. `sender` is a hash nobody can follow to the next day.

    `settled` is empty until an editor has dealt with it: then `dismissed`, or the piece that came of it as kind/key.
    """

    __tablename__ = "inbox_text"
    __table_args__ = (
        UniqueConstraint("sender", "digest", name="inbox_text_sender_digest"),
        Index("inbox_text_day", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(Date)
    sender: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(16))
    form: Mapped[str] = mapped_column(String(16))
    urgency: Mapped[str] = mapped_column(String(16))
    typology: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(16))
    release: Mapped[int]
    settled: Mapped[str] = mapped_column(String(200), default="")


class DailySalt(Base):
    """What senders are hashed with on one day; deleted when the day is over, and with it any way back."""

    __tablename__ = "daily_salt"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    salt: Mapped[str] = mapped_column(String(64))
