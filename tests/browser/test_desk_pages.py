"""Every page of the desk in a real browser, at the two sizes the team works at: axe-clean, nothing sticking out."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from bot.core.publishing import Actor, Verdict
from bot.desk.flow import Flow
from bot.store.database import open_engine
from tests.browser.conftest import PATIENCE_MS
from tests.browser.desk import NARROW, WIDE, DeskStack, Sit
from tests.browser.test_accessibility import RULES
from tests.browser.test_chat_page import fits
from tests.editorial import DESK_RULES
from tests.web.desk.writing import answer

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE_MS)

LIN, MEI, HUA, WU = (Actor(login) for login in ("lin", "mei", "hua", "wu"))
PIECE = "/desk/pieces/answer/what_is_x"
PAGES = {
    "home": ("wu", "/desk"),
    "list": ("lin", "/desk/pieces/answer"),
    "everything": ("lin", "/desk/pieces?q=骗"),
    "piece": ("mei", PIECE),
    "typology": ("vic", "/desk/pieces/typology/pet_ransom"),
    "examples": ("vic", "/desk/pieces/examples/pet_ransom"),
    "difference": ("mei", f"{PIECE}/difference?old=1&new=2"),
    "family": ("lin", "/desk/cases/pet_ransom-3"),
    "family-of-products": ("mei", "/desk/cases/pet_ransom-2"),
    "look": ("vic", "/desk/pieces/warning/pet_ransom-2-warning?look=landscape"),
    "sign": ("vic", "/desk/pieces/led/pet_ransom-2-led"),
    "edit-sign": ("tan", "/desk/pieces/led/pet_ransom-2-led/edit"),
    "exchange": ("lin", "/desk/exchange"),
    "try": ("lin", "/desk/try"),
    "edit": ("tan", "/desk/pieces/case/pet_ransom-1/edit"),
    "edit-typology": ("tan", "/desk/pieces/typology/parcel_fee/edit"),
    "edit-text": ("tan", "/desk/pieces/examples/parcel_fee/edit"),
    "new": ("lin", "/desk/new/typology"),
    "new-warning": ("lin", "/desk/new/warning"),
    "release": ("wu", "/desk/release"),
    "releases": ("vic", "/desk/releases"),
    "one-release": ("wu", "/desk/releases/1"),
    "withdraw": ("hua", "/desk/withdraw?piece=typology/pet_ransom"),
    "trail": ("wu", "/desk/trail?verify=yes"),
    "staff": ("ada", "/desk/staff"),
    "overdue": ("vic", "/desk/overdue"),
    "hotlines": ("lin", "/desk/hotlines"),
    "showings": ("lin", "/desk/showings"),
    "sessions": ("lin", "/desk/sessions"),
    "password": ("lin", "/desk/password"),
    "sign-in": ("", "/desk/sign-in"),
    "nowhere": ("lin", "/desk/nowhere"),
}


@pytest.fixture(scope="module")
def busy(desk_stack: DeskStack) -> Iterator[DeskStack]:
    """A desk where something is in every state."""
    engine = open_engine(desk_stack.database)
    flow = Flow(engine, DESK_RULES.flow)

    def through(key: str, *steps: tuple[Actor, str], base: int = 0, **more: Any) -> int:
        number = flow.save(LIN, "answer", key, answer(key, **more), base=base)
        flow.submit(LIN, "answer", key, number)
        for who, step in steps:
            flow.decide(who, "answer", key, number, step=step, verdict=Verdict.ACCEPT, comment="核对过来源。")
        return number

    chain = ((MEI, "fact_check"), (HUA, "compliance"), (WU, "approval"))
    through("what_is_x", *chain)
    flow.release(WU, note="先放一条问答")
    through("what_is_x", base=1, text={"zh-Hans": "千万别先付钱。", "en": "Never pay first."})
    through("approved_one", *chain, title={"zh-Hans": "已批准的一条", "en": "An approved one"})
    through("at_compliance", chain[0])
    flow.save(LIN, "answer", "with_faults", answer("with_faults", text={"zh-Hans": "马上打110。"}), base=0)
    flow.showings.put_up(LIN, "answer", "what_is_x", 1, channel="poster", place="城东支行门口")
    yield desk_stack
    engine.dispose()


def axe(page: Page) -> list[str]:
    """What axe-core finds on a page."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{v['id']}: {node['target']} {node['html'][:120]}" for v in found for node in v["nodes"]]


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "1024"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_clean_and_fits(sit: Sit, picture: Callable[[Page], None], name: str, size: dict[str, int]) -> None:
    login, path = PAGES[name]
    seat = sit(login, size)
    seat.watched.line_broken = name == "nowhere"
    page = seat.go(path)
    picture(page)
    assert fits(page)
    assert axe(page) == []


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize(
    "name",
    ["home", "piece", "family", "sign", "exchange", "edit", "difference", "release", "trail", "staff", "sign-in"],
)
def test_a_page_is_clean_in_the_dark_and_in_english(sit: Sit, name: str) -> None:
    login, path = PAGES[name]
    page = sit(login, locale="en-GB", color_scheme="dark").go(path)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert fits(page)
    assert axe(page) == []


@pytest.mark.usefixtures("busy")
def test_what_is_folded_is_clean_when_it_is_opened(sit: Sit) -> None:
    page = sit("ada").go("/desk/staff")
    for fold in page.locator("main summary, .top summary").all():
        fold.click()
    assert axe(page) == []
    page = sit("tan").go("/desk/pieces/typology/parcel_fee/edit")
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    assert fits(page)
    assert axe(page) == []


@pytest.mark.usefixtures("busy")
def test_the_desk_is_walked_with_the_keyboard(sit: Sit) -> None:
    """Skip link, search, the menu of the person; Escape closes it and gives the focus back."""
    page = sit("lin").page
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#page")).to_be_focused()
    menu = page.locator(".top summary")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".top__list a").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".top__list a").first).to_be_hidden()
    expect(menu).to_be_focused()
    page.locator('.top input[type="search"]').fill("什么是")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/pieces?q=*")
    expect(page.locator("a.sheet__main").first).to_be_visible()


@pytest.mark.usefixtures("busy")
def test_the_language_is_switched_where_one_stands(sit: Sit) -> None:
    page = sit("vic").go("/desk/pieces/answer?state=draft")
    page.locator('.top__language a[lang="en"]').click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert "state=draft" in page.url
    page.locator(".menu a").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.usefixtures("busy")
def test_a_session_that_ended_asks_to_sign_in_and_goes_on(sit: Sit) -> None:
    seat = sit("vic")
    seat.page.context.clear_cookies()
    page = seat.go("/desk/releases")
    page.locator("#login").fill("vic")
    page.locator("#password").fill("four quiet herons at dusk")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/releases")
    expect(page.locator("main h1")).to_be_visible()
