"""Once and only once, whatever the messenger repeats and the database does."""

import asyncio
from pathlib import Path

import pytest

from bot.channels import once as module
from bot.channels.metrics import UPDATES
from bot.channels.once import Once
from bot.store.database import open_engine, upgrade
from bot.store.updates import UpdateStore


@pytest.fixture
def store(tmp_path: Path) -> UpdateStore:
    """A database of its own."""
    engine = open_engine(f"sqlite:///{tmp_path / 'updates.db'}")
    upgrade(engine)
    return UpdateStore(engine)


class Work:
    """Counts how often it was done; may be held up, or break."""

    def __init__(self) -> None:
        self.done = 0
        self.begun = asyncio.Event()
        self.go = asyncio.Event()
        self.go.set()

    async def __call__(self) -> None:
        self.begun.set()
        await self.go.wait()
        self.done += 1


def counted(outcome: str) -> float:
    """What `/metrics` says."""
    return UPDATES.labels("telegram", outcome)._value.get()


async def test_what_is_repeated_is_not_done_again_after_a_restart_either(store: UpdateStore) -> None:
    before, work = counted("repeated"), Work()
    once = Once("telegram:1", store)
    assert [await once.run("5", work), await once.run("5", work)] == [True, False]
    assert await Once("telegram:1", store).run("5", work) is False
    assert await Once("telegram:2", store).run("5", work) is True
    assert work.done == 2
    assert counted("repeated") - before == 2


async def test_who_repeats_it_while_it_runs_waits_for_its_end(store: UpdateStore) -> None:
    once, work = Once("telegram:1", store), Work()
    work.go.clear()
    first = asyncio.create_task(once.run("5", work))
    await work.begun.wait()
    second = asyncio.create_task(once.run("5", work))
    await asyncio.sleep(0)
    assert not second.done()
    work.go.set()
    assert [await first, await second] == [True, False]
    assert work.done == 1


async def test_what_was_broken_off_is_done_when_it_comes_again(store: UpdateStore) -> None:
    once, work = Once("telegram:1", store), Work()
    work.go.clear()
    killed = asyncio.create_task(once.run("5", work))
    await work.begun.wait()
    killed.cancel()
    await asyncio.gather(killed, return_exceptions=True)
    work.go.set()
    assert await Once("telegram:1", store).run("5", work) is True
    assert work.done == 1


async def test_without_a_database_it_is_done_all_the_same_and_once(tmp_path: Path) -> None:
    once, work = Once("telegram:1", UpdateStore(open_engine(f"sqlite:///{tmp_path / 'empty.db'}"))), Work()
    assert [await once.run("5", work), await once.run("5", work)] == [True, False]
    await once.broke("6", "message", ValueError("x"))


async def test_what_broke_is_kept_without_a_word_of_it(store: UpdateStore) -> None:
    before = counted("broken")
    try:
        module._where(None)  # type: ignore[arg-type]  # breaks inside of ours
    except AttributeError as error:
        await Once("telegram:1", store).broke("7", "message text", error)
    (kept,) = store.broken_ones()
    assert (kept.channel, kept.key, kept.kind) == ("telegram:1", "7", "message text")
    assert kept.error.startswith("AttributeError in bot.channels.once:")
    assert counted("broken") - before == 1
