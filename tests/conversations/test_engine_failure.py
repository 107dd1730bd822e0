"""The engine may fail; the warning may not. A stack of its own is broken here, and at last stopped."""

import signal

import psutil
import pytest

from bot.core.vocabulary import Urgency
from tests.conversations.running import Stack, is_free, wait_until
from tests.conversations.talking import Published, Talk

pytestmark = pytest.mark.engine

FAKE_POLICE = "刚才有个自称公安局的打电话，说我涉嫌洗钱，要我把钱转到安全账户核查，还不许我挂电话"
# The contract: the engine stopped or hung, answered within two seconds. A client that waits no longer holds it to that.
AT_MOST_SECONDS = 2.0
# A hung engine is given a few chances before it is replaced.
BACK_SECONDS = 120.0


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "hung"])
def test_the_warning_comes_without_the_engine_and_the_talk_goes_on_when_it_is_back(
    breakable_stack: Stack, published: Published, blow: signal.Signals
) -> None:
    stack = breakable_stack
    talk = Talk(stack, f"engine-{blow.name.lower()}")
    talk.say("你好")
    lost = stack.engine_process()
    warned_before = stack.decided_by("fallback")

    lost.send_signal(blow)
    story = talk.say(FAKE_POLICE, seconds=AT_MOST_SECONDS)
    tapped = talk.tap("answer:money_gone:yes", seconds=AT_MOST_SECONDS)

    assert story.urgency is Urgency.STOP_NOW
    assert story.text.split("\n")[1] == published.reply("call_stop")
    assert story.payloads[0] == "answer:money_gone:yes"
    assert tapped.urgency is Urgency.ALREADY_PAID
    assert tapped.payloads == published.buttons("ask_pay_method")
    assert stack.decided_by("fallback") == warned_before + 2

    wait_until("another engine is up", lambda: _replaced(stack, lost), seconds=BACK_SECONDS, told=stack.log)
    stack.wait_ready()
    decided_before = stack.decided_by("rasa")
    assert talk.say("在ATM上转的").texts[0] == published.reply("first_aid_atm")
    assert talk.say("为什么").text.startswith(published.reply("why_lead"))
    assert stack.decided_by("rasa") == decided_before + 2


def _replaced(stack: Stack, lost: psutil.Process) -> bool:
    gone = not lost.is_running() or lost.status() == psutil.STATUS_ZOMBIE
    return gone and stack.engine_up()


def test_the_engine_listens_on_loopback_only(breakable_stack: Stack) -> None:
    listening = [c for c in breakable_stack.engine_process().net_connections(kind="inet") if c.status == "LISTEN"]

    assert {c.laddr.ip for c in listening} == {"127.0.0.1"}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminated"])
def test_stopping_leaves_nothing_behind(breakable_stack: Stack, how: signal.Signals) -> None:
    """From the terminal or by a service manager, also while the engine is still starting."""
    stack = breakable_stack
    if stack.process.poll() is not None:
        stack.start()
    wait_until("the engine's process is there", lambda: bool(stack.children()), seconds=BACK_SECONDS, told=stack.log)
    children = stack.children()

    code = stack.stop(how)

    assert code == 0, stack.log()
    assert [c for c in children if c.is_running()] == []
    assert all(is_free(port) for port in (stack.port, stack.inner_port, stack.engine_port))
    assert "Traceback" not in (stack.folder / "up.log").read_text()
