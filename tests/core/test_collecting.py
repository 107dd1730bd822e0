"""When Python looks for garbage."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from bot.core.collecting import making_what_stays, settle


class Thing:
    """Something that holds itself, so that only a search finds it to be garbage."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    gc.unfreeze()
    assert gc.isenabled()


def test_what_is_made_is_not_looked_through_again() -> None:
    with making_what_stays():
        assert not gc.isenabled()
        kept = Thing()
    assert gc.isenabled()
    assert all(seen is not kept for seen in gc.get_objects())


def test_who_had_switched_it_off_finds_it_off() -> None:
    gc.disable()
    try:
        with making_what_stays():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_was_replaced_goes_when_things_settle() -> None:
    with making_what_stays():
        old = Thing()
    gone = weakref.ref(old)
    del old
    gc.collect()
    assert gone() is not None
    settle()
    assert gone() is None
