"""The dialogue model: whether it is still true to its sources, and training it when it is not."""

import hashlib
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from bot.core.errors import EngineError

SOURCES = ("config.yml", "domain.yml", "data", "bot/engine/components")
NAME = "dialogue"
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    # numpy's threads wait for each other on two busy cores
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONWARNINGS": "ignore",
}


def environment() -> dict[str, str]:
    """The environment Rasa runs in: quiet, no telemetry, nothing of ours that it does not need."""
    kept = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR"}}
    return {**kept, **QUIET}


def fingerprint(project: Path) -> str:
    """Names everything the dialogue model is trained from."""
    digest = hashlib.sha256()
    for source in SOURCES:
        path = project / source
        files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.suffix in {".yml", ".py"})
        for file in files:
            digest.update(str(file.relative_to(project)).encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def model_path(folder: Path) -> Path:
    """Where the trained model lies."""
    return folder / "models" / f"{NAME}.tar.gz"


def is_stale(project: Path, folder: Path) -> bool:
    """Whether there is no model, or one trained from something else."""
    stamp = folder / "trained-from"
    return not model_path(folder).exists() or not stamp.exists() or stamp.read_text() != fingerprint(project)


def train(project: Path, folder: Path, python: Path, progress: Callable[[str], None]) -> None:
    """Train the dialogue model, about a minute; its log lies beside it.

    Raises:
        EngineError: Rasa is not installed or refused the data.
    """
    if not python.exists():
        raise EngineError(f"{python} is missing: run `make setup`")
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "train.log"
    progress("training the dialogue model (about a minute)")
    command = [str(python), "-m", "rasa", "train", "--out", str(folder / "models"), "--fixed-model-name", NAME]
    with log.open("wb") as out:
        done = subprocess.run(  # noqa: S603
            command, cwd=project, env=environment(), stdout=out, stderr=subprocess.STDOUT, check=False
        )
    if done.returncode != 0 or not model_path(folder).exists():
        raise EngineError(f"the dialogue model was not trained: the reason stands at the end of {log}")
    (folder / "trained-from").write_text(fingerprint(project))
