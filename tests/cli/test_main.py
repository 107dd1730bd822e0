"""The entry point: exit codes, and one line instead of a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Fangzha
from tests.conftest import PROJECT

COMMANDS = ["up", "chat", "assess", "evaluate", "doctor", "content"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["dance"],
        ["--loud"],
        ["assess"],
        ["assess", "--jsonl", "in.jsonl"],
        ["assess", "text", "--jsonl", "in.jsonl", "--out", "out.jsonl"],
        ["assess", "--jsonl", "no-such-file.jsonl", "--out", "out.jsonl"],
        ["assess", "--json", "--colour", "text"],
        ["evaluate"],
        ["evaluate", "no-such-file.jsonl"],
        ["evaluate", "--wrong", "many", "x.jsonl"],
        ["content"],
        ["content", "dance"],
        ["content", "import"],
        ["content", "import", "no-such-folder"],
        ["content", "export"],
        ["content", "history", "--limit", "all"],
    ],
    ids=" ".join,
)
def test_a_wrong_call_is_told_so_with_exit_code_2(fangzha: Fangzha, arguments: list[str]) -> None:
    done = fangzha(*arguments)
    assert done.code == 2
    assert (done.out + done.err).strip()


@pytest.mark.parametrize("arguments", [["--help"], *([c, "--help"] for c in COMMANDS)], ids=" ".join)
def test_every_command_explains_itself(fangzha: Fangzha, arguments: list[str]) -> None:
    done = fangzha(*arguments)
    assert done.code == 0
    assert "Usage" in done.out


def test_all_commands_of_the_contract_are_there(fangzha: Fangzha) -> None:
    told = fangzha("--help").out
    assert [c for c in COMMANDS if c not in told] == []
    content = fangzha("content", "--help").out
    assert [c for c in ("check", "import", "export", "publish", "history") if c not in content] == []


@pytest.mark.parametrize(
    "url", ["postgresql://nobody@127.0.0.1:1/fangzha?connect_timeout=3", "poem://x", "sqlite:////proc/none/such/x.db"]
)
def test_a_store_that_cannot_be_reached_is_one_line_and_exit_code_1(
    fangzha: Fangzha, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    done = fangzha("content", "history")
    assert done.code == 1
    assert done.err.startswith("fangzha: ")
    assert "unexpected" not in done.err
    assert len(done.err.strip().splitlines()) == 1


def test_what_nobody_foresaw_is_one_line_too(fangzha: Fangzha, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FANGZHA_PORT", "eighty")
    done = fangzha("doctor")
    assert done.code == 1
    assert "FANGZHA_DEBUG=1" in done.err


def test_content_with_a_fault_is_not_seeded(fangzha: Fangzha, tiny: Path) -> None:
    (tiny / "bank.yml").write_text("name: [\n")
    done = fangzha("assess", "几点开门")
    assert done.code == 1
    assert "bank.yml" in done.err
    assert "fangzha content check" in done.err


def test_the_command_that_is_installed_works_from_the_clone() -> None:
    command = Path(sys.executable).with_name("fangzha")
    done = subprocess.run(
        [command, "content", "check", "no-such-folder"],
        cwd=PROJECT,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {1, 2}
    assert "no-such-folder" in done.stderr
    assert "Traceback" not in done.stderr
