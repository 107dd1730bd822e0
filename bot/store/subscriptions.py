"""The repository of those who asked for warnings. Every method is one transaction."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Engine, Select, delete, insert, select, update
from sqlalchemy.orm import Session

from bot.core.subscriptions import Frequency, Preferences, Quiet, Subscription
from bot.core.vocabulary import Language
from bot.store.delivery_tables import Delivery
from bot.store.subscription_tables import KeptText, Subscriber, SubscriberAudience
from bot.store.tables import now
from bot.store.transactions import transaction

# How long it is kept that, and when, somebody who left had agreed.
KEPT_AFTER_LEAVING = timedelta(days=180)


class SubscriptionStore:
    """Who asked for warnings, how he wants them, and when he agreed."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._clock = clock

    def find(self, channel: str, address: str) -> Subscription | None:
        """The subscription of an address, if there is one now."""
        with transaction(self._engine) as session:
            row = _row(session, channel, address)
            return _subscription(session, row) if row is not None else None

    def agree(self, channel: str, address: str, wishes: Preferences, release: int) -> Subscription:
        """Subscribe an address with the consent given to the words of `release`; one that is subscribed stays so."""
        with transaction(self._engine) as session:
            row = _row(session, channel, address)
            if row is None:
                row = ensure(session, channel, address, wishes)
                row.consent_release, row.consent_at = release, self._clock()
                _write(session, row, wishes)
            return _subscription(session, row)

    def change(self, channel: str, address: str, change: Callable[[Preferences], Preferences]) -> Subscription | None:
        """Change what somebody wishes; none when he is not subscribed."""
        with transaction(self._engine) as session:
            row = _row(session, channel, address)
            if row is None:
                return None
            _write(session, row, change(_subscription(session, row).wishes))
            return _subscription(session, row)

    def leave(self, channel: str, address: str) -> bool:
        """End everything that is sent to an address by itself, also what waits; whether there was anything."""
        with transaction(self._engine) as session:
            row = session.scalar(_of(channel, address).where(Subscriber.left_at.is_(None)))
            if row is None:
                return False
            retire(session, row.id, "asked", self._clock())
            return True

    def sweep(self) -> int:
        """Forget those who left long ago; how many."""
        with transaction(self._engine) as session:
            gone = delete(Subscriber).where(Subscriber.left_at < self._clock() - KEPT_AFTER_LEAVING)
            return len(session.scalars(gone.returning(Subscriber.id)).all())


def ensure(session: Session, channel: str, address: str, wishes: Preferences) -> Subscriber:
    """The row of an address, made or taken up again."""
    row = session.scalar(_of(channel, address))
    if row is None:
        row = Subscriber(channel=channel, address=address)
        _write_row(row, wishes)
        session.add(row)
    elif row.left_at is not None:
        row.consent_release = row.consent_at = None
        _write_row(row, wishes)
    row.left_at, row.left_why = None, ""
    session.flush()
    return row


def retire(session: Session, subscriber_id: int, why: str, moment: datetime) -> None:
    """Nothing more goes to somebody; what waits for him is dropped, what was kept of his is deleted."""
    session.execute(
        update(Subscriber)
        .where(Subscriber.id == subscriber_id, Subscriber.left_at.is_(None))
        .values(left_at=moment, left_why=why)
    )
    session.execute(
        update(Delivery)
        .where(Delivery.subscriber_id == subscriber_id, Delivery.state == "waiting")
        .values(state="dropped", reason="left", worker="", done_at=moment)
    )
    session.execute(delete(KeptText).where(KeptText.subscriber_id == subscriber_id))


def wishes_of(row: Subscriber, audiences: frozenset[str] = frozenset()) -> Preferences:
    """What a row says somebody wishes."""
    quiet = None
    if row.quiet_start is not None and row.quiet_end is not None:
        quiet = Quiet(row.quiet_start, row.quiet_end)
    return Preferences(
        audiences=audiences,
        place=row.place,
        language=Language(row.language),
        frequency=Frequency(row.frequency),
        quiet=quiet,
        urgent_anyway=row.urgent_anyway,
        zone=row.zone,
    )


def _of(channel: str, address: str) -> Select[Subscriber]:
    return select(Subscriber).where(Subscriber.channel == channel, Subscriber.address == address)


def _row(session: Session, channel: str, address: str) -> Subscriber | None:
    query = _of(channel, address).where(Subscriber.left_at.is_(None), Subscriber.consent_at.is_not(None))
    return session.scalar(query)


def _write_row(row: Subscriber, wishes: Preferences) -> None:
    row.place, row.language, row.zone = wishes.place, wishes.language.value, wishes.zone
    row.frequency, row.urgent_anyway = wishes.frequency.value, wishes.urgent_anyway
    row.quiet_start = wishes.quiet.start if wishes.quiet else None
    row.quiet_end = wishes.quiet.end if wishes.quiet else None


def _write(session: Session, row: Subscriber, wishes: Preferences) -> None:
    _write_row(row, wishes)
    session.execute(delete(SubscriberAudience).where(SubscriberAudience.subscriber_id == row.id))
    chosen = [{"subscriber_id": row.id, "audience": a} for a in sorted(wishes.audiences)]
    if chosen:
        session.execute(insert(SubscriberAudience), chosen)


def _subscription(session: Session, row: Subscriber) -> Subscription:
    if row.consent_release is None or row.consent_at is None:
        raise AssertionError("a subscription without consent is none")
    chosen = select(SubscriberAudience.audience).where(SubscriberAudience.subscriber_id == row.id)
    wishes = replace(wishes_of(row), audiences=frozenset(session.scalars(chosen)))
    return Subscription(row.id, row.channel, row.address, wishes, row.consent_release, row.consent_at)
