"""Texts that customers asked to have looked at once more, masked, for 72 hours."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, exists, select, update

from bot.core.subscriptions import Preferences
from bot.core.vocabulary import Language, Urgency
from bot.store.delivery_tables import Delivery
from bot.store.subscription_tables import KeptText, Subscriber
from bot.store.subscriptions import ensure
from bot.store.tables import now
from bot.store.transactions import transaction

KEPT_FOR = timedelta(hours=72)
PAGE = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """One text, how urgent it was held to be, and whose it is."""

    id: int
    subscriber: int
    text: str
    language: Language
    urgency: Urgency


class KeptTexts:
    """The repository of these texts. Every method is one transaction."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._clock = clock

    def keep(self, channel: str, address: str, wishes: Preferences, text: str, urgency: Urgency, release: int) -> None:
        """Keep a masked text with the consent of whoever is at that address; the same one is kept once."""
        with transaction(self._engine) as session:
            subscriber = ensure(session, channel, address, wishes)
            same = select(KeptText.id).where(KeptText.subscriber_id == subscriber.id, KeptText.text == text)
            if session.scalar(same) is None:
                session.add(
                    KeptText(
                        subscriber_id=subscriber.id,
                        text=text,
                        language=wishes.language.value,
                        urgency=urgency.value,
                        release=release,
                        until=self._clock() + KEPT_FOR,
                    )
                )

    def judged_before(self, release: int) -> list[Kept]:
        """A page of texts that were last judged under an older release."""
        query = (
            select(KeptText)
            .where(KeptText.release < release, KeptText.until > self._clock())
            .order_by(KeptText.id)
            .limit(PAGE)
        )
        with transaction(self._engine) as session:
            return [
                Kept(k.id, k.subscriber_id, k.text, Language(k.language), Urgency(k.urgency))
                for k in session.scalars(query)
            ]

    def judged(self, ids: list[int], release: int) -> None:
        """These were looked at and are no graver."""
        with transaction(self._engine) as session:
            session.execute(update(KeptText).where(KeptText.id.in_(ids)).values(release=release))

    def delete(self, ids: list[int]) -> None:
        """Whoever is at the other end was told."""
        with transaction(self._engine) as session:
            session.execute(delete(KeptText).where(KeptText.id.in_(ids)))

    def sweep(self) -> None:
        """Delete what has been kept long enough, and who was known for nothing else."""
        with transaction(self._engine) as session:
            session.execute(delete(KeptText).where(KeptText.until <= self._clock()))
            kept = exists(select(KeptText.id).where(KeptText.subscriber_id == Subscriber.id))
            waits = exists(
                select(Delivery.id).where(Delivery.subscriber_id == Subscriber.id, Delivery.state == "waiting")
            )
            session.execute(
                delete(Subscriber)
                .where(Subscriber.consent_at.is_(None), ~kept, ~waits)
                .execution_options(synchronize_session=False)
            )
