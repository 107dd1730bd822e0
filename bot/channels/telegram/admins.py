"""Who may decide for a group: its administrators, as Telegram knows them at that moment."""

import structlog
from telegram import Bot, ChatMember
from telegram.error import TelegramError

ADMINS = (ChatMember.OWNER, ChatMember.ADMINISTRATOR)
log = structlog.get_logger()


async def is_admin(bot: Bot, chat: int, user: int) -> bool:
    """Whether somebody is an administrator of a group.

    Raises:
        telegram.error.TelegramError: Telegram does not say.
    """
    return (await bot.get_chat_member(chat, user)).status in ADMINS


async def may_decide(bot: Bot, chat: int, user: int) -> bool:
    """The same; nobody may while Telegram does not say."""
    try:
        return await is_admin(bot, chat, user)
    except TelegramError as error:
        log.warning("telegram_admins_not_told", reason=type(error).__name__)
        return False
