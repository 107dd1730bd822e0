"""The access token is fetched once, renewed when it ends, and what WeChat refuses says what to mend."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.channels.wechat.api import WeChatApi, WeChatError
from tests.channels.wechat.standin import APP_ID, SECRET, WeChat
from tests.telegram.server import config, listening

SEND = "/cgi-bin/message/custom/send"


@pytest.fixture
async def wechat() -> AsyncIterator[WeChat]:
    """WeChat, listening."""
    opened = WeChat()
    async with listening(config(opened)) as opened.url:  # type: ignore[attr-defined]
        yield opened


class Clock:
    """A clock the test moves."""

    now = 0.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """At nought."""
    return Clock()


@pytest.fixture
async def api(wechat: WeChat, clock: Clock) -> AsyncIterator[WeChatApi]:
    """The client."""
    opened = WeChatApi(APP_ID, SECRET, wechat.url, clock)  # type: ignore[attr-defined]
    yield opened
    await opened.close()


async def test_one_token_serves_many_calls_until_it_is_about_to_end(
    api: WeChatApi, wechat: WeChat, clock: Clock
) -> None:
    await asyncio.gather(*(api.say("o", f"第{n}") for n in range(5)))
    assert wechat.tokens == 1
    clock.now = 7200 - 299
    await api.say("o", "x")
    assert wechat.tokens == 2


async def test_a_token_somebody_else_renewed_is_fetched_again(api: WeChatApi, wechat: WeChat) -> None:
    await api.say("o", "x")
    wechat.tokens += 1
    await api.say("o", "y")
    assert [text for _, text in wechat.said] == ["x", "y"]


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_token_that_is_refused_twice_is_an_error(api: WeChatApi, wechat: WeChat, code: int) -> None:
    wechat.errors[SEND] = [code, code]
    with pytest.raises(WeChatError) as refused:
        await api.say("o", "x")
    assert refused.value.code == code
    assert wechat.tokens == 2


async def test_what_an_operator_has_to_mend_stands_in_the_error(api: WeChatApi, wechat: WeChat) -> None:
    wechat.errors[SEND] = [48001]
    with pytest.raises(WeChatError, match="have it verified"):
        await api.say("o", "x")
    wechat.errors["/cgi-bin/stable_token"] = [40164]
    api._until = 0.0
    with pytest.raises(WeChatError, match="allowed addresses"):
        await api.say("o", "x")


async def test_without_a_line_it_is_an_error_of_ours() -> None:
    api = WeChatApi(APP_ID, SECRET, "http://127.0.0.1:1")
    with pytest.raises(WeChatError):
        await api.say("o", "x")
    await api.close()


async def test_a_picture_comes_as_it_is_and_one_over_the_limit_does_not(api: WeChatApi, wechat: WeChat) -> None:
    wechat.media |= {"m": b"\xff\xd8picture", "huge": bytes(20 * 1024 * 1024 + 1)}
    assert await api.picture("m") == b"\xff\xd8picture"
    for media in ("huge", "gone"):
        with pytest.raises(WeChatError):
            await api.picture(media)
