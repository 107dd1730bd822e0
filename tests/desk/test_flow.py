"""The flow as the desk uses it, over content that can be built."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.content.files import read_folder
from bot.core.errors import ContentError, FlowError, NotAllowedError
from bot.core.publishing import Actor, State, Verdict
from bot.desk.difference import Change
from bot.desk.flow import Flow
from bot.desk.service import Desk
from bot.store.releases import ContentStore
from tests.editorial import HUA, LIN, MEI, WU, Clock

GREET = ("reply", "greet")
NEW = {"id": "greet", "text": {"zh-Hans": "您好，请讲。", "en": "Hello, tell me."}}


@pytest.fixture
def flow(desk: Desk, engine: Engine, tiny: Path) -> Flow:
    """The flow over the tiny content, which is release 1."""
    store = ContentStore(engine)
    store.seed((p.kind, p.key, p.body) for p in read_folder(tiny)[0])
    store.publish(author="seed")
    return desk.flow


def approve(flow: Flow, name: tuple[str, str], number: int) -> None:
    """Everybody agrees."""
    for step, who in [("fact_check", MEI), ("compliance", HUA), ("approval", WU)]:
        flow.decide(who, *name, number, step=step, verdict=Verdict.ACCEPT)


def edited(flow: Flow, name: tuple[str, str], body: dict[str, Any], base: int) -> int:
    """An approved edit."""
    number = flow.save(LIN, *name, body, base=base)
    flow.submit(LIN, *name, number)
    approve(flow, name, number)
    return number


def shown(engine: Engine) -> dict[tuple[str, str], dict[str, Any]]:
    """What customers see."""
    store = ContentStore(engine)
    return {(kind, key): body for kind, key, body in store.pieces_of(store.newest_release())}


def test_a_first_day_from_draft_to_customers_and_back(flow: Flow, engine: Engine) -> None:
    old = shown(engine)[GREET]
    edited(flow, GREET, NEW, base=1)
    coming = flow.upcoming()
    assert [(c.kind, c.key, c.old, c.new) for c in coming.changes] == [(*GREET, 1, 2)]
    assert flow.release(WU, note="friendlier", expect=coming.fingerprint) == 2
    assert shown(engine)[GREET] == NEW
    assert flow.roll_back(WU, 1, reason="too friendly").release == 3
    assert shown(engine)[GREET] == old


def test_a_draft_may_be_incomplete_and_what_is_submitted_may_not(flow: Flow) -> None:
    number = flow.save(LIN, *GREET, {"id": "greet", "text": {"zh-Hans": "还没译"}}, base=1)
    with pytest.raises(ContentError, match=r"reply/greet: text\.en"):
        flow.submit(LIN, *GREET, number)
    assert flow.revision(*GREET, number).state is State.DRAFT
    number = flow.save(LIN, *GREET, NEW, base=number)
    flow.submit(LIN, *GREET, number)
    assert flow.revision(*GREET, number).state is State.REVIEW


def test_what_is_no_kind_of_content_is_never_submitted(flow: Flow) -> None:
    number = flow.save(LIN, "poem", "spring", {"text": "床前明月光"}, base=0)
    with pytest.raises(ContentError, match="no such kind"):
        flow.submit(LIN, "poem", "spring", number)


def test_what_is_not_there_is_said_so(flow: Flow) -> None:
    for attempt in (
        lambda: flow.revision(*GREET, 9),
        lambda: flow.submit(LIN, *GREET, 9),
        lambda: flow.difference(*GREET, 1, 9),
    ):
        with pytest.raises(FlowError) as caught:
            attempt()
        assert caught.value.code == "no_revision"


def test_any_two_revisions_stand_side_by_side(flow: Flow) -> None:
    first = flow.save(LIN, *GREET, NEW, base=1)
    second = flow.save(LIN, *GREET, {**NEW, "text": {**NEW["text"], "en": "Hello, tell us."}}, base=first)
    rows = flow.difference(*GREET, first, second)
    assert [(r.path, r.change) for r in rows] == [("text.en", Change.CHANGED)]
    assert len(flow.difference(*GREET, first, second, same=True)) == 3
    assert [r.change for r in flow.difference(*GREET, second, second)] == []


# ---- Withdrawing ----


def test_a_typology_goes_with_its_cases_and_examples(flow: Flow, engine: Engine) -> None:
    before = shown(engine)
    of_pets = {n for n, body in before.items() if body.get("typology") == "pet_ransom"}
    assert {kind for kind, _ in of_pets} == {"case", "examples"}
    done = flow.withdraw(MEI, [("typology", "pet_ransom")], reason="not ours to tell")
    assert set(done.pieces) == of_pets | {("typology", "pet_ransom")}
    assert set(before) - set(shown(engine)) == set(done.pieces)


def test_a_typology_may_go_alone(flow: Flow, engine: Engine) -> None:
    before = shown(engine)
    done = flow.withdraw(MEI, [("typology", "pet_ransom")], reason="unclear", with_belongings=False)
    assert done.pieces == (("typology", "pet_ransom"),)
    assert set(before) - set(shown(engine)) == {("typology", "pet_ransom")}


def test_a_withdrawal_tells_where_it_still_shows(flow: Flow) -> None:
    flow.showings.put_up(LIN, *GREET, 1, channel="led", place="东街支行门头屏")
    gone = flow.showings.put_up(LIN, *GREET, 1, channel="poster", place="西街支行")
    flow.showings.taken_down(LIN, gone)
    done = flow.withdraw(MEI, [GREET], reason="wrong number")
    assert [s.place for s in done.still_showing] == ["东街支行门头屏"]


def test_what_nothing_works_without_is_not_withdrawn(flow: Flow, engine: Engine) -> None:
    before = shown(engine)
    with pytest.raises(ContentError, match=r"bank\.yml"):
        flow.withdraw(MEI, [("bank", "bank")], reason="a slip")
    assert shown(engine) == before
    assert ContentStore(engine).newest_release() == 1
    assert flow.revision("bank", "bank", 1).state is State.RELEASED
    assert flow.trail.verify().faults == ()


# ---- Time ----


def test_the_sweep_releases_what_is_scheduled(flow: Flow, engine: Engine, clock: Clock) -> None:
    number = edited(flow, GREET, NEW, base=1)
    clock.passes(hours=1)
    at = clock.now
    clock.passes(hours=-1)
    flow.schedule(WU, [(*GREET, number)], release_at=at)
    assert flow.sweep().release is None
    clock.passes(hours=1)
    assert flow.sweep().released == (GREET,)
    assert shown(engine)[GREET] == NEW


def test_nobody_passes_the_rules_through_the_service(flow: Flow) -> None:
    number = flow.save(LIN, *GREET, NEW, base=1)
    flow.submit(LIN, *GREET, number)
    attempts = [
        lambda: flow.decide(LIN, *GREET, number, step="fact_check", verdict=Verdict.ACCEPT),
        lambda: flow.save(MEI, *GREET, NEW, base=number),
        lambda: flow.take_back(Actor("nobody"), *GREET, number),
        lambda: flow.release(MEI),
        lambda: flow.roll_back(MEI, 1, reason="because"),
        lambda: flow.withdraw(Actor("vic"), [GREET], reason="because"),
        lambda: flow.schedule(MEI, [(*GREET, 1)]),
        lambda: flow.locks.take(MEI, *GREET),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowedError):
            attempt()
