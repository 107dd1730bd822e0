"""Transactions of the desk: many may read, one at a time may write."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.core.errors import StoreError


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """A session; what it did is kept when the block ends well.

    Raises:
        StoreError: the database cannot be reached, or is not upgraded.
    """
    try:
        with Session(engine) as session, session.begin():
            yield session
    except SQLAlchemyError as error:
        raise _unanswered(error) from error


@contextmanager
def turn(engine: Engine) -> Iterator[Session]:
    """A session whose turn it is: what it reads is still so when it writes, in every process on this database.

    A rule that is checked by reading (two different people, the newest revision, the end of the audit chain) holds
    only if nobody writes in between. The desk writes seldom and briefly, so they simply wait for each other.

    Raises:
        StoreError: the database cannot be reached, is not upgraded, or the turn did not come.
    """
    try:
        with Session(engine) as session, session.begin():
            _take_turn(session)
            yield session
    except SQLAlchemyError as error:
        raise _unanswered(error) from error


def _take_turn(session: Session) -> None:
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        # sqlite3 begins by itself only before the first change, which would be after the reading
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.fangzha'))"))


def _unanswered(error: SQLAlchemyError) -> StoreError:
    return StoreError(f"the store did not answer: {type(error).__name__}. `fangzha doctor` says more")
