"""When the dialogue model counts as stale, and what the engine is started with."""

import os
import stat
from pathlib import Path

import pytest
import yaml

from bot.core.errors import EngineError
from bot.engine import training
from bot.engine.supervisor import write_endpoints

SOURCES = {
    "config.yml": "recipe: default.v1\n",
    "domain.yml": "intents: [greet]\n",
    "data/nlu/greet.yml": "nlu: []\n",
    "data/rules/rules.yml": "rules: []\n",
    "bot/engine/components/gate.py": "GATE = 1\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small Rasa project."""
    for name, text in SOURCES.items():
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "project"


@pytest.fixture
def folder(project: Path, tmp_path: Path) -> Path:
    """An engine folder with a model trained from the project as it is."""
    folder = tmp_path / "engine"
    training.model_path(folder).parent.mkdir(parents=True)
    training.model_path(folder).write_bytes(b"model")
    (folder / "trained-from").write_text(training.fingerprint(project))
    return folder


def test_a_model_trained_from_these_sources_is_not_stale(project: Path, folder: Path) -> None:
    assert not training.is_stale(project, folder)


@pytest.mark.parametrize("source", SOURCES)
def test_a_change_in_any_source_makes_it_stale(project: Path, folder: Path, source: str) -> None:
    with (project / source).open("a") as file:
        file.write("# more\n")

    assert training.is_stale(project, folder)


def test_a_new_file_and_a_renamed_file_make_it_stale(project: Path, folder: Path) -> None:
    (project / "data/nlu/greet.yml").rename(project / "data/nlu/hello.yml")
    assert training.is_stale(project, folder)

    (project / "data/nlu/hello.yml").rename(project / "data/nlu/greet.yml")
    assert not training.is_stale(project, folder)
    (project / "data/stories").mkdir()
    (project / "data/stories/long.yml").write_text("stories: []\n")
    assert training.is_stale(project, folder)


def test_what_is_no_source_changes_nothing(project: Path, folder: Path) -> None:
    (project / "README.md").write_text("words\n")
    (project / "data/nlu/notes.txt").write_text("words\n")
    (project / "bot/engine/components/__pycache__").mkdir()
    (project / "bot/engine/components/__pycache__/gate.cpython-311.pyc").write_bytes(b"code")

    assert not training.is_stale(project, folder)


def test_no_model_or_no_stamp_is_stale(project: Path, folder: Path) -> None:
    (folder / "trained-from").unlink()
    assert training.is_stale(project, folder)

    (folder / "trained-from").write_text(training.fingerprint(project))
    training.model_path(folder).unlink()
    assert training.is_stale(project, folder)


def test_without_rasa_the_error_says_what_to_do(project: Path, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="make setup"):
        training.train(project, tmp_path / "engine", tmp_path / "no-such-python", lambda _: None)


def test_a_refused_training_names_the_log_and_leaves_no_stamp(project: Path, tmp_path: Path) -> None:
    refuses = tmp_path / "python"
    refuses.write_text("#!/bin/sh\necho no such policy\nexit 1\n")
    refuses.chmod(0o755)

    with pytest.raises(EngineError, match=r"train\.log"):
        training.train(project, tmp_path / "engine", refuses, lambda _: None)

    assert "no such policy" in (tmp_path / "engine" / "train.log").read_text()
    assert not (tmp_path / "engine" / "trained-from").exists()


def test_the_engine_gets_no_secret_of_the_environment_and_no_telemetry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:password@host/name")
    monkeypatch.setenv("FANGZHA_TOKEN", "secret")

    given = training.environment()

    assert {"DATABASE_URL", "FANGZHA_TOKEN"}.isdisjoint(given)
    assert given["RASA_TELEMETRY_ENABLED"] == "false"
    assert given["PATH"] == os.environ["PATH"]


def test_the_endpoints_are_for_this_user_only_even_where_a_file_was_open_to_all(tmp_path: Path) -> None:
    (tmp_path / "endpoints.yml").write_text("old")
    (tmp_path / "endpoints.yml").chmod(0o644)

    path = write_endpoints(tmp_path, inner_port=5055, token="a-token")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    endpoints = yaml.safe_load(path.read_text())
    assert endpoints["action_endpoint"] == {"url": "http://127.0.0.1:5055/webhook", "token": "a-token"}
    assert endpoints["nlg"] == {"url": "http://127.0.0.1:5055/nlg", "token": "a-token"}


def test_the_endpoints_folder_is_made(tmp_path: Path) -> None:
    path = write_endpoints(tmp_path / "var" / "engine", inner_port=1, token="t")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
