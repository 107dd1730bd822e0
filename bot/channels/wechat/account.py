"""One Official Account: who calls is checked, what arrived becomes a turn, the answer comes in five seconds or after.

WeChat waits five seconds for the answer to a call and calls three times. What is ready by then is the answer itself;
what is not follows as a customer-service message.
"""

import asyncio
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from bot.channels.once import Once
from bot.channels.pictures.reader import PictureError, PictureReader
from bot.channels.wechat import xml
from bot.channels.wechat.api import WeChatApi, WeChatError
from bot.channels.wechat.crypto import Envelope, signature, signed
from bot.channels.wechat.rendering import choices_of, chosen, render
from bot.conversation.memory import Memory
from bot.conversation.messages import Choice, Incoming, Message, Outgoing
from bot.conversation.redaction import redact
from bot.conversation.turn import Turns
from bot.core.errors import InvalidInputError
from bot.core.vocabulary import Urgency
from bot.store.updates import UpdateStore

SECONDS = 4.0  # of five, the way there and back left out
NOTHING = "success"
LONGEST = 8000
SHOWN = 600
MOST_RECENT = 2000
MOST_CHOICES = 20_000
KINDS = {"voice": "voice", "video": "video", "shortvideo": "video", "location": "other", "file": "file"}
log = structlog.get_logger()


@dataclass
class _Reply:
    """The answer to one message: the texts that are ready, and whether they have been handed out."""

    texts: list[str] = field(default_factory=list)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    late: bool = False


