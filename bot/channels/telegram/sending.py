"""One `Message` out to one chat. What Telegram says against it is raised as it is: the caller knows what it means."""

from telegram import Bot, LinkPreviewOptions, ReplyParameters

from bot.channels.telegram.rendering import render
from bot.conversation.messages import Message

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Sender:
    """Sends through one bot."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send(self, chat: int, message: Message, *, reply_to: int | None = None) -> list[int]:
        """Send a message, in as many pieces as it needs; the ids Telegram gave them.

        Args:
            chat: where to.
            message: what; its buttons stand under the last piece.
            reply_to: the message it answers, shown above the first piece; that one may be gone by now.

        Raises:
            telegram.error.TelegramError: Telegram refused, or did not answer. Pieces before may have arrived.
        """
        sent: list[int] = []
        for piece in render(message):
            answers = ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to and not sent else None
            done = await self._bot.send_message(
                chat,
                piece.text,
                reply_markup=piece.buttons,
                reply_parameters=answers,
                link_preview_options=NO_PREVIEW,
            )
            sent.append(done.message_id)
        return sent
