"""A dialogue engine that does as it is told, and a server that behaves badly."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from bot.conversation.messages import Message
from bot.core.errors import EngineError


class FakeEngine:
    """Answers every turn with `answers`, or raises; remembers what it was told."""

    def __init__(self, *answers: Message, fails: bool = False) -> None:
        self.answers = list(answers) or [Message("engine")]
        self.fails = fails
        self.sent: list[tuple[str, str, dict[str, Any]]] = []
        self.sessions: list[str] = []

    async def send(self, sender: str, text: str, metadata: dict[str, Any]) -> list[Message]:
        """As the engine's."""
        self.sent.append((sender, text, metadata))
        if self.fails:
            raise EngineError("the dialogue engine did not answer: told not to")
        return self.answers

    async def begin_session(self, sender: str, metadata: dict[str, Any]) -> None:
        """As the engine's."""
        self.sessions.append(sender)
        if self.fails:
            raise EngineError("the dialogue engine did not answer: told not to")


class GatedEngine(FakeEngine):
    """Answers the turns of a conversation only after its gate was opened."""

    def __init__(self) -> None:
        super().__init__()
        self.entered: dict[str, asyncio.Event] = {}
        self.gates: dict[str, asyncio.Event] = {}

    def event(self, events: dict[str, asyncio.Event], sender: str) -> asyncio.Event:
        """The event of a sender, made when first asked for."""
        return events.setdefault(sender, asyncio.Event())

    async def send(self, sender: str, text: str, metadata: dict[str, Any]) -> list[Message]:
        """Waits at the gate of `sender`."""
        self.sent.append((sender, text, metadata))
        self.event(self.entered, sender).set()
        await self.event(self.gates, sender).wait()
        return [Message(f"answer to {text}")]


Behave = Callable[[asyncio.StreamWriter], Awaitable[None]]


def says(body: bytes | Any, *, status: str = "200 OK", kind: str = "application/json") -> Behave:
    """A server that answers every request so; what is not bytes is written as JSON."""
    written = body if isinstance(body, bytes) else json.dumps(body).encode()

    async def behave(writer: asyncio.StreamWriter) -> None:
        head = f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {len(written)}\r\n\r\n"
        writer.write(head.encode() + written)
        await writer.drain()

    return behave


async def hangs(_: asyncio.StreamWriter) -> None:
    """Takes the request and never answers."""
    await asyncio.Event().wait()


async def hangs_half_way(writer: asyncio.StreamWriter) -> None:
    """Begins an answer and never ends it."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n[")
    await writer.drain()
    await asyncio.Event().wait()


async def drips(writer: asyncio.StreamWriter) -> None:
    """Sends a little now and then, without end: never silent for long, never done."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"1\r\n \r\n")
        await writer.drain()
        await asyncio.sleep(0.02)


async def hangs_up(writer: asyncio.StreamWriter) -> None:
    """Closes the line instead of answering."""
    writer.close()


async def talks_nonsense(writer: asyncio.StreamWriter) -> None:
    """Answers something that is not HTTP."""
    writer.write(b"\x00\xff good morning \r\n\r\n")
    await writer.drain()
    writer.close()


@asynccontextmanager
async def server(behave: Behave) -> AsyncIterator[str]:
    """The address of a server on loopback that does `behave` with every request."""
    busy: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        busy.add(task)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")]
            await reader.readexactly(int(length[0]) if length else 0)
            await behave(writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            busy.discard(task)
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    finally:
        listening.close()
        for task in list(busy):
            task.cancel()
        await asyncio.gather(*busy, return_exceptions=True)
        await listening.wait_closed()
