"""Between a Telegram chat and the conversation in it: one path in, one path out."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from telegram import Message as TelegramMessage
from telegram import Update
from telegram.constants import ChatType
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError

from bot.channels.telegram.rendering import joined
from bot.channels.telegram.sending import Sender
from bot.conversation.handover import Handover
from bot.conversation.memory import Conversation, Memory
from bot.conversation.messages import Incoming, Message, Outgoing
from bot.conversation.subscribing import about_subscriptions
from bot.conversation.turn import Turns
from bot.core.vocabulary import Language

PAUSES = (0.5, 2.0)  # before trying again what Telegram did not take
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Where:
    """Who is spoken to: a chat, in groups one member of it, and the message that is answered there."""

    chat: int
    conversation: str
    language: str | None = None
    reply_to: int | None = None
    member: int | None = None  # of a group, by whose word it goes; none in private, and for the group's own voice

    @classmethod
    def of(cls, update: Update, bot: int) -> "Where | None":
        """Where an update comes from; a channel's posts and the like have no one to speak to."""
        chat, user, message = update.effective_chat, update.effective_user, update.effective_message
        if chat is None or chat.type == ChatType.CHANNEL:
            return None
        member = "" if chat.type == ChatType.PRIVATE or user is None else f":{user.id}"
        reply_to = message.message_id if member and isinstance(message, TelegramMessage) else None
        language = user.language_code if user else None
        decider = None if user is None or not member or _is_the_groups_voice(update) else user.id
        return cls(chat.id, f"tg:{bot}:{chat.id}{member}", language, reply_to, decider)


class Talks:
    """Takes what a customer said or tapped to the conversation, and what it answers to the chat.

    Args:
        sender: the way out.
        turns: the conversation path of every channel.
        memory: what is remembered of conversations.
        handover: conversations that were begun at a kiosk.
        answered: told of every turn, for the counts.
        may_decide: whether a member (second) may decide for a group (first).
    """

    def __init__(
        self,
        sender: Sender,
        turns: Turns,
        memory: Memory,
        handover: Handover,
        answered: Callable[[Outgoing], None] = lambda _: None,
        may_decide: Callable[[int, int], Awaitable[bool]] | None = None,
    ) -> None:
        self._sender = sender
        self._turns = turns
        self._memory = memory
        self._handover = handover
        self._answered = answered
        self._may_decide = may_decide

    @property
    def turns(self) -> Turns:
        """The conversation path, for who needs only the reading."""
        return self._turns

    async def turn(self, where: Where, *, text: str = "", payload: str = "") -> Outgoing:
        """One turn, not yet said. The language of the app counts only until the customer has written."""
        new = self._memory.find(where.conversation) is None
        language = where.language if new and Language.parse(where.language) else None
        decides = not about_subscriptions(text, payload) or await self._decides(where)
        outgoing = await self._turns.handle(
            Incoming(where.conversation, text, payload, language, channel="telegram", decides=decides)
        )
        self._answered(outgoing)
        return outgoing

    async def answer(self, where: Where, *, text: str = "", payload: str = "") -> None:
        """One turn, said."""
        await self.send(where, (await self.turn(where, text=text, payload=payload)).messages)

    def words(self, where: Where, reply_id: str) -> list[Message]:
        """A published reply in the language of the conversation."""
        return self._turns.responder().reply(self.open(where), reply_id)

    async def say(self, where: Where, reply_id: str) -> list[int]:
        """A published reply, said."""
        return await self.send(where, self.words(where, reply_id))

    async def send(self, where: Where, messages: list[Message] | tuple[Message, ...]) -> list[int]:
        """Say it, in as few messages as it fits in; the ids of what was sent.

        Raises:
            telegram.error.TelegramError: Telegram does not take it, after several attempts.
        """
        sent: list[int] = []
        for message in joined(messages):
            sent += await self._patiently(where, message)
        return sent

    def open(self, where: Where) -> Conversation:
        """The conversation as it stands; a new one begins in the language of the customer's app."""
        known = self._memory.find(where.conversation)
        talk = self._memory.open(where.conversation)
        if known is None:
            talk.language = Language.parse(where.language) or talk.language
        return talk

    async def forget(self, where: Where) -> None:
        """Forget what was said, in the engine too."""
        await self._turns.forget(where.conversation)

    async def go_on(self, where: Where, token: str) -> bool:
        """Go on with what was begun at a kiosk; whether its code was still good."""
        talk = self._handover.move(token, where.conversation)
        if talk is not None:
            await self.send(where, self._turns.responder().continued(talk))
        return talk is not None

    async def _decides(self, where: Where) -> bool:
        """Whether whoever speaks may decide for the chat; asked only where it matters."""
        if where.member is None or self._may_decide is None:
            return True
        return await self._may_decide(where.chat, where.member)

    async def _patiently(self, where: Where, message: Message) -> list[int]:
        """Again when the line or the server failed, and to where a group has moved."""
        chat = where.chat
        for pause in (*PAUSES, None):
            try:
                return await self._sender.send(chat, message, reply_to=where.reply_to)
            except ChatMigrated as moved:
                chat = moved.new_chat_id
            except Forbidden:
                log.info("telegram_chat_closed")  # who blocked the bot in between wants no answer
                return []
            except BadRequest:
                raise
            except NetworkError:
                if pause is None:
                    raise
                await asyncio.sleep(pause)
        return []


def _is_the_groups_voice(update: Update) -> bool:
    """Whether a message was written in the name of the group, as only its administrators may."""
    message, chat = update.message or update.edited_message, update.effective_chat
    sender = message.sender_chat if message else None
    return sender is not None and chat is not None and sender.id == chat.id
