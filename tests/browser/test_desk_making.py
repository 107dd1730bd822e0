"""Making things at the desk in a real browser: products of a case, a sign, a spreadsheet full of mistakes, a trial."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.desk import NARROW, Sit
from tests.browser.test_chat_page import fits
from tests.browser.test_desk_pages import axe

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE_MS)
Picture = Callable[[Page], None]

HEAD = ["text", "typology", "urgency", "form", "language"]
LONG_MS = 120_000


def clean(page: Page) -> None:
    """Nothing sticks out and nobody is shut out."""
    assert fits(page)
    assert axe(page) == []


def test_one_case_becomes_products_that_go_through_the_review_together(sit: Sit, picture: Picture) -> None:
    page = sit("lin").go("/desk/cases/pet_ransom-3")
    expect(page.locator('input[name="make"]:checked')).to_have_count(2)
    page.locator('form[action$="/draft"] button').click()
    expect(page.locator('[role="status"]')).to_contain_text("2")
    clean(page)
    picture(page)
    page.locator('form[action$="/submit"] button').click()
    expect(page.locator(".kin .state--review")).to_have_count(2)
    reviewer = sit("mei", NARROW).go("/desk/cases/pet_ransom-3")
    clean(reviewer)
    reviewer.locator("#accepting button").click()
    expect(reviewer.locator('[role="status"]')).to_contain_text("2")


def test_a_sign_tells_its_rules_while_one_types(sit: Sit, picture: Picture) -> None:
    page = sit("tan").go("/desk/pieces/led/pet_ransom-2-led/edit")
    line = page.locator('[id="b.text"]')
    line.fill("看www.example.com千万不要把钱转到所谓的安全账户里去啊")
    expect(page.locator("#sign .field__fault").first).to_contain_text("www.example.com")
    picture(page)
    line.fill("卡不能借不能租")
    expect(page.locator("#sign .sign__good")).to_be_visible()
    expect(page.locator("#sign .field__fault")).to_have_count(0)
    expect(page.locator("#sign svg[role=img]")).to_have_count(1)
    page.on("dialog", lambda dialog: dialog.accept())


def test_a_piece_is_looked_at_in_every_channel_by_its_tabs(sit: Sit, picture: Picture) -> None:
    page = sit("vic").go("/desk/pieces/warning/pet_ransom-2-warning")
    tabs = page.locator(".tabs__one")
    expect(tabs).to_have_count(4)
    for number in range(4):
        tabs.nth(number).click()
        expect(tabs.nth(number)).to_have_attribute("aria-current", "true")
        frame = page.frame_locator(".pane__frame")
        expect(frame.locator("body")).to_contain_text("赎金")
    picture(page)
    page.locator('#looks a[href*="words=en"]').click()
    expect(page.frame_locator(".pane__frame").locator("html")).to_have_attribute("lang", "en")


def test_what_is_drawn_in_the_frame_does_not_move_the_page_around_it(sit: Sit) -> None:
    page = sit("vic").go("/desk/pieces/typology/pet_ransom")
    expect(page.frame_locator(".pane__frame").locator("body > *[inert]").first).to_be_attached()
    assert page.evaluate("scrollY") == 0


def forty_mistakes() -> bytes:
    """Fifty rows of examples, forty of them wrong in one cell, each tenth in another way."""
    book = Workbook()
    sheet = book.active
    sheet.append(HEAD)
    for n in range(50):
        row = [f"第{n}个人说我家的猫在他手上，叫我先转{n}百块", "pet_ransom", "stop-now", "first", "zh"]
        if n < 10:
            row[1] = "cat_ransom"
        elif n < 20:
            row[2] = "urgent"
        elif n < 30:
            row[3] = ""
        elif n < 40:
            row[0] = ""
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def mended(data: bytes) -> bytes:
    """The same file as whoever was told would send it again."""
    book = load_workbook(io.BytesIO(data))
    for number, row in enumerate(book.active.iter_rows(min_row=2)):
        row[0].value = f"有人第{number}次打电话，说猫在他手上要{number}百块才还"
        for cell, value in zip(row[1:], ("pet_ransom", "stop-now", "first", "zh"), strict=True):
            cell.value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def hand_in(page: Page, data: bytes) -> None:
    """Choose a file and have it read."""
    file = {"name": "cats.xlsx", "mimeType": "application/octet-stream", "buffer": data}
    page.locator("#file").set_input_files(file)  # type: ignore[arg-type]
    page.locator("#name").fill("cats")
    page.locator('form[action="/desk/exchange/read"] button').click()
    page.wait_for_url("**/desk/exchange/plan", timeout=LONG_MS)


def test_a_spreadsheet_with_forty_mistakes_is_mended_and_then_taken_in(
    sit: Sit, picture: Picture, tmp_path: Path
) -> None:
    page = sit("lin").go("/desk/exchange")
    hand_in(page, forty_mistakes())
    expect(page.locator('[role="alert"]')).to_contain_text("40")
    expect(page.locator("tbody tr")).to_have_count(40)
    expect(page.locator("tbody tr").first).to_contain_text("cat_ransom")
    expect(page.locator('form[action="/desk/exchange/take"]')).to_have_count(0)
    clean(page)
    picture(page)
    with page.expect_download() as loaded:
        page.locator('a[href$="faults.csv"]').click()
    loaded.value.save_as(tmp_path / "faults.csv")
    assert len((tmp_path / "faults.csv").read_text("utf-8-sig").splitlines()) == 41
    page.locator('main a.button[href="/desk/exchange"]').click()
    hand_in(page, mended(forty_mistakes()))
    page.locator('form[action="/desk/exchange/take"] button').click()
    page.wait_for_url("**/desk/pieces/examples?state=draft", timeout=LONG_MS)
    expect(page.locator('[role="status"]')).to_contain_text("1")
    expect(page.locator("tbody")).to_contain_text("pet_ransom.cats")


def test_drafts_are_tried_before_anybody_reviews_them(sit: Sit, picture: Picture) -> None:
    page = sit("tan", NARROW).go("/desk/try")
    page.locator('form[action="/desk/try/start"] button').click()
    page.wait_for_url("**/desk/try", timeout=LONG_MS)
    page.locator("#text").fill("有人讲捡到我的狗，不给赎金不还")
    page.locator("#text").press("Enter")
    expect(page.locator("#newest .try__answer").first).to_be_visible()
    expect(page.locator("#newest .try__mine")).to_contain_text("赎金")
    clean(page)
    picture(page)
