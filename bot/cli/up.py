"""`fangzha up` and `fangzha chat`."""

import asyncio
import contextlib
import signal
import uuid
from typing import Annotated

import typer
import uvicorn

from bot.channels.terminal import talk
from bot.cli.common import console, ensure_seeded, released, say
from bot.core.collecting import making_what_stays, settle
from bot.core.errors import FangzhaError
from bot.engine import training
from bot.engine.supervisor import Supervisor, write_endpoints
from bot.logs import configure
from bot.settings import PROJECT, Settings
from bot.web.app import create_app
from bot.web.inner import inner_app
from bot.web.services import Services, open_services

PAGES = (
    ("chat", "/"),
    ("kiosk", "/kiosk"),
    ("screen", "/screen"),
    ("desk", "/desk"),
    ("API", "/docs"),
    ("design", "/design"),
)


def up(
    engine: Annotated[bool, typer.Option("--engine/--no-engine", help="run the dialogue engine too")] = True,
) -> None:
    """Upgrade, seed, train if stale, then serve app and dialogue engine until Ctrl-C."""
    settings = Settings()
    configure(settings.log_level)
    ensure_seeded(settings)
    if engine:
        train_if_stale(settings)
    with making_what_stays():
        services = open_services(settings, progress=say, on_release=settle)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(services, with_engine=engine))


def train_if_stale(settings: Settings) -> None:
    """Train the dialogue model when its sources changed; without it the app still warns, so a failure is only told."""
    if not training.is_stale(PROJECT, settings.engine_folder):
        return
    try:
        training.train(PROJECT, settings.engine_folder, settings.engine_python, say)
    except FangzhaError as error:
        say(f"{error}. Going on without the dialogue engine: warnings work, conversation is plainer")


class _Server(uvicorn.Server):
    """Leaves the signals to `_serve`: uvicorn would raise them once more, before the engine is stopped."""

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]  # uvicorn does not say what it yields
        """Nothing is captured."""
        yield


async def _serve(services: Services, *, with_engine: bool) -> None:
    settings = services.settings
    token = services.inner_token if with_engine else None
    outer = _Server(
        uvicorn.Config(
            create_app(services), host=settings.host, port=settings.port, log_level="warning", access_log=False
        )
    )
    inner = _Server(
        uvicorn.Config(
            inner_app(services, token=token),
            host="127.0.0.1",
            port=settings.inner_port,
            log_level="warning",
            access_log=False,
        )
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, outer.handle_exit, number, None)
    tasks = [asyncio.create_task(inner.serve())]
    if with_engine and services.engine and training.model_path(settings.engine_folder).exists():
        endpoints = write_endpoints(settings.engine_folder, inner_port=settings.inner_port, token=services.inner_token)
        supervisor = Supervisor(
            PROJECT,
            settings.engine_folder,
            settings.engine_python,
            settings.engine_port,
            endpoints,
            services.engine.ready,
            services.engine.warm_up,
        )
        tasks.append(asyncio.create_task(supervisor.run()))
    tasks.append(asyncio.create_task(_tell_when_up(outer, settings)))
    try:
        await outer.serve()
    finally:
        inner.should_exit = True
        for task in tasks[1:]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _tell_when_up(server: uvicorn.Server, settings: Settings) -> None:
    while not server.started:
        await asyncio.sleep(0.05)
    console.print("Fangzha is up. Ctrl-C stops it.\n")
    for name, path in PAGES:
        console.print(f"  {name:<7} http://{settings.host}:{settings.port}{path}")


def chat() -> None:
    """Talk to the bot here, through the same path as every channel."""
    settings = Settings()
    released(settings)
    services = open_services(settings, progress=say)
    asyncio.run(talk(services.turns, f"terminal-{uuid.uuid4()}"))
