"""A desk over an empty database, once a SQLite file and once PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from bot.desk.accounts import Accounts
from bot.desk.flow import Flow
from bot.desk.service import Desk
from bot.store.database import open_engine, upgrade
from tests.editorial import DESK_RULES, QUICK, Clock, employ


@pytest.fixture
def clock() -> Clock:
    """The desk's time."""
    return Clock()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A database at its newest migration."""
    opened = open_engine(database_url)
    upgrade(opened)
    yield opened
    opened.dispose()


@pytest.fixture
def desk(engine: Engine, clock: Clock) -> Desk:
    """The desk with the people of `tests.editorial`, who have no passwords; hashing is cheap."""
    employ(engine)
    return Desk(DESK_RULES, Accounts(engine, DESK_RULES, clock, QUICK), Flow(engine, DESK_RULES.flow, clock))
