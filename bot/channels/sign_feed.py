"""The feed for controllers of dot signs: GB2312, one idea a line, with the seconds it stands."""

from datetime import datetime

import structlog

from bot.channels.playlist import Playlist, in_daypart
from bot.content.sign import PASSES, breaches, seconds

ENCODING = "gb2312"

log = structlog.get_logger()


def lines(playlist: Playlist, moment: datetime, panels: int, *, elders: bool = True) -> list[tuple[int, str]]:
    """(seconds, text) of every line a sign of that many panels may show at that moment.

    A line that breaks a rule on so narrow a sign, such as what it forbids standing on two screens, is left out.
    """
    found = []
    for led in playlist.snapshot.release.products.leds:
        if not playlist.fits(led.head) or not in_daypart(led.head, moment):
            continue
        text = playlist.sign_line(led.text)
        broken = [b.rule for b in breaches(text, panels) if b.must]
        if broken:
            log.warning("sign_line_left_out", piece=led.head.id, panels=panels, rules=broken)
            continue
        found.append((PASSES * sum(seconds(text, panels, elders=elders)), text))
    return found


def encode(found: list[tuple[int, str]]) -> bytes:
    """The lines as a controller reads them: `seconds,text`, each with CR and LF."""
    return "".join(f"{count},{text}\r\n" for count, text in found).encode(ENCODING)
