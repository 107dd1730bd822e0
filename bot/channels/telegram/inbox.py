"""Updates on their way in: each once, those of one chat one after another, the pictures of an album together."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import Any
from weakref import WeakValueDictionary

from telegram import Message, Update
from telegram.ext import BaseUpdateProcessor

from bot.channels.once import Once

AT_ONCE = 256
QUIET = 1.0  # seconds without another picture, after which an album is whole


class Albums:
    """Pictures that were sent together arrive one by one; the first to be handled takes all of them."""

    def __init__(self, quiet: float = QUIET) -> None:
        self._quiet = quiet
        self._gathered: dict[str, list[Message]] = {}

    async def gather(self, message: Message) -> None:
        """Add a picture and wait until no other has come for a while."""
        album = message.media_group_id
        if album is None:
            return
        pictures = self._gathered.setdefault(album, [])
        pictures.append(message)
        count = 0
        while count != len(pictures):
            count = len(pictures)
            await asyncio.sleep(self._quiet)

    def take(self, message: Message) -> list[Message]:
        """The message, or the whole album in its order; nothing when another picture of it has taken it."""
        if message.media_group_id is None:
            return [message]
        return sorted(self._gathered.pop(message.media_group_id, []), key=lambda m: m.message_id)


class Inbox(BaseUpdateProcessor):
    """How the library's `Application` runs what arrives: it hands over an update and the work of its handlers."""

    def __init__(self, once: Once, albums: Albums) -> None:
        super().__init__(AT_ONCE)
        self._once = once
        self._albums = albums
        self._chats: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Do the work of an update in its turn, unless it was done before."""
        if not isinstance(update, Update):
            await coroutine
            return
        if update.message:
            await self._albums.gather(update.message)
        chat = update.effective_chat
        lock = self._chats.setdefault(chat.id if chat else 0, asyncio.Lock())
        work = _Work(coroutine)
        # whoever writes while his picture is being read is not kept waiting for that
        async with nullcontext() if _is_slow(update.message) else lock:
            await self._once.run(str(update.update_id), work)
        work.drop()


def _is_slow(message: Message | None) -> bool:
    return message is not None and bool(message.photo or message.document)


class _Work:
    """A coroutine that is run once, or closed unused without a complaint."""

    def __init__(self, coroutine: Awaitable[Any]) -> None:
        self._coroutine: Awaitable[Any] | None = coroutine

    async def __call__(self) -> None:
        coroutine, self._coroutine = self._coroutine, None
        if coroutine is not None:
            await coroutine

    def drop(self) -> None:
        """It is not wanted."""
        close: Callable[[], None] | None = getattr(self._coroutine, "close", None)
        if close:
            close()
