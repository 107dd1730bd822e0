"""What customers send to a bot in private, and what is answered."""

from telegram import CallbackQuery, Message, Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.channels.telegram.inbox import Albums
from bot.channels.telegram.looking import Looking
from bot.channels.telegram.reading import Read, read
from bot.channels.telegram.talks import Talks, Where
from bot.core.vocabulary import Urgency

Context = ContextTypes.DEFAULT_TYPE
MOST_EDITS = 2000


class Chatting:
    """Handlers of messages and taps.

    Args:
        talks: the conversation.
        albums: pictures that were sent together.
        looking: reads pictures.
    """

    def __init__(self, talks: Talks, albums: Albums, looking: Looking) -> None:
        self._talks = talks
        self._albums = albums
        self._looking = looking
        self._said: dict[tuple[int, int], int] = {}

    async def message(self, update: Update, context: Context) -> None:
        """Anything a customer can send."""
        where, message = Where.of(update, context.bot.id), update.effective_message
        if where is None or message is None:
            return
        await self.heard(where, message, context.bot.username)

    async def heard(self, where: Where, message: Message, bot_username: str) -> None:
        """Read a message, or the album it belongs to, and answer."""
        found = [read(m, bot_username) for m in self._albums.take(message)]
        if not found:
            return
        self._remember(message, found[0])
        words = "\n".join(r.text for r in found if r.text)
        pictures = [r.picture for r in found if r.picture]
        if pictures:
            await self._looking.look(where, pictures, words)
            return
        await self._answer(where, words, next((r.kind for r in found if r.kind), ""))

    async def edited(self, update: Update, context: Context) -> None:
        """A message that was put right is read again; Telegram also tells of edits that change no word."""
        where, message = Where.of(update, context.bot.id), update.edited_message
        if where is None or message is None:
            return
        found = read(message, context.bot.username)
        if self._said.get((message.chat.id, message.message_id)) == hash(found.text):
            return
        self._remember(message, found)
        if found.text:
            await self._talks.answer(where, text=found.text)

    async def tap(self, update: Update, context: Context) -> None:
        """A button. Telegram shows a clock on it until it is told that the tap arrived."""
        where, query = Where.of(update, context.bot.id), update.callback_query
        if query is None:
            return
        await _quietly(query.answer())
        if where is None or not query.data:
            return
        await self._talks.answer(where, payload=query.data)
        if query.data.startswith("answer:"):
            await _without_buttons(query)

    async def _answer(self, where: Where, words: str, kind: str) -> None:
        """What was written, and what can be done instead about what cannot be read."""
        if not kind:
            await self._talks.answer(where, text=words)
            return
        said = self._talks.words(where, f"channel_{kind}")
        if words:
            outgoing = await self._talks.turn(where, text=words)
            if outgoing.assessment and outgoing.assessment.urgency is not Urgency.NONE:
                said = [*outgoing.messages, *said]
        await self._talks.send(where, said)

    def _remember(self, message: Message, found: Read) -> None:
        self._said[message.chat.id, message.message_id] = hash(found.text)
        if len(self._said) > MOST_EDITS:
            del self._said[next(iter(self._said))]


async def _without_buttons(query: CallbackQuery) -> None:
    """A question that was answered offers its answers no more."""
    await _quietly(query.edit_message_reply_markup(None))


async def _quietly(call: object) -> None:
    """What is only a courtesy and must not cost the answer."""
    try:
        await call  # type: ignore[misc]
    except TelegramError:
        return
