"""The real reader on pictures made here: words, codes, and files that are meant to harm."""

import io
import struct
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import manimgx_fonts_cjk
import pytest
import pytest_asyncio
import segno
from PIL import Image, ImageDraw, ImageFont

from bot.channels.pictures.reader import PictureError, PictureReader, Unread

FONT = next(Path(manimgx_fonts_cjk.__file__).parent.glob("*Sans*"))
LINES = ("您好，这里是小河银行", "请把钱转到安全账户", "不要告诉家人")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reader() -> AsyncIterator[PictureReader]:
    """The real process, started once."""
    opened = PictureReader(seconds=120)
    yield opened
    await opened.close()


def png(picture: Image.Image, kind: str = "PNG") -> bytes:
    """The file of a picture."""
    file = io.BytesIO()
    picture.save(file, kind)
    return file.getvalue()


def screenshot(lines: tuple[str, ...] = LINES, size: tuple[int, int] = (720, 560)) -> Image.Image:
    """Words on white."""
    picture = Image.new("RGB", size, "white")
    drawing, font = ImageDraw.Draw(picture), ImageFont.truetype(str(FONT), 40)
    for number, line in enumerate(lines):
        drawing.text((30, 60 + 150 * number), line, fill="black", font=font)
    return picture


def bomb(width: int, height: int) -> bytes:
    """A small file that says it is a huge picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = zlib.compress(bytes(2_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="module")
async def test_the_words_of_a_screenshot_are_read_from_top_to_bottom(reader: PictureReader) -> None:
    assert (await reader.read(png(screenshot()))).words.split("\n") == list(LINES)


@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("text", ["https://pay.example/x", "javascript:alert(1)", "data:text/html,<script>"])
async def test_what_a_code_holds_is_text_and_nothing_else(reader: PictureReader, text: str) -> None:
    code = io.BytesIO()
    segno.make(text).save(code, kind="png", scale=6)
    assert (await reader.read(code.getvalue())).codes == (text,)


@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="module")
async def test_files_that_are_meant_to_harm_are_refused_and_the_next_picture_is_read(reader: PictureReader) -> None:
    refused = {
        "bomb": (bomb(50_000, 50_000), Unread.TOO_BIG),
        "just too many pixels": (bomb(6400, 6400), Unread.TOO_BIG),
        "cut off": (png(screenshot())[:500], Unread.NO_PICTURE),
        "no picture": (b"<svg onload=alert(1)>", Unread.NO_PICTURE),
        "nothing": (b"", Unread.NO_PICTURE),
        "a kind we do not open": (png(screenshot(), "TIFF"), Unread.NO_PICTURE),
    }
    for name, (data, why) in refused.items():
        with pytest.raises(PictureError) as failed:
            await reader.read(data)
        assert failed.value.why is why, name
    assert "安全账户" in (await reader.read(png(screenshot(), "JPEG"))).words
