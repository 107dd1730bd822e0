"""The methods of the Bot API as the stand-in answers them, with the real server's checks and words."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from tests.telegram.failing import FAILURES, Refusal, migrated, too_many

if TYPE_CHECKING:
    from tests.telegram.server import Bot, StandIn

Params = dict[str, Any]
Method = Callable[["StandIn", "Bot", Params], Awaitable[Any]]
MOST_FILE = 20 * 1024 * 1024
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}\Z")

# method -> parameter -> type; a star says that it must be there
PARAMETERS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "getMe": {},
    "getUpdates": {"offset": int, "limit": int, "timeout": int, "allowed_updates": list},
    "setWebhook": {
        "url*": str,
        "secret_token": str,
        "max_connections": int,
        "allowed_updates": list,
        "drop_pending_updates": bool,
        "ip_address": str,
    },
    "deleteWebhook": {"drop_pending_updates": bool},
    "getWebhookInfo": {},
    "sendMessage": {
        "chat_id*": (int, str),
        "text*": str,
        "parse_mode": str,
        "entities": list,
        "link_preview_options": dict,
        "disable_notification": bool,
        "protect_content": bool,
        "reply_parameters": dict,
        "reply_markup": dict,
        "message_thread_id": int,
    },
    "editMessageText": {
        "chat_id*": (int, str),
        "message_id*": int,
        "text*": str,
        "parse_mode": str,
        "link_preview_options": dict,
        "reply_markup": dict,
    },
    "editMessageReplyMarkup": {"chat_id*": (int, str), "message_id*": int, "reply_markup": dict},
    "deleteMessage": {"chat_id*": (int, str), "message_id*": int},
    "sendChatAction": {"chat_id*": (int, str), "action*": str, "message_thread_id": int},
    "answerCallbackQuery": {
        "callback_query_id*": str,
        "text": str,
        "show_alert": bool,
        "url": str,
        "cache_time": int,
    },
    "setMyCommands": {"commands*": list, "scope": dict, "language_code": str},
    "getMyCommands": {"scope": dict, "language_code": str},
    "deleteMyCommands": {"scope": dict, "language_code": str},
    "getFile": {"file_id*": str},
    "getChat": {"chat_id*": (int, str)},
    "getChatMember": {"chat_id*": (int, str), "user_id*": int},
    "getChatAdministrators": {"chat_id*": (int, str)},
    "leaveChat": {"chat_id*": (int, str)},
}


def bad(description: str) -> Refusal:
    """400."""
    return Refusal(400, f"Bad Request: {description}")


def check(method: str, given: Params) -> None:
    """Whether the parameters are those of the method. Unlike the real server it refuses what it does not know."""
    wanted = {name.rstrip("*"): kind for name, kind in PARAMETERS[method].items()}
    for name in given:
        if name not in wanted:
            raise bad(f"the stand-in knows no parameter {name} of {method}")
    for name in (n.rstrip("*") for n in PARAMETERS[method] if n.endswith("*")):
        if name not in given:
            raise bad("message text is empty" if name == "text" else f"{name} is empty")
    for name, value in given.items():
        kinds = wanted[name] if isinstance(wanted[name], tuple) else (wanted[name],)
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise bad(f"can't parse {name}")


def units(text: str) -> int:
    """UTF-16 units, in which Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _checked_text(text: str, most: int = 4096) -> str:
    text = text.strip()
    if not text:
        raise bad("message text is empty")
    if units(text) > most:
        raise bad("message is too long")
    return text


def _checked_markup(markup: Params | None) -> Params | None:
    if not markup:
        return None
    rows = markup.get("inline_keyboard")
    if not isinstance(rows, list):
        raise bad("object expected as reply markup")
    if sum(len(row) for row in rows) > 100:
        raise bad("reply markup is too long")
    for button in (b for row in rows for b in row):
        if not button.get("text"):
            raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
        if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
            raise bad("BUTTON_DATA_INVALID")
        if not {"callback_data", "url"} & button.keys():
            raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    return markup


def _chat(world: "StandIn", params: Params) -> dict[str, Any]:
    """The chat if it can be written to."""
    chat = world.chat(int(params["chat_id"]))
    if chat["state"] == "migrated":
        raise migrated(chat["migrated_to"])
    if chat["state"] != "open":
        failure = FAILURES[chat["state"]]
        assert isinstance(failure, Refusal)
        raise failure
    return chat


