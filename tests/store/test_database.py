"""Opening a database, and its migrations."""

import socket
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from bot.core.errors import StoreError
from bot.core.publishing import State, Verdict
from bot.store.audit import AuditStore
from bot.store.counts import Counts
from bot.store.database import MIGRATIONS, is_current, open_engine, upgrade
from bot.store.flow import FlowStore
from bot.store.help_calls import HelpCalls
from bot.store.inbox import InboxStore
from bot.store.locks import LockStore
from bot.store.publication import PublicationStore
from bot.store.reading import PieceReader
from bot.store.releases import ContentStore
from bot.store.sessions import SessionStore
from bot.store.showings import ShowingStore
from bot.store.staff import StaffStore
from bot.store.sweeping import Sweeper
from bot.store.tables import Base
from bot.store.updates import UpdateStore
from tests.editorial import LIN, MEI, OPERATOR, RULES
from tests.store.conftest import Connect


def tables(engine: Engine) -> set[str]:
    """The project's tables that are there."""
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_the_migrations_make_exactly_the_tables_of_the_mappings(connect: Connect) -> None:
    with connect().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_database_is_current_only_after_it_was_upgraded(database_url: str) -> None:
    engine = open_engine(database_url)
    assert not is_current(engine)
    upgrade(engine)
    assert is_current(engine)
    engine.dispose()


def test_upgrading_again_changes_nothing(connect: Connect, store: ContentStore) -> None:
    store.seed([("reply", "greet", {"id": "greet"})])
    upgrade(connect())
    assert [key for _, key, _ in store.upcoming()] == ["greet"]


def test_every_migration_can_be_undone_and_done_again(connect: Connect) -> None:
    engine = connect()
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    assert tables(engine) == set(Base.metadata.tables)
    command.downgrade(config, "base")
    assert tables(engine) == set()
    command.upgrade(config, "head")
    assert tables(engine) == set(Base.metadata.tables)


