"""What the gate learned is on the shelf when it is released."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.content.build import build_release
from bot.content.files import read_folder
from bot.core.content import Release
from bot.recognition.build import Workshop
from bot.recognition.encoder import NgramEncoder
from bot.recognition.recogniser import Recognizer
from bot.web.ready import KEPT, ReadyWorkshop, Shelf

Variant = Callable[[int], Release]


@pytest.fixture
def variant(tiny: Path) -> Variant:
    """Releases that are each learned from something else."""
    pieces, _ = read_folder(tiny)
    release = build_release(1, [(p.kind, p.key, p.body) for p in pieces])

    def another(number: int) -> Release:
        return replace(release, version=number, variants={"薇信": "微信", "変": str(number)})

    return another


def workshop(shelf: Shelf) -> ReadyWorkshop:
    """A workshop of its own on a shared shelf."""
    return ReadyWorkshop(NgramEncoder(), None, lambda _: None, shelf)


def test_what_one_workshop_built_the_other_only_rewords(variant: Variant, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf()
    built = workshop(shelf).build(variant(2))

    def never(*_: object) -> Recognizer:
        raise AssertionError("it was built again")

    monkeypatch.setattr(Workshop, "build", never)
    again = workshop(shelf).build(replace(variant(2), version=3))
    assert again.learned_from == built.learned_from
    assert again.assess("你好").content_version == 3


def test_a_release_learned_from_something_else_is_built(variant: Variant) -> None:
    shelf = Shelf()
    first, second = workshop(shelf).build(variant(1)), workshop(shelf).build(variant(2))
    assert first.learned_from != second.learned_from
    assert shelf.get(first.learned_from) is not None


def test_only_the_newest_few_are_kept(variant: Variant) -> None:
    shelf = Shelf()
    built = [workshop(shelf).build(variant(number)) for number in range(KEPT + 1)]
    assert shelf.get(built[0].learned_from) is None
    assert all(shelf.get(one.learned_from) for one in built[1:])
    # what is asked for again is the newest again
    workshop(shelf).build(variant(1))
    workshop(shelf).build(variant(9))
    assert shelf.get(built[1].learned_from) is not None
