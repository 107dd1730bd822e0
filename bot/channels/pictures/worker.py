"""The process that reads pictures: length and bytes on standard input, length and JSON on standard output.

A picture comes from strangers. What it costs is bounded: formats, pixels, memory; and what it says is only text.
"""

import io
import json
import os
import resource
import struct
import sys
from typing import Any, BinaryIO

import numpy as np
import zxingcpp
from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF")
MOST_PIXELS = 40_000_000
MOST_MEMORY = 4 * 1024**3
SIDE = 1600  # a phone's screenshot keeps its letters, and takes a second instead of four
TALL = 3.0  # taller than this is a screenshot of a whole chat, read in pieces
OVERLAP = 80
LONGEST = 6000
LONGEST_CODE = 1000
LEAST_SURE = 0.5


class Eyes:
    """Words and codes of one picture after another."""

    def __init__(self) -> None:
        from rapidocr import RapidOCR

        self._reader: Any = RapidOCR(
            params={"Global.log_level": "error", "EngineConfig.onnxruntime.intra_op_num_threads": os.cpu_count() or 1}
        )

    def see(self, picture: Image.Image) -> dict[str, Any]:
        """What stands in it."""
        codes = list(dict.fromkeys(c.text[:LONGEST_CODE] for c in zxingcpp.read_barcodes(picture) if c.text))
        lines: list[str] = []
        for part in _parts(picture):
            lines += [line for line in self._lines(part) if line not in lines[-3:]]
        return {"words": "\n".join(lines)[:LONGEST], "codes": codes[:5]}

    def _lines(self, part: Image.Image) -> list[str]:
        found = self._reader(np.asarray(part)[:, :, ::-1])
        if found.txts is None or found.scores is None:
            return []
        return [text.strip() for text, sure in zip(found.txts, found.scores, strict=True) if sure >= LEAST_SURE]


def _parts(picture: Image.Image) -> list[Image.Image]:
    """The picture as small as its letters allow; a very tall one in pieces that overlap by a line."""
    if picture.height > TALL * picture.width:
        if picture.width > SIDE // 2:
            picture = picture.resize((SIDE // 2, round(picture.height * SIDE / 2 / picture.width)))
        step = picture.width * 2
        tops = range(0, picture.height, step)
        return [picture.crop((0, t, picture.width, min(t + step + OVERLAP, picture.height))) for t in tops]
    small = picture.copy()
    small.thumbnail((SIDE, SIDE))
    return [small]


def opened(data: bytes) -> Image.Image:
    """A picture, upright and in plain colours.

    Raises:
        Exception: it is none, or of a kind or size we do not open.
    """
    with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise Image.DecompressionBombError
        return ImageOps.exif_transpose(picture).convert("RGB")


def answer(data: bytes, eyes: Eyes) -> dict[str, Any]:
    """The answer to one picture; never an exception for anything that is in it."""
    try:
        picture = opened(data)
    except Image.DecompressionBombError:
        return {"error": "too_big"}
    except Exception:  # a broken file can break a decoder in any way
        return {"error": "no_picture"}
    try:
        return eyes.see(picture)
    except MemoryError:
        return {"error": "too_big"}
    except Exception:
        return {"error": "failed"}


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """One answer for one picture, until the end of input."""
    eyes = Eyes()
    while head := source.read(4):
        (length,) = struct.unpack(">I", head)
        body = json.dumps(answer(source.read(length), eyes)).encode()
        sink.write(struct.pack(">I", len(body)) + body)
        sink.flush()


def main() -> None:
    """Bound the memory, keep standard output for answers alone, and serve."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, sink)


if __name__ == "__main__":
    main()
