"""The outbox as workers see it: take some in hand, say what became of them.

What is taken belongs to a worker until its lease ends; whoever dies with something in hand loses it to the others. The
turns of a channel are handed out with it, so that all workers together keep one pace, and no chat gets two at a time.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Engine, and_, case, exists, literal, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from bot.core.subscriptions import EVERYTHING, Preferences
from bot.store.delivery_tables import Broadcast, BroadcastText, Delivery, Pace
from bot.store.subscription_tables import Subscriber
from bot.store.subscriptions import retire, wishes_of
from bot.store.tables import Moment, now
from bot.store.transactions import transaction

LEASE = timedelta(seconds=60)
# A worker takes turns at most so far ahead.
AHEAD = timedelta(seconds=1.5)
# Between two messages to one chat, and to one group, as Telegram asks for.
CHAT_SPACE, GROUP_SPACE = timedelta(seconds=1), timedelta(seconds=3)
GROUP = "%:-%"  # how the address of a group looks


@dataclass(frozen=True, slots=True)
class Words:
    """What one broadcast says to somebody."""

    lead: str
    text: str
    foot: str
    buttons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Parcel:
    """What one message carries: one delivery, or several of a digest. `turn` is when it may leave."""

    ids: tuple[int, ...]
    subscriber: int
    address: str
    wishes: Preferences
    priority: int
    tries: int
    words: tuple[Words, ...]
    turn: datetime
    until: datetime


class End(StrEnum):
    """What became of a parcel."""

    SENT = "sent"
    FAILED = "failed"  # it will never be taken
    GONE = "gone"  # nor will any other to that address
    LATER = "waiting"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a parcel, and for `LATER` when it is due again and whether that counts as a try."""

    parcel: Parcel
    end: End
    reason: str = ""
    next_at: datetime | None = None
    counts: bool = False


