"""The release in force: swapped whole, whoever published it, and kept when the next one is broken."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.content.files import read_folder
from bot.conversation.snapshot import Snapshot, SnapshotBuilder
from bot.core.errors import ContentError, FangzhaError, StoreError
from bot.core.vocabulary import Language
from bot.recognition.build import Workshop
from bot.recognition.encoder import NgramEncoder
from bot.store.live import Built, Live
from bot.store.releases import ContentStore
from tests.editorial import Editorial
from tests.store.conftest import Connect

WAIT = 30


class Shelf:
    """A store in memory that the test publishes to, and a builder that tells when it has built."""

    def __init__(self) -> None:
        self.newest = 1
        self.faults: dict[int, Exception] = {}
        self.errors: list[Exception] = []
        self.failed = threading.Event()
        self.built: dict[int, threading.Event] = {n: threading.Event() for n in range(1, 6)}

    def build(self, number: int, previous: str | None) -> Built[str]:
        """`release N`, or the fault put there for it."""
        if number in self.faults:
            raise self.faults[number]
        self.built[number].set()
        return f"release {number} after {previous}", None

    def report(self, error: Exception) -> None:
        """Where Live tells of its troubles."""
        self.errors.append(error)
        self.failed.set()


@pytest.fixture
def shelf() -> Shelf:
    """A shelf with release 1."""
    return Shelf()


@pytest.fixture
def live(shelf: Shelf) -> Iterator[Live[str]]:
    """Live over the shelf, not watching yet; stopped at the end."""
    watched = Live(lambda: shelf.newest, shelf.build, shelf.report)
    yield watched
    watched.stop()


def test_it_begins_with_the_newest_release(live: Live[str]) -> None:
    assert (live.version, live.current) == (1, "release 1 after None")


def test_looking_again_takes_only_what_is_new(shelf: Shelf, live: Live[str]) -> None:
    assert live.refresh() is False
    shelf.newest = 3
    assert live.refresh() is True
    assert (live.version, live.current) == (3, "release 3 after release 1 after None")
    assert live.refresh() is False


def test_a_release_that_cannot_be_built_leaves_the_old_one_in_force(shelf: Shelf, live: Live[str]) -> None:
    shelf.newest, shelf.faults[2] = 2, ContentError("reply/greet: text: Field required")
    with pytest.raises(ContentError):
        live.refresh()
    assert (live.version, live.current) == (1, "release 1 after None")
    del shelf.faults[2]
    assert live.refresh() is True
    assert live.version == 2


def test_what_takes_long_is_shown_at_once_and_finished_later(shelf: Shelf) -> None:
    shown: list[str] = []

    def build(number: int, previous: str | None) -> Built[str]:
        def finish() -> str:
            shown.append(live.current)
            return f"{number} whole"

        return (f"{number} at once", finish) if previous else (f"{number} whole", None)

    live: Live[str] = Live(lambda: shelf.newest, build, shelf.report, lambda: shown.append(f"told of {live.current}"))
    assert live.current == "1 whole"
    shelf.newest = 2
    live.refresh()
    assert shown == ["2 at once", "told of 2 whole"]
    assert live.current == "2 whole"


@pytest.mark.parametrize("fault", [StoreError("gone"), OSError("disk"), ValueError("shape"), KeyError("police_gov")])
def test_the_watch_goes_on_after_trouble(shelf: Shelf, live: Live[str], fault: Exception) -> None:
    shelf.newest, shelf.faults[2] = 2, fault
    live.start()
    assert shelf.failed.wait(WAIT)
    assert shelf.errors[0] is fault
    assert live.current == "release 1 after None"
    shelf.newest = 3
    assert shelf.built[3].wait(WAIT)


def test_when_it_is_stopped_nothing_is_taken_any_more(shelf: Shelf, live: Live[str]) -> None:
    live.start()
    live.stop()
    assert [t for t in threading.enumerate() if t.name == "live-release"] == []
    shelf.newest = 2
    assert live.version == 1


# ---- Through a real store ----


class Told:
    """Tells when a snapshot of a version is in force."""

    def __init__(self, build: Callable[[int, Snapshot | None], Built[Snapshot]]) -> None:
        self._build = build
        self.asked = threading.Event()

    def __call__(self, number: int, previous: Snapshot | None) -> Built[Snapshot]:
        """As the builder it wraps."""
        if previous is not None:
            self.asked.set()
        return self._build(number, previous)


def seed_pieces(folder: Path) -> list[tuple[str, str, dict[str, Any]]]:
    """The pieces of the tiny content."""
    return [(p.kind, p.key, p.body) for p in read_folder(folder)[0]]


@pytest.fixture
def watched(connect: Connect, tiny: Path) -> Iterator[tuple[Live[Snapshot], Told, list[Exception]]]:
    """An app's view of a store that holds the tiny content, with the stand-in encoder."""
    store = ContentStore(connect())
    store.seed(seed_pieces(tiny))
    store.publish(author="seed")
    errors: list[Exception] = []
    build = Told(SnapshotBuilder(store.pieces_of, Workshop(NgramEncoder())).build)
    live = Live(store.newest_release, build, errors.append)
    yield live, build, errors
    live.stop()


