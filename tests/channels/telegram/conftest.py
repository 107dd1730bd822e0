"""A bot of the library on the stand-in."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from tests.telegram.server import TOKEN, StandIn, running

CUSTOMER = 7


@pytest.fixture
async def telegram() -> AsyncIterator[StandIn]:
    """A stand-in without limits, with one private chat."""
    async with running(StandIn(limits=False)) as started:
        started.add_chat(CUSTOMER)
        yield started


@pytest.fixture
async def bot(telegram: StandIn) -> AsyncIterator[Bot]:
    """A plain client."""
    request = HTTPXRequest()
    async with Bot(
        TOKEN, base_url=f"{telegram.url}/bot", base_file_url=f"{telegram.url}/file/bot", request=request
    ) as b:
        yield b
