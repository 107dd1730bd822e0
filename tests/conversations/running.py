"""One whole Fangzha as a customer meets it: `fangzha up` in a process, on ports and in folders of its own.

The fixtures here belong to the whole run: conversations, engine and browser tests talk to the same running stack. The
conftest of each of those folders registers this module once (`share`).
"""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import httpx
import psutil
import pytest

from bot.engine import training

PROJECT = Path(__file__).resolve().parents[2]
RASA_PYTHON = PROJECT / ".venv-rasa" / "bin" / "python"
# A first start learns from the content and loads TensorFlow on a busy machine.
START_SECONDS = 240.0
STOP_SECONDS = 20.0
SECOND = 1.0
# So few a sender, that a test can meet the limit by really sending too many.
SENDER_BURST, SENDER_PER_SECOND = 120, 0.5


def share(config: pytest.Config) -> None:
    """Make the fixtures of this module known to the whole run, once."""
    if not config.pluginmanager.has_plugin("running-fangzha"):
        config.pluginmanager.register(sys.modules[__name__], "running-fangzha")


def not_here(reason: str) -> NoReturn:
    """Skip for want of something outside the project; fail where FANGZHA_NO_SKIP=1 says all of it is there."""
    if os.environ.get("FANGZHA_NO_SKIP") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def wait_until(what: str, condition: Callable[[], bool], *, seconds: float, told: Callable[[], str] = str) -> None:
    """Wait for a condition, failing with `told` when it has not come true in `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"waited {seconds:.0f} s for this: {what}\n{told()}")
        time.sleep(0.1)


@dataclass
class Stack:
    """A running `fangzha up`.

    Args:
        folder: holds var/, content/, the database and the log of the process.
    """

    folder: Path
    port: int = field(init=False)
    inner_port: int = field(init=False)
    engine_port: int = field(init=False)
    process: subprocess.Popen[bytes] = field(init=False)

    @property
    def url(self) -> str:
        """Where the app answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def var(self) -> Path:
        """What the app keeps beside the database."""
        return self.folder / "var"

    @property
    def content(self) -> Path:
        """The content this stack was seeded with; edits to the project's own do not reach it."""
        return self.folder / "content"

    @property
    def database(self) -> Path:
        """The store."""
        return self.var / "fangzha.db"

    def start(self) -> None:
        """Start it; returns at once."""
        self.port, self.inner_port, self.engine_port = free_ports(3)
        own = {
            "FANGZHA_PORT": self.port,
            "FANGZHA_INNER_PORT": self.inner_port,
            "FANGZHA_ENGINE_PORT": self.engine_port,
            "FANGZHA_VAR": self.var,
            "FANGZHA_CONTENT": self.content,
            "FANGZHA_SENDER_BURST": SENDER_BURST,
            "FANGZHA_SENDER_PER_SECOND": SENDER_PER_SECOND,
            "DATABASE_URL": f"sqlite:///{self.database}",
        }
        kept = {k: v for k, v in os.environ.items() if not k.startswith("FANGZHA_")}
        with (self.folder / "up.log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(Path(sys.executable).with_name("fangzha")), "up"],
                cwd=self.folder,
                env={**kept, **{k: str(v) for k, v in own.items()}},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_ready(self) -> None:
        """Wait until the app and the dialogue engine answer, and the engine decides a turn."""
        wait_until("app and dialogue engine up", self._up_or_ended, seconds=START_SECONDS, told=self.log)
        if self.process.poll() is not None:
            pytest.fail(f"`fangzha up` ended with {self.process.returncode}\n{self.log()}")
        wait_until("the engine decides a turn", self._engine_decides, seconds=START_SECONDS, told=self.log)

    def engine_up(self) -> bool:
        """Whether /readyz says that the dialogue engine answers."""
        try:
            return bool(httpx.get(f"{self.url}/readyz", timeout=5 * SECOND, trust_env=False).json()["engine"] == "up")
        except (httpx.HTTPError, ValueError):
            return False

    def _up_or_ended(self) -> bool:
        return self.process.poll() is not None or self.engine_up()

    def _engine_decides(self) -> bool:
        before = self.decided_by("rasa")
        body = {"conversation": "warming-up", "text": "你好"}
        httpx.post(f"{self.url}/api/v1/chat", json=body, timeout=10 * SECOND, trust_env=False)
        return self.decided_by("rasa") > before

    def decided_by(self, who: str) -> int:
        """How many turns `rasa` or the `fallback` decided so far."""
        text = httpx.get(f"{self.url}/metrics", timeout=5 * SECOND, trust_env=False).text
        found = re.search(rf'^fangzha_turns_total{{decided_by="{who}"}} ([\d.]+)$', text, re.M)
        return int(float(found.group(1))) if found else 0

    def engine_process(self) -> psutil.Process:
        """The Rasa process: the child that listens on the engine's port."""
        for child in self.children():
            if any(c.laddr.port == self.engine_port for c in child.net_connections(kind="tcp") if c.status == "LISTEN"):
                return child
        pytest.fail(f"no child of `fangzha up` listens on {self.engine_port}\n{self.log()}")

    def log(self) -> str:
        """The end of what the app and the engine said."""
        parts = []
        for path in (self.folder / "up.log", self.var / "engine" / "rasa.log", self.var / "engine" / "train.log"):
            if path.exists():
                parts.append(f"---- {path.name}\n{path.read_text(errors='replace')[-3000:]}")
        return "\n".join(parts)

    def children(self) -> list[psutil.Process]:
        """The processes it started."""
        with contextlib.suppress(psutil.NoSuchProcess):
            return psutil.Process(self.process.pid).children(recursive=True)
        return []

    def stop(self, how: signal.Signals) -> int:
        """Ask it to end; the exit code."""
        self.process.send_signal(how)
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            pytest.fail(f"`fangzha up` still runs {STOP_SECONDS:.0f} s after {how.name}\n{self.log()}")

    def clean_up(self) -> None:
        """Leave nothing running, whatever happened before."""
        children = self.children()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_SECONDS)
        self.process.kill()
        self.process.wait()
        for child in children:
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()


