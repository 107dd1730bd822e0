"""A bot: the library's `Application` with our handlers, and how it comes to its updates."""

import asyncio
import contextlib
import hashlib
import hmac
from collections.abc import Callable
from functools import partial
from typing import Any

import structlog
from telegram import Update
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.channels.once import Once
from bot.channels.pictures.reader import PictureReader
from bot.channels.telegram.admins import may_decide
from bot.channels.telegram.chatting import Chatting, Context
from bot.channels.telegram.commands import Commands
from bot.channels.telegram.groups import Groups
from bot.channels.telegram.inbox import Albums, Inbox
from bot.channels.telegram.limiter import PatientLimiter
from bot.channels.telegram.looking import Looking
from bot.channels.telegram.polling import PollingBot
from bot.channels.telegram.sending import Sender
from bot.channels.telegram.talks import Talks, Where
from bot.conversation.handover import Handover
from bot.conversation.memory import Memory
from bot.conversation.messages import Outgoing
from bot.conversation.subscribing import COMMANDS
from bot.conversation.turn import Turns
from bot.store.updates import UpdateStore

API = "https://api.telegram.org"
UPDATES = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]
POLL_SECONDS = 30
STOP_SECONDS = 2.0
PAUSES = (1.0, 5.0, 15.0, 60.0)
log = structlog.get_logger()


