"""A stand-in for Telegram's servers: checks like the real one, and fails in every documented way when asked.

In a test: `async with running(StandIn()) as telegram:` and `telegram.url` as the address of the API. By itself, for
benchmarks: `python -m tests.telegram.server --port 8081 --no-limits --anyone`; `GET /stand-in/counts` then tells what
arrived, `POST /stand-in/fail` with `{"failure", "method"?, "chat"?, "times"?}` makes calls fail.
"""

import argparse
import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import uvicorn

from tests.telegram.failing import FAILURES, Plan, Plans, Refusal, Trouble
from tests.telegram.limits import Limits
from tests.telegram.methods import METHODS, PARAMETERS, check

TOKEN = "123456:AAstand-in-for-a-token-of-telegram00"
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


@dataclass
class Bot:
    """One bot and what Telegram keeps for it."""

    token: str
    username: str = "fangzha_bot"
    limits: Limits = field(default_factory=Limits)
    webhook: str = ""
    secret: str = ""
    updates: list[dict[str, Any]] = field(default_factory=list)
    last_update: int = 1000
    asking: int = 0
    news: asyncio.Condition = field(default_factory=asyncio.Condition)
    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """The number before the colon."""
        return int(self.token.split(":")[0])

    def user(self) -> dict[str, Any]:
        """The bot as a sender."""
        return {"id": self.id, "is_bot": True, "first_name": "Fangzha", "username": self.username}


@dataclass(frozen=True)
class Call:
    """One call that was answered well, or with a refusal."""

    method: str
    params: dict[str, Any]
    error: str = ""


