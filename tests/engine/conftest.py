"""Tests of the dialogue engine by itself: its sources, its gate, its model. Rasa lives in an environment of its own."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.engine import training
from tests.conversations import running

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]


def pytest_configure(config: pytest.Config) -> None:
    """Share the trained model with the other folders."""
    running.share(config)


@pytest.fixture(scope="session")
def in_rasa(rasa_python: Path) -> Callable[[str, Any], Any]:
    """Runs a script of this folder in Rasa's environment: JSON in, JSON out."""

    def run(script: str, given: Any) -> Any:
        done = subprocess.run(
            [str(rasa_python), str(HERE / script)],
            input=json.dumps(given),
            capture_output=True,
            text=True,
            cwd=PROJECT,
            env={**training.environment(), "PYTHONPATH": str(PROJECT)},
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[-1])

    return run