class TelegramBot:
    """One bot, from its start to its end.

    Args:
        token: from @BotFather; its number is the id of the bot.
        turns, memory, handover: the conversation of every channel.
        updates: what was handled.
        reader: of pictures; several bots may share it.
        public_url: where Telegram reaches this app. Empty: the bot asks Telegram instead.
        api: where Telegram is.
        answered: told of every turn.
        albums: how long pictures sent together are waited for.
    """

    def __init__(
        self,
        token: str,
        *,
        turns: Turns,
        memory: Memory,
        handover: Handover,
        updates: UpdateStore,
        reader: PictureReader,
        public_url: str = "",
        api: str = API,
        answered: Callable[[Outgoing], None] = lambda _: None,
        albums: Albums | None = None,
    ) -> None:
        self.id = token.partition(":")[0]
        self.secret = hmac.new(token.encode(), b"fangzha webhook", hashlib.sha256).hexdigest()
        self._webhook = f"{public_url.rstrip('/')}/telegram/{self.id}" if public_url.startswith("https://") else ""
        queue: asyncio.Queue[object] = asyncio.Queue()
        bot = PollingBot(queue, token, api, PatientLimiter(max_retries=0), self._unreadable)
        channel = f"telegram:{self.id}"
        albums = albums or Albums()
        self._once = Once(channel, updates)
        self._talks = Talks(Sender(bot), turns, memory, handover, answered, partial(may_decide, bot))
        chatting = Chatting(self._talks, albums, Looking(bot, self._talks, reader))
        self._commands = Commands(bot, self._talks)
        inbox = Inbox(self._once, albums)
        self.application = Application.builder().bot(bot).update_queue(queue).concurrent_updates(inbox).build()
        self._add_handlers(chatting, Groups(channel, chatting, self._talks, updates))
        self.ready = asyncio.Event()
        self._keeping: set[asyncio.Task[None]] = set()

    def _add_handlers(self, chatting: Chatting, groups: Groups) -> None:
        new = filters.UpdateType.MESSAGE
        plain = new & ~filters.StatusUpdate.ALL
        add = self.application.add_handler
        for name in ("start", "help", "language", "forget"):
            add(CommandHandler(name, getattr(self._commands, name), filters=new))
        for name, payload in COMMANDS.items():
            add(CommandHandler(name, self._commands.of(payload), filters=new))
        add(CommandHandler("watch", groups.switch, filters=new))
        add(MessageHandler(new & filters.StatusUpdate.MIGRATE, groups.moved))
        add(MessageHandler(plain & filters.ChatType.GROUPS, groups.message))
        add(MessageHandler(plain & filters.ChatType.PRIVATE, chatting.message))
        add(MessageHandler(filters.UpdateType.EDITED_MESSAGE & filters.ChatType.PRIVATE, chatting.edited))
        add(CallbackQueryHandler(chatting.tap))
        add(CallbackQueryHandler(self._commands.own_menu, pattern=r"lang:"), group=1)
        add(ChatMemberHandler(groups.membership, ChatMemberHandler.MY_CHAT_MEMBER))
        self.application.add_error_handler(self._broke)

    async def run(self) -> None:
        """Until cancelled: reach Telegram however long that takes, then take updates. A refused token ends it."""
        try:
            if not await self._reach():
                return
            await self.application.start()
            if not self._webhook and self.application.updater:
                await self.application.updater.start_polling(
                    timeout=POLL_SECONDS, bootstrap_retries=-1, allowed_updates=UPDATES, error_callback=_poll_failed
                )
            self.ready.set()
            await self._commands.publish()
            log.info("telegram_ready", bot=self.id, by="webhook" if self._webhook else "polling")
            await asyncio.Event().wait()
        finally:
            self.ready.clear()
            await self._stop()

    async def take(self, body: Any) -> bool:
        """One update from the webhook, handled when this returns; whether it was one at all."""
        if not isinstance(body, dict) or not isinstance(body.get("update_id"), int):
            return False
        try:
            update = Update.de_json(body, self.application.bot)
        except Exception as error:  # whatever a shape nobody knows does to the library
            await self._once.broke(str(body["update_id"]), "unreadable", error)
            return True
        processor = self.application.update_processor
        await processor.process_update(update, self.application.process_update(update))
        return True

    async def _reach(self) -> bool:
        for attempt in range(1_000_000):
            try:
                await self.application.initialize()
                if self._webhook:
                    await self.application.bot.set_webhook(
                        self._webhook, secret_token=self.secret, allowed_updates=UPDATES, max_connections=40
                    )
            except InvalidToken:
                log.warning("telegram_token_refused", bot=self.id, mend="ask @BotFather for the token of this bot")
                return False
            except TelegramError as error:
                log.warning("telegram_unreachable", bot=self.id, reason=type(error).__name__)
                await asyncio.sleep(PAUSES[min(attempt, len(PAUSES) - 1)])
            else:
                return True
        return False

    async def _stop(self) -> None:
        application = self.application
        if application.updater and application.updater.running:
            await application.updater.stop()
        if application.running:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STOP_SECONDS):
                    await application.update_queue.join()
            await application.stop()
        await application.shutdown()
        await application.bot.shutdown()  # what was opened for a bot that never came up

    async def _broke(self, update: object, context: Context) -> None:
        """A handler broke: keep it, count it, say that we are sorry and who can be called."""
        error = context.error or RuntimeError()
        if not isinstance(update, Update):
            log.error("telegram_failed", bot=self.id, reason=type(error).__name__)
            return
        await self._once.broke(str(update.update_id), _kind(update), error)
        where = Where.of(update, context.bot.id)
        if where is not None and update.effective_chat and update.effective_chat.type == "private":
            try:
                await self._talks.say(where, "channel_broken")
            except Exception as unsaid:  # the way out may be what is broken
                log.warning("telegram_not_said", bot=self.id, reason=type(unsaid).__name__)

    def _unreadable(self, update_id: int, error: Exception) -> None:
        task = asyncio.create_task(self._once.broke(str(update_id), "unreadable", error))
        self._keeping.add(task)
        task.add_done_callback(self._keeping.discard)


def _kind(update: Update) -> str:
    """What kind of update it was: the names of what is in it, none of its values."""
    message = update.effective_message
    names = [name for name, value in update.to_dict().items() if isinstance(value, dict)]
    inside = sorted(message.to_dict()) if message else []
    return " ".join([*names, *inside])


def _poll_failed(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        log.error("telegram_conflict", mend="another process asks with this token: stop it, or give each its own bot")
    else:
        log.warning("telegram_unreachable", reason=type(error).__name__)
