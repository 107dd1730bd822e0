"""What several tests share: the shipped content built once, a seeded store, and a schema of PostgreSQL for each test.

What the recogniser learns is kept between runs in var/test-learned, so that only the first run waits for it. A change of
the recogniser's code throws the learned models away; the vectors of texts, which cost most, stay true.
"""

import asyncio
import fcntl
import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from bot.content.build import build_release
from bot.content.files import Piece, read_folder
from bot.conversation.snapshot import Snapshot
from bot.core.content import Release
from bot.recognition.recogniser import Recognizer
from bot.settings import Settings
from bot.store.database import open_engine, upgrade
from bot.store.releases import ContentStore
from bot.web.services import Services, open_services
from tests.tiny import write_tiny

PROJECT = Path(__file__).resolve().parent.parent
LEARNED = PROJECT / "var" / "test-learned"
POSTGRES = "127.0.0.1:5432/test"
# Rows of the shipped table expire. Whether they have is for `fangzha doctor` to say, not for a test.
WHEN_WRITTEN = date(2026, 11, 23)

# The same examples in every run, and no test that fails because the machine is busy.
hypothesis_settings.register_profile(
    "steady",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
hypothesis_settings.load_profile("steady")


def not_here(reason: str) -> NoReturn:
    """Skip for want of something outside the project; a failure where FANGZHA_NO_SKIP=1 says all of it is there."""
    if os.environ.get("FANGZHA_NO_SKIP") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session", autouse=True)
def no_settings_from_outside() -> Iterator[None]:
    """A developer's own DATABASE_URL or FANGZHA_* never reaches a test."""
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("DATABASE_URL", raising=False)
        for name in Settings.model_fields:
            environment.delenv(f"FANGZHA_{name.upper()}", raising=False)
        yield


# ---- The shipped content ----


@pytest.fixture(scope="session")
def content_folder() -> Path:
    """The content that seeds a store."""
    return PROJECT / "content"


@pytest.fixture(scope="session")
def pieces(content_folder: Path) -> list[Piece]:
    """Every piece of the shipped content."""
    found, faults = read_folder(content_folder)
    assert faults == []
    return found


@pytest.fixture(scope="session")
def release(pieces: list[Piece]) -> Release:
    """The shipped content as release 1."""
    return build_release(1, [(p.kind, p.key, p.body) for p in pieces])


# ---- A running installation, without the dialogue engine ----


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process of a parallel run at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _forget_models_of_other_code(folder: Path) -> None:
    digest = hashlib.sha256()
    for source in sorted((PROJECT / "bot" / "recognition").glob("*.py")):
        digest.update(source.read_bytes())
    stamp = folder / "learned-by"
    if not stamp.exists() or stamp.read_text() != digest.hexdigest():
        for model in folder.glob("model-*.npz"):
            model.unlink()
        stamp.write_text(digest.hexdigest())


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory, content_folder: Path) -> Settings:
    """An installation in a folder of its own; only what was learned is shared with other runs."""
    var = tmp_path_factory.mktemp("var")
    LEARNED.mkdir(parents=True, exist_ok=True)
    (var / "learned").symlink_to(LEARNED)
    return Settings(DATABASE_URL=f"sqlite:///{var / 'fangzha.db'}", var=var, content=content_folder)


@pytest.fixture(scope="session")
def services(settings: Settings, pieces: list[Piece]) -> Iterator[Services]:
    """A seeded store, its first release, and everything the app needs but the dialogue engine. Publish nothing in it."""
    engine = open_engine(settings.database_url)
    upgrade(engine)
    store = ContentStore(engine)
    store.seed((p.kind, p.key, p.body) for p in pieces)
    store.publish(author="seed", note="shipped content")
    engine.dispose()
    with _alone(LEARNED):
        _forget_models_of_other_code(LEARNED)
        opened = open_services(settings, with_engine=False, today=lambda: WHEN_WRITTEN)
    yield opened
    asyncio.run(opened.close())


@pytest.fixture(scope="session")
def snapshot(services: Services) -> Snapshot:
    """The release in force, with its recogniser and answers."""
    return services.snapshot


@pytest.fixture(scope="session")
def recogniser(snapshot: Snapshot) -> Recognizer:
    """The recogniser of the shipped content."""
    return snapshot.recogniser


# ---- A small content folder, quick to check, store and learn ----


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A whole, faultless content folder of two invented typologies."""
    return write_tiny(tmp_path / "content")


# ---- Databases ----


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """`user@host:port/name` of a PostgreSQL that lets us in without a password."""
    reasons = []
    for user in [os.environ["PGUSER"]] if os.environ.get("PGUSER") else ["root", "postgres"]:
        try:
            psycopg.connect(f"postgresql://{user}@{POSTGRES}", connect_timeout=3).close()
        except psycopg.Error as error:
            reasons.append(f"{user}: {str(error).strip().splitlines()[-1]}")
        else:
            return f"{user}@{POSTGRES}"
    not_here(f"PostgreSQL at {POSTGRES} does not let us in ({'; '.join(reasons)})")


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty schema of its own, dropped afterwards."""
    schema = f"fangzha_test_{uuid.uuid4().hex[:12]}"
    server = f"postgresql://{postgres_server}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE SCHEMA {schema}")
        yield f"{server}?options=-csearch_path%3D{schema}"
        admin.execute("SET lock_timeout = '10s'")
        admin.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database: once a SQLite file, once PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url
