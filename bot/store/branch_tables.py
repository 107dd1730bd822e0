"""What stands in a branch: devices, what they played, and calls for help from them. No visitor is in any of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.tables import Base, Body, Moment, now


class Device(Base):
    """A kiosk, screen or sign. Of its token only a hash is kept; before it is paired it has a code and nothing else."""

    __tablename__ = "device"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code: Mapped[str | None] = mapped_column(String(8), unique=True)  # shown on it until somebody types it at the desk
    code_until: Mapped[datetime | None] = mapped_column(Moment)
    name: Mapped[str] = mapped_column(String(100), default="")
    place: Mapped[str] = mapped_column(String(64), default="")
    kind: Mapped[str] = mapped_column(String(16), default="")
    language: Mapped[str] = mapped_column(String(16), default="zh-Hans", server_default="zh-Hans")  # of a kiosk's start
    paired_at: Mapped[datetime | None] = mapped_column(Moment)
    paired_by: Mapped[str] = mapped_column(String(64), default="")
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    seen_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=0)  # of the release it shows
    skew: Mapped[int] = mapped_column(default=0)  # seconds its clock is ahead of ours
    troubles: Mapped[list[str]] = mapped_column(Body, default=list)
    asked_at: Mapped[datetime | None] = mapped_column(Moment)  # when somebody wanted to see what it shows
    showing: Mapped[dict[str, Any] | None] = mapped_column(Body)
    showing_at: Mapped[datetime | None] = mapped_column(Moment)
    batch: Mapped[int] = mapped_column(BigInteger, default=0)  # of the plays it reported last


class DevicePlay(Base):
    """How often a device showed a piece on a day."""

    __tablename__ = "device_play"

    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"), primary_key=True, autoincrement=False)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    piece: Mapped[str] = mapped_column(String(161), primary_key=True)
    times: Mapped[int]


class HelpCall(Base):
    """Somebody at a kiosk wants a person. Who he is stands nowhere."""

    __tablename__ = "help_call"
    __table_args__ = (Index("help_call_closed", "closed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    place: Mapped[str] = mapped_column(String(64), default="")
    device: Mapped[str] = mapped_column(String(100), default="")  # what it is called
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    rung: Mapped[int] = mapped_column(default=1)  # how often it was pressed before somebody took it
    taken_at: Mapped[datetime | None] = mapped_column(Moment)
    taken_by: Mapped[str] = mapped_column(String(64), default="")
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_by: Mapped[str] = mapped_column(String(64), default="")
    outcome: Mapped[str] = mapped_column(String(200), default="")
