"""Keeps the dialogue engine running: started, watched, restarted with back-off, stopped with us."""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from bot.engine.training import environment, model_path

log = structlog.get_logger()
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
LOOK_EVERY = 5.0
START_SECONDS = 90.0
MISSES_ALLOWED = 3
STOP_SECONDS = 5.0

ENDPOINTS = """\
# Written by `fangzha up`: the inner port and the token of this run.
action_endpoint:
  url: http://127.0.0.1:{port}/webhook
  token: {token}
nlg:
  url: http://127.0.0.1:{port}/nlg
  token: {token}
tracker_store:
  type: bot.engine.components.forgetting.ForgettingTrackerStore
"""


def write_endpoints(folder: Path, *, inner_port: int, token: str) -> Path:
    """The engine's own endpoints file, readable by this user only."""
    path = folder / "endpoints.yml"
    folder.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(ENDPOINTS.format(port=inner_port, token=token))
    return path


@dataclass
class Supervisor:
    """Runs one Rasa process on loopback.

    Args:
        project: the folder with config.yml, domain.yml and credentials.yml.
        folder: where model, endpoints and the engine's log lie.
        python: the interpreter of Rasa's environment.
        port: the loopback port of its REST channel.
        endpoints: as written by `write_endpoints`.
        ready: whether the engine answers now.
        warm_up: called once it does, before it is counted as up.
    """

    project: Path
    folder: Path
    python: Path
    port: int
    endpoints: Path
    ready: Callable[[], Awaitable[bool]]
    warm_up: Callable[[], Awaitable[None]]
    starts: int = 0
    process: asyncio.subprocess.Process | None = field(default=None, init=False)

    async def run(self) -> None:
        """Keep the engine up until cancelled."""
        pause = FIRST_PAUSE
        try:
            while True:
                healthy = await self._live_once()
                pause = FIRST_PAUSE if healthy else min(LONGEST_PAUSE, pause * 2)
                log.warning("engine_restarting", pause_seconds=pause)
                await asyncio.sleep(pause)
        finally:
            await self._stop()

    async def _live_once(self) -> bool:
        """One life of the process; whether it was ever ready."""
        self.starts += 1
        with (self.folder / "rasa.log").open("ab") as out:
            self.process = await asyncio.create_subprocess_exec(
                str(self.python),
                *("-m", "rasa", "run", "-i", "127.0.0.1", "-p", str(self.port)),
                *("-m", str(model_path(self.folder)), "--endpoints", str(self.endpoints), "--quiet"),
                cwd=self.project,
                env=environment(),
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        if not await self._became_ready():
            await self._stop()
            return False
        await self.warm_up()
        log.info("engine_ready", starts=self.starts)
        misses = 0
        while self.process.returncode is None and misses < MISSES_ALLOWED:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.process.wait(), LOOK_EVERY)
            misses = 0 if await self.ready() else misses + 1
        log.warning("engine_lost", exit_code=self.process.returncode)
        await self._stop()
        return True

    async def _became_ready(self) -> bool:
        deadline = asyncio.get_running_loop().time() + START_SECONDS
        while asyncio.get_running_loop().time() < deadline:
            if self.process is None or self.process.returncode is not None:
                return False
            if await self.ready():
                return True
            await asyncio.sleep(0.2)
        return False

    async def _stop(self) -> None:
        process = self.process
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()