def until(condition: Callable[[], bool]) -> bool:
    """Wait for a condition another thread brings about."""
    pause = threading.Event()
    for _ in range(WAIT * 50):
        if condition():
            return True
        pause.wait(0.02)
    return False


def greeting(live: Live[Snapshot]) -> str:
    """What a customer would be greeted with now."""
    return live.current.wording(Language.EN).reply("greet")


def test_words_another_process_publishes_are_used_without_a_restart(
    watched: tuple[Live[Snapshot], Told, list[Exception]], connect: Connect, editorial: Editorial
) -> None:
    live, _, errors = watched
    live.start()
    learned = live.current.recogniser
    other = ContentStore(connect())
    editorial.approved(
        "reply", "greet", {"id": "greet", "text": {"zh-Hans": "新的", "en": "New words: {police}."}}, base=1
    )
    assert greeting(live) == "I am a machine. Urgent: 110."
    other.publish(author="mei")
    assert until(lambda: live.version == 2)
    assert greeting(live) == "New words: 110."
    assert live.current.recogniser.assess("几点开门").content_version == 2
    assert live.current.recogniser.learned_from == learned.learned_from
    assert errors == []


def test_examples_another_process_publishes_are_learned_without_a_restart(
    watched: tuple[Live[Snapshot], Told, list[Exception]], connect: Connect, editorial: Editorial
) -> None:
    live, _, errors = watched
    before = live.current.recogniser.learned_from
    live.start()
    other = ContentStore(connect())
    body = {"typology": "none", "zh": {"first": {"none": ["楼下的花开了", "公交车晚点了"]}}}
    editorial.approved("examples", "benign_more", body)
    other.publish(author="mei")
    assert until(lambda: live.current.recogniser.learned_from != before)
    assert live.version == 2
    assert errors == []


def test_a_broken_release_never_replaces_a_good_one(
    watched: tuple[Live[Snapshot], Told, list[Exception]], connect: Connect, editorial: Editorial
) -> None:
    live, build, errors = watched
    live.start()
    other = ContentStore(connect())
    editorial.approved("reply", "greet", {"id": "greet", "words": "not as the schema says"}, base=1)
    other.publish(author="mei")
    assert build.asked.wait(WAIT)
    assert until(lambda: bool(errors))
    assert isinstance(errors[0], FangzhaError)
    assert "reply/greet" in str(errors[0])
    assert (live.version, greeting(live)) == (1, "I am a machine. Urgent: 110.")
    editorial.approved("reply", "greet", {"id": "greet", "text": {"zh-Hans": "好了", "en": "Mended."}}, base=2)
    other.publish(author="mei")
    assert until(lambda: live.version == 3)
    assert greeting(live) == "Mended."
