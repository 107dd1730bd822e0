"""`fangzha doctor`: what is configured, reachable and stale, and how to mend it."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import typer
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.engine import make_url

from bot.channels.pictures.reader import installed
from bot.cli.common import console
from bot.content.check import check_folder
from bot.content.expiry import expiry
from bot.core.errors import FangzhaError
from bot.desk.service import open_desk
from bot.engine import training
from bot.settings import PROJECT, Settings
from bot.store.database import is_current, open_engine
from bot.store.releases import ContentStore


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the diagnosis. A `warning` is well today and will not be for long."""

    ok: bool
    subject: str
    state: str
    mend: str = ""
    warning: bool = False

    def __str__(self) -> str:
        mark = "MEND" if not self.ok else "WARN" if self.warning else "ok  "
        tail = f"  -> {self.mend}" if self.mend and (self.warning or not self.ok) else ""
        return f"{mark} {self.subject:<16} {self.state}{tail}"


def doctor() -> None:
    """Look at everything an installation needs; exit code 1 when something must be mended."""
    settings = Settings()
    findings = [_safely(name, look, settings) for name, look in LOOKS]
    for finding in findings:
        console.print(str(finding), markup=False, soft_wrap=True)
    if not all(f.ok for f in findings):
        raise typer.Exit(1)


def _safely(name: str, look: Callable[[Settings], Finding], settings: Settings) -> Finding:
    try:
        return look(settings)
    except (FangzhaError, OSError) as error:
        return Finding(False, name, str(error), "see the message")


def _database(settings: Settings) -> Finding:
    shown = make_url(settings.database_url).render_as_string(hide_password=True)
    current = is_current(open_engine(settings.database_url))
    return Finding(
        current, "database", f"{shown}: {'current' if current else 'not upgraded'}", "fangzha up upgrades it"
    )


def _release(settings: Settings) -> Finding:
    number = ContentStore(open_engine(settings.database_url)).newest_release()
    return Finding(number > 0, "content", f"release {number}", "fangzha content import content --publish")


def _files(settings: Settings) -> Finding:
    found = check_folder(settings.content)
    warnings = sum(f.warning for f in found)
    state = f"{settings.content}: {len(found) - warnings} faults, {warnings} warnings"
    return Finding(len(found) == warnings, "content files", state, "fangzha content check", bool(warnings))


def _hotlines(settings: Settings) -> Finding:
    """Of the release customers are answered from, which need not be what the files say."""
    store = ContentStore(open_engine(settings.database_url))
    rows = [body for kind, _, body in store.pieces_of(store.newest_release()) if kind == "hotline"]
    said = [line for line in (expiry(row, date.today()) for row in rows) if line]
    if not said:
        return Finding(True, "hotlines", f"{len(rows)} rows, none about to expire")
    state = f"{len(said)} of {len(rows)} rows expired or about to. {said[0]}"
    mend = "mend hotlines.yml; fangzha content import content --publish"
    return Finding(True, "hotlines", state, mend, warning=True)


def _desk(settings: Settings) -> Finding:
    """Whether its rules can be read, and whether anybody could sign in."""
    desk = open_desk(open_engine(settings.database_url), settings.desk_rules)
    accounts = sum(member.active for member in desk.accounts.members())
    hint = "" if accounts else " (`fangzha staff add` makes one)"
    state = f"{len(desk.rules.flow.steps)} steps of approval, {accounts} accounts{hint}"
    return Finding(True, "desk", state)


def _learned(settings: Settings) -> Finding:
    models = list(settings.learned.glob("model-*.npz"))
    return Finding(bool(models), "recogniser", f"{len(models)} models kept", "fangzha up learns one (under a minute)")


def _engine_environment(settings: Settings) -> Finding:
    return Finding(settings.engine_python.exists(), "engine tools", str(settings.engine_python), "make setup")


def _dialogue_model(settings: Settings) -> Finding:
    stale = training.is_stale(PROJECT, settings.engine_folder)
    return Finding(not stale, "dialogue model", "stale or absent" if stale else "current", "fangzha up trains it")


def _listening(name: str, port: int) -> Finding:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        up = probe.connect_ex(("127.0.0.1", port)) == 0
    return Finding(True, name, f"port {port}: {'running' if up else 'not running'}")


def _messengers(settings: Settings) -> Finding:
    """Which accounts are named, and how they come to their messages; whether they are let in the log says."""
    bots = len(settings.telegram_tokens.get_secret_value().replace(",", " ").split())
    by = "webhook" if settings.public_url.startswith("https://") else "polling"
    telegram = f"{bots} Telegram bots by {by}" if bots else "no Telegram bot"
    if not settings.wechat_app_id:
        return Finding(True, "messengers", f"{telegram}, no WeChat account")
    if not settings.wechat_token.get_secret_value():
        return Finding(False, "messengers", f"{telegram}, WeChat without a token", "set FANGZHA_WECHAT_TOKEN")
    sealed = bool(settings.wechat_aes_key.get_secret_value())
    state = f"{telegram}, WeChat {'sealed' if sealed else 'plain'}"
    mend = "set FANGZHA_WECHAT_AES_KEY and the encrypted mode: plain messages can be forged"
    return Finding(True, "messengers", state, "" if sealed else mend, warning=not sealed)


def _jobs(settings: Settings) -> Finding:
    """Where the workers that send warnings take their jobs from."""
    if not settings.redis_url:
        return Finding(True, "jobs", f"kept in {settings.var / 'jobs.db'}, for one machine")
    try:
        client = Redis.from_url(settings.redis_url, socket_connect_timeout=2, socket_timeout=2)
    except ValueError:
        return Finding(False, "jobs", "FANGZHA_REDIS_URL is no address", "write it as redis://host:6379/0")
    with client as redis:
        pool = redis.connection_pool.connection_kwargs
        shown = f"Redis at {pool.get('host', pool.get('path', ''))}:{pool.get('port', '')}".rstrip(":")
        try:
            redis.ping()
        except RedisError as error:
            mend = "start it, or mend FANGZHA_REDIS_URL; what is released meanwhile is sent when it is back"
            return Finding(False, "jobs", f"{shown} is not reachable ({type(error).__name__})", mend)
    return Finding(True, "jobs", f"{shown}: reachable")


def _pictures(_: Settings) -> Finding:
    if installed():
        return Finding(True, "screenshots", "can be read")
    return Finding(True, "screenshots", "not read", "make setup brings the group ocr", warning=True)


LOOKS: tuple[tuple[str, Callable[[Settings], Finding]], ...] = (
    ("database", _database),
    ("content", _release),
    ("content files", _files),
    ("hotlines", _hotlines),
    ("desk", _desk),
    ("messengers", _messengers),
    ("jobs", _jobs),
    ("screenshots", _pictures),
    ("recogniser", _learned),
    ("engine tools", _engine_environment),
    ("dialogue model", _dialogue_model),
    ("app", lambda s: _listening("app", s.port)),
    ("dialogue engine", lambda s: _listening("dialogue engine", s.engine_port)),
)
