"""The reader of pictures as channels see it: bytes in, words out, in a process that may die without harm."""

import asyncio
import contextlib
import importlib.util
import json
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import structlog

from bot.core.errors import FangzhaError

MOST_BYTES = 20 * 1024 * 1024
SECONDS = 30.0
WORKER = (sys.executable, "-m", "bot.channels.pictures.worker")
NEEDS = ("rapidocr", "onnxruntime", "zxingcpp", "PIL")
LONGEST_ANSWER = 1024 * 1024
log = structlog.get_logger()


class Unread(StrEnum):
    """Why a picture was not read; the end of the id of the reply that says so."""

    ABSENT = "absent"  # the group `ocr` is not installed
    TOO_BIG = "too_big"
    NO_PICTURE = "no_picture"  # not a picture, or broken
    LATE = "late"
    FAILED = "failed"


class PictureError(FangzhaError):
    """A picture was not read."""

    def __init__(self, why: Unread) -> None:
        super().__init__(f"a picture was not read: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands in a picture: its lines from top to bottom, and what its QR codes hold. Both are only ever text."""

    words: str
    codes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All of it, to be read as a customer's text is."""
        return "\n".join(p for p in (self.words, *self.codes) if p)


def installed() -> bool:
    """Whether this installation can read pictures."""
    return all(importlib.util.find_spec(name) for name in NEEDS)


class PictureReader:
    """Reads one picture at a time in a process that is started when first needed, and again after it died.

    Args:
        command: what to start; it speaks as `bot.channels.pictures.worker` does.
        seconds: how long one picture may take, the start of the process included.
    """

    def __init__(self, command: Sequence[str] = WORKER, seconds: float = SECONDS) -> None:
        self._command = command
        self._seconds = seconds
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    async def read(self, picture: bytes) -> Seen:
        """The words of a picture.

        Raises:
            PictureError: it was not read, and why.
        """
        if len(picture) > MOST_BYTES:
            raise PictureError(Unread.TOO_BIG)
        if not installed():
            raise PictureError(Unread.ABSENT)
        async with self._turn:
            try:
                async with asyncio.timeout(self._seconds):
                    answer = await self._ask(picture)
            except TimeoutError as error:
                await self._end()
                log.warning("picture_not_read", reason="late")
                raise PictureError(Unread.LATE) from error
            except (OSError, EOFError, ValueError) as error:
                await self._end()
                log.warning("picture_not_read", reason=type(error).__name__)
                raise PictureError(Unread.FAILED) from error
            except asyncio.CancelledError:
                await self._end()  # half an exchange would be taken for the beginning of the next
                raise
        if "error" in answer:
            raise PictureError(Unread(answer["error"]))
        return Seen(answer["words"], tuple(answer["codes"]))

    async def close(self) -> None:
        """End the process."""
        async with self._turn:
            await self._end()

    async def _ask(self, picture: bytes) -> dict[str, Any]:
        process = await self._started()
        if process.stdin is None or process.stdout is None:
            raise OSError("the process has no pipes")
        process.stdin.write(struct.pack(">I", len(picture)) + picture)
        await process.stdin.drain()
        (length,) = struct.unpack(">I", await process.stdout.readexactly(4))
        if length > LONGEST_ANSWER:
            raise ValueError("an answer longer than any picture has words")
        return dict(json.loads(await process.stdout.readexactly(length)))

    async def _started(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
            )
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        # a killed process leaves its pipes to the loop; close ours now
        if process.stdin is not None:
            process.stdin.close()
            with contextlib.suppress(OSError):
                await process.stdin.wait_closed()
