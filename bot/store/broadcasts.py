"""Broadcasts: made once, planned in pages, paused, ended, counted. Any number of processes may do the same at once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, and_, case, delete, exists, func, insert, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert as insert_pg
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session, aliased

from bot.core.subscriptions import EVERYTHING
from bot.store.delivery_tables import Broadcast, BroadcastText, Delivery
from bot.store.outbox import Words, words_of
from bot.store.subscription_tables import Subscriber, SubscriberAudience
from bot.store.subscriptions import wishes_of
from bot.store.tables import Piece, ReleaseItem, Revision, now
from bot.store.transactions import transaction

PAGE = 2000
GOT = ("sent", "unsure")
# What is known of who got what is deleted so long after the end: until then a withdrawal can still be told to them.
KEPT_AFTER_END = timedelta(days=90)
Spoken = Mapping[tuple[str, str], Words]


@dataclass(frozen=True, slots=True)
class Planned:
    """A broadcast as it is to be made: what names it, to whom it goes, how urgent it is."""

    kind: str
    key: str
    revision: int
    title: str
    digest: str
    priority: int
    channels: tuple[str, ...]
    audiences: tuple[str, ...]
    places: tuple[str, ...]
    ends_at: datetime
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a broadcast is. `later` waits for a digest or the end of quiet hours, `due` could leave now."""

    id: int
    kind: str
    key: str
    revision: int
    title: str
    priority: int
    state: str
    planned: bool
    created_at: datetime
    changed_at: datetime
    sent: int
    due: int
    later: int
    failed: int
    dropped: int

    @property
    def total(self) -> int:
        """Everybody it was planned for."""
        return self.sent + self.due + self.later + self.failed + self.dropped


