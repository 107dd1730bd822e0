"""What is due is sent once, whatever breaks; the urgent first; what is paused or taken back stays where it is."""

import asyncio
import threading

import pytest

from bot.conversation.pushing import GoneError, NotNowError, RefusedError, TooFastError
from bot.core.subscriptions import Preferences, Quiet
from bot.delivery.sending import MOST_TRIES
from bot.store.broadcasts import Progress
from bot.store.outbox import End, Outcome
from tests.delivery.conftest import Bank, Messenger, at, warning

THREE = ("tg:1:1", "tg:1:2", "tg:1:3")


def counts(progress: Progress) -> tuple[int, int, int, int]:
    """Sent, waiting, failed, dropped."""
    return progress.sent, progress.due + progress.later, progress.failed, progress.dropped


def test_a_customer_who_blocked_us_is_retired_and_costs_nobody_else(bank: Bank) -> None:
    bank.subscribe(*THREE)
    bank.messenger.raises["tg:1:2"] = [GoneError("blocked")]
    bank.release(warning())
    assert bank.go().count() == {"tg:1:1": 1, "tg:1:3": 1}
    assert bank.subscriptions.find("telegram", "tg:1:2") is None
    bank.release(warning("w2"))
    assert "tg:1:2" not in bank.go().count()


def test_a_message_that_is_refused_retires_nobody(bank: Bank) -> None:
    bank.subscribe(*THREE)
    bank.messenger.raises["tg:1:2"] = [RefusedError("bad request")]
    bank.release(warning())
    bank.go()
    assert counts(bank.progress("w1")) == (2, 0, 1, 0)
    assert bank.subscriptions.find("telegram", "tg:1:2") is not None


def test_what_fails_for_now_is_tried_again_later_and_later(bank: Bank) -> None:
    bank.subscribe("tg:1:1")
    bank.messenger.raises["tg:1:1"] = [NotNowError("502"), NotNowError("502")]
    bank.release(warning())
    assert bank.go().sent == []
    bank.clock.passes(seconds=16)
    assert bank.send().sent == []
    bank.clock.passes(seconds=16)
    assert bank.send().sent == []
    bank.clock.passes(seconds=16)
    assert bank.send().count() == {"tg:1:1": 1}


def test_what_never_works_is_given_up(bank: Bank) -> None:
    bank.subscribe("tg:1:1")
    bank.messenger.raises["tg:1:1"] = [NotNowError("502") for _ in range(MOST_TRIES + 1)]
    bank.release(warning())
    bank.plan()
    for _ in range(MOST_TRIES):
        bank.send()
        bank.clock.passes(hours=1)
    assert counts(bank.progress("w1")) == (0, 0, 1, 0)
    assert len(bank.messenger.raises["tg:1:1"]) == 1


def test_too_fast_holds_everybody_as_long_as_was_asked_and_counts_as_no_try(bank: Bank) -> None:
    bank.subscribe(*THREE)
    for address in THREE:
        bank.messenger.raises[address] = [TooFastError("slow down", 40)] * MOST_TRIES
    bank.release(warning())
    bank.plan()
    for _ in range(MOST_TRIES * len(THREE)):
        bank.send()
        assert bank.outbox("another").claim("telegram", 10, 30) == []
        bank.clock.passes(seconds=41)
    assert bank.send().count() == dict.fromkeys(THREE, 1)


def test_a_group_that_is_too_fast_holds_itself_alone(bank: Bank) -> None:
    bank.subscribe("tg:1:-5", "tg:1:2")
    bank.messenger.raises["tg:1:-5"] = [TooFastError("slow down", 40)]
    bank.release(warning())
    assert bank.go().count() == {"tg:1:2": 1}
    bank.clock.passes(seconds=41)
    assert bank.send().count() == {"tg:1:2": 1, "tg:1:-5": 1}


def test_the_urgent_one_overtakes(bank: Bank) -> None:
    bank.subscribe("tg:1:1", "tg:1:2")
    bank.release(warning("news", priority=3))
    bank.plan()
    bank.release(warning("now", priority=1))
    bank.plan()
    assert [p.words[0].text[:5] for p in bank.outbox().claim("telegram", 2, 30)] == ["提醒now"] * 2


def test_what_is_paused_stays_until_it_goes_on(bank: Bank) -> None:
    bank.subscribe(*THREE)
    bank.release(warning())
    bank.plan()
    made = bank.progress("w1").id
    assert bank.broadcasts.pause(made)
    assert bank.outbox().claim("telegram", 10, None) == []
    assert not bank.broadcasts.pause(made)
    assert bank.broadcasts.resume(made)
    assert bank.send().count() == dict.fromkeys(THREE, 1)


def test_what_is_withdrawn_stops_and_exactly_those_who_got_it_are_told(bank: Bank) -> None:
    bank.subscribe(*THREE)
    bank.release(warning())
    bank.plan()
    first = bank.outbox().claim("telegram", 2, None)
    bank.outbox().settle([Outcome(first[0], End.SENT)])
    bank.withdraw("w1")
    bank.plan()
    # the second is still in hand, and arrives
    bank.outbox().settle([Outcome(first[1], End.SENT)])
    bank.clock.passes(seconds=5)
    bank.plan()
    assert counts(bank.progress("w1")) == (2, 0, 0, 1)
    sent = bank.send()
    assert sent.count() == {parcel.address: 1 for parcel in first}
    assert all("收回" in text and "提醒w1" in text for _, text in sent.sent)
    bank.go()
    assert sum(sent.count().values()) == 2


