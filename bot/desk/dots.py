"""A ticker's screen drawn dot by dot: 16x16 dots a character, panels of 32x16, as SVG without script or style."""

import zlib
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path

from bot.content.sign import CHARACTERS_A_PANEL

FONT = Path(__file__).parent / "fonts" / "dots.bin"
SIZE = 16
ENTRY = 2 + 2 * SIZE
# A frame: what the sign does not know, it shows as a gap or as rubbish.
UNKNOWN = (0x0000, *[0x7FFE], *[0x4002] * 12, *[0x7FFE], 0x0000)
BOARD, SEAM, OFF, ON = "#14100e", "#2c2320", "#3a1f1a", "#ff3b1f"


@cache
def _font() -> dict[str, tuple[int, ...]]:
    packed = zlib.decompress(FONT.read_bytes())
    entries = (packed[at : at + ENTRY] for at in range(0, len(packed), ENTRY))
    return {
        chr(int.from_bytes(e[:2], "big")): tuple(int.from_bytes(e[i : i + 2], "big") for i in range(2, ENTRY, 2))
        for e in entries
    }


def dots(character: str) -> tuple[int, ...]:
    """16 rows of 16 bits, the leftmost dot highest; digits and letters as wide as a character, a frame if unknown."""
    wide = chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character
    if wide in {" ", "\u3000"}:
        return (0,) * SIZE
    return _font().get(wide, UNKNOWN)


def known(character: str) -> bool:
    """Whether the preview has the dots of that character."""
    return dots(character) is not UNKNOWN


def draw(screen: str, panels: int, *, title: str = "") -> str:
    """One screen of a sign of that many panels as an SVG document, its text in the middle.

    Args:
        screen: at most two characters a panel; what is over is not drawn.
        panels: how many panels stand side by side.
        title: what a screen reader says; the text itself when left out.
    """
    panels = max(1, panels)
    width = panels * SIZE * CHARACTERS_A_PANEL
    text = screen[: panels * CHARACTERS_A_PANEL]
    left = (width - len(text) * SIZE) // 2
    lit = "".join(f"M{x + left}.5 {y}.5h0" for x, y in _lit(text))
    seams = "".join(f"M{at} 0v{SIZE}" for at in range(0, width + 1, SIZE * CHARACTERS_A_PANEL))
    said = escape(title or text)
    box = f'viewBox="-1 -1 {width + 2} {SIZE + 2}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" aria-label="{said}">'
        f'<title>{said}</title><defs><pattern id="dot" width="1" height="1" patternUnits="userSpaceOnUse">'
        f'<circle cx=".5" cy=".5" r=".3" fill="{OFF}"/></pattern></defs>'
        f'<rect x="-1" y="-1" width="{width + 2}" height="{SIZE + 2}" rx="1" fill="{BOARD}"/>'
        f'<rect width="{width}" height="{SIZE}" fill="url(#dot)"/>'
        f'<path d="{seams}" stroke="{SEAM}" stroke-width=".12"/>'
        f'<path d="{lit}" stroke="{ON}" stroke-width=".86" stroke-linecap="round"/></svg>'
    )


def _lit(text: str) -> Iterator[tuple[int, int]]:
    for place, character in enumerate(text):
        for y, row in enumerate(dots(character)):
            for x in range(SIZE):
                if row >> (SIZE - 1 - x) & 1:
                    yield place * SIZE + x, y
