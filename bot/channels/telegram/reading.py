"""What a Telegram message holds: the words to read, a picture to look at, or a kind of thing that cannot be read."""

from dataclasses import dataclass

from telegram import (
    Message,
    MessageEntity,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
)

LONGEST = 8000
PROGRAMS = (".apk", ".apks", ".xapk", ".ipa", ".exe", ".msi", ".bat", ".dmg", ".mobileconfig", ".js", ".vbs", ".scr")
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".bmp")
# attribute of a message -> what is said of it, the first that is there
KINDS = (
    ("voice", "voice"),
    ("audio", "voice"),
    ("video", "video"),
    ("video_note", "video"),
    ("animation", "video"),
    ("sticker", "sticker"),
    ("contact", "contact"),
    ("location", "other"),
    ("venue", "other"),
    ("poll", "other"),
    ("dice", "sticker"),
    ("story", "other"),
    ("paid_media", "other"),
    ("game", "other"),
    ("invoice", "other"),
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to be fetched; its size as Telegram tells it, 0 when it does not."""

    file: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Read:
    """What is in a message. `kind` names what cannot be read: `voice`, `contact` and so on, empty when all can."""

    text: str = ""
    picture: Picture | None = None
    kind: str = ""


def read(message: Message, bot_username: str = "") -> Read:
    """The words of a message, with the hidden addresses of its links, who it is forwarded from and what it answers.

    Args:
        message: of any kind.
        bot_username: a mention of it is only how it was called, and left out.
    """
    parts = [_answered(message, bot_username), _forwarded(message, _words(message, bot_username)), _contact(message)]
    text = _whole("\n".join(p for p in parts if p)[:LONGEST])
    picture = _picture(message)
    return Read(text, picture, "" if picture else _kind(message))


def _whole(text: str) -> str:
    """Without halves of characters, which JSON can carry and nothing else."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _words(message: Message, bot_username: str) -> str:
    """Text or caption as it stands, then every address that hides behind other words."""
    text = message.text or message.caption or ""
    entities = message.entities or message.caption_entities or ()
    hidden = [e.url for e in entities if e.type == MessageEntity.TEXT_LINK and e.url and e.url not in text]
    if bot_username:
        text = text.replace(f"@{bot_username}", " ")
    return "\n".join([text.strip(), *hidden]).strip()


def _forwarded(message: Message, words: str) -> str:
    """With the name it came under: a person as the voice of a chat, a channel as a text message signs itself."""
    match message.forward_origin:
        case MessageOriginUser(sender_user=user):
            name, signed = user.full_name, False
        case MessageOriginHiddenUser(sender_user_name=hidden):
            name, signed = hidden, False
        case MessageOriginChat(sender_chat=chat) | MessageOriginChannel(chat=chat):
            name, signed = chat.title or "", True
        case _:
            return words
    name = " ".join(name.split())
    if not name or not words:
        return words
    return f"【{name}】{words}" if signed else f"{name}：{words}"


def _answered(message: Message, bot_username: str) -> str:
    """What the customer points at: his quotation, else the message of another that he answers."""
    if message.quote:
        return message.quote.text
    other = message.reply_to_message
    if other is None or (other.from_user and other.from_user.is_bot):
        return ""
    return _forwarded(other, _words(other, bot_username))


def _contact(message: Message) -> str:
    contact = message.contact
    if contact is None:
        return ""
    return " ".join(p for p in (contact.first_name, contact.last_name, contact.phone_number) if p)


def _picture(message: Message) -> Picture | None:
    if message.photo:
        largest = max(message.photo, key=lambda p: p.width * p.height)
        return Picture(largest.file_id, largest.file_size or 0)
    document = message.document
    if document is None:
        return None
    name = (document.file_name or "").lower()
    if (document.mime_type or "").startswith("image/") or name.endswith(PICTURES):
        return Picture(document.file_id, document.file_size or 0)
    return None


def _kind(message: Message) -> str:
    for attribute, kind in KINDS:
        if getattr(message, attribute):
            return kind
    if message.document:
        name = (message.document.file_name or "").lower()
        return "program" if name.endswith(PROGRAMS) else "file"
    return ""
