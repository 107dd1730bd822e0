"""A released warning goes to exactly those who asked, once, whoever plans it and however often."""

import itertools
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.core.subscriptions import EVERYTHING, Frequency, Preferences, Quiet
from bot.core.vocabulary import Language
from bot.store.delivery_tables import Broadcast, Delivery
from bot.store.subscription_tables import Subscriber
from bot.store.transactions import transaction
from tests.delivery.conftest import Bank, at, warning


def wishes(*audiences: str, place: str = EVERYTHING, **more: object) -> Preferences:
    """What somebody asked for."""
    return replace(Preferences(frozenset(audiences or {EVERYTHING}), place), **more)  # type: ignore[arg-type]


def test_it_goes_once_to_each_who_asked(bank: Bank) -> None:
    bank.subscribe("tg:1:1", "tg:1:2")
    bank.release(warning())
    bank.go()
    bank.clock.passes(hours=1)
    assert bank.go().count() == {"tg:1:1": 1, "tg:1:2": 1}


@pytest.mark.parametrize(
    ("meant", "asked", "goes"),
    [
        ({}, wishes("elders"), True),
        ({"audiences": ["elders"]}, wishes("elders"), True),
        ({"audiences": ["elders"]}, wishes(), True),
        ({"audiences": ["elders"]}, wishes("students"), False),
        ({"audiences": ["elders", "all"]}, wishes("students"), True),
        ({"places": ["uk"]}, wishes(place="cn"), False),
        ({"places": ["uk"]}, wishes(place="uk"), True),
        ({"places": ["uk"]}, wishes(), True),
        ({"audiences": ["staff"]}, wishes(), False),
        ({"audiences": ["staff", "elders"]}, wishes("elders"), True),
        ({"channels": ["web", "kiosk"]}, wishes(), False),
        ({"start": "2026-12-02"}, wishes(), False),
        ({"start": "2026-10-01", "end": "2026-11-30"}, wishes(), False),
    ],
)
def test_it_goes_to_whom_it_is_meant_for(bank: Bank, meant: dict[str, object], asked: Preferences, goes: bool) -> None:
    bank.subscribe("tg:1:1", wishes=asked)
    bank.release(warning(**meant))
    assert bool(bank.go().sent) is goes


def test_it_says_what_is_published_in_the_language_and_with_the_numbers_of_the_place(bank: Bank) -> None:
    bank.subscribe("tg:1:1", wishes=wishes(language=Language.EN, place="cn"))
    bank.release(warning())
    (text,) = bank.go().texts("tg:1:1")
    assert text.startswith("Warning w1\nDon't pay, call 110.")
    assert 'Send "stop" to end these.' in text


def test_whoever_comes_after_it_was_released_gets_the_next_one(bank: Bank) -> None:
    bank.release(warning())
    bank.plan()
    bank.clock.passes(minutes=1)
    bank.subscribe("tg:1:1")
    bank.release(warning("w2"))
    assert [text[:4] for text in bank.go().texts("tg:1:1")] == ["提醒w2"]


def test_whoever_left_gets_nothing_even_of_what_waited(bank: Bank) -> None:
    bank.subscribe("tg:1:1", "tg:1:2")
    bank.release(warning())
    bank.plan()
    bank.subscriptions.leave("telegram", "tg:1:1")
    assert bank.send().count() == {"tg:1:2": 1}
    assert bank.progress("w1").dropped == 1


def test_many_processes_that_plan_at_once_plan_it_once(bank: Bank) -> None:
    bank.subscribe(*(f"tg:1:{n}" for n in range(1, 61)))
    bank.release(warning(), warning("w2"))
    planners = [bank.planner() for _ in range(6)]
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda p: p.run(), planners))
    assert {p.total for p in bank.broadcasts.progress()} == {60}
    assert len(bank.broadcasts.progress()) == 2


