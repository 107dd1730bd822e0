"""What the gate learned is on the shelf when it is released."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.content.build import build_release
from bot.content.files import read_folder
from bot.core.content import Release
from bot.recognition.build import Workshop
from bot.recognition.encoder import NgramEncoder, Vectors
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


def test_a_draft_that_needs_no_learning_is_not_kept_beside_the_release_in_force(variant: Variant) -> None:
    shelf = Shelf()
    in_force = workshop(shelf).build(variant(3))
    draft = workshop(shelf).build(replace(variant(3), version=0), in_force)
    assert draft.release.version == 0
    assert shelf.get(in_force.learned_from) is in_force
    newer = workshop(shelf).build(replace(variant(3), version=4), in_force)
    assert shelf.get(in_force.learned_from) is newer


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


# ---- What is learned from many examples ----


def apart(folder: Path | None, *, many: int, told: list[str], learned: bool = True) -> ReadyWorkshop:
    """A workshop that has it learned by somebody who only notes it, and learns if told so."""

    def learn(release: Release, encoder: str, where: Path, _progress: Callable[[str], None]) -> bool:
        told.append(f"{release.version} {encoder}")
        if learned:
            Workshop(NgramEncoder(), where).build(release)
        return learned

    return ReadyWorkshop(NgramEncoder(), folder, lambda _: None, Shelf(), learn, many)


def test_what_is_learned_from_many_is_learned_apart_and_only_once(variant: Variant, tmp_path: Path) -> None:
    told: list[str] = []
    first = apart(tmp_path, many=1, told=told).build(variant(1))
    assert told == ["1 ngram-1"]
    again = apart(tmp_path, many=1, told=told)
    assert again.build(variant(1)).learned_from == first.learned_from
    assert again.build(replace(variant(1), version=5), first).assess("你好").content_version == 5
    assert told == ["1 ngram-1"]


@pytest.mark.parametrize(("many", "kept"), [(10_000, True), (1, False)])
def test_few_examples_or_what_is_not_kept_are_learned_here(
    variant: Variant, tmp_path: Path, many: int, kept: bool
) -> None:
    told: list[str] = []
    apart(tmp_path if kept else None, many=many, told=told).build(variant(1))
    assert told == []


def test_what_could_not_be_learned_apart_is_learned_here(variant: Variant, tmp_path: Path) -> None:
    told: list[str] = []
    built = apart(tmp_path, many=1, told=told, learned=False).build(variant(1))
    assert len(told) == 1
    assert (tmp_path / f"model-{built.learned_from}.npz").exists()


def test_what_was_encoded_apart_is_not_encoded_again(variant: Variant, tmp_path: Path) -> None:
    made = apart(tmp_path, many=1, told=[])
    made.build(variant(1))
    encoded: list[str] = []

    class Counting(NgramEncoder):
        def encode(self, texts: Sequence[str]) -> Vectors:
            encoded.extend(texts)
            return super().encode(texts)

    made.vectors._encoder = Counting()
    made.learn = lambda *_: False
    made.build(variant(2))
    assert encoded == []