def free_ports(how_many: int) -> list[int]:
    """Ports of loopback that nobody listens on."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(how_many)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def is_free(port: int) -> bool:
    """Whether nobody listens on a port of loopback."""
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) != 0


def keep_numbers_valid(content: Path) -> None:
    """Hotlines that never expire: a running app looks at the real day, and no test shall."""
    table = content / "hotlines.yml"
    table.write_text(re.sub(r'(valid_until: )"[^"]*"', r'\1"2099-12-31"', table.read_text(encoding="utf-8")), "utf-8")


def bring_learned(folder: Path) -> None:
    """What the recogniser learned in earlier runs, so that it need not learn again."""
    folder.mkdir(parents=True)
    for before in ("learned", "test-learned"):
        for file in (PROJECT / "var" / before).glob("*.npz"):
            # another process may just be replacing it
            with contextlib.suppress(FileNotFoundError):
                shutil.copy(file, folder)


@pytest.fixture(scope="session")
def rasa_python() -> Path:
    """The interpreter of Rasa's environment."""
    if not RASA_PYTHON.exists():
        not_here("the environment of the dialogue engine is missing: run `make setup`")
    return RASA_PYTHON


@pytest.fixture(scope="session")
def engine_folder(tmp_path_factory: pytest.TempPathFactory, rasa_python: Path) -> Path:
    """A folder with a dialogue model that is true to its sources: the project's own where it is, else trained now."""
    folder = tmp_path_factory.mktemp("engine")
    own = PROJECT / "var" / "engine"
    if training.model_path(own).exists() and (own / "trained-from").exists():
        shutil.copy(own / "trained-from", folder)
        training.model_path(folder).parent.mkdir()
        shutil.copy(training.model_path(own), training.model_path(folder))
    if training.is_stale(PROJECT, folder):
        training.train(PROJECT, folder, rasa_python, lambda line: print(line, file=sys.stderr))
    return folder


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, engine_folder: Path) -> Iterator[Stack]:
    """The stack that all conversations and the browser share. Nobody stops or breaks it."""
    stack = Stack(tmp_path_factory.mktemp("stack"))
    shutil.copytree(PROJECT / "content", stack.content)
    keep_numbers_valid(stack.content)
    shutil.copytree(engine_folder, stack.var / "engine")
    bring_learned(stack.var / "learned")
    stack.start()
    try:
        stack.wait_ready()
        yield stack
    finally:
        stack.clean_up()


@pytest.fixture(scope="module")
def breakable_stack(tmp_path_factory: pytest.TempPathFactory, stack: Stack) -> Iterator[Stack]:
    """A stack of its own for tests that break it."""
    other = Stack(tmp_path_factory.mktemp("breakable"))
    shutil.copytree(stack.content, other.content)
    shutil.copytree(stack.var / "learned", other.var / "learned")
    (other.var / "engine" / "models").mkdir(parents=True)
    shutil.copy(stack.var / "engine" / "trained-from", other.var / "engine")
    shutil.copy(training.model_path(stack.var / "engine"), training.model_path(other.var / "engine"))
    other.start()
    try:
        other.wait_ready()
        yield other
    finally:
        other.clean_up()