def test_planning_that_broke_off_goes_on_where_it_was(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.broadcasts.PAGE", 10)
    bank.subscribe(*(f"tg:1:{n}" for n in range(1, 36)))
    bank.release(warning())
    planner = bank.planner()
    monkeypatch.setattr(planner._broadcasts, "unplanned", lambda: [])
    planner.run()
    (made,) = bank.broadcasts.unplanned()
    assert bank.broadcasts.plan(made) == 10
    bank.plan()
    assert bank.progress("w1").total == 35


def test_one_that_begins_later_goes_out_on_its_day(bank: Bank) -> None:
    bank.subscribe("tg:1:1")
    bank.release(warning(start="2026-12-03"))
    planner = bank.planner()
    planner.run()
    assert bank.send().sent == []
    bank.clock.passes(days=2)
    planner.run()
    assert bank.send().count() == {"tg:1:1": 1}


def test_other_words_go_to_everybody_and_the_old_ones_to_nobody_more(bank: Bank) -> None:
    bank.subscribe("tg:1:1", "tg:1:2")
    bank.release(warning())
    bank.plan()
    bank.release(warning(title={"zh-Hans": "新的话", "en": "New words"}))
    bank.plan()
    assert {text[:3] for _, text in bank.send().sent} == {"新的话"}


def test_the_same_words_for_more_people_go_to_those_who_had_them_not(bank: Bank) -> None:
    bank.subscribe("tg:1:1", wishes=wishes("elders"))
    bank.subscribe("tg:1:2", wishes=wishes("students"))
    bank.release(warning(audiences=["elders"]))
    bank.go()
    bank.release(warning(audiences=["all"]))
    assert bank.go().count() == {"tg:1:1": 1, "tg:1:2": 1}


def test_a_number_that_changes_is_changed_in_what_still_waits(bank: Bank) -> None:
    bank.subscribe("tg:1:1", wishes=wishes(place="cn"))
    bank.release(warning())
    bank.plan()
    hotline = next(b for k, key, b in bank.content.pieces_of(1) if k == "hotline" and b["role"] == "police")
    bank.content.seed([("hotline", hotline["id"], {**hotline, "number": "119"})])
    bank.content.publish(author="seed")
    assert "119" in bank.go().texts("tg:1:1")[0]


def test_what_waits_for_the_morning_comes_together_then(bank: Bank) -> None:
    bank.subscribe("tg:1:1", wishes=wishes(frequency=Frequency.DAILY))
    bank.release(warning(), warning("w2"), warning("w3", priority=1))
    assert [t[:4] for t in bank.go().texts("tg:1:1")] == ["提醒w3"]
    bank.clock.now = at("2026-12-02T01:00")
    text = bank.send().texts("tg:1:1")[1]
    assert text.startswith("这几条提醒")
    assert text.count("提醒w") == 2
    assert text.count("退订") == 1


def test_quiet_hours_hold_everything_but_what_is_urgent_and_let_in(bank: Bank) -> None:
    bank.subscribe("tg:1:1", wishes=wishes(quiet=Quiet(22, 7)))
    bank.subscribe("tg:1:2", wishes=wishes(quiet=Quiet(22, 7), urgent_anyway=False))
    bank.clock.now = at("2026-12-01T15:30")
    bank.release(warning("w1", priority=1), warning("w2"))
    assert bank.go().count() == {"tg:1:1": 1}
    bank.clock.now = at("2026-12-01T23:00")
    assert bank.send().count() == {"tg:1:1": 2, "tg:1:2": 2}


# ---- Whatever people ask for and whatever is released ----

AUDIENCES, PLACES = ["elders", "students", EVERYTHING], ["cn", "uk", EVERYTHING]
people = st.lists(
    st.tuples(st.sets(st.sampled_from(AUDIENCES), min_size=1), st.sampled_from(PLACES), st.booleans()),
    min_size=1,
    max_size=12,
)
released = st.lists(
    st.tuples(
        st.sets(st.sampled_from([*AUDIENCES, "staff"]), min_size=1), st.sets(st.sampled_from(PLACES), min_size=1)
    ),
    min_size=1,
    max_size=3,
)


def wants(audiences: set[str], place: str, meant: set[str], places: set[str]) -> bool:
    """Whether somebody asked for a warning, said the plain way."""
    customers = meant - {"staff"}
    his = bool(customers) and (EVERYTHING in customers | audiences or bool(customers & audiences))
    return his and (EVERYTHING in places or place in {*places, EVERYTHING})


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    """A number nobody had before."""
    return itertools.count(1)


@settings(max_examples=15, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=people, released=released)
def test_exactly_those_who_asked_get_it_once(
    bank: Bank,
    numbers: Iterator[int],
    people: list[tuple[set[str], str, bool]],
    released: list[tuple[set[str], set[str]]],
) -> None:
    here = {f"tg:1:{next(numbers)}": person for person in people}
    for address, (audiences, place, _) in here.items():
        bank.subscribe(address, wishes=wishes(*audiences, place=place))
    warnings = {f"w{next(numbers)}": meant for meant in released}
    for address, (_, _, leaves) in here.items():
        if leaves:
            bank.subscriptions.leave("telegram", address)
    bank.release(*(warning(k, audiences=sorted(a), places=sorted(p)) for k, (a, p) in warnings.items()))
    bank.plan()
    bank.plan()
    with transaction(bank.engine) as session:
        planned = Counter(
            (address, key)
            for address, key in session.execute(
                select(Subscriber.address, Broadcast.key)
                .join(Delivery, Delivery.subscriber_id == Subscriber.id)
                .join(Broadcast, Broadcast.id == Delivery.broadcast_id)
                .where(Broadcast.key.in_(warnings), Subscriber.address.in_(here))
            )
        )
    asked = {
        (address, key): 1
        for address, (audiences, place, leaves) in here.items()
        for key, (meant, places) in warnings.items()
        if not leaves and wants(audiences, place, meant, places)
    }
    assert planned == asked
