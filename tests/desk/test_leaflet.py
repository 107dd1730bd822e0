"""Printed pieces: one page of the right size, the Chinese font in it, and a code that leads where it says."""

import io
import re
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pytest
from pypdf import PdfReader

from bot.content.build import build_release
from bot.content.files import Piece
from bot.conversation.wording import Wording
from bot.core.content import Release
from bot.core.errors import DeskError
from bot.core.products import Leaflet, PromptCard
from bot.core.vocabulary import Language
from bot.desk import leaflet as printing
from bot.desk.leaflet import Sheet, font_folder, leaflet_pdf, prompt_card_pdf, qr_code
from bot.desk.products import as_product, drafts

TODAY = date(2026, 12, 1)
LINK = "https://bank.example/?from=police_gov-01"
# Width and height of a page in points.
A5, A4 = (420, 595), (595, 842)


@pytest.fixture(scope="module")
def printed(pieces: list[Piece]) -> Release:
    """What printing needs of the shipped content."""
    kinds = {"bank", "reply", "hotline", "place", "leaflet", "prompt_card"}
    return build_release(17, [(p.kind, p.key, p.body) for p in pieces if p.kind in kinds])


@pytest.fixture(scope="module")
def leaflet(printed: Release) -> Leaflet:
    """The shipped leaflet."""
    return printed.products.leaflets[0]


@pytest.fixture(scope="module")
def card(printed: Release) -> PromptCard:
    """The shipped counter card."""
    return printed.products.prompt_cards[0]


def sheet(
    release: Release,
    language: Language = Language.ZH_HANS,
    size: Literal["A5", "A4"] = "A5",
    link: str = "",
    version: int = 17,
) -> Sheet:
    """A sheet in a language."""
    return Sheet(Wording(release, language, release.home_places[language], TODAY), size, link, version)


def opened(pdf: bytes) -> PdfReader:
    """The file as another program reads it."""
    return PdfReader(io.BytesIO(pdf))