class WeChatAccount:
    """Takes calls of WeChat.

    Args:
        app_id: of the account.
        token: the one typed in at the account's settings, which signs every call.
        aes_key: with it, only sealed messages are taken.
        api: the way out.
        turns, memory: the conversation of every channel.
        updates: what was handled.
        reader: of pictures.
        answered: told of every turn.
        seconds: how long WeChat is kept waiting.

    Raises:
        InvalidInputError: there is no token, or the key is not one.
    """

    def __init__(
        self,
        app_id: str,
        token: str,
        aes_key: str,
        *,
        api: WeChatApi,
        turns: Turns,
        memory: Memory,
        updates: UpdateStore,
        reader: PictureReader,
        answered: Callable[[Outgoing], None] = lambda _: None,
        seconds: float = SECONDS,
    ) -> None:
        if not token:
            raise InvalidInputError("FANGZHA_WECHAT_TOKEN is missing: without it anybody could speak for WeChat")
        self._app_id = app_id
        self._token = token
        self._envelope = Envelope(aes_key, app_id) if aes_key else None
        self._api = api
        self._turns = turns
        self._memory = memory
        self._reader = reader
        self._answered = answered
        self._seconds = seconds
        self._once = Once(f"wechat:{app_id}", updates)
        self._recent: OrderedDict[str, _Reply] = OrderedDict()
        self._choices: OrderedDict[str, tuple[Choice, ...]] = OrderedDict()
        self._working: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Finish what is being answered, and let go of connections."""
        await asyncio.gather(*self._working, return_exceptions=True)
        await self._api.close()

    def echo(self, query: Mapping[str, str]) -> str:
        """What WeChat wants to hear when the account is set up.

        Raises:
            InvalidInputError: it is not WeChat that asks.
        """
        self._check(query)
        return query.get("echostr", "")

    async def take(self, query: Mapping[str, str], body: bytes) -> str:
        """One call, answered within the time WeChat waits.

        Raises:
            InvalidInputError: it is not WeChat that calls, or not for this account, or no message.
        """
        self._check(query)
        fields = self._opened(query, xml.parsed(body))
        customer, account = fields.get("FromUserName", ""), fields.get("ToUserName", "")
        if not customer:
            raise InvalidInputError("a message without a sender")
        key = fields.get("MsgId") or f"{customer[:64]}:{fields.get('CreateTime', '')}:{fields.get('Event', '')}"
        reply = self._reply(key[:128], customer, fields)
        try:
            async with asyncio.timeout(self._seconds):
                await reply.ready.wait()
        except TimeoutError:
            reply.late = not reply.ready.is_set()
        if reply.late or not reply.texts:
            return NOTHING
        first, *others = reply.texts
        reply.texts = [first]
        self._spawn(self._follow(customer, others))
        return self._sealed(xml.reply(customer, account, first))

    def _check(self, query: Mapping[str, str]) -> None:
        given = query.get("signature", "")
        if not signed(given, self._token, query.get("timestamp", ""), query.get("nonce", "")):
            raise InvalidInputError("not signed by WeChat")

    def _opened(self, query: Mapping[str, str], fields: dict[str, str]) -> dict[str, str]:
        if self._envelope is None:
            return fields
        sealed = fields.get("Encrypt", "")
        stamps = (query.get("timestamp", ""), query.get("nonce", ""))
        if not sealed or not signed(query.get("msg_signature", ""), self._token, *stamps, sealed):
            raise InvalidInputError("not sealed by WeChat")
        return xml.parsed(self._envelope.open(sealed))

    def _sealed(self, message: str) -> str:
        if self._envelope is None:
            return message
        sealed = self._envelope.seal(message.encode())
        stamp, nonce = str(int(time.time())), secrets.token_hex(8)
        return xml.written(
            Encrypt=sealed,
            MsgSignature=signature(self._token, stamp, nonce, sealed),
            TimeStamp=int(stamp),
            Nonce=nonce,
        )

    def _reply(self, key: str, customer: str, fields: dict[str, str]) -> _Reply:
        """The answer to a message; a call that repeats it gets the same, for the first may not have arrived."""
        reply = self._recent.get(key)
        if reply is None:
            reply = self._recent[key] = _Reply()
            if len(self._recent) > MOST_RECENT:
                self._recent.popitem(last=False)
            self._spawn(self._work(key, customer, fields, reply))
        return reply

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def _work(self, key: str, customer: str, fields: dict[str, str], reply: _Reply) -> None:
        try:
            await self._once.run(key, lambda: self._answer(customer, fields, reply))
        except Exception as error:  # whatever breaks, the customer gets a word and the next message its turn
            kind = f"{fields.get('MsgType', '')} {fields.get('Event', '')}".strip()
            await self._once.broke(key, kind, error)
            await self._hand_out(customer, self._words(customer, "channel_broken"), reply)
        finally:
            reply.ready.set()

    async def _answer(self, customer: str, fields: dict[str, str], reply: _Reply) -> None:
        kind = fields.get("MsgType", "")
        if kind == "image":
            await self._look(customer, fields.get("MediaId", ""), reply)
        elif kind == "event":
            await self._event(customer, fields, reply)
        else:
            text = _text(fields)
            payload = chosen(text, self._choices.get(customer, ()))
            if text or kind not in KINDS:
                said = await self._turn(customer, "" if payload else text, payload.payload if payload else "")
                await self._hand_out(customer, said.messages, reply)
            else:
                await self._hand_out(customer, self._words(customer, f"channel_{KINDS[kind]}"), reply)

    async def _event(self, customer: str, fields: dict[str, str], reply: _Reply) -> None:
        event = fields.get("Event", "").lower()
        if event == "subscribe":
            await self._hand_out(customer, self._words(customer, "greet"), reply)
        elif event == "unsubscribe":
            await self._turns.forget(self._conversation(customer))
            self._choices.pop(customer, None)
        elif event == "click":
            said = await self._turn(customer, payload=fields.get("EventKey", ""))
            await self._hand_out(customer, said.messages, reply)

    async def _look(self, customer: str, media_id: str, reply: _Reply) -> None:
        """A picture takes longer than five seconds: a word at once, the answer when it is read."""
        await self._hand_out(customer, self._words(customer, "channel_looking"), reply)
        try:
            seen = await self._reader.read(await self._api.picture(media_id))
        except (PictureError, WeChatError) as error:
            why = error.why.value if isinstance(error, PictureError) else "failed"
            await self._follow(customer, self._rendered(customer, self._words(customer, f"channel_picture_{why}")))
            return
        if not seen.text:
            await self._follow(customer, self._rendered(customer, self._words(customer, "channel_picture_no_words")))
            return
        quoted = redact(seen.text).text[:SHOWN]
        lead = [Message(f"{m.text}\n\n{quoted}") for m in self._words(customer, "channel_picture_seen")]
        said = await self._turn(customer, seen.text[:LONGEST])
        flagged = said.assessment is not None and said.assessment.urgency is not Urgency.NONE
        # what is urgent comes first; the words that were read can wait
        messages = [*said.messages, *lead] if flagged else [*lead, *said.messages]
        await self._follow(customer, self._rendered(customer, messages))

    async def _turn(self, customer: str, text: str = "", payload: str = "") -> Outgoing:
        outgoing = await self._turns.handle(
            Incoming(self._conversation(customer), text=text[:LONGEST], payload=payload, channel="wechat")
        )
        self._answered(outgoing)
        return outgoing

    def _words(self, customer: str, reply_id: str) -> list[Message]:
        return self._turns.responder().reply(self._memory.open(self._conversation(customer)), reply_id)

    def _conversation(self, customer: str) -> str:
        return f"wx:{self._app_id}:{customer}"

    async def _hand_out(self, customer: str, messages: list[Message] | tuple[Message, ...], reply: _Reply) -> None:
        """As the answer to the call while WeChat still waits, else after it."""
        texts = self._rendered(customer, messages)
        if reply.late or reply.ready.is_set():
            await self._follow(customer, texts)
        else:
            reply.texts = texts
            reply.ready.set()

    def _rendered(self, customer: str, messages: list[Message] | tuple[Message, ...]) -> list[str]:
        self._choices[customer] = choices_of(messages)
        self._choices.move_to_end(customer)
        if len(self._choices) > MOST_CHOICES:
            self._choices.popitem(last=False)
        talk = self._memory.open(self._conversation(customer))
        return render(messages, self._turns.responder().wording(talk).reply("channel_numbers"))

    async def _follow(self, customer: str, texts: list[str]) -> None:
        """Customer-service messages, one after another."""
        try:
            for text in texts:
                await self._api.say(customer, text)
        except WeChatError as error:
            log.warning("wechat_not_said", reason=str(error))


def _text(fields: dict[str, str]) -> str:
    """The words of a message; of a link its title, its description and where it leads."""
    if fields.get("MsgType") == "link":
        return "\n".join(p for p in (fields.get("Title"), fields.get("Description"), fields.get("Url")) if p)
    return fields.get("Content", "") or fields.get("Recognition", "")
