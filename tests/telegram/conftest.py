"""The stand-in, running."""

from collections.abc import AsyncIterator

import pytest

import bot.channels.telegram  # noqa: F401  # how the library tells of 429
from tests.telegram.server import StandIn, running


@pytest.fixture
async def telegram() -> AsyncIterator[StandIn]:
    """A stand-in with one private chat, 7."""
    async with running(StandIn()) as started:
        started.add_chat(7)
        yield started