def test_an_older_database_keeps_what_it_released_and_knows_what_was_only_drafted(database_url: str) -> None:
    engine = open_engine(database_url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    command.upgrade(config, "0001")
    rows = [
        ("INSERT INTO piece VALUES (:a, 'reply', :b, :c)", [(1, "greet", False), (2, "bye", False), (3, "old", True)]),
        (
            "INSERT INTO revision VALUES (:a, :b, :c, :d, :e, '', '2026-11-20 08:00:00')",
            [
                (1, 1, 1, '{"text": "一"}', "seed"),  # released, replaced by 2
                (2, 1, 2, '{"text": "二"}', "lin"),  # in force
                (3, 1, 3, '{"text": "三"}', "lin"),  # written since
                (4, 2, 1, '{"text": "四"}', "seed"),  # seeded since
                (5, 3, 1, '{"text": "五"}', "seed"),  # withdrawn
            ],
        ),
        ("INSERT INTO release VALUES (:a, 'cli', '', :b)", [(1, "2026-11-21 08:00:00"), (2, "2026-11-22 08:00:00")]),
        ("INSERT INTO release_item VALUES (:a, :b)", [(1, 1), (1, 5), (2, 2), (2, 5)]),
    ]
    with engine.begin() as connection:
        for statement, values in rows:
            for value in values:
                connection.execute(text(statement), dict(zip("abcde", value, strict=False)))
    before = [ContentStore(engine).pieces_of(number) for number in (1, 2)]
    upgrade(engine)
    reader = PieceReader(engine)
    stands = {r.number: (r.state, r.approved_at is not None) for r in reader.revisions("reply", "greet")}
    assert stands == {1: (State.REPLACED, True), 2: (State.RELEASED, True), 3: (State.DRAFT, False)}
    assert [r.state for r in reader.revisions("reply", "bye")] == [State.APPROVED]
    assert [r.state for r in reader.revisions("reply", "old")] == [State.WITHDRAWN]
    first = reader.revision("reply", "greet", 1)
    assert first is not None
    assert first.released_at == datetime(2026, 11, 21, 8, tzinfo=UTC)
    assert [ContentStore(engine).pieces_of(number) for number in (1, 2)] == before
    assert AuditStore(engine).verify().faults == ()
    assert [key for _, key, _ in ContentStore(engine).upcoming()] == ["greet", "bye"]
    assert ContentStore(engine).publish(author="cli") == 3
    assert AuditStore(engine).verify().faults == ()
    engine.dispose()


def test_sqlite_keeps_references_whole_and_lets_readers_read_while_another_writes(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'new' / 'store.db'}")
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    engine.dispose()


# ---- What cannot be reached ----


@pytest.fixture
def unreachable(tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of a database that is not there, for one reason or another."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = free.getsockname()[1]
    (tmp_path / "folder").mkdir()
    (tmp_path / "poem.db").write_text("床前明月光，疑是地上霜。" * 200)
    return {
        "nobody listens": f"postgresql://nobody@127.0.0.1:{closed}/fangzha?connect_timeout=3",
        "a folder": f"sqlite:///{tmp_path / 'folder'}",
        "not a database": f"sqlite:///{tmp_path / 'poem.db'}",
    }[request.param]


CALLS: dict[str, Callable[[Engine], object]] = {
    "upgrade": upgrade,
    "is_current": is_current,
    "newest_release": lambda e: ContentStore(e).newest_release(),
    "pieces_of": lambda e: ContentStore(e).pieces_of(1),
    "history": lambda e: ContentStore(e).history(),
    "upcoming": lambda e: ContentStore(e).upcoming(),
    "seed": lambda e: ContentStore(e).seed([("reply", "greet", {})]),
    "publish": lambda e: ContentStore(e).publish(author="lin"),
    "record_feedback": lambda e: ContentStore(e).record_feedback(
        helpful=True, urgency="warn", typology="game", content_version=1
    ),
    "save": lambda e: FlowStore(e, RULES).save(LIN, "reply", "greet", {}, base=0),
    "decide": lambda e: FlowStore(e, RULES).decide(MEI, "reply", "greet", 1, step="fact_check", verdict=Verdict.ACCEPT),
    "withdraw": lambda e: PublicationStore(e, RULES).withdraw(OPERATOR, [("reply", "greet")], reason="wrong"),
    "sweep": lambda e: Sweeper(e, RULES).sweep(),
    "pieces": lambda e: PieceReader(e).pieces(),
    "verify": lambda e: AuditStore(e).verify(),
    "members": lambda e: StaffStore(e, RULES).members(),
    "session": lambda e: SessionStore(e).find("token", idle=timedelta(hours=1)),
    "help_calls": lambda e: HelpCalls(e, RULES).open(),
    "lock": lambda e: LockStore(e, RULES).holder("reply", "greet"),
    "shown": lambda e: ShowingStore(e, RULES).shown(),
    "inbox": lambda e: InboxStore(e).waiting(),
    "updates": lambda e: UpdateStore(e).was_handled("telegram:1", "1"),
    "measures": lambda e: Counts(e).totals(date(2026, 11, 1), date(2026, 11, 30)),
}


@pytest.mark.parametrize("unreachable", ["nobody listens", "a folder", "not a database"], indirect=True)
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_database_that_cannot_be_reached_is_an_error_of_ours(
    unreachable: str, call: Callable[[Engine], object]
) -> None:
    engine = open_engine(unreachable)
    with pytest.raises(StoreError) as caught:
        call(engine)
    engine.dispose()
    assert "://" not in str(caught.value)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_database_that_was_never_upgraded_is_an_error_of_ours(
    tmp_path: Path, call: Callable[[Engine], object], request: pytest.FixtureRequest
) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'bare.db'}")
    if call in (upgrade, is_current):
        call(engine)
    else:
        with pytest.raises(StoreError):
            call(engine)
    engine.dispose()


@pytest.mark.parametrize("url", ["", "fangzha", "sqlite", "poem://host/name", "mysql+nothing://host/name"])
def test_an_address_that_cannot_be_read_is_an_error_that_shows_how_to_write_one(url: str) -> None:
    with pytest.raises(StoreError, match="sqlite:///"):
        open_engine(url)


def test_a_folder_that_cannot_be_made_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError):
        open_engine(f"sqlite:///{tmp_path / 'file' / 'store.db'}")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_spoken_to_through_the_driver_that_is_installed(scheme: str) -> None:
    engine = open_engine(f"{scheme}://someone@127.0.0.1/fangzha")
    assert engine.url.drivername == "postgresql+psycopg"
    engine.dispose()
