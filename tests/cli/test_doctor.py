"""`fangzha doctor`: what is there, what is stale, and how to mend it."""

import socket
import sys
from pathlib import Path

import pytest

from bot.engine import training
from tests.cli.conftest import Fangzha
from tests.conftest import PROJECT, not_here
from tests.conversations.running import free_ports


def trained(engine: Path) -> None:
    """A dialogue model that is true to its sources."""
    (engine / "models").mkdir(parents=True)
    (engine / "models" / "dialogue.tar.gz").write_bytes(b"")
    (engine / "trained-from").write_text(training.fingerprint(PROJECT))


def test_an_empty_installation_is_told_what_to_do(fangzha: Fangzha) -> None:
    done = fangzha("doctor")
    assert done.code == 1
    mend = [line for line in done.out.splitlines() if line.startswith("MEND")]
    assert any("database" in line and "fangzha up" in line for line in mend)
    assert any("dialogue model" in line for line in mend)
    assert all("->" in line for line in mend)


def test_a_whole_installation_is_well(
    fangzha: Fangzha, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FANGZHA_ENGINE_PYTHON", sys.executable)
    trained(tmp_path / "var" / "engine")
    fangzha("content", "import", tiny, "--publish")
    done = fangzha("doctor")
    assert [line for line in done.out.splitlines() if not line.startswith("ok")] == []
    assert done.code == 0
    assert "release 1" in done.out


def test_content_with_a_fault_is_found(
    fangzha: Fangzha, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FANGZHA_ENGINE_PYTHON", sys.executable)
    trained(tmp_path / "var" / "engine")
    fangzha("content", "import", tiny, "--publish")
    (tiny / "odd.yml").write_text("a: 1\n")
    done = fangzha("doctor")
    assert done.code == 1
    (mend,) = [line for line in done.out.splitlines() if line.startswith("MEND")]
    assert "content files" in mend


def test_expired_numbers_of_the_release_are_warned_of_and_need_no_mending_of_the_machine(
    fangzha: Fangzha, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FANGZHA_ENGINE_PYTHON", sys.executable)
    trained(tmp_path / "var" / "engine")
    hotlines = tiny / "hotlines.yml"
    good = hotlines.read_text()
    hotlines.write_text(good.replace("2099-12-31", "2020-12-31"))
    fangzha("content", "import", tiny, "--publish")
    done = fangzha("doctor")
    assert done.code == 0
    files, table = [line for line in done.out.splitlines() if line.startswith("WARN")]
    assert "content files" in files
    assert "2 warnings" in files
    assert table.startswith("WARN hotlines")
    assert "2 of 2 rows" in table
    assert "2020-12-31" in table
    assert "->" in table

    hotlines.write_text(good)
    (table,) = [line for line in fangzha("doctor").out.splitlines() if line.startswith("WARN")]
    assert table.startswith("WARN hotlines"), "mended in the file is not yet mended for customers"
    fangzha("content", "import", tiny, "--publish")
    assert "WARN" not in fangzha("doctor").out


def test_a_store_that_cannot_be_reached_hides_its_password_and_stops_nothing(
    fangzha: Fangzha, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://teller:s3cret-word@127.0.0.1:1/fangzha?connect_timeout=3")
    done = fangzha("doctor")
    assert done.code == 1
    assert "s3cret-word" not in done.out + done.err
    assert any(line.startswith("MEND database") for line in done.out.splitlines())
    assert "engine tools" in done.out


@pytest.mark.parametrize(
    ("wechat", "beginning", "says"),
    [
        ({}, "ok", "2 Telegram bots by polling, no WeChat account"),
        ({"APP_ID": "wx0"}, "MEND", "WeChat without a token  -> set FANGZHA_WECHAT_TOKEN"),
        ({"APP_ID": "wx0", "TOKEN": "t"}, "WARN", "WeChat plain  -> set FANGZHA_WECHAT_AES_KEY"),
        ({"APP_ID": "wx0", "TOKEN": "t", "AES_KEY": "k"}, "ok", "WeChat sealed"),
    ],
)
def test_messengers_that_are_set_up_badly_are_told_of_and_no_token_is_shown(
    fangzha: Fangzha, monkeypatch: pytest.MonkeyPatch, wechat: dict[str, str], beginning: str, says: str
) -> None:
    monkeypatch.setenv("FANGZHA_TELEGRAM_TOKENS", "1:secret, 2:secret")
    for name, value in wechat.items():
        monkeypatch.setenv(f"FANGZHA_WECHAT_{name}", value)
    out = fangzha("doctor").out
    (line,) = [line for line in out.splitlines() if line[5:].startswith("messengers")]
    assert line.startswith(beginning)
    assert says in line
    assert "secret" not in out


def jobs_line(out: str) -> str:
    """What is said of the jobs."""
    (line,) = [line for line in out.splitlines() if line[5:].startswith("jobs")]
    return line


def test_redis_is_told_of_when_it_is_named_and_its_password_never(
    fangzha: Fangzha, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert jobs_line(fangzha("doctor").out).startswith("ok   jobs")
    (port,) = free_ports(1)
    monkeypatch.setenv("FANGZHA_REDIS_URL", f"redis://:s3cret-word@127.0.0.1:{port}/0")
    done = fangzha("doctor")
    assert jobs_line(done.out).startswith("MEND jobs")
    assert f"Redis at 127.0.0.1:{port} is not reachable" in jobs_line(done.out)
    assert "s3cret-word" not in done.out + done.err
    assert done.code == 1


def test_a_redis_that_answers_is_well(fangzha: Fangzha, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", 6379)) != 0:
            not_here("no Redis at 127.0.0.1:6379")
    monkeypatch.setenv("FANGZHA_REDIS_URL", "redis://127.0.0.1:6379/0")
    assert jobs_line(fangzha("doctor").out).endswith("Redis at 127.0.0.1:6379: reachable")


def test_an_address_of_redis_that_is_none_is_told(fangzha: Fangzha, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FANGZHA_REDIS_URL", "127.0.0.1:6379")
    done = fangzha("doctor")
    assert jobs_line(done.out).startswith("MEND jobs")
    assert done.code == 1
