"""Pictures: fetched, read, shown as words the customer can put right, then taken as what he said."""

from collections.abc import Sequence

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.channels.pictures.reader import MOST_BYTES, PictureError, PictureReader, Unread
from bot.channels.telegram.reading import LONGEST, Picture
from bot.channels.telegram.talks import Talks, Where
from bot.conversation.messages import Message
from bot.conversation.redaction import redact

SHOWN = 1500
log = structlog.get_logger()


class Looking:
    """Reads the pictures of one message.

    Args:
        bot: fetches them.
        talks: the conversation.
        reader: reads them.
    """

    def __init__(self, bot: Bot, talks: Talks, reader: PictureReader) -> None:
        self._bot = bot
        self._talks = talks
        self._reader = reader

    async def look(self, where: Where, pictures: Sequence[Picture], words: str) -> None:
        """Say that it takes a moment, read, show what was read, and answer that together with `words` beside it."""
        waiting = await self._talks.say(where, "channel_looking")
        seen: list[str] = []
        why: Unread | None = None
        for picture in pictures:
            try:
                seen.append((await self._reader.read(await self._fetched(picture))).text)
            except PictureError as error:
                why = why or error.why
        found = "\n".join(s for s in seen if s)
        shown = self._shown(where, found) if found else self._unread(where, why)
        await self._replace(where, waiting, shown)
        text = "\n".join(p for p in (words, found) if p)[:LONGEST]
        if text:
            await self._talks.answer(where, text=text)

    def _unread(self, where: Where, why: Unread | None) -> list[Message]:
        return self._talks.words(where, f"channel_picture_{why.value}" if why else "channel_picture_no_words")

    async def _fetched(self, picture: Picture) -> bytes:
        if picture.bytes > MOST_BYTES:
            raise PictureError(Unread.TOO_BIG)
        try:
            file = await self._bot.get_file(picture.file)
            return bytes(await file.download_as_bytearray())
        except TelegramError as error:
            log.warning("picture_not_fetched", reason=type(error).__name__)
            raise PictureError(Unread.TOO_BIG if "too big" in str(error).lower() else Unread.FAILED) from error

    def _shown(self, where: Where, found: str) -> list[Message]:
        """The words as they were read, without what must not be repeated."""
        masked = redact(found).text
        quoted = masked if len(masked) <= SHOWN else masked[:SHOWN] + "…"
        return [Message(f"{m.text}\n\n{quoted}", m.buttons) for m in self._talks.words(where, "channel_picture_seen")]

    async def _replace(self, where: Where, waiting: list[int], said: list[Message]) -> None:
        """In the place of the waiting line, so that the chat stays short; beside it when that cannot be changed."""
        if len(said) == 1 and len(waiting) == 1:
            try:
                await self._bot.edit_message_text(said[0].text, where.chat, waiting[0])
            except TelegramError:
                log.info("telegram_edit_refused")
            else:
                return
        await self._talks.send(where, said)