class BroadcastStore:
    """The repository of broadcasts. Every method is one transaction, or one for each page."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._clock = clock

    # ---- Making and planning ----

    def revisions(self, release: int) -> dict[str, int]:
        """Key -> revision number of every warning in a release."""
        query = (
            select(Piece.key, Revision.number)
            .join(Revision, Revision.piece_id == Piece.id)
            .join(ReleaseItem, ReleaseItem.revision_id == Revision.id)
            .where(ReleaseItem.release_number == release, Piece.kind == "warning")
        )
        with transaction(self._engine) as session:
            return dict(session.execute(query).all())

    def withdrawn_keys(self) -> set[str]:
        """The warnings that were taken back."""
        with transaction(self._engine) as session:
            return set(session.scalars(select(Piece.key).where(Piece.kind == "warning", Piece.withdrawn.is_(True))))

    def make(self, planned: Planned, spoken: Spoken, *, known: bool = False) -> int:
        """Make a broadcast, or find it made, and give it the words of the release in force; its id.

        With `known` its deliveries are written by who makes it, and there is nobody to look for.
        """
        moment = self._clock()
        values: dict[str, Any] = {
            **{name: getattr(planned, name) for name in Planned.__dataclass_fields__},
            "channels": list(planned.channels),
            "audiences": list(planned.audiences),
            "places": list(planned.places),
            "title": planned.title[:200],
            "state": "going",
            "reached": 0,
            "planned_at": moment if known else None,
            "created_at": moment,
            "changed_at": moment,
        }
        with transaction(self._engine) as session:
            _insert_new(session, Broadcast, [values])
            broadcast = session.scalars(
                select(Broadcast)
                .where(
                    Broadcast.kind == planned.kind,
                    Broadcast.key == planned.key,
                    Broadcast.revision == planned.revision,
                )
                .with_for_update()
            ).one()
            broadcast.ends_at = planned.ends_at
            session.flush()
            _respeak(session, broadcast.id, spoken)
            return broadcast.id

    def plan(self, broadcast_id: int) -> int:
        """Write the next page of the outbox of a broadcast; how many were looked at, 0 when everybody was."""
        with self._locked(broadcast_id) as (session, broadcast):
            if broadcast is None or broadcast.planned_at is not None or broadcast.state not in {"going", "paused"}:
                return 0
            asked = _correction(broadcast) if broadcast.corrects else _warned(broadcast)
            query = asked.where(Subscriber.id > broadcast.reached).order_by(Subscriber.id).limit(PAGE)
            page = list(session.scalars(query))
            self.deliver(session, broadcast, page)
            if page:
                broadcast.reached = page[-1].id
            elif not broadcast.corrects or not self._in_hand(session, broadcast.corrects):
                broadcast.planned_at = self._clock()
            elif broadcast.reached:
                broadcast.reached = 0  # somebody may still get what is taken back: look again
            return len(page)

    def deliver(self, session: Session, broadcast: Broadcast, subscribers: Sequence[Subscriber]) -> None:
        """Put a broadcast to these subscribers into the outbox, once, for when each wants it."""
        moment = self._clock()
        rows = []
        for subscriber in subscribers:
            wishes = wishes_of(subscriber)
            rows.append(
                {
                    "broadcast_id": broadcast.id,
                    "subscriber_id": subscriber.id,
                    "bundled": wishes.bundled(broadcast.priority),
                    "state": "waiting",
                    "next_at": wishes.due(moment, broadcast.priority),
                    "worker": "",
                    "tries": 0,
                    "reason": "",
                }
            )
        _insert_new(session, Delivery, rows)

    def deliver_to(self, broadcast_id: int, subscribers: Sequence[int]) -> None:
        """Put a broadcast to some in particular into the outbox, once."""
        with self._locked(broadcast_id) as (session, broadcast):
            if broadcast is not None:
                there = select(Subscriber).where(Subscriber.id.in_(subscribers), Subscriber.left_at.is_(None))
                self.deliver(session, broadcast, list(session.scalars(there)))

    def spoken(self, broadcast_id: int) -> dict[tuple[str, str], Words]:
        """The words of a broadcast by language and place."""
        with transaction(self._engine) as session:
            found = words_of(session, {broadcast_id})
            return {(language, place): words for (_, language, place), words in found.items()}

    def unplanned(self) -> list[int]:
        """Broadcasts whose outbox is not written to the end, the most urgent first."""
        query = select(Broadcast.id).where(Broadcast.planned_at.is_(None), Broadcast.state.in_(["going", "paused"]))
        with transaction(self._engine) as session:
            return list(session.scalars(query.order_by(Broadcast.priority, Broadcast.id)))

    # ---- Pausing and ending ----

    def pause(self, broadcast_id: int) -> bool:
        """Stop before the next message; whether it was going."""
        return self._move(broadcast_id, ("going",), "paused")

    def resume(self, broadcast_id: int) -> bool:
        """Go on; whether it was paused."""
        return self._move(broadcast_id, ("paused",), "going")

    def end(self, broadcast_id: int, state: str) -> None:
        """End a broadcast as `over` or `withdrawn`: what waits is dropped, what is in somebody's hand is not."""
        if self._move(broadcast_id, ("going", "paused", "done"), state):
            self.drop_waiting()

    def open(self) -> list[Progress]:
        """Every broadcast that is not ended, without its counts."""
        query = select(Broadcast).where(Broadcast.state.in_(["going", "paused", "done"])).order_by(Broadcast.id)
        with transaction(self._engine) as session:
            return [_progress(b, {}) for b in session.scalars(query)]

    def drop_waiting(self) -> None:
        """Drop what waits in ended broadcasts; what a dead worker had in hand may have arrived, and counts as such."""
        moment = self._clock()
        ended = select(Broadcast.id).where(or_(Broadcast.state.in_(["over", "withdrawn"]), Broadcast.ends_at <= moment))
        waiting = and_(Delivery.broadcast_id.in_(ended), Delivery.state == "waiting")
        free = or_(Delivery.worker == "", Delivery.next_at <= moment)
        unsure = or_(Delivery.worker != "", Delivery.reason == "unsure")
        while True:
            with transaction(self._engine) as session:
                page = list(session.scalars(select(Delivery.id).where(waiting, free).order_by(Delivery.id).limit(PAGE)))
                for condition, state in ((unsure, "unsure"), (true(), "dropped")):
                    session.execute(
                        update(Delivery)
                        .where(Delivery.id.in_(page), Delivery.state == "waiting", free, condition)
                        .values(state=state, worker="", done_at=moment)
                        .execution_options(synchronize_session=False)
                    )
            if len(page) < PAGE:
                return

    def sweep(self) -> None:
        """End what has run its time, close what is done, forget what is long over."""
        moment = self._clock()
        waits = exists(select(Delivery.id).where(Delivery.broadcast_id == Broadcast.id, Delivery.state == "waiting"))
        with transaction(self._engine) as session:
            self._restate(
                session, and_(Broadcast.state.in_(["going", "paused", "done"]), Broadcast.ends_at <= moment), "over"
            )
            self._restate(session, and_(Broadcast.state == "going", Broadcast.planned_at.is_not(None), ~waits), "done")
            old = select(Broadcast.id).where(
                Broadcast.state.in_(["over", "withdrawn"]), Broadcast.changed_at <= moment - KEPT_AFTER_END
            )
            session.execute(
                delete(Delivery).where(Delivery.broadcast_id.in_(old)).execution_options(synchronize_session=False)
            )
        self.drop_waiting()

    # ---- Counting ----

    def progress(self, broadcast_id: int | None = None, *, limit: int = 50) -> list[Progress]:
        """How far broadcasts are, the newest first; or one of them."""
        moment = self._clock()
        query = select(Broadcast).order_by(Broadcast.id.desc()).limit(limit)
        if broadcast_id is not None:
            query = query.where(Broadcast.id == broadcast_id)
        with transaction(self._engine) as session:
            found = list(session.scalars(query))
            later = func.sum(case((and_(Delivery.next_at > moment, Delivery.worker == ""), 1), else_=0))
            counted = (
                select(Delivery.broadcast_id, Delivery.state, func.count(), later)
                .where(Delivery.broadcast_id.in_([b.id for b in found]))
                .group_by(Delivery.broadcast_id, Delivery.state)
            )
            counts: dict[int, dict[str, tuple[int, int]]] = {}
            for id_, state, count, waits in session.execute(counted):
                counts.setdefault(id_, {})[state] = (count, int(waits))
            return [_progress(b, counts.get(b.id, {})) for b in found]

    # ---- Inside ----

    @contextmanager
    def _locked(self, broadcast_id: int) -> Iterator[tuple[Session, Broadcast | None]]:
        with transaction(self._engine) as session:
            connection = session.connection()
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield session, session.get(Broadcast, broadcast_id, with_for_update=True)

    def _move(self, broadcast_id: int, old: tuple[str, ...], new: str) -> bool:
        with transaction(self._engine) as session:
            return self._restate(session, and_(Broadcast.id == broadcast_id, Broadcast.state.in_(old)), new)

    def _restate(self, session: Session, where: Any, state: str) -> bool:
        moved = (
            update(Broadcast)
            .where(where)
            .values(state=state, changed_at=self._clock())
            .returning(Broadcast.id)
            .execution_options(synchronize_session=False)
        )
        return bool(session.scalars(moved).all())

    def _in_hand(self, session: Session, broadcast_id: int) -> bool:
        waiting = and_(Delivery.broadcast_id == broadcast_id, Delivery.state == "waiting")
        return session.scalar(select(Delivery.id).where(waiting).limit(1)) is not None


