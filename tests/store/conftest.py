"""Connections to an empty database, once a SQLite file and once PostgreSQL."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.store.database import open_engine, upgrade
from bot.store.releases import ContentStore
from tests.editorial import Editorial, employ

Connect = Callable[[], Engine]
Body = dict[str, Any]


@pytest.fixture
def connect(database_url: str) -> Iterator[Connect]:
    """Each call is another engine on the same upgraded database, as another process would have."""
    engines: list[Engine] = []

    def another() -> Engine:
        engines.append(open_engine(database_url))
        return engines[-1]

    upgrade(another())
    yield another
    for engine in engines:
        engine.dispose()


@pytest.fixture
def store(connect: Connect) -> ContentStore:
    """An empty store at the newest migration."""
    return ContentStore(connect())


@pytest.fixture
def editorial(connect: Connect) -> Editorial:
    """The editorial flow over the same database, with people, and a clock the test moves."""
    engine = connect()
    employ(engine)
    return Editorial(engine)
