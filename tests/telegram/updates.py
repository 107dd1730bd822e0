"""Updates as Telegram words them. All people in them are invented."""

from typing import Any

from tests.telegram.server import Bot, StandIn

Update = dict[str, Any]


class Person:
    """Somebody with a phone: what he does becomes an update of one bot."""

    def __init__(
        self,
        telegram: StandIn,
        user: int,
        *,
        chat: int | None = None,
        language: str = "zh-hans",
        bot: Bot | None = None,
    ) -> None:
        self._telegram = telegram
        self._bot = bot or telegram.bot
        self.chat = user if chat is None else chat
        self.user = {"id": user, "is_bot": False, "first_name": "周<b>一", "language_code": language}
        if self.chat not in telegram.chats:
            telegram.add_chat(self.chat)

    def _update(self, **parts: Any) -> Update:
        self._bot.last_update += 1
        return {"update_id": self._bot.last_update, **parts}

    def message(self, **parts: Any) -> Update:
        """A message with whatever parts."""
        return self._update(message=self._message(**parts))

    def _message(self, message_id: int | None = None, **parts: Any) -> dict[str, Any]:
        number = message_id or self._bot.last_update
        chat = self._telegram.shown(self._telegram.chats[self.chat])
        return {"message_id": number, "date": 1790000000, "chat": chat, "from": self.user, **parts}

    def says(self, text: str, **parts: Any) -> Update:
        """A text; a command is marked as one, as Telegram does."""
        entities = parts.pop("entities", [])
        if text.startswith("/"):
            entities = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
        at = text.find("@" + self._bot.username)
        if at >= 0 and not entities:
            entities = [{"type": "mention", "offset": at, "length": len(self._bot.username) + 1}]
        return self.message(text=text, **({"entities": entities} if entities else {}), **parts)

    def edits(self, message_id: int, text: str) -> Update:
        """The same message in other words."""
        return self._update(edited_message=self._message(message_id, text=text, edit_date=1790000009))

    def taps(self, payload: str) -> Update:
        """The button of the newest message of the bot that has it."""
        last = [m for (chat, _), m in self._telegram.messages.items() if chat == self.chat][-1]
        query = f"q{self._bot.last_update + 1}"
        self._telegram.queries.add(query)
        return self._update(
            callback_query={"id": query, "from": self.user, "chat_instance": "1", "data": payload, "message": last}
        )

    def sends_photo(self, content: bytes, *, album: str = "", caption: str = "") -> Update:
        """A picture, in two sizes."""
        name = f"photo-{self._bot.last_update + 1}"
        self._telegram.files[name] = content
        small = {"file_id": "thumb", "file_unique_id": "t", "width": 90, "height": 90, "file_size": 900}
        large = {"file_id": name, "file_unique_id": name, "width": 900, "height": 900, "file_size": len(content)}
        more = {"media_group_id": album} if album else {}
        return self.message(photo=[small, large], **({"caption": caption} if caption else {}), **more)

    def sends_file(self, name: str, mime: str, content: bytes = b"", *, size: int | None = None) -> Update:
        """A document."""
        key = f"file-{self._bot.last_update + 1}"
        self._telegram.files[key] = content
        document = {"file_id": key, "file_unique_id": key, "file_name": name, "mime_type": mime}
        return self.message(document={**document, "file_size": len(content) if size is None else size})


def media(kind: str) -> dict[str, Any]:
    """The part of a message that holds a medium nobody can read."""
    file = {"file_id": "f", "file_unique_id": "f"}
    sized = {**file, "width": 9, "height": 9}
    parts: dict[str, Any] = {
        "voice": {**file, "duration": 3},
        "audio": {**file, "duration": 3},
        "video": {**sized, "duration": 3},
        "video_note": {**file, "length": 9, "duration": 3},
        "animation": {**sized, "duration": 3},
        "sticker": {**sized, "type": "regular", "is_animated": False, "is_video": False},
        "location": {"longitude": 1.0, "latitude": 1.0},
        "dice": {"emoji": "🎲", "value": 3},
        "contact": {"phone_number": "+8613000000000", "first_name": "王", "last_name": "警官"},
    }
    return {kind: parts[kind]}


def origin(kind: str, name: str) -> dict[str, Any]:
    """Where a forwarded message came from."""
    common = {"type": kind, "date": 1780000000}
    chat = {"id": -1000000000777, "type": "channel", "title": name}
    return {
        "user": {**common, "sender_user": {"id": 99, "is_bot": False, "first_name": name}},
        "hidden_user": {**common, "sender_user_name": name},
        "chat": {**common, "sender_chat": chat},
        "channel": {**common, "chat": chat, "message_id": 5},
    }[kind]
