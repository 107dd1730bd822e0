"""Pictures are read, shown as words that can be put right, and answered as what the customer said."""

import asyncio

import pytest

from bot.channels.pictures.reader import MOST_BYTES, Seen
from tests.channels.conftest import DANGER, NOTHING
from tests.channels.telegram.conftest import CUSTOMER, Line, OpenLine, ToldReader
from tests.conversation.fakes import FakeEngine
from tests.telegram.server import StandIn


async def test_the_words_read_take_the_place_of_the_waiting_line_and_are_answered(
    line: Line, telegram: StandIn
) -> None:
    shown, answer = await line.gets(line.customer.sends_photo(DANGER.encode()))
    assert shown == f"{line.words('channel_picture_seen')}\n\n{DANGER}"
    assert answer.startswith("先别转钱。")
    assert telegram.called("sendMessage")[0].params["text"] == line.words("channel_looking")


async def test_an_image_file_is_read_as_a_photo_is(line: Line) -> None:
    said = await line.gets(line.customer.sends_file("截图.PNG", "application/octet-stream", DANGER.encode()))
    assert said[1].startswith("先别转钱。")


async def test_what_must_not_be_repeated_is_shown_masked(line: Line) -> None:
    picture = "卡号6222020000000000000 验证码 482913 http://10086-cn.example/pay"
    shown = (await line.gets(line.customer.sends_photo(picture.encode())))[0]
    for secret in ("6222020000000000000", "482913", "http://10086-cn.example"):
        assert secret not in shown


async def test_caption_and_picture_are_one_text(open_line: OpenLine) -> None:
    engine = FakeEngine()
    async with open_line(engine=engine) as line:
        await line.gets(line.customer.sends_photo("先付赎金".encode(), caption="这是真的吗"))
    assert [text for _, text, _ in engine.sent] == ["这是真的吗\n先付赎金"]


async def test_an_album_is_one_text_in_its_order(open_line: OpenLine, telegram: StandIn) -> None:
    engine = FakeEngine()
    async with open_line(engine=engine) as line:
        first = line.customer.sends_photo("一".encode(), album="a", caption="请看")
        second = line.customer.sends_photo("二".encode(), album="a")
        third = line.customer.sends_photo("三".encode(), album="a")
        await asyncio.gather(*(line.bot.take(u) for u in (second, first, third)))
    assert [text for _, text, _ in engine.sent] == ["请看\n一\n二\n三"]
    assert len(telegram.texts(CUSTOMER)) == 2


@pytest.mark.parametrize("why", ["absent", "too_big", "no_picture", "late", "failed"])
async def test_a_picture_that_was_not_read_says_what_to_do_instead(line: Line, why: str) -> None:
    assert await line.gets(line.customer.sends_photo(f"!{why}".encode())) == [line.words(f"channel_picture_{why}")]


async def test_a_picture_without_words_says_so(line: Line) -> None:
    assert await line.gets(line.customer.sends_photo(b"")) == [line.words("channel_picture_no_words")]


async def test_the_caption_of_an_unread_picture_is_answered(line: Line) -> None:
    said = await line.gets(line.customer.sends_photo(b"!failed", caption=DANGER))
    assert said[0] == line.words("channel_picture_failed")
    assert said[1].startswith("先别转钱。")


async def test_a_file_over_the_limit_is_not_even_fetched(line: Line, telegram: StandIn) -> None:
    update = line.customer.sends_file("x.png", "image/png", b"x", size=MOST_BYTES + 1)
    assert await line.gets(update) == [line.words("channel_picture_too_big")]
    assert telegram.called("getFile") == []


async def test_a_file_that_is_bigger_than_it_said_is_refused_by_telegram(line: Line) -> None:
    update = line.customer.sends_file("x.png", "image/png", bytes(MOST_BYTES + 1), size=0)
    assert await line.gets(update) == [line.words("channel_picture_too_big")]


async def test_a_file_that_cannot_be_fetched_is_told(line: Line, telegram: StandIn) -> None:
    telegram.fail("internal", "getFile")
    assert await line.gets(line.customer.sends_photo(b"x")) == [line.words("channel_picture_failed")]


async def test_what_a_code_would_run_is_only_text(line: Line, telegram: StandIn) -> None:
    shown = (await line.gets(line.customer.sends_photo(b"javascript:alert(document.cookie)")))[0]
    assert "javascript:" in shown
    assert all("parse_mode" not in c.params and "entities" not in c.params for c in telegram.calls)


async def test_when_the_waiting_line_cannot_be_changed_the_words_come_beside_it(line: Line, telegram: StandIn) -> None:
    telegram.fail("internal", "editMessageText", times=None)
    said = await line.gets(line.customer.sends_photo(NOTHING.encode()))
    assert said[0] == line.words("channel_looking")
    assert said[1].endswith(NOTHING)


class GatedReader(ToldReader):
    """Reads when its gate is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.entered, self.gate = asyncio.Event(), asyncio.Event()

    async def read(self, picture: bytes) -> Seen:
        """As the other, later."""
        self.entered.set()
        await self.gate.wait()
        return await super().read(picture)


async def test_who_writes_while_his_picture_is_read_does_not_wait_for_it(open_line: OpenLine) -> None:
    reader = GatedReader()
    async with open_line(reader=reader) as line:
        picture = asyncio.create_task(line.gets(line.customer.sends_photo(NOTHING.encode())))
        await reader.entered.wait()
        said = await line.gets(line.customer.says(DANGER))
        assert said[-1].startswith("先别转钱。")
        reader.gate.set()
        assert NOTHING in (await picture)[0]
