"""What is remembered: bounded, masked elsewhere, forgotten after two quiet hours."""

import asyncio

from bot.conversation.memory import KEPT_TEXTS, MOST_CONVERSATIONS, Conversation, Memory

HOUR = 3600.0


class Clock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


def test_a_conversation_goes_on_where_it_was() -> None:
    memory = Memory(Clock())
    memory.open("c1").remember("转账")
    assert memory.open("c1").texts == ["转账"]
    assert memory.open("c2").texts == []


def test_it_is_forgotten_after_two_quiet_hours_and_not_before() -> None:
    clock = Clock()
    memory = Memory(clock)
    memory.open("c1").remember("转账")
    clock.now += 2 * HOUR
    assert memory.open("c1").texts == ["转账"]
    clock.now += 2 * HOUR + 1
    assert memory.open("c1").texts == []


def test_talking_keeps_it_in_mind() -> None:
    clock = Clock()
    memory = Memory(clock)
    memory.open("c1").remember("转账")
    for _ in range(5):
        clock.now += 1.5 * HOUR
        assert memory.open("c1").texts == ["转账"]


def test_one_who_talks_makes_it_forget_those_who_fell_silent() -> None:
    clock = Clock()
    memory = Memory(clock)
    memory.open("quiet")
    clock.now += 2 * HOUR + 1
    memory.open("talking")
    assert memory.find("quiet") is None
    assert memory.find("talking") is not None


def test_nothing_is_found_after_two_quiet_hours_even_when_nobody_talks() -> None:
    clock = Clock()
    memory = Memory(clock)
    memory.open("c1")
    clock.now += 2 * HOUR + 1
    assert memory.find("c1") is None


async def test_it_is_dropped_although_nobody_writes_any_more() -> None:
    clock = Clock()
    memory = Memory(clock)
    memory.open("c1")
    sweeping = asyncio.create_task(memory.keep_forgetting(every=0.01))
    await asyncio.sleep(0.05)
    assert memory.size == 1
    clock.now += 2 * HOUR + 1
    async with asyncio.timeout(30):
        while memory.size:
            await asyncio.sleep(0.01)
    sweeping.cancel()


def test_finding_does_not_open() -> None:
    memory = Memory(Clock())
    assert memory.find("c1") is None
    opened = memory.open("c1")
    assert memory.find("c1") is opened


def test_forgetting_is_at_once() -> None:
    memory = Memory(Clock())
    memory.open("c1")
    memory.forget("c1")
    memory.forget("never there")
    assert memory.find("c1") is None


def test_it_holds_so_many_and_drops_the_one_quiet_longest() -> None:
    memory = Memory(Clock())
    for n in range(MOST_CONVERSATIONS):
        memory.open(f"c{n}")
    memory.open("c0")
    memory.open("one more")
    assert memory.find("c1") is None
    assert memory.find("c0") is not None
    assert memory.find("c2") is not None
    assert memory.find("one more") is not None


def test_only_the_last_few_texts_are_kept() -> None:
    talk = Conversation("c1")
    for n in range(20):
        talk.remember(f"text {n}")
    assert talk.texts == [f"text {n}" for n in range(20 - KEPT_TEXTS, 20)]
