"""Opening the store: an engine for an address, upgraded to the newest migration."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from bot.core.errors import StoreError

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_MS = 5000


def open_engine(url: str) -> Engine:
    """An engine for `url`; nothing is connected yet.

    Raises:
        StoreError: the address cannot be read.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreError("DATABASE_URL cannot be read: use sqlite:///var/fangzha.db or postgresql://…") from error
    if parsed.drivername in {"postgres", "postgresql"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    try:
        if parsed.drivername.startswith("sqlite") and parsed.database not in {None, "", ":memory:"}:
            Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, pool_pre_ping=True)
    except (SQLAlchemyError, ImportError) as error:
        raise StoreError(f"no database of the kind {parsed.drivername}: use sqlite:/// or postgresql://") from error
    except OSError as error:
        raise StoreError(f"the folder of the database cannot be made: {error.strerror}") from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_pragmas)
    return engine


def _sqlite_pragmas(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _config(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine) -> None:
    """Bring the tables to the newest migration.

    Raises:
        StoreError: the database cannot be reached or changed.
    """
    try:
        command.upgrade(_config(engine), "head")
    except SQLAlchemyError as error:
        raise StoreError(
            f"the database cannot be upgraded: {type(error).__name__}. Is DATABASE_URL reachable?"
        ) from error


def is_current(engine: Engine) -> bool:
    """Whether the tables are at the newest migration.

    Raises:
        StoreError: the database cannot be reached.
    """
    head = ScriptDirectory.from_config(_config(engine)).get_current_head()
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision() == head
    except SQLAlchemyError as error:
        raise StoreError(f"the database cannot be reached: {type(error).__name__}. Check DATABASE_URL") from error
