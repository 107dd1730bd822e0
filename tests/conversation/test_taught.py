"""What a turn tells the publicity team: counts of pieces, and texts nobody could answer."""

from collections import Counter

import pytest

from bot.conversation.memory import QUIET_SECONDS, Memory
from bot.conversation.messages import Incoming
from bot.conversation.snapshot import Snapshot
from bot.conversation.turn import Turns, left_open
from bot.core.measures import Reason, Unresolved
from tests.conversation.fakes import FakeEngine
from tests.conversation.test_turn import CALM, DANGER

REBATE = "做刷单任务要我先垫付三万，做完才返钱"
NONSENSE = "蓝色的树在唱歌给算盘听"


class Taught:
    """Turns without the dialogue engine, and what they told."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.counted: Counter[tuple[str, str, str, str, str]] = Counter()
        self.kept: list[Unresolved] = []
        self.memory = Memory()
        self.turns = Turns(
            lambda: snapshot,
            FakeEngine(fails=True),
            self.memory,
            count=lambda *what: self.counted.update([what]),
            keep_unresolved=self.kept.append,
        )

    async def say(self, text: str = "", payload: str = "", conversation: str = "c1") -> None:
        """One turn at the kiosk of a branch."""
        await self.turns.handle(Incoming(conversation, text, payload, channel="kiosk", place="north"))

    def events(self, kind: str) -> Counter[tuple[str, str]]:
        """(key, event) of a kind."""
        return Counter({(key, event): n for (of, key, event, *_), n in self.counted.items() if of == kind})


@pytest.fixture
def taught(snapshot: Snapshot) -> Taught:
    """Nothing told yet."""
    return Taught(snapshot)


async def test_a_kind_is_asked_once_by_each_who_asks_and_shown_as_often_as_it_is(taught: Taught) -> None:
    await taught.say(REBATE)
    await taught.say(REBATE)
    await taught.say(REBATE, conversation="c2")
    found = taught.events("typology")
    assert found["task_rebate", "asked"] == 2
    assert found["task_rebate", "shown"] == 3
    assert {(channel, place) for *_, channel, place in taught.counted} == {("kiosk", "north")}
    assert taught.events("case")["task_rebate-01", "shown"] == 3


async def test_praise_and_complaint_count_for_what_was_shown_last(taught: Taught) -> None:
    await taught.say(REBATE)
    await taught.say(payload="do:helpful")
    assert taught.events("typology")["task_rebate", "helpful"] == 1
    assert taught.events("case")["task_rebate-01", "helpful"] == 1
    await taught.say(payload="do:not_helpful")
    assert taught.events("typology")["task_rebate", "not_helpful"] == 1
    assert [(one.reason, one.typology) for one in taught.kept] == [(Reason.UNHELPFUL, "task_rebate")]


async def test_who_writes_again_was_not_told_enough(taught: Taught) -> None:
    await taught.say(DANGER)
    await taught.say(CALM)
    assert taught.events("typology")["police_gov", "questions"] == 1


async def test_what_nobody_understood_is_kept_masked(taught: Taught) -> None:
    await taught.say(NONSENSE + " 13812345678")
    assert [(one.reason, one.conversation) for one in taught.kept] == [(Reason.UNCLEAR, "c1")]
    assert "13812345678" not in taught.kept[0].text


async def test_what_was_understood_is_not_kept(taught: Taught) -> None:
    await taught.say(DANGER)
    await taught.say(CALM, conversation="c2")
    assert [one for one in taught.kept if one.conversation == "c1"] == []


async def test_whoever_fears_for_a_life_is_nobodys_lesson(taught: Taught) -> None:
    await taught.say("被骗光了，不想活了")
    await taught.say(NONSENSE)
    assert taught.kept == []


async def test_a_conversation_that_falls_silent_is_told_and_one_that_is_forgotten_is_not() -> None:
    now, ended = [0.0], []
    memory = Memory(lambda: now[0], ended.append)
    memory.open("c1")
    memory.open("c2")
    memory.forget("c2")
    now[0] = QUIET_SECONDS + 1.0
    memory.open("c3")
    assert [talk.id for talk in ended] == ["c1"]
    now[0] *= 3
    memory.open("c3")
    assert [talk.id for talk in ended] == ["c1", "c3"]


async def test_a_question_put_to_a_customer_is_open_until_it_is_settled(taught: Taught) -> None:
    await taught.say("快递打电话说我包裹丢了")
    left = left_open(taught.memory.open("c1"))
    assert left is not None
    assert left.reason is Reason.OPEN
    await taught.say(DANGER)
    assert left_open(taught.memory.open("c1")) is None