def test_whoever_may_have_got_what_was_withdrawn_is_told_too(bank: Bank) -> None:
    bank.subscribe("tg:1:1", "tg:1:2")
    bank.release(warning())
    bank.plan()
    (taken,) = bank.outbox("killed").claim("telegram", 1, None)
    bank.withdraw("w1")
    bank.plan()
    bank.clock.passes(seconds=61)
    bank.broadcasts.sweep()
    assert bank.go().count() == {taken.address: 1}


def test_what_has_run_its_time_is_not_sent(bank: Bank) -> None:
    bank.subscribe(*THREE)
    bank.release(warning(end="2026-12-01"))
    bank.plan()
    bank.clock.now = at("2026-12-01T16:00")
    assert bank.outbox().claim("telegram", 10, None) == []
    bank.broadcasts.sweep()
    assert counts(bank.progress("w1")) == (0, 0, 0, 3)
    assert bank.progress("w1").state == "over"


def test_what_a_dead_worker_had_in_hand_is_sent_by_another_when_its_lease_ends(bank: Bank) -> None:
    bank.subscribe(*THREE)
    bank.release(warning())
    bank.plan()
    assert len(bank.outbox("killed").claim("telegram", 2, None)) == 2
    assert bank.send(until=lambda: len(bank.messenger.sent) == 1).sent[0][0] == "tg:1:3"
    bank.clock.passes(seconds=61)
    assert bank.send().count() == dict.fromkeys(THREE, 1)


def test_two_workers_never_take_the_same(bank: Bank) -> None:
    bank.subscribe(*(f"tg:1:{n}" for n in range(1, 201)))
    bank.release(warning())
    bank.plan()
    taken: list[str] = []
    begin = threading.Barrier(4)

    def work(name: str) -> None:
        outbox = bank.outbox(name)
        begin.wait()
        while parcels := outbox.claim("telegram", 7, None):
            taken.extend(p.address for p in parcels)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 200


def test_all_workers_together_keep_one_pace_and_a_chat_waits_a_second(bank: Bank) -> None:
    bank.subscribe(*(f"tg:1:{n}" for n in range(1, 41)))
    bank.release(warning(), warning("w2"))
    bank.plan()
    first, second = bank.outbox("a"), bank.outbox("b")
    turns = [p.turn for p in first.claim("telegram", 20, 20)]
    turns += [p.turn for p in second.claim("telegram", 20, 20)]
    assert second.claim("telegram", 20, 20) == []
    gaps = {(b - a).total_seconds() for a, b in zip(turns, turns[1:], strict=False)}
    assert gaps == {0.05}
    bank.clock.passes(seconds=2)
    assert first.claim("telegram", 20, 20) == []  # every chat has one in hand
    bank.clock.passes(seconds=60)
    again = first.claim("telegram", 80, None)
    assert len({p.subscriber for p in again}) == len(again) == 40


def test_two_to_one_chat_are_apart_and_to_a_group_farther(bank: Bank) -> None:
    bank.subscribe("tg:1:1", "tg:1:-5")
    bank.release(warning(), warning("w2"))
    bank.plan()
    outbox = bank.outbox()
    outbox.settle([Outcome(p, End.SENT) for p in outbox.claim("telegram", 10, None)])
    assert outbox.claim("telegram", 10, None) == []
    bank.clock.passes(seconds=1.1)
    assert [p.address for p in outbox.claim("telegram", 10, None)] == ["tg:1:1"]
    bank.clock.passes(seconds=2)
    assert [p.address for p in outbox.claim("telegram", 10, None)] == ["tg:1:-5"]


def test_a_worker_that_is_stopped_gives_back_what_it_has_not_sent(bank: Bank) -> None:
    bank.subscribe(*(f"tg:1:{n}" for n in range(1, 101)))
    bank.release(warning())
    bank.plan()
    messenger = Messenger()

    async def stopped() -> None:
        stop = asyncio.Event()
        messenger.before = lambda _: stop.set()
        await bank.sending(messenger).run(stop)

    asyncio.run(stopped())
    assert 1 <= len(messenger.sent) < 100
    assert len(bank.outbox("next").claim("telegram", 200, None)) == 100 - len(messenger.sent)


def test_quiet_hours_that_begin_while_it_waits_are_kept(bank: Bank) -> None:
    bank.subscribe("tg:1:1", wishes=Preferences(quiet=Quiet(22, 7)))
    bank.clock.now = at("2026-12-01T13:59")
    bank.release(warning())
    bank.plan()
    bank.clock.now = at("2026-12-01T14:01")
    assert bank.send().sent == []
    bank.clock.now = at("2026-12-01T23:00")
    assert bank.send().count() == {"tg:1:1": 1}


@pytest.mark.parametrize("address", ["tg:1:1", "tg:1:-5"])
def test_a_broken_messenger_stops_nothing(bank: Bank, address: str) -> None:
    bank.subscribe(address, "tg:1:9")
    bank.release(warning())

    def breaks(to: str) -> None:
        if to == address:
            raise ValueError("a bug")

    bank.messenger.before = breaks
    assert bank.go().count() == {"tg:1:9": 1}