class StandIn:
    """Telegram. Everything that happened can be looked at.

    Args:
        limits: whether the documented rates are kept.
        anyone: every positive id is a private chat that has been opened.
        keep: whether calls and messages are kept to be looked at; counts are always kept.
    """

    def __init__(self, *, limits: bool = True, anyone: bool = False, keep: bool = True) -> None:
        self.bots: dict[str, Bot] = {}
        self.bot = self.add_bot(TOKEN, limits=limits)
        self.chats: dict[int, dict[str, Any]] = {}
        self.messages: dict[tuple[int, int], dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}
        self.queries: set[str] = set()
        self.calls: list[Call] = []
        self.sent: Counter[int] = Counter()
        self.counts: Counter[str] = Counter()
        self.plans = Plans()
        self.url = ""
        self._anyone = anyone
        self._keep = keep
        self._last_message: Counter[int] = Counter()
        self._happened = asyncio.Condition()

    # ---- What a test sets up ----

    def add_bot(self, token: str, username: str = "fangzha_bot", *, limits: bool = True) -> Bot:
        """One more bot."""
        self.bots[token] = Bot(token, username, Limits(on=limits))
        return self.bots[token]

    def add_chat(self, chat: int, kind: str = "private", *, admins: tuple[int, ...] = (), title: str = "") -> int:
        """A chat the bot may write to; `kind` as Telegram names it."""
        self.chats[chat] = {"id": chat, "type": kind, "title": title, "state": "open", "admins": admins}
        return chat

    def close_chat(self, chat: int, state: str, *, migrated_to: int = 0) -> None:
        """A chat that refuses: `blocked`, `deactivated`, `kicked`, `chat_not_found` or `migrated`."""
        self.chats[chat] = {**self.chat(chat), "state": state, "migrated_to": migrated_to}

    def fail(
        self, failure: str | Refusal, method: str | None = None, chat: int | None = None, times: int | None = 1
    ) -> None:
        """Make the next `times` fitting calls fail; every one when `times` is None."""
        self.plans.add(Plan(FAILURES[failure] if isinstance(failure, str) else failure, method, chat, times))

    # ---- What a test looks at ----

    async def until(self, condition: Callable[[], bool], seconds: float = 10.0) -> None:
        """Wait until something is so; looked at after every call."""
        async with asyncio.timeout(seconds), self._happened:
            await self._happened.wait_for(condition)

    def texts(self, chat: int) -> list[str]:
        """What stands in a chat of ours, the oldest first."""
        return [m["text"] for (where, _), m in self.messages.items() if where == chat and m["from"]["is_bot"]]

    def buttons(self, chat: int) -> list[tuple[str, str]]:
        """Title and payload of every button of the newest message of ours."""
        last = [m for (where, _), m in self.messages.items() if where == chat and m["from"]["is_bot"]][-1]
        rows = last.get("reply_markup", {}).get("inline_keyboard", [])
        return [(b["text"], b["callback_data"]) for row in rows for b in row]

    def called(self, method: str) -> list[Call]:
        """The calls of one method."""
        return [c for c in self.calls if c.method == method]

    async def push(self, update: dict[str, Any], bot: Bot | None = None) -> None:
        """Hold an update ready for who polls."""
        bot = bot or self.bot
        async with bot.news:
            bot.updates.append(update)
            bot.news.notify_all()

    # ---- The server ----

    def chat(self, chat: int) -> dict[str, Any]:
        """A known chat."""
        if chat not in self.chats and self._anyone and chat > 0:
            self.add_chat(chat)
        if chat not in self.chats:
            raise Refusal(400, "Bad Request: chat not found")
        return self.chats[chat]

    @staticmethod
    def shown(chat: dict[str, Any]) -> dict[str, Any]:
        """A chat as Telegram shows it."""
        name = {"first_name": "客户"} if chat["type"] == "private" else {"title": chat["title"] or "群"}
        return {"id": chat["id"], "type": chat["type"], **name}

    async def posted(self, bot: Bot, chat: dict[str, Any], text: str, markup: dict[str, Any] | None) -> dict[str, Any]:
        """A message of the bot, delivered."""
        self._last_message[chat["id"]] += 1
        number = 500 + self._last_message[chat["id"]]
        message = {"message_id": number, "date": 1790000000, "chat": self.shown(chat), "from": bot.user(), "text": text}
        if markup:
            message["reply_markup"] = markup
        self.sent[chat["id"]] += 1
        if self._keep:
            self.messages[chat["id"], number] = message
        return message

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            return
        body = b""
        more = True
        while more:
            part = await receive()
            body += part.get("body", b"")
            more = part.get("more_body", False)
        path = scope["path"].lstrip("/").split("/")
        if path[0] == "stand-in":
            await _answer(send, self._inspected(path[1], body))
        elif path[0] == "file":
            await self._file(path, send)
        elif path[0].startswith("bot") and len(path) == 2:
            kind = dict(scope["headers"]).get(b"content-type", b"").decode()
            await self._method(path[0][3:], path[1], body + b"&" + scope["query_string"], kind, send)
        else:
            await _answer(send, Refusal(404, "Not Found").body(), 404)

    async def _method(self, token: str, name: str, body: bytes, kind: str, send: Send) -> None:
        params: dict[str, Any] = {}
        try:
            bot = self._known(token, name)
            params = _parameters(body, kind)
            chat = params.get("chat_id")
            failure = self.plans.next(name, chat if isinstance(chat, int) else None)
            if isinstance(failure, Trouble):
                await self._note(Call(name, params, failure.kind))
                await _trouble(failure, send)
                return
            if failure is not None:
                raise failure
            check(name, params)
            result = await METHODS[name](self, bot, params)
        except Refusal as refusal:
            await self._note(Call(name, params, refusal.description))
            await _answer(send, refusal.body(), refusal.code)
            return
        await _answer(send, {"ok": True, "result": result})
        await self._note(Call(name, params))

    def _known(self, token: str, method: str) -> Bot:
        if method not in PARAMETERS or ":" not in token:
            raise Refusal(404, "Not Found")
        if token not in self.bots:
            raise Refusal(401, "Unauthorized")
        return self.bots[token]

    async def _note(self, call: Call) -> None:
        self.counts[f"{call.method}{':' + call.error if call.error else ''}"] += 1
        if self._keep:
            self.calls.append(call)
        async with self._happened:
            self._happened.notify_all()

    async def _file(self, path: list[str], send: Send) -> None:
        content = self.files.get(path[-1])
        token = path[1].removeprefix("bot")
        if content is None or token not in self.bots:
            await _answer(send, Refusal(404, "Not Found").body(), 404)
            return
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(content))]}
        )
        await send({"type": "http.response.body", "body": content})

    def _inspected(self, what: str, body: bytes) -> dict[str, Any]:
        if what == "fail":
            asked = json.loads(body)
            self.fail(asked["failure"], asked.get("method"), asked.get("chat"), asked.get("times", 1))
        if what == "reset":
            self.sent.clear()
            self.counts.clear()
        return {
            "sent": sum(self.sent.values()),
            "chats": len(self.sent),
            "more_than_once": {str(c): n for c, n in self.sent.items() if n > 1},
            "counts": dict(self.counts),
            "refused_by_limits": self.bot.limits.refused,
        }