class Outbox:
    """The outbox of one database, for one worker of any number.

    Args:
        engine: the database.
        worker: the name of this worker, another for every process.
        clock: the time.
        lease: how long what was taken is nobody else's.
    """

    def __init__(
        self, engine: Engine, worker: str, clock: Callable[[], datetime] = now, lease: timedelta = LEASE
    ) -> None:
        self._engine = engine
        self._worker = worker
        self._clock = clock
        self._lease = lease

    def claim(self, channel: str, most: int, per_second: float | None) -> list[Parcel]:
        """Take what is due in a channel, the most urgent first, with a turn for each message; nothing when none is.

        Args:
            channel: which messenger.
            most: how many deliveries at most; the digest of one customer is never cut.
            per_second: the pace all workers keep together; `None` for none.
        """
        moment = self._clock()
        if not self._anything(channel, moment):
            return []
        with self._alone(channel) as (session, pace):
            free = max(pace.free_at, moment)
            if per_second and free > moment + AHEAD:
                return []
            rows = self._due(session, channel, moment, most)
            rows += self._rest_of_digests(session, rows, moment)
            held = self._take(session, [d.id for d, _, _ in rows], moment)
            parcels = self._parcels(session, [r for r in rows if r[0].id in held], free, per_second, moment)
            if per_second:
                pace.free_at = free + timedelta(seconds=len(parcels) / per_second)
            return parcels

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Write down what became of parcels, in one transaction."""
        moment = self._clock()
        with transaction(self._engine) as session:
            sent = [id_ for o in outcomes if o.end is End.SENT for id_ in o.parcel.ids]
            if sent:
                self._write(session, sent, state="sent", done_at=moment, reason="")
            for outcome in outcomes:
                self._write_one(session, outcome, moment)

    def hold(self, channel: str, until: datetime) -> None:
        """Nothing leaves in a channel before `until`, whoever sends."""
        with self._alone(channel) as (_, pace):
            pace.free_at = max(pace.free_at, until)

    # ---- Taking ----

    def _anything(self, channel: str, moment: datetime) -> bool:
        with transaction(self._engine) as session:
            going = self._going(session, channel, moment)
            due = and_(Delivery.broadcast_id.in_(going), Delivery.state == "waiting", Delivery.next_at <= moment)
            return bool(going) and session.scalar(select(Delivery.id).where(due).limit(1)) is not None

    @contextmanager
    def _alone(self, channel: str) -> Iterator[tuple[Session, Pace]]:
        """A transaction in which no other worker takes anything of that channel."""
        with transaction(self._engine) as session:
            connection = session.connection()
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            row = session.scalar(select(Pace).where(Pace.channel == channel).with_for_update())
            if row is None:
                row = self._first(session, channel)
            yield session, row

    def _first(self, session: Session, channel: str) -> Pace:
        try:
            with session.begin_nested():
                session.add(Pace(channel=channel, free_at=self._clock()))
        except IntegrityError:  # another worker was first
            session.expire_all()
        return session.scalars(select(Pace).where(Pace.channel == channel).with_for_update()).one()

    @staticmethod
    def _going(session: Session, channel: str, moment: datetime) -> list[int]:
        query = (
            select(Broadcast.id, Broadcast.channels)
            .where(Broadcast.state == "going", Broadcast.ends_at > moment)
            .order_by(Broadcast.priority, Broadcast.id)
        )
        return [id_ for id_, channels in session.execute(query) if channel in channels]

    def _due(
        self, session: Session, channel: str, moment: datetime, most: int
    ) -> list[tuple[Delivery, Subscriber, Broadcast]]:
        rows: list[tuple[Delivery, Subscriber, Broadcast]] = []
        seen: set[int] = set()
        for broadcast in self._going(session, channel, moment):
            query = (
                _everything()
                .where(Delivery.broadcast_id == broadcast, Delivery.state == "waiting", Delivery.next_at <= moment)
                .where(Subscriber.channel == channel, Subscriber.left_at.is_(None), ~_busy(moment))
                .order_by(Delivery.next_at, Delivery.id)
                .limit(most - len(rows))
            )
            found = [(d, s, b) for d, s, b in session.execute(query) if s.id not in seen]
            seen |= {s.id for _, s, _ in found}
            rows += found
            if len(rows) >= most:
                break
        return rows

    @staticmethod
    def _rest_of_digests(
        session: Session, rows: list[tuple[Delivery, Subscriber, Broadcast]], moment: datetime
    ) -> list[tuple[Delivery, Subscriber, Broadcast]]:
        digests = [s.id for d, s, _ in rows if d.bundled]
        if not digests:
            return []
        query = _everything().where(
            Delivery.subscriber_id.in_(digests),
            Delivery.bundled,
            Delivery.state == "waiting",
            Delivery.next_at <= moment,
            Delivery.id.not_in([d.id for d, _, _ in rows]),
            Broadcast.state == "going",
            Broadcast.ends_at > moment,
        )
        return [(d, s, b) for d, s, b in session.execute(query.order_by(Broadcast.priority, Delivery.id))]

    def _take(self, session: Session, ids: list[int], moment: datetime) -> set[int]:
        taken = (
            update(Delivery)
            .where(Delivery.id.in_(ids), Delivery.state == "waiting", Delivery.next_at <= moment)
            .values(worker=self._worker, next_at=moment + self._lease)
            .returning(Delivery.id)
            .execution_options(synchronize_session=False)
        )
        return set(session.scalars(taken))

    def _parcels(
        self,
        session: Session,
        rows: list[tuple[Delivery, Subscriber, Broadcast]],
        free: datetime,
        per_second: float | None,
        moment: datetime,
    ) -> list[Parcel]:
        spoken = words_of(session, {b.id for _, _, b in rows})
        grouped: dict[tuple[int, int], list[tuple[Delivery, Subscriber, Broadcast]]] = {}
        for row in rows:
            grouped.setdefault((row[1].id, 0 if row[0].bundled else row[0].id), []).append(row)
        step = timedelta(seconds=1 / per_second) if per_second else timedelta()
        parcels = []
        for place, group in enumerate(grouped.values()):
            _, subscriber, broadcast = group[0]
            parcels.append(
                Parcel(
                    ids=tuple(d.id for d, _, _ in group),
                    subscriber=subscriber.id,
                    address=subscriber.address,
                    wishes=wishes_of(subscriber),
                    priority=broadcast.priority,
                    tries=max(d.tries for d, _, _ in group),
                    words=tuple(_fitting(spoken, b.id, subscriber) for _, _, b in group),
                    turn=free + place * step,
                    until=moment + self._lease,
                )
            )
        return parcels

    # ---- What became of it ----

    def _write_one(self, session: Session, outcome: Outcome, moment: datetime) -> None:
        ids, reason = outcome.parcel.ids, outcome.reason
        if outcome.end is End.LATER:
            tries = Delivery.tries + 1 if outcome.counts else Delivery.tries
            self._write(session, ids, worker="", next_at=outcome.next_at or moment, tries=tries, reason=reason)
        elif outcome.end in {End.FAILED, End.GONE}:
            self._write(session, ids, state="failed", done_at=moment, reason=reason)
            if outcome.end is End.GONE:
                retire(session, outcome.parcel.subscriber, "blocked", moment)

    def _write(self, session: Session, ids: Sequence[int], **values: Any) -> None:
        # whoever held it too long has lost it, but what was sent was sent
        mine = Delivery.worker == self._worker if values.get("state") != "sent" else Delivery.state != "sent"
        session.execute(
            update(Delivery)
            .where(Delivery.id.in_(ids), mine)
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def _everything() -> Any:
    return (
        select(Delivery, Subscriber, Broadcast)
        .join(Subscriber, Subscriber.id == Delivery.subscriber_id)
        .join(Broadcast, Broadcast.id == Delivery.broadcast_id)
    )


def _busy(moment: datetime) -> ColumnElement[bool]:
    """Whether somebody is being written to by another worker, or was within the last moments."""
    other = aliased(Delivery)
    space = case(
        (Subscriber.address.like(GROUP), literal(moment - GROUP_SPACE, Moment())),
        else_=literal(moment - CHAT_SPACE, Moment()),
    )
    return exists(
        select(other.id).where(
            other.subscriber_id == Subscriber.id,
            or_(
                and_(other.state == "waiting", other.worker != "", other.next_at > moment),
                and_(other.state == "sent", other.done_at > space),
            ),
        )
    )


def words_of(session: Session, broadcasts: set[int]) -> dict[tuple[int, str, str], Words]:
    """The words of broadcasts by broadcast, language and place."""
    query = select(BroadcastText).where(BroadcastText.broadcast_id.in_(broadcasts))
    return {
        (t.broadcast_id, t.language, t.place): Words(
            t.lead, t.text, t.foot, tuple((b["title"], b["payload"]) for b in t.buttons)
        )
        for t in session.scalars(query)
    }


def _fitting(spoken: dict[tuple[int, str, str], Words], broadcast: int, subscriber: Subscriber) -> Words:
    """The words for somebody's language and place; for a place that is no longer published, those of any place."""
    language = subscriber.language
    return spoken.get((broadcast, language, subscriber.place)) or spoken[broadcast, language, EVERYTHING]
