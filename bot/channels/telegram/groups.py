"""In groups: silent unless called; where an administrator wished it, a warning when it is sure, once for each text."""

import asyncio
import hashlib

from telegram import Chat, ChatMember, Message, MessageEntity, Update

from bot.channels.telegram.admins import is_admin
from bot.channels.telegram.chatting import Chatting, Context
from bot.channels.telegram.reading import read
from bot.channels.telegram.talks import Talks, Where
from bot.conversation.cards import card
from bot.conversation.messages import Message as Said
from bot.conversation.snapshot import Snapshot
from bot.core.assessment import Assessment
from bot.core.vocabulary import UNKNOWN
from bot.store.updates import UpdateStore

SURE = 0.8
LEAST_CHARS = 8


class Groups:
    """Handlers of what is said in groups.

    Args:
        channel: the account, as `bot.store.updates.UpdateStore` knows it.
        chatting: answers who calls.
        talks: the conversation.
        store: which groups wish to be watched, and what was warned of there.
    """

    def __init__(self, channel: str, chatting: Chatting, talks: Talks, store: UpdateStore) -> None:
        self._channel = channel
        self._chatting = chatting
        self._talks = talks
        self._store = store

    async def message(self, update: Update, context: Context) -> None:
        """Anything said in a group."""
        message, where = update.message, Where.of(update, context.bot.id)
        if message is None or where is None:
            return
        if calls(message, context.bot.id, context.bot.username):
            await self._chatting.heard(where, message, context.bot.username)
            return
        text = read(message).text
        if len(text) >= LEAST_CHARS and await self._is_watched(message.chat.id):
            await self._watch(where, text)

    async def switch(self, update: Update, context: Context) -> None:
        """`/watch`: on when it was off, off when it was on; for administrators only."""
        message, where = update.message, Where.of(update, context.bot.id)
        if message is None or where is None:
            return
        if message.chat.type not in {Chat.GROUP, Chat.SUPERGROUP}:
            await self._talks.say(where, "channel_group_only")
        elif not await _by_admin(message):
            await self._talks.say(where, "channel_group_admins")
        else:
            on = not await self._is_watched(message.chat.id)
            await self._set(message.chat.id, on=on)
            await self._talks.say(where, "channel_group_on" if on else "channel_group_off")

    async def membership(self, update: Update, _context: Context) -> None:
        """A group that put the bot out is watched no more."""
        change = update.my_chat_member
        if change and change.new_chat_member.status in {ChatMember.LEFT, ChatMember.BANNED}:
            await self._set(change.chat.id, on=False)

    async def moved(self, update: Update, _context: Context) -> None:
        """A group that became a supergroup has another id."""
        message = update.message
        if message and message.migrate_to_chat_id and await self._is_watched(message.chat.id):
            await self._set(message.migrate_to_chat_id, on=True)
            await self._set(message.chat.id, on=False)

    async def _watch(self, where: Where, text: str) -> None:
        responder = self._talks.turns.responder()
        found = await asyncio.to_thread(responder.snapshot.recogniser.assess, text)
        if not sure(found):
            return
        digest = hashlib.sha256(" ".join(text.split()).encode()).hexdigest()
        place = f"{self._channel}:{where.chat}"
        if await asyncio.to_thread(self._store.was_handled, place, digest):
            return
        await asyncio.to_thread(self._store.handled, place, digest)
        await self._talks.send(where, warned(found, responder.snapshot))

    async def _is_watched(self, chat: int) -> bool:
        return await asyncio.to_thread(self._store.is_watched, self._channel, str(chat))

    async def _set(self, chat: int, *, on: bool) -> None:
        await asyncio.to_thread(lambda: self._store.watch(self._channel, str(chat), on=on))


def calls(message: Message, bot_id: int, username: str) -> bool:
    """Whether the bot is meant: named, or answered."""
    answered = message.reply_to_message
    if answered and answered.from_user and answered.from_user.id == bot_id:
        return True
    text = message.text or message.caption or ""
    entities = {**message.parse_entities([MessageEntity.MENTION])} if message.text else {}
    if message.caption:
        entities = message.parse_caption_entities([MessageEntity.MENTION])
    named = {name.lower() for name in entities.values()}
    return bool(username) and bool(text) and f"@{username}".lower() in named


def sure(found: Assessment) -> bool:
    """Whether it is certain enough to speak unasked."""
    best = found.ranking[0].probability if found.ranking else 0.0
    return found.flagged and found.typology != UNKNOWN and best >= SURE


def warned(found: Assessment, snapshot: Snapshot) -> list[Said]:
    """The card without questions: nobody in particular is asked."""
    wording = snapshot.wording(found.language)
    shown = card(found, wording)
    return [Said("\n".join(p for p in (wording.reply("channel_group_lead"), shown.text) if p))]


async def _by_admin(message: Message) -> bool:
    if message.sender_chat and message.sender_chat.id == message.chat.id:
        return True  # an administrator who writes in the name of the group
    if message.from_user is None:
        return False
    return await is_admin(message.get_bot(), message.chat.id, message.from_user.id)