async def send_message(world: "StandIn", bot: "Bot", params: Params) -> Any:
    """Checked like the real one: chat, limits, length, buttons, the message answered."""
    chat = _chat(world, params)
    text = _checked_text(params["text"])
    markup = _checked_markup(params.get("reply_markup"))
    answered = params.get("reply_parameters")
    if (
        answered
        and not answered.get("allow_sending_without_reply")
        and (chat["id"], answered["message_id"]) not in world.messages
    ):
        raise bad("message to be replied not found")
    if params.get("parse_mode") not in {None, "HTML", "Markdown", "MarkdownV2"}:
        raise bad("unsupported parse_mode")
    if seconds := bot.limits.wait(chat["id"]):
        raise too_many(seconds)
    return await world.posted(bot, chat, text, markup)


async def edit_text(world: "StandIn", bot: "Bot", params: Params) -> Any:
    """Only of a message the bot sent, and only into something else."""
    known = _own(world, bot, params, "edit")
    text, markup = _checked_text(params["text"]), _checked_markup(params.get("reply_markup"))
    if (known["text"], known.get("reply_markup")) == (text, markup):
        raise bad(
            "message is not modified: specified new message content and reply markup are exactly the same as a "
            "current content and reply markup of the message"
        )
    known["text"] = text
    return _remarked(known, markup)


async def edit_markup(world: "StandIn", bot: "Bot", params: Params) -> Any:
    """As `edit_text`, for the buttons alone."""
    known = _own(world, bot, params, "edit")
    markup = _checked_markup(params.get("reply_markup"))
    if known.get("reply_markup") == markup:
        raise bad("message is not modified")
    return _remarked(known, markup)


def _remarked(known: Params, markup: Params | None) -> Params:
    known.pop("reply_markup", None)
    if markup:
        known["reply_markup"] = markup
    return known


async def delete_message(world: "StandIn", bot: "Bot", params: Params) -> Any:
    """Only what the bot sent."""
    _own(world, bot, params, "delete")
    del world.messages[int(params["chat_id"]), params["message_id"]]
    return True


def _own(world: "StandIn", bot: "Bot", params: Params, what: str) -> Params:
    chat = _chat(world, params)
    known = world.messages.get((chat["id"], params["message_id"]))
    if known is None:
        raise bad(f"message to {what} not found")
    if known["from"]["id"] != bot.id:
        raise bad(f"message can't be {what}ed".replace("eed", "ed"))
    return known


async def answer_callback(world: "StandIn", _bot: "Bot", params: Params) -> Any:
    """Once for each query, and only for one that was asked."""
    if units(params.get("text", "")) > 200:
        raise bad("MESSAGE_TOO_LONG")
    if params["callback_query_id"] not in world.queries:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    world.queries.discard(params["callback_query_id"])
    return True


async def chat_action(world: "StandIn", _bot: "Bot", params: Params) -> Any:
    """The line that says somebody is typing."""
    _chat(world, params)
    if params["action"] not in {"typing", "upload_photo", "upload_document", "find_location", "choose_sticker"}:
        raise bad("wrong parameter action in request")
    return True


async def get_me(_world: "StandIn", bot: "Bot", _params: Params) -> Any:
    """The bot itself."""
    return {
        **bot.user(),
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": False,
    }


async def get_updates(_world: "StandIn", bot: "Bot", params: Params) -> Any:
    """What is not confirmed; an offset confirms everything before it; who asks later ends who asked before."""
    if bot.webhook:
        failure = FAILURES["webhook_active"]
        assert isinstance(failure, Refusal)
        raise failure
    offset = params.get("offset") or 0
    if offset:
        bot.updates = [u for u in bot.updates if u["update_id"] >= offset]
    bot.asking += 1
    mine = bot.asking
    until = time.monotonic() + params.get("timeout", 0)
    async with bot.news:
        bot.news.notify_all()
        while not bot.updates and time.monotonic() < until and bot.asking == mine:
            try:
                async with asyncio.timeout(max(0.0, until - time.monotonic())):
                    await bot.news.wait()
            except TimeoutError:
                break
    if bot.asking != mine:
        failure = FAILURES["conflict"]
        assert isinstance(failure, Refusal)
        raise failure
    return bot.updates[: min(params.get("limit", 100), 100)]


