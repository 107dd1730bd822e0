"""Going on elsewhere: a code that works once, for two minutes, and holds what was known when it was made."""

import asyncio
import re

from bot.conversation.handover import MOST_OFFERS, VALID_SECONDS, Handover
from bot.conversation.memory import Memory
from bot.core.assessment import nothing
from bot.core.vocabulary import Language
from tests.conversation.test_memory import Clock


def begun(clock: Clock) -> tuple[Memory, Handover]:
    """A memory that holds one conversation, `hall`."""
    memory = Memory(clock)
    talk = memory.open("hall")
    talk.language = Language.EN
    talk.assessment = nothing(Language.EN, content_version=7)
    talk.remember("masked words")
    return memory, Handover(memory, clock)


def test_the_code_brings_language_and_assessment_under_a_new_id() -> None:
    memory, handover = begun(Clock())
    moved = handover.move(handover.offer("hall"), "phone")
    assert moved is not None and moved is memory.find("phone")
    assert (moved.id, moved.language, moved.texts) == ("phone", Language.EN, ["masked words"])
    assert moved.assessment is not None and moved.assessment.content_version == 7


def test_a_code_works_once() -> None:
    _, handover = begun(Clock())
    token = handover.offer("hall")
    assert handover.take(token) is not None
    assert handover.take(token) is None


def test_a_code_works_for_two_minutes_and_no_longer() -> None:
    clock = Clock()
    _, handover = begun(clock)
    early, late = handover.offer("hall"), handover.offer("hall")
    clock.now += VALID_SECONDS
    assert handover.take(early) is not None
    clock.now += 1
    assert handover.take(late) is None


def test_a_wiped_conversation_goes_on_where_its_code_was_taken_along() -> None:
    memory, handover = begun(Clock())
    token = handover.offer("hall")
    memory.forget("hall")
    taken = handover.take(token)
    assert taken is not None and taken.texts == ["masked words"]


def test_what_is_said_after_the_code_was_made_is_not_carried_along() -> None:
    memory, handover = begun(Clock())
    token = handover.offer("hall")
    memory.open("hall").texts.append("the next visitor")
    memory.open("hall").asked.append("money_gone")
    taken = handover.take(token)
    assert taken is not None and (taken.texts, taken.asked) == (["masked words"], [])


def test_a_conversation_that_never_began_goes_on_as_an_empty_one() -> None:
    _, handover = begun(Clock())
    taken = handover.take(handover.offer("nobody"))
    assert taken is not None and taken.assessment is None


def test_codes_cannot_be_guessed_say_nothing_and_fit_a_start_parameter() -> None:
    _, handover = begun(Clock())
    tokens = {handover.offer("hall") for _ in range(50)}
    assert len(tokens) == 50
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{32}", t) and len(f"kiosk-{t}") <= 64 for t in tokens)
    assert handover.take("A" * 32) is None


def test_codes_are_bounded_and_the_oldest_goes() -> None:
    _, handover = begun(Clock())
    first = handover.offer("hall")
    for _ in range(MOST_OFFERS):
        last = handover.offer("hall")
    assert handover.size == MOST_OFFERS
    assert handover.take(first) is None
    assert handover.take(last) is not None


def test_codes_nobody_took_are_dropped_though_nobody_comes_any_more() -> None:
    clock = Clock()
    _, handover = begun(clock)
    handover.offer("hall")
    clock.now += VALID_SECONDS + 1

    async def until_dropped() -> None:
        sweeping = asyncio.create_task(handover.keep_forgetting(every=0))
        while handover.size:
            await asyncio.sleep(0)
        sweeping.cancel()

    asyncio.run(asyncio.wait_for(until_dropped(), timeout=10))
