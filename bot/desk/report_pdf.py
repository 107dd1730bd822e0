"""The weekly report on paper: the same sections as on the page, set by Typst."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path

import typst

from bot.core.errors import DeskError
from bot.core.vocabulary import Language
from bot.desk.leaflet import FACES, PRINT, REGIONS, font_folder


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with a table under it, or with a sentence where there is nothing to tell."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str


def report_pdf(
    title: str, lead: str, bank: str, sections: Sequence[Section], *, language: Language, made: date
) -> bytes:
    """The report as a tagged PDF; the same words give the same file.

    Raises:
        DeskError: no Chinese font is installed, or it could not be set.
    """
    data = {
        "title": title,
        "lead": lead,
        "bank": bank,
        "font": FACES[language],
        "lang": "en" if language is Language.EN else "zh",
        "region": REGIONS[language],
        "sections": [asdict(section) for section in sections],
    }
    try:
        pdf = typst.compile(
            PRINT / "report.typ",
            root=PRINT,
            font_paths=_fonts(font_folder()),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            timestamp=datetime.combine(made, time(), tzinfo=UTC),
            format="pdf",
            pdf_standards="ua-1",
        )
    except typst.TypstError as error:
        raise DeskError(f"the report could not be set: {error.message}", code="not_set", value=title) from error
    if not isinstance(pdf, bytes):
        raise DeskError("the report could not be set: nothing came back", code="not_set", value=title)
    return pdf


@cache
def _fonts(folder: Path) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
