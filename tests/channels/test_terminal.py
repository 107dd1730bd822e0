"""The terminal as a channel: lines in, answers out, a bare number taps a button."""

import io

import pytest

from bot.channels.terminal import talk
from bot.conversation.memory import Memory
from bot.conversation.messages import Choice, Message
from bot.conversation.snapshot import Snapshot
from bot.conversation.turn import Turns
from bot.core.vocabulary import Language
from tests.conversation.fakes import FakeEngine

BUTTONS = (Choice("手机转账", "pay:phone_now"), Choice("ATM", "pay:atm"))


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What is typed, line by line; then the end of input."""
    keyboard = io.StringIO()
    monkeypatch.setattr("sys.stdin", keyboard)
    return keyboard


async def chat(typed: io.StringIO, snapshot: Snapshot, engine: FakeEngine | None, *lines: str) -> None:
    """Type these lines and leave."""
    typed.write("".join(f"{line}\n" for line in lines))
    typed.seek(0)
    await talk(Turns(lambda: snapshot, engine, Memory()), "terminal-1")


async def test_a_line_is_a_turn_and_the_end_of_input_ends_it(
    typed: io.StringIO, snapshot: Snapshot, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = FakeEngine(Message("先停。", BUTTONS))
    await chat(typed, snapshot, engine, "有人让我转账", "还有呢")
    assert [(sender, text) for sender, text, _ in engine.sent] == [
        ("terminal-1", "有人让我转账"),
        ("terminal-1", "还有呢"),
    ]
    shown = capsys.readouterr().out
    assert "先停。" in shown
    assert "[2] ATM" in shown


async def test_a_bare_number_taps_that_button(typed: io.StringIO, snapshot: Snapshot) -> None:
    engine = FakeEngine(Message("怎么转的？", BUTTONS), Message("还有", (Choice("找真人", "do:person"),)))
    await chat(typed, snapshot, engine, "已经转了", " 2 ", "3")
    assert [text for _, text, _ in engine.sent] == ["已经转了", '/pay_method{"pay_method": "atm"}', "/person"]


@pytest.mark.parametrize("line", ["0", "4", "99", "-1", "1.", "²"])
async def test_any_other_number_is_only_a_text(typed: io.StringIO, snapshot: Snapshot, line: str) -> None:
    engine = FakeEngine(Message("怎么转的？", BUTTONS))
    await chat(typed, snapshot, engine, "已经转了", line)
    assert not engine.sent[1][1].startswith("/")


async def test_markup_is_shown_as_it_was_written(
    typed: io.StringIO, snapshot: Snapshot, capsys: pytest.CaptureFixture[str]
) -> None:
    await chat(typed, snapshot, FakeEngine(Message("[bold]x[/bold] [/nothing]")), "你好")
    assert "[bold]x[/bold] [/nothing]" in capsys.readouterr().out


async def test_without_an_engine_the_card_comes_here_too(
    typed: io.StringIO, snapshot: Snapshot, capsys: pytest.CaptureFixture[str]
) -> None:
    await chat(typed, snapshot, None, "公安让我把钱转到安全账户，我现在就在ATM前面")
    assert snapshot.wording(Language.ZH_HANS).reply("call_stop") in capsys.readouterr().out


async def test_an_empty_line_is_answered(
    typed: io.StringIO, snapshot: Snapshot, capsys: pytest.CaptureFixture[str]
) -> None:
    await chat(typed, snapshot, None, "")
    assert snapshot.wording(Language.ZH_HANS).reply("empty") in capsys.readouterr().out