def _parameters(body: bytes, kind: str) -> dict[str, Any]:
    """From JSON, or from a form whose values may be JSON; the query counts too."""
    if kind.startswith("application/json"):
        given, _, _ = body.rpartition(b"&")
        try:
            decoded = json.loads(given or b"{}")
        except ValueError as error:
            raise Refusal(400, "Bad Request: can't parse request parameters JSON object") from error
        return dict(decoded)
    if kind.startswith("multipart/"):
        raise Refusal(400, "Bad Request: the stand-in takes no uploads")
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=False)
    except UnicodeDecodeError as error:
        raise Refusal(400, "Bad Request: strings must be encoded in UTF-8") from error
    return {name: _value(name, value) for name, value in pairs}


TEXTS = frozenset(
    {"text", "callback_query_id", "url", "secret_token", "file_id", "parse_mode", "action", "language_code"}
)


def _value(name: str, value: str) -> Any:
    if name in TEXTS:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


async def _answer(send: Send, body: dict[str, Any], status: int = 200) -> None:
    await _raw(send, json.dumps(body, ensure_ascii=False).encode(), status)


async def _raw(send: Send, body: bytes, status: int, kind: bytes = b"application/json") -> None:
    headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class LineReset(Exception):  # noqa: N818  # what it does, not what went wrong
    """Ends the connection in the middle of an answer."""


async def _trouble(trouble: Trouble, send: Send) -> None:
    if trouble.kind == "hang":
        await asyncio.sleep(3600)
    elif trouble.kind == "reset":
        # an answer that promises more than comes: the server closes the line, the client sees it broken
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"500")]})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        raise LineReset
    elif trouble.kind == "broken_json":
        await _raw(send, b'{"ok": tru', trouble.status)
    else:
        await _raw(send, b"<html><h1>Bad Gateway</h1></html>", trouble.status, b"text/html")


def config(telegram: Any, port: int = 0) -> uvicorn.Config:
    """How it is served."""
    return uvicorn.Config(
        telegram,
        host="127.0.0.1",
        port=port,
        log_level="critical",
        access_log=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=1,
        backlog=4096,
    )


@asynccontextmanager
async def running(telegram: StandIn) -> AsyncIterator[StandIn]:
    """Serves on a loopback port of its own, in the loop of the test."""
    async with listening(config(telegram)) as telegram.url:
        yield telegram


@asynccontextmanager
async def listening(served: uvicorn.Config) -> AsyncIterator[str]:
    """The address of an app that is served in this loop."""
    # startup and shutdown alone: the loop between them looks for the end only ten times a second
    server = uvicorn.Server(served)
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup()
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        await server.shutdown()


def main() -> None:
    """By itself."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--no-limits", action="store_true")
    parser.add_argument("--anyone", action="store_true")
    given = parser.parse_args()
    telegram = StandIn(limits=not given.no_limits, anyone=given.anyone, keep=False)
    uvicorn.Server(config(telegram, given.port)).run()


if __name__ == "__main__":
    main()
