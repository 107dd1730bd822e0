"""Leaflets and counter cards as PDF: A5 or A4, a QR code, the Chinese font embedded and cut down to what is used.

Set by Typst, because it knows where a Chinese line may end, sets the variable weights of the font, and writes a tagged
PDF that a screen reader can read. The sheets are `bot/desk/print/*.typ`; their words are published replies.
"""

import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import segno
import typst

from bot.conversation.wording import Wording
from bot.core.errors import DeskError
from bot.core.products import Head, Leaflet, PromptCard
from bot.core.vocabulary import Language
from bot.core.words import Words

PRINT = Path(__file__).parent / "print"
FONT_PACKAGE, FONT_FILE = "manimgx_fonts_cjk", "NotoSansCJK-VF.otf.ttc"
# Debian's fonts-noto-cjk, where the Python package is not there.
SYSTEM_FONTS = Path("/usr/share/fonts/opentype/noto")
SYSTEM_FONT = "NotoSansCJK-Regular.ttc"
FACES = {Language.ZH_HANS: "Noto Sans CJK SC", Language.ZH_HANT: "Noto Sans CJK TC", Language.EN: "Noto Sans CJK SC"}
REGIONS = {Language.ZH_HANS: "cn", Language.ZH_HANT: "tw", Language.EN: "gb"}
DARK = "#13211e"
PDF = {"format": "pdf", "pdf_standards": "ua-1"}
DOTS_AN_INCH = 144.0


@dataclass(frozen=True)
class Sheet:
    """How a piece is printed.

    Args:
        wording: the words of a release for one language and place.
        size: leaflets stand upright, counter cards lie.
        link: where the QR code leads; without one there is no code.
        version: number of the release it is printed from; 0 for a draft.
        picture: as a picture (PNG) to look at, not as the PDF to print.
    """

    wording: Wording
    size: Literal["A5", "A4"] = "A5"
    link: str = ""
    version: int = 0
    picture: bool = False


def leaflet_pdf(leaflet: Leaflet, sheet: Sheet) -> bytes:
    """The leaflet on one page.

    Raises:
        DeskError: no Chinese font is installed, or it could not be set.
    """
    say = sheet.wording.say
    words = {
        "lead": say(leaflet.lead),
        "story": say(leaflet.story),
        "signs": [say(s) for s in leaflet.signs],
        "do": [say(d) for d in leaflet.do],
        "never": [say(n) for n in leaflet.never],
        "labels": {name: sheet.wording.reply(f"desk_print_{name}") for name in ("story", "signs", "do", "never")},
    }
    return _set("leaflet.typ", leaflet.head, leaflet.title, leaflet.foot, words, sheet)


def prompt_card_pdf(card: PromptCard, sheet: Sheet) -> bytes:
    """The counter card on one page.

    Raises:
        DeskError: no Chinese font is installed, or it could not be set.
    """
    words = {"points": [sheet.wording.say(p) for p in card.points]}
    return _set("prompt_card.typ", card.head, card.title, card.foot, words, sheet)


def font_folder() -> Path:
    """Where the Chinese font is: in the Python package, else among Debian's fonts.

    Raises:
        DeskError: it is in neither place.
    """
    found = find_spec(FONT_PACKAGE)
    places = [Path(p) for p in (found.submodule_search_locations or ())] if found else []
    for folder, file in [*((p, FONT_FILE) for p in places), (SYSTEM_FONTS, SYSTEM_FONT)]:
        if (folder / file).is_file():
            return folder
    raise DeskError(
        f"no Chinese font for printing: run `make setup` (it brings {FONT_PACKAGE}), or install fonts-noto-cjk",
        code="no_font",
    )


@cache
def _fonts(folder: Path) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def _set(file: str, head: Head, title: Words, foot: Words, words: dict[str, Any], sheet: Sheet) -> bytes:
    wording = sheet.wording
    fonts = _fonts(font_folder())
    data = {
        **words,
        "size": sheet.size,
        "title": wording.say(title),
        "foot": wording.say(foot),
        "bank": wording.release.bank.name.in_(wording.language),
        "kicker": _kicker(wording),
        "font": FACES[wording.language],
        "lang": "en" if wording.language is Language.EN else "zh",
        "region": REGIONS[wording.language],
        "keywords": [head.id, *(["AIGC"] if head.ai_made else [])],
        "small": _small_print(head, sheet),
        "qr": qr_code(sheet.link) if sheet.link else "",
        "link": sheet.link,
        "host": urlsplit(sheet.link).netloc,
        "scan": wording.reply("desk_print_scan"),
    }
    # the same piece gives the same file, so that two prints can be compared
    made = datetime.combine(head.showing.start, time(), tzinfo=UTC)
    try:
        form: dict[str, Any] = {"format": "png", "ppi": DOTS_AN_INCH} if sheet.picture else PDF
        pdf = typst.compile(
            PRINT / file,
            root=PRINT,
            font_paths=fonts,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            timestamp=made,
            **form,
        )
    except typst.TypstError as error:
        raise DeskError(f"{head.id} could not be set: {error.message}", code="not_set", value=head.id) from error
    if not isinstance(pdf, bytes):
        raise DeskError(f"{head.id} could not be set: nothing came back", code="not_set", value=head.id)
    return pdf


def qr_code(link: str) -> str:
    """The QR code of an address as an SVG document, with a quiet border and room for a scratch."""
    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False, dark=DARK, light="#ffffff")
    return out.getvalue().decode()


def _kicker(wording: Wording) -> str:
    bank = wording.release.bank.name.in_(wording.language)
    return wording.reply("desk_print_kicker", name=bank)


def _small_print(head: Head, sheet: Sheet) -> list[str]:
    """What tells one print from another: which piece, which release, valid until when, made by a machine or not."""
    reply = sheet.wording.reply
    said = [
        reply("desk_print_number", label=head.id),
        reply("desk_print_version", number=str(sheet.version)) if sheet.version else reply("desk_print_draft"),
        reply("desk_print_until", label=head.showing.end.isoformat()),
        reply("desk_print_ai") if head.ai_made else "",
    ]
    return [s for s in said if s]
