"""The whole thing as a customer meets it, as a child process on free ports; and a stock Rasa beside it."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from bot.engine.training import environment
from bot.settings import PROJECT

START_SECONDS = 240


@dataclass(frozen=True, slots=True)
class Stack:
    """A running stack: where it listens, how long it took, and its processes."""

    url: str
    app_seconds: float
    engine_seconds: float
    pid: int

    def memory(self) -> dict[str, float]:
        """Resident megabytes of the app and of the engine."""
        app = psutil.Process(self.pid)
        engine = sum(c.memory_info().rss for c in app.children(recursive=True))
        return {"app": app.memory_info().rss / 1e6, "engine": engine / 1e6}


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(url: str, wanted: str, process: subprocess.Popen[bytes]) -> float:
    """Seconds until `url` answers with `wanted` in its body."""
    started = time.perf_counter()
    while time.perf_counter() - started < START_SECONDS:
        if process.poll() is not None:
            raise SystemExit(f"the benchmarked process ended with {process.returncode}")
        with contextlib.suppress(httpx.HTTPError):
            if wanted in httpx.get(url, timeout=2).text:
                return time.perf_counter() - started
        time.sleep(0.05)
    raise SystemExit(f"{url} did not come up")


@contextlib.contextmanager
def fangzha() -> Iterator[Stack]:
    """`fangzha up` on free ports, with the models already learned."""
    with tempfile.TemporaryDirectory() as folder:
        var = Path(folder) / "var"
        shutil.copytree(PROJECT / "var", var, ignore=shutil.ignore_patterns("*.db*", "test-*"), dirs_exist_ok=True)
        port = free_port()
        settings = {
            "FANGZHA_VAR": str(var),
            "DATABASE_URL": f"sqlite:///{var}/bench.db",
            "FANGZHA_PORT": str(port),
            "FANGZHA_INNER_PORT": str(free_port()),
            "FANGZHA_ENGINE_PORT": str(free_port()),
            "FANGZHA_SENDER_BURST": "1000000",
            "FANGZHA_ADDRESS_BURST": "1000000",
        }
        command = [str(PROJECT / ".venv/bin/fangzha"), "up"]
        # the first start seeds and learns what is missing; the second is the one that is timed
        for last in (False, True):
            process = subprocess.Popen(
                command,
                cwd=PROJECT,
                env={**os.environ, **settings},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            url = f"http://127.0.0.1:{port}"
            try:
                app = wait_until(f"{url}/healthz", "ok", process)
                engine = app + wait_until(f"{url}/readyz", '"up"', process)
                if last:
                    time.sleep(3)  # the engine's warm-up
                    yield Stack(url, app, engine, process.pid)
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(30)


STOCK_CONFIG = """\
recipe: default.v1
assistant_id: stock
language: zh
pipeline:
  - name: JiebaTokenizer
  - name: CountVectorsFeaturizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 1
    max_ngram: 4
  - name: DIETClassifier
    epochs: 100
  - name: EntitySynonymMapper
policies:
  - name: MemoizationPolicy
  - name: RulePolicy
  - name: TEDPolicy
    max_history: 5
    epochs: 50
"""


@contextlib.contextmanager
def stock_rasa() -> Iterator[tuple[str, float, float]]:
    """A stock project on the same examples and rules: (url, seconds to train, seconds to first answer)."""
    python = PROJECT / ".venv-rasa/bin/python"
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        shutil.copytree(PROJECT / "data", project / "data")
        (project / "config.yml").write_text(STOCK_CONFIG)
        (project / "domain.yml").write_text(_stock_domain((PROJECT / "domain.yml").read_text()))
        for path in (project / "data").rglob("*.yml"):
            path.write_text(path.read_text().replace("action: action_", "action: utter_action_"))
        (project / "credentials.yml").write_text("rest:\n")
        (project / "endpoints.yml").write_text("")
        started = time.perf_counter()
        subprocess.run(
            [str(python), "-m", "rasa", "train"], cwd=project, env=environment(), check=True, capture_output=True
        )
        training = time.perf_counter() - started
        port = free_port()
        process = subprocess.Popen(
            [str(python), "-m", "rasa", "run", "-i", "127.0.0.1", "-p", str(port), "--quiet"],
            cwd=project,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        url = f"http://127.0.0.1:{port}"
        try:
            ready = wait_until(f"{url}/webhooks/rest/", "ok", process)
            yield url, training, ready
        finally:
            process.terminate()
            process.wait(30)


def _stock_domain(domain: str) -> str:
    """The same domain with every custom action as a plain response, so that only Rasa itself is measured."""
    head, actions = domain.split("actions:\n")
    names, tail = actions.split("# Words come")
    responses = "".join(f"  utter_{line.strip()[2:]}: [{{text: ok}}]\n" for line in names.strip().splitlines())
    return head + "# Words come" + tail.replace("responses:\n", "responses:\n" + responses)