def _respeak(session: Session, broadcast_id: int, spoken: Spoken) -> None:
    session.execute(delete(BroadcastText).where(BroadcastText.broadcast_id == broadcast_id))
    session.execute(
        insert(BroadcastText),
        [
            {
                "broadcast_id": broadcast_id,
                "language": language,
                "place": place,
                "lead": words.lead,
                "text": words.text,
                "foot": words.foot,
                "buttons": [{"title": title, "payload": payload} for title, payload in words.buttons],
            }
            for (language, place), words in spoken.items()
        ],
    )


def _insert_new(session: Session, table: Any, rows: list[dict[str, Any]]) -> None:
    """Insert what is not there yet; another process may have been first."""
    if not rows:
        return
    make = insert_sqlite if session.connection().dialect.name == "sqlite" else insert_pg
    session.execute(make(table).values(rows).on_conflict_do_nothing())


def _warned(broadcast: Broadcast) -> Any:
    """Who asked for a warning before it was made, and has not had the same words already."""
    query = select(Subscriber).where(
        Subscriber.left_at.is_(None),
        Subscriber.consent_at <= broadcast.created_at,
        Subscriber.channel.in_(broadcast.channels),
    )
    if EVERYTHING not in broadcast.places:
        query = query.where(Subscriber.place.in_([*broadcast.places, EVERYTHING]))
    chosen = exists(
        select(SubscriberAudience.audience).where(
            SubscriberAudience.subscriber_id == Subscriber.id,
            true()
            if EVERYTHING in broadcast.audiences
            else SubscriberAudience.audience.in_([*broadcast.audiences, EVERYTHING]),
        )
    )
    before = aliased(Broadcast)
    same = exists(
        select(Delivery.id)
        .join(before, before.id == Delivery.broadcast_id)
        .where(
            Delivery.subscriber_id == Subscriber.id,
            Delivery.state.in_(["waiting", *GOT]),
            before.id != broadcast.id,
            before.kind == broadcast.kind,
            before.key == broadcast.key,
            before.digest == broadcast.digest,
            before.state != "withdrawn",
        )
    )
    return query.where(chosen, ~same)


def _correction(broadcast: Broadcast) -> Any:
    """Who got what is taken back, and was not told yet."""
    got = exists(
        select(Delivery.id).where(
            Delivery.subscriber_id == Subscriber.id,
            Delivery.broadcast_id == broadcast.corrects,
            Delivery.state.in_(GOT),
        )
    )
    told = exists(
        select(Delivery.id).where(Delivery.subscriber_id == Subscriber.id, Delivery.broadcast_id == broadcast.id)
    )
    return select(Subscriber).where(Subscriber.left_at.is_(None), got, ~told)


def _progress(broadcast: Broadcast, counts: dict[str, tuple[int, int]]) -> Progress:
    def of(*states: str) -> int:
        return sum(counts.get(state, (0, 0))[0] for state in states)

    waiting, later = counts.get("waiting", (0, 0))
    return Progress(
        id=broadcast.id,
        kind=broadcast.kind,
        key=broadcast.key,
        revision=broadcast.revision,
        title=broadcast.title,
        priority=broadcast.priority,
        state=broadcast.state,
        planned=broadcast.planned_at is not None,
        created_at=broadcast.created_at,
        changed_at=broadcast.changed_at,
        sent=of(*GOT),
        due=waiting - later,
        later=later,
        failed=of("failed"),
        dropped=of("dropped"),
    )