async def set_webhook(_world: "StandIn", bot: "Bot", params: Params) -> Any:
    """HTTPS on the ports Telegram speaks to."""
    url = params["url"]
    if url and not re.match(r"https://[^/:]+(?::(?:443|80|88|8443))?(?:/|\Z)", url):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if "secret_token" in params and not SECRET.match(params["secret_token"]):
        raise bad("secret token contains unallowed characters")
    bot.webhook, bot.secret = url, params.get("secret_token", "")
    if params.get("drop_pending_updates"):
        bot.updates.clear()
    return True


async def delete_webhook(_world: "StandIn", bot: "Bot", params: Params) -> Any:
    """Back to polling."""
    bot.webhook = bot.secret = ""
    if params.get("drop_pending_updates"):
        bot.updates.clear()
    return True


async def webhook_info(_world: "StandIn", bot: "Bot", _params: Params) -> Any:
    """What is set."""
    return {"url": bot.webhook, "has_custom_certificate": False, "pending_update_count": len(bot.updates)}


def _slot(params: Params) -> tuple[str, str]:
    language = params.get("language_code", "")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad("invalid language code specified")
    scope = params.get("scope") or {"type": "default"}
    place = f":{scope['chat_id']}" if "chat_id" in scope else ""
    return (scope["type"] + place, language)


async def set_commands(_world: "StandIn", bot: "Bot", params: Params) -> Any:
    """Names in small letters, descriptions that fit."""
    if not 1 <= len(params["commands"]) <= 100:
        raise bad("too many commands specified" if params["commands"] else "commands are empty")
    for command in params["commands"]:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    bot.commands[_slot(params)] = params["commands"]
    return True


async def get_commands(_world: "StandIn", bot: "Bot", params: Params) -> Any:
    """Those of one scope and language."""
    return bot.commands.get(_slot(params), [])


async def delete_commands(_world: "StandIn", bot: "Bot", params: Params) -> Any:
    """None any more."""
    bot.commands.pop(_slot(params), None)
    return True


async def get_file(world: "StandIn", _bot: "Bot", params: Params) -> Any:
    """Where it can be fetched, up to 20 MB."""
    content = world.files.get(params["file_id"])
    if content is None:
        raise bad("invalid file_id")
    if len(content) > MOST_FILE:
        raise bad("file is too big")
    file_id = params["file_id"]
    return {"file_id": file_id, "file_unique_id": file_id, "file_size": len(content), "file_path": f"files/{file_id}"}


async def get_chat(world: "StandIn", _bot: "Bot", params: Params) -> Any:
    """What is known of a chat."""
    return {**world.shown(_chat(world, params)), "accent_color_id": 0, "max_reaction_count": 11}


async def chat_member(world: "StandIn", _bot: "Bot", params: Params) -> Any:
    """Whether somebody is an administrator."""
    chat, user = _chat(world, params), params["user_id"]
    status = "creator" if user in chat["admins"] else "member"
    member: Params = {"user": {"id": user, "is_bot": False, "first_name": "M"}, "status": status}
    return {**member, "is_anonymous": False} if status == "creator" else member


async def administrators(world: "StandIn", bot: "Bot", params: Params) -> Any:
    """All of them."""
    return [
        await chat_member(world, bot, {"chat_id": params["chat_id"], "user_id": user})
        for user in _chat(world, params)["admins"]
    ]


async def leave_chat(world: "StandIn", _bot: "Bot", params: Params) -> Any:
    """Gone."""
    _chat(world, params)["state"] = "kicked"
    return True


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": webhook_info,
    "sendMessage": send_message,
    "editMessageText": edit_text,
    "editMessageReplyMarkup": edit_markup,
    "deleteMessage": delete_message,
    "sendChatAction": chat_action,
    "answerCallbackQuery": answer_callback,
    "setMyCommands": set_commands,
    "getMyCommands": get_commands,
    "deleteMyCommands": delete_commands,
    "getFile": get_file,
    "getChat": get_chat,
    "getChatMember": chat_member,
    "getChatAdministrators": administrators,
    "leaveChat": leave_chat,
}
