"""The `fangzha` command over a small installation of its own."""

import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from bot.cli.main import run
from tests.conftest import PROJECT


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str


Fangzha = Callable[..., Done]


@pytest.fixture
def fangzha(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tiny: Path, tmp_path: Path
) -> Iterator[Fangzha]:
    """Run the command as the installed entry point does; no traceback ever reaches the user."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'var' / 'fangzha.db'}")
    monkeypatch.setenv("FANGZHA_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("FANGZHA_CONTENT", str(tiny))
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.chdir(PROJECT)

    def call(*arguments: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["fangzha", *map(str, arguments)])
        capsys.readouterr()
        try:
            run()
            code = 0
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 0 if left.code is None else 1
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return Done(code, said.out, said.err)

    handlers = list(logging.getLogger().handlers)
    yield call
    # the command set up logging for a process of its own; other tests shall not write to its closed streams
    logging.getLogger().handlers[:] = handlers
    structlog.reset_defaults()