def pages(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of every page, in points."""
    return [(round(p.mediabox.width), round(p.mediabox.height)) for p in opened(pdf).pages]


def said(pdf: bytes) -> str:
    """The words of the file, without the spaces between them."""
    return re.sub(r"\s", "", "".join(p.extract_text() for p in opened(pdf).pages))


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("size", "upright"), [("A5", A5), ("A4", A4)])
def test_a_leaflet_is_one_upright_page_and_a_card_one_lying_page(
    printed: Release, leaflet: Leaflet, card: PromptCard, language: Language, size: Any, upright: tuple[int, int]
) -> None:
    on = sheet(printed, language, size, LINK)
    assert pages(leaflet_pdf(leaflet, on)) == [upright]
    assert pages(prompt_card_pdf(card, on)) == [upright[::-1]]


def test_the_longest_leaflet_the_check_lets_through_still_fits_one_page(printed: Release) -> None:
    def words(zh: int, en: int) -> dict[str, str]:
        return {"zh-Hans": "字" * zh, "en": ("word " * en)[:en]}

    body = {
        "id": "long", "start": "2026-12-01", "end": "2026-12-31", "title": words(20, 62), "lead": words(60, 170),
        "story": words(260, 700), "signs": [words(40, 130)] * 4, "do": [words(40, 130)] * 5, "never": [words(40, 130)] * 3,
        "foot": words(40, 120),
    }  # fmt: skip
    made = as_product("leaflet", body)
    assert isinstance(made, Leaflet)
    for language in (Language.ZH_HANS, Language.EN):
        assert len(pages(leaflet_pdf(made, sheet(printed, language, "A5", LINK)))) == 1


def test_the_font_is_in_the_file_cut_down_to_what_is_used(printed: Release, leaflet: Leaflet) -> None:
    pdf = leaflet_pdf(leaflet, sheet(printed))
    assert len(pdf) < 400_000
    fonts: dict[str, Any] = opened(pdf).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    assert fonts
    for reference in fonts.values():
        font = reference.get_object()
        described = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert re.match(r"/[A-Z]{6}\+NotoSansCJK", font["/BaseFont"])  # six letters: a part of the font
        assert "/FontFile2" in described or "/FontFile3" in described
        assert "/ToUnicode" in font


def test_it_says_its_words_with_numbers_and_which_print_it_is(printed: Release, leaflet: Leaflet) -> None:
    words = said(leaflet_pdf(leaflet, sheet(printed)))
    for part in ("定期差点没了", "先拨110", "拨96110", "police_gov-01-leaflet", "第17版", "有效至2027-10-31"):
        assert part in words, part
    assert "{" not in words
    assert "人工智能" not in words


def test_a_draft_says_that_it_is_none_yet(printed: Release, card: PromptCard) -> None:
    assert "草稿" in said(prompt_card_pdf(card, sheet(printed, version=0)))


def test_what_a_machine_made_is_labelled_on_paper_and_in_the_file(printed: Release) -> None:
    body = {
        "id": "made", "start": "2026-12-01", "end": "2026-12-31", "ai_made": True,
        "title": {"zh-Hans": "停", "en": "Stop"}, "points": [{"zh-Hans": "停", "en": "Stop"}], "foot": {"zh-Hans": "停", "en": "Stop"},
    }  # fmt: skip
    made = as_product("prompt_card", body)
    assert isinstance(made, PromptCard)
    pdf = prompt_card_pdf(made, sheet(printed))
    assert "含人工智能生成内容" in said(pdf)
    assert "AIGC" in str(opened(pdf).metadata)


def test_the_same_piece_gives_the_same_file(printed: Release, leaflet: Leaflet) -> None:
    assert leaflet_pdf(leaflet, sheet(printed)) == leaflet_pdf(leaflet, sheet(printed))


def test_the_file_can_be_read_aloud(printed: Release, leaflet: Leaflet) -> None:
    file = opened(leaflet_pdf(leaflet, sheet(printed, link=LINK)))
    root: Any = file.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "zh-CN"
    assert str(file.metadata.title).startswith("医保电话")  # type: ignore[union-attr]


def test_without_an_address_there_is_no_code(printed: Release, card: PromptCard) -> None:
    bare, with_code = (prompt_card_pdf(card, sheet(printed, link=link)) for link in ("", LINK))
    assert "bank.example" not in said(bare)
    assert "bank.example" in said(with_code)
    assert qr_code(LINK).startswith("<svg")


def test_every_draft_of_a_shipped_case_can_be_printed(printed: Release, pieces: list[Piece]) -> None:
    stored = [(p.kind, p.key, p.body) for p in pieces if p.kind in {"case", "typology", "template", "hotline", "bank"}]
    for case in ("nfc-01", "mule-01"):
        for draft in drafts(case, stored, today=TODAY, only=["leaflet", "prompt_card"]):
            made = as_product(draft.kind, draft.body)
            pdf = (
                leaflet_pdf(made, sheet(printed))
                if isinstance(made, Leaflet)
                else prompt_card_pdf(made, sheet(printed))
            )  # type: ignore[arg-type]
            assert len(pages(pdf)) == 1


def test_words_that_look_like_markup_are_words(printed: Release) -> None:
    words = {"zh-Hans": "#pagebreak() *停* $x$ [a]", "en": "#let x = 1"}
    body = {"id": "x", "start": "2026-12-01", "end": "2026-12-31", "title": words, "points": [words], "foot": words}
    made = as_product("prompt_card", body)
    assert isinstance(made, PromptCard)
    assert said(prompt_card_pdf(made, sheet(printed))).count("#pagebreak()*停*$x$[a]") == 3


def test_a_machine_without_the_font_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(printing, "FONT_PACKAGE", "no_such_fonts")
    monkeypatch.setattr(printing, "SYSTEM_FONTS", tmp_path)
    with pytest.raises(DeskError, match="make setup") as refused:
        font_folder()
    assert refused.value.code == "no_font"


def test_debian_s_font_serves_where_the_package_is_absent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / printing.SYSTEM_FONT).write_bytes(b"")
    monkeypatch.setattr(printing, "FONT_PACKAGE", "no_such_fonts")
    monkeypatch.setattr(printing, "SYSTEM_FONTS", tmp_path)
    assert font_folder() == tmp_path
