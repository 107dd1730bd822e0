"""The process that reads pictures may hang, die and babble: the next picture is read all the same."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.pictures import reader as module
from bot.channels.pictures.reader import MOST_BYTES, PictureError, PictureReader, Seen, Unread

FAKE = (sys.executable, str(Path(__file__).parent / "fake_worker.py"))


@pytest.fixture
async def reader() -> AsyncIterator[PictureReader]:
    """With the process that misbehaves."""
    opened = PictureReader(FAKE, seconds=30)
    yield opened
    await opened.close()


async def test_one_process_reads_one_picture_after_another(reader: PictureReader) -> None:
    said = await asyncio.gather(*(reader.read(b"x") for _ in range(3)))
    assert len({s.words for s in said}) == 1


@pytest.mark.parametrize("wish", ["die", "nonsense", "endless"])
async def test_after_a_failure_another_process_reads_on(reader: PictureReader, wish: str) -> None:
    first = await reader.read(b"x")
    with pytest.raises(PictureError) as failed:
        await reader.read(wish.encode())
    assert failed.value.why is Unread.FAILED
    assert (await reader.read(b"x")).words != first.words


async def test_a_picture_that_takes_too_long_is_given_up_with_its_process() -> None:
    reader = PictureReader(FAKE, seconds=0.5)
    with pytest.raises(PictureError) as failed:
        await reader.read(b"hang")
    assert failed.value.why is Unread.LATE
    assert reader._process is None
    await reader.close()


async def test_a_picture_whose_customer_is_gone_does_not_answer_the_next(reader: PictureReader) -> None:
    waits = asyncio.create_task(reader.read(b"hang"))
    while reader._process is None:
        await asyncio.sleep(0.01)
    waits.cancel()
    await asyncio.gather(waits, return_exceptions=True)
    assert (await reader.read(b"y")).words.startswith("y ")


async def test_what_is_too_big_never_reaches_the_process() -> None:
    with pytest.raises(PictureError) as failed:
        await PictureReader(("/nothing",)).read(bytes(MOST_BYTES + 1))
    assert failed.value.why is Unread.TOO_BIG


async def test_without_the_extra_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "NEEDS", ("there_is_no_such_package",))
    with pytest.raises(PictureError) as failed:
        await PictureReader(("/nothing",)).read(b"x")
    assert failed.value.why is Unread.ABSENT


async def test_a_process_that_cannot_be_started_is_a_failure_and_no_fault() -> None:
    with pytest.raises(PictureError) as failed:
        await PictureReader(("/there/is/no/such/program",)).read(b"x")
    assert failed.value.why is Unread.FAILED


def test_words_and_codes_are_one_text() -> None:
    assert Seen("先付款", ("javascript:alert(1)", "x")).text == "先付款\njavascript:alert(1)\nx"
    assert Seen("", ("x",)).text == "x"
