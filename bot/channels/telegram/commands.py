"""The commands of the menu, in the languages of the customers."""

import re
from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from telegram import Bot, BotCommand, BotCommandScope, BotCommandScopeAllGroupChats, BotCommandScopeChat, Update
from telegram.error import TelegramError

from bot.channels.telegram.chatting import Context
from bot.channels.telegram.talks import Talks, Where
from bot.core.vocabulary import Language

MENU = ("start", "help", "hotline", "subscribe", "unsubscribe", "language", "forget")
GROUP_MENU = ("help", "hotline", "watch")
# Telegram tells languages apart by two letters; who uses Traditional characters gets the menu in his own chat.
MENU_LANGUAGES = (("", Language.ZH_HANS), ("zh", Language.ZH_HANS), ("en", Language.EN))
KIOSK = re.compile(r"kiosk-([A-Za-z0-9_-]{8,58})\Z")
log = structlog.get_logger()


class Commands:
    """Handlers of commands, and the menu that offers them."""

    def __init__(self, bot: Bot, talks: Talks) -> None:
        self._bot = bot
        self._talks = talks

    async def publish(self) -> None:
        """Put the menu into every language Telegram can tell apart. A bot without a menu still answers."""
        try:
            for code, language in MENU_LANGUAGES:
                await self._bot.set_my_commands(self._menu(MENU, language), language_code=code or None)
                groups = BotCommandScopeAllGroupChats()
                await self._bot.set_my_commands(self._menu(GROUP_MENU, language), groups, code or None)
        except TelegramError as error:
            log.warning("telegram_menu_not_set", reason=type(error).__name__)

    async def start(self, update: Update, context: Context) -> None:
        """The beginning; from a kiosk, the rest of what was begun there."""
        where = Where.of(update, context.bot.id)
        if where is None:
            return
        code = KIOSK.match(context.args[0]) if context.args else None
        if code:
            if not await self._talks.go_on(where, code.group(1)):
                await self._talks.say(where, "channel_continue_gone")
        else:
            await self._talks.say(where, "greet")
        await self._own_menu(where)

    async def help(self, update: Update, context: Context) -> None:
        """What can be sent."""
        if where := Where.of(update, context.bot.id):
            await self._talks.say(where, "channel_help")

    def of(self, payload: str) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
        """A command that does what a button would."""

        async def tapped(update: Update, context: Context) -> None:
            if where := Where.of(update, context.bot.id):
                await self._talks.answer(where, payload=payload)

        return tapped

    async def language(self, update: Update, context: Context) -> None:
        """Which language; the buttons are as any others."""
        if where := Where.of(update, context.bot.id):
            await self._talks.say(where, "channel_language")

    async def forget(self, update: Update, context: Context) -> None:
        """Forget what was said."""
        if where := Where.of(update, context.bot.id):
            words = self._talks.words(where, "channel_forgotten")
            await self._talks.forget(where)
            await self._talks.send(where, words)

    async def own_menu(self, update: Update, context: Context) -> None:
        """The menu of this chat, in the language that was picked."""
        if where := Where.of(update, context.bot.id):
            await self._own_menu(where)

    async def _own_menu(self, where: Where) -> None:
        language = self._talks.open(where).language
        known = Language.parse(where.language)
        if where.reply_to is not None or language is (Language.EN if known is Language.EN else Language.ZH_HANS):
            return
        await self._set(MENU, language, BotCommandScopeChat(where.chat))

    async def _set(self, names: tuple[str, ...], language: Language, scope: BotCommandScope) -> None:
        try:
            await self._bot.set_my_commands(self._menu(names, language), scope)
        except TelegramError as error:
            log.warning("telegram_menu_not_set", reason=type(error).__name__)

    def _menu(self, names: tuple[str, ...], language: Language) -> list[BotCommand]:
        wording = self._talks.turns.responder().snapshot.wording(language)
        return [BotCommand(name, wording.reply(f"command_{name}") or name) for name in names]
