"""Tables of what messengers delivered: handled once, broken, and the groups that asked to be watched. No text."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.tables import Base, Moment


class UpdateHandled(Base):
    """An update that need not be handled again; kept for as long as a messenger may repeat it."""

    __tablename__ = "update_handled"
    __table_args__ = (Index("update_handled_at", "at"),)

    channel: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)


class UpdateBroken(Base):
    """An update that broke its handler: what kind it was and what broke, for whoever mends it."""

    __tablename__ = "update_broken"
    __table_args__ = (Index("update_broken_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(128))
    kind: Mapped[str] = mapped_column(String(200))
    error: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Moment)


class GroupWatched(Base):
    """A group whose administrator wants to be warned without asking."""

    __tablename__ = "group_watched"

    channel: Mapped[str] = mapped_column(String(64), primary_key=True)
    chat: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[datetime] = mapped_column(Moment)
