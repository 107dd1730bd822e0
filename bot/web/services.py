"""Wiring: the one place where store, recogniser, conversation and engine meet."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import structlog
from sqlalchemy import Engine as DatabaseEngine

from bot.conversation.engine import Engine
from bot.conversation.handover import Handover
from bot.conversation.memory import Memory
from bot.conversation.snapshot import Snapshot, SnapshotBuilder
from bot.conversation.subscribing import Subscribing
from bot.conversation.turn import Turns
from bot.core.errors import StoreError
from bot.delivery.service import Delivery
from bot.desk.films import Films
from bot.desk.inbox import Inbox
from bot.desk.listening import Listener
from bot.desk.service import Desk, open_desk
from bot.recognition.build import Workshop
from bot.recognition.encoder import Encoder, SentenceEncoder
from bot.settings import Settings
from bot.store.counts import Counts
from bot.store.database import open_engine
from bot.store.devices import Devices
from bot.store.film_uses import FilmUses
from bot.store.help_calls import HelpCalls
from bot.store.inbox import InboxStore
from bot.store.live import Live
from bot.store.releases import ContentStore
from bot.store.sign_feeds import SignFeeds
from bot.web.ready import ReadyWorkshop, Shelf

log = structlog.get_logger()


@dataclass
class Services:
    """What a running app holds."""

    settings: Settings
    database: DatabaseEngine
    store: ContentStore
    live: Live[Snapshot]
    memory: Memory
    handover: Handover
    engine: Engine | None
    turns: Turns
    inner_token: str
    desk: Desk
    encoder: Encoder
    shelf: Shelf
    counts: Counts
    help_calls: HelpCalls
    devices: Devices
    feeds: SignFeeds
    films: Films
    film_uses: FilmUses
    listener: Listener
    inbox: Inbox
    delivery: Delivery

    @property
    def snapshot(self) -> Snapshot:
        """The release in force now."""
        return self.live.current

    def workshop(self, progress: Callable[[str], None]) -> Workshop:
        """Where drafts are learned; what it builds is in use at once when it is released."""
        return ReadyWorkshop(self.encoder, self.settings.learned, progress, self.shelf)

    async def close(self) -> None:
        """Stop watching and release connections."""
        self.live.stop()
        if self.engine:
            await self.engine.close()
        self.database.dispose()


def open_services(
    settings: Settings,
    *,
    progress: Callable[[str], None] = lambda _: None,
    with_engine: bool = True,
    encoder: Encoder | None = None,
    today: Callable[[], date] = date.today,
    on_release: Callable[[], None] = lambda: None,
) -> Services:
    """Open the store, read its newest release and be ready to assess; `on_release` is told when a newer one is in use.

    Raises:
        StoreError: the database cannot be reached, or nothing has been released in it yet.
        ContentError: a release, or the rules of the desk, cannot be read.
    """
    database = open_engine(settings.database_url)
    store = ContentStore(database)
    if store.newest_release() == 0:
        raise StoreError("nothing is released yet: run `fangzha content import content --publish`, or `fangzha up`")
    encoder = encoder or SentenceEncoder()
    shelf = Shelf()
    workshop = ReadyWorkshop(encoder, settings.learned, progress, shelf)
    builder = SnapshotBuilder(store.pieces_of, workshop, today)
    live = Live(store.newest_release, builder.build, _release_failed, on_release)
    counts, kept = Counts(database, today), InboxStore(database, today)
    listener = Listener(kept)
    memory = Memory(ended=listener.ended)
    engine = Engine(f"http://127.0.0.1:{settings.engine_port}") if with_engine else None
    delivery = Delivery(
        database,
        zone=settings.zone,
        folder=settings.var,
        redis_url=settings.redis_url,
        per_second=settings.warnings_per_second,
    )
    subscribing = Subscribing(delivery.subscriptions, delivery.kept, settings.timezone)
    turns = Turns(
        lambda: live.current,
        engine,
        memory,
        keep_feedback=store.record_feedback,
        count=counts.count,
        keep_unresolved=listener,
        subscribing=subscribing,
    )
    desk = open_desk(database, settings.desk_rules)
    return Services(
        settings=settings,
        database=database,
        store=store,
        live=live,
        memory=memory,
        handover=Handover(memory),
        engine=engine,
        turns=turns,
        inner_token=secrets.token_urlsafe(24),
        desk=desk,
        encoder=encoder,
        shelf=shelf,
        counts=counts,
        help_calls=HelpCalls(database, desk.rules.flow),
        devices=Devices(database, desk.rules.flow),
        feeds=SignFeeds(database, desk.rules.flow),
        films=Films(settings.media),
        film_uses=FilmUses(database, desk.rules.flow),
        listener=listener,
        inbox=Inbox(kept, encoder),
        delivery=delivery,
    )


def unreleased(
    pieces: list[tuple[str, str, dict[str, Any]]], settings: Settings, *, progress: Callable[[str], None]
) -> Snapshot:
    """Content that is in no store, as a release in memory with the number 0; what is learned from it is kept.

    Raises:
        ContentError: a piece has not the shape of its kind.
    """
    workshop = Workshop(SentenceEncoder(), settings.learned, progress)
    return SnapshotBuilder(lambda _: pieces, workshop).build(0, None)[0]


def _release_failed(error: Exception) -> None:
    log.error("release_not_taken", reason=str(error), kind=type(error).__name__)
