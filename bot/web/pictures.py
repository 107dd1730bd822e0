"""`POST /api/v1/picture`: the words of a screenshot, for the customer to put right before they are assessed."""

import math
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.requests import ClientDisconnect

from bot.channels.pictures.reader import MOST_BYTES, PictureError, PictureReader, Unread
from bot.web.limits import RateLimit
from bot.web.problems import ProblemError, documented

PATH = "/api/v1/picture"
# A picture costs a core for a second or more: few from one address, and few in hand at once.
BURST, PER_SECOND = 8, 0.2
MOST_IN_HAND = 4
AGAIN = {"Retry-After": "5"}
REFUSALS = {
    Unread.ABSENT: (501, "Pictures are not read here. Send the words.", {}),
    Unread.TOO_BIG: (413, "The picture is too large. Send at most 20 MB and 40 million pixels.", {}),
    Unread.NO_PICTURE: (422, "This is no picture that can be opened. Send JPEG, PNG, WebP, BMP or GIF.", {}),
    Unread.LATE: (504, "The picture took too long to read. Send only the lines that matter.", {}),
    Unread.FAILED: (503, "The picture was not read. Send it again, or the words.", AGAIN),
}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file as it is: JPEG, PNG, WebP, BMP or GIF.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class PictureAnswer(BaseModel):
    """What stands in a picture, its lines from top to bottom, then what its QR codes hold. Only ever text."""

    text: str


def pictures_router(reader: PictureReader) -> APIRouter:
    """The route over a reader that messengers may share."""
    router = APIRouter()
    addresses = RateLimit(BURST, PER_SECOND)
    in_hand = 0

    @router.post(PATH, responses=documented(413, 422, 429, 501, 503, 504), openapi_extra=BODY)
    async def picture(request: Request) -> PictureAnswer:
        """Read the words of a picture. It is kept nowhere, and nothing is assessed."""
        nonlocal in_hand
        wait = addresses.wait(request.client.host if request.client else "unknown")
        if wait:
            raise ProblemError(429, "Too many pictures. Wait and try again.", {"Retry-After": str(math.ceil(wait))})
        if in_hand >= MOST_IN_HAND:
            raise ProblemError(503, "Other pictures are being read. Send it again in a moment.", AGAIN)
        in_hand += 1
        try:
            seen = await reader.read(await _body(request))
        except PictureError as error:
            raise ProblemError(*REFUSALS[error.why]) from error
        except ClientDisconnect as error:
            raise ProblemError(422, "The picture did not arrive whole.") from error
        finally:
            in_hand -= 1
        return PictureAnswer(text=seen.text)

    return router


async def _body(request: Request) -> bytes:
    """The body, but never more of it than a picture may have, whatever length it claims."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise PictureError(Unread.TOO_BIG)
    return bytes(body)
