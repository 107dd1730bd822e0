"""Masked texts that were not understood, without anybody being followed: hashes of senders hold for one day."""

import hashlib
import hmac
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.core.measures import Reason, Unresolved
from bot.store.taught_tables import DailySalt, InboxText
from bot.store.transactions import transaction

KEPT_DAYS = 90
# What one sender, and what all together, may leave behind; the rest is lost rather than pushing out what is there.
MOST_A_SENDER = 20
MOST_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class InboxLine:
    """One kept text. `sender` tells two of the same day apart and nothing else."""

    id: int
    day: date
    sender: str
    text: str
    language: str
    form: str
    urgency: str
    typology: str
    reason: Reason
    release: int


class InboxStore:
    """The repository of the inbox. Every method is one transaction.

    Args:
        engine: the database.
        today: the day of the bank.
    """

    def __init__(self, engine: Engine, today: Callable[[], date] = date.today) -> None:
        self._engine = engine
        self._today = today

    def keep(self, texts: Sequence[Unresolved]) -> int:
        """Keep texts that are masked for people, the same of one sender once; how many there was no room for."""
        day = self._today()
        with transaction(self._engine) as session:
            salt = self._salt(session, day)
            rows = [_row(one, day, salt) for one in texts]
            room = MOST_KEPT - (session.scalar(select(func.count(InboxText.id))) or 0)
            senders = {row["sender"] for row in rows}
            query = (
                select(InboxText.sender, func.count(InboxText.id))
                .where(InboxText.sender.in_(senders))
                .group_by(InboxText.sender)
            )
            counts = Counter(dict(session.execute(query).all()))
            kept: list[dict[str, Any]] = []
            for row in rows:
                if len(kept) < room and counts[row["sender"]] < MOST_A_SENDER:
                    counts[row["sender"]] += 1
                    kept.append(row)
            if kept:
                session.execute(self._insert(InboxText).on_conflict_do_nothing(), kept)
        return len(rows) - len(kept)

    def waiting(self) -> list[InboxLine]:
        """Everything nobody has dealt with, the oldest first."""
        query = select(InboxText).where(InboxText.settled == "").order_by(InboxText.id)
        with transaction(self._engine) as session:
            return [_line(row) for row in session.scalars(query)]

    def settle(self, ids: Sequence[int], outcome: str) -> None:
        """Take texts out of the inbox: `outcome` is the piece that came of them as kind/key, or `dismissed`."""
        with transaction(self._engine) as session:
            session.execute(update(InboxText).where(InboxText.id.in_(ids)).values(settled=outcome[:200]))

    def settled(self, start: date, end: date) -> dict[str, int]:
        """How many texts of those days became which piece, or were dismissed."""
        query = (
            select(InboxText.settled, func.count(InboxText.id))
            .where(InboxText.day.between(start, end), InboxText.settled != "")
            .group_by(InboxText.settled)
        )
        with transaction(self._engine) as session:
            return dict(session.execute(query).all())

    def sweep(self) -> int:
        """Delete texts that were kept long enough, and the salts of days that are over; how many texts went."""
        today = self._today()
        with transaction(self._engine) as session:
            session.execute(delete(DailySalt).where(DailySalt.day < today))
            old = InboxText.day < today - timedelta(days=KEPT_DAYS)
            gone = session.execute(delete(InboxText).where(old).returning(InboxText.id)).all()
        return len(gone)

    def _salt(self, session: Session, day: date) -> bytes:
        fresh = {"day": day, "salt": secrets.token_hex(32)}
        session.execute(self._insert(DailySalt).on_conflict_do_nothing(), [fresh])
        return (session.scalar(select(DailySalt.salt).where(DailySalt.day == day)) or "").encode()

    def _insert(self, table: type[Any]) -> Any:
        return (postgresql if self._engine.dialect.name == "postgresql" else sqlite).insert(table)


def _row(one: Unresolved, day: date, salt: bytes) -> dict[str, Any]:
    return {
        "day": day,
        "sender": hmac.new(salt, one.conversation.encode(), hashlib.sha256).hexdigest()[:32],
        "digest": hashlib.sha256(one.text.encode()).hexdigest()[:32],
        "text": one.text,
        "language": one.language[:16],
        "form": one.form[:16],
        "urgency": one.urgency[:16],
        "typology": one.typology[:64],
        "reason": one.reason.value,
        "release": one.release,
        "settled": "",
    }


def _line(row: InboxText) -> InboxLine:
    return InboxLine(
        row.id,
        row.day,
        row.sender,
        row.text,
        row.language,
        row.form,
        row.urgency,
        row.typology,
        Reason(row.reason),
        row.release,
    )
