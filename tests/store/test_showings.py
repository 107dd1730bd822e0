"""The place register."""

import pytest

from bot.core.errors import FlowError, NotAllowedError
from bot.store.audit import AuditStore
from bot.store.showings import ShowingStore
from tests.editorial import LIN, MEI, RULES, VIC, Editorial

LED, POSTER = ("led", "hang-up"), ("screen", "poster")


@pytest.fixture
def register(editorial: Editorial) -> ShowingStore:
    """The register of a desk with two pieces."""
    editorial.draft(*LED, {"text": "先停十分钟"})
    editorial.draft(*POSTER, {"text": "先停"})
    return ShowingStore(editorial.engine, RULES, editorial.clock)


def test_a_place_shows_a_piece_until_somebody_confirms_that_it_is_gone(
    register: ShowingStore, editorial: Editorial
) -> None:
    line = register.put_up(LIN, *LED, 1, channel="led", place="东街支行门头屏")
    register.put_up(LIN, *POSTER, 1, channel="poster", place="东街支行大堂")
    (shown,) = register.shown([LED])
    assert (shown.id, shown.key, shown.number, shown.place, shown.put_by) == (
        line,
        "hang-up",
        1,
        "东街支行门头屏",
        "lin",
    )
    assert shown.since == editorial.clock.now
    assert len(register.shown()) == 2
    editorial.clock.passes(hours=1)
    register.taken_down(MEI, line)
    assert register.shown([LED]) == []
    (gone,) = register.shown([LED], gone=True)
    assert (gone.removed_by, gone.removed_at) == ("mei", editorial.clock.now)
    newest = AuditStore(editorial.engine).entries(limit=1)[0]
    assert (newest.actor, newest.action, newest.subject) == ("mei", "showing.taken_down", "led/hang-up")


def test_what_is_not_there_cannot_be_shown_nor_taken_down_twice(register: ShowingStore) -> None:
    with pytest.raises(FlowError) as caught:
        register.put_up(LIN, *LED, 2, channel="led", place="东街")
    assert caught.value.code == "no_revision"
    with pytest.raises(FlowError) as caught:
        register.taken_down(LIN, 7)
    assert caught.value.code == "no_showing"
    line = register.put_up(LIN, *LED, 1, channel="led", place="东街")
    register.taken_down(LIN, line)
    with pytest.raises(FlowError) as caught:
        register.taken_down(MEI, line)
    assert caught.value.values == {"who": "lin"}


def test_who_may_not_write_puts_nothing_into_the_register(register: ShowingStore) -> None:
    with pytest.raises(NotAllowedError):
        register.put_up(VIC, *LED, 1, channel="led", place="东街")
    line = register.put_up(LIN, *LED, 1, channel="led", place="东街")
    with pytest.raises(NotAllowedError):
        register.taken_down(VIC, line)
