"""`POST /api/v1/picture`, with a process that reads as it is told."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from fastapi import FastAPI

from bot.channels.pictures import reader as reading
from bot.channels.pictures.reader import MOST_BYTES, PictureError, PictureReader, Seen, Unread
from bot.web import pages
from bot.web.app import create_app
from bot.web.pictures import BURST, MOST_IN_HAND, PATH
from bot.web.services import Services
from tests.channels.pictures.test_reader import FAKE
from tests.web.calling import Caller
from tests.web.conftest import MakeApp, served


class Told(PictureReader):
    """Sees what it is told, or does not and why."""

    def __init__(self, seen: Seen | Unread) -> None:
        super().__init__(("/nothing",))
        self.seen = seen
        self.took: list[bytes] = []

    async def read(self, picture: bytes) -> Seen:
        """As it was told."""
        self.took.append(picture)
        if isinstance(self.seen, Unread):
            raise PictureError(self.seen)
        return self.seen


def served_by(services: Services, reader: PictureReader) -> FastAPI:
    """The app with a reader of its own."""
    return create_app(served(services, services.snapshot), reader)


def test_the_words_of_a_picture_are_given_back_as_they_were_read(services: Services) -> None:
    reader = Told(Seen("转到安全账户", ("javascript:alert(1)",)))
    answer = Caller(served_by(services, reader)).post(PATH, content=b"picture")
    assert (answer.status_code, answer.json()) == (200, {"text": "转到安全账户\njavascript:alert(1)"})
    assert reader.took == [b"picture"]


@pytest.mark.parametrize(
    ("why", "status"),
    [
        (Unread.ABSENT, 501),
        (Unread.TOO_BIG, 413),
        (Unread.NO_PICTURE, 422),
        (Unread.LATE, 504),
        (Unread.FAILED, 503),
    ],
)
def test_why_a_picture_was_not_read_is_told_as_a_problem(services: Services, why: Unread, status: int) -> None:
    answer = Caller(served_by(services, Told(why))).post(PATH, content=b"picture")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_a_body_over_the_limit_is_refused_before_it_is_there_and_never_read(services: Services) -> None:
    reader, sent = Told(Seen("x")), 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(60):
            sent += 1
            yield bytes(1024 * 1024)

    answer = Caller(served_by(services, reader)).post(PATH, pieces=pieces())
    assert answer.status_code == 413
    assert reader.took == []
    assert sent <= MOST_BYTES // (1024 * 1024) + 2


def test_a_picture_may_be_larger_than_any_other_body(services: Services) -> None:
    reader = Told(Seen("x"))
    assert Caller(served_by(services, reader)).post(PATH, content=bytes(1024 * 1024)).status_code == 200
    assert len(reader.took[0]) == 1024 * 1024
    assert Caller(served_by(services, reader)).post("/api/v1/assess", content=bytes(1024 * 1024)).status_code == 413


def test_who_sends_too_many_is_told_to_wait(services: Services) -> None:
    caller = Caller(served_by(services, Told(Seen("x"))))
    statuses = [caller.post(PATH, content=b"x").status_code for _ in range(BURST + 1)]
    assert statuses == [200] * BURST + [429]
    assert int(caller.post(PATH, content=b"x").headers["retry-after"]) > 0


@pytest.fixture
async def misbehaving() -> AsyncIterator[PictureReader]:
    """The process of the reader's own tests."""
    reader = PictureReader(FAKE)
    yield reader
    await reader.close()


async def test_only_so_many_are_in_hand_at_once(services: Services, misbehaving: PictureReader) -> None:
    app = served_by(services, misbehaving)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://bank.example") as client:
        waiting = [asyncio.create_task(client.post(PATH, content=b"hang")) for _ in range(MOST_IN_HAND)]
        while misbehaving._process is None:  # the first is with the process, the others wait behind it
            await asyncio.sleep(0)
        refused = await client.post(PATH, content=b"x")
        assert refused.status_code == 503
        assert refused.headers["retry-after"]
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert (await client.post(PATH, content=b"x")).json()["text"].startswith("x ")


def test_without_the_extra_the_page_has_no_button(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    assert 'id="picture"' in Caller(make_app()).get("/").text
    monkeypatch.setattr(reading, "NEEDS", ("there_is_no_such_package",))
    assert pages.installed() is False
    assert 'id="picture"' not in Caller(make_app()).get("/").text
