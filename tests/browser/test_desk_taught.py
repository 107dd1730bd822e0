"""What customers taught, in a real browser: from three people's words to a draft, and pages anybody can read."""

from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from bot.core.measures import Event
from bot.core.publishing import Actor
from bot.desk.flow import Flow
from bot.store.counts import Counts
from bot.store.database import open_engine
from bot.store.inbox import InboxStore
from tests.browser.conftest import PATIENCE_MS
from tests.browser.desk import NARROW, WIDE, DeskStack, Sit
from tests.browser.test_accessibility import RULES
from tests.browser.test_chat_page import fits
from tests.conversations.running import wait_until
from tests.desk.test_inbox import POWER, SOCIAL, heard
from tests.editorial import DESK_RULES
from tests.web.desk.test_calendar import BODY

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE_MS)
PAGES = ("inbox", "measures", "report", "calendar?month=2026-12", "new/campaign", "new/checklist")


@pytest.fixture(scope="module", autouse=True)
def taught(desk_stack: DeskStack) -> None:
    """Two weeks of counts, two groups of texts, two campaigns in each other's way."""
    engine = open_engine(desk_stack.database)
    day = date.today()
    counts = Counts(engine, lambda: day)
    for ago in range(14):
        day = date.today() - timedelta(days=ago)
        for place in ("", "north"):
            counts.count("typology", "pet_ransom", Event.ASKED, "kiosk", place, times=1 + ago % 5)
        counts.count("case", "pet_ransom-1", Event.SHOWN, "web", times=9)
        counts.count("case", "pet_ransom-1", Event.RIGHT, "web")
    counts.flush()
    texts = [heard(text, f"c{number}") for number, text in enumerate((*SOCIAL, *POWER))]
    InboxStore(engine).keep(texts)
    flow = Flow(engine, DESK_RULES.flow)
    for name in ("winter", "other"):
        flow.save(Actor("lin"), "campaign", name, {**BODY, "id": name}, base=0)
    engine.dispose()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_every_page_is_accessible_and_nothing_sticks_out(sit: Sit, size: dict[str, int], locale: str) -> None:
    wu = sit("wu", size, locale=locale)
    for path in PAGES:
        page = wu.go(f"/desk/{path}")
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == [], path
        assert fits(page), path


def test_by_keyboard_alone_three_peoples_words_become_a_case(sit: Sit) -> None:
    lin = sit("lin")
    page = lin.go("/desk/inbox")
    groups = page.locator("section.card:has(.heard)")
    before = groups.count()
    button = page.locator('button[value="case"]').first
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/pieces/case/inbox_*/edit")
    expect(page.locator('[role="status"]').first).to_be_visible()
    assert any(text in page.locator("main").inner_html() for text in (SOCIAL[0], POWER[0]))
    lin.go("/desk/inbox")
    expect(groups).to_have_count(before - 1)


def test_the_warning_beside_the_chat_asks_whether_it_was_understood_and_counts_the_answer(
    sit: Sit, desk_stack: DeskStack
) -> None:
    page = sit(locale="en-GB").go("/")
    page.locator(".check summary").click()
    with page.expect_response("**/api/v1/events") as told:
        page.locator(".check .choice").last.click()
    assert told.value.status == 204
    expect(page.locator(".check__said")).to_contain_text("Yes, that is what to do.")
    engine = open_engine(desk_stack.database)
    counts = Counts(engine)
    wait_until("the answer is counted", lambda: _right(counts) > 0, seconds=PATIENCE_MS / 1000)
    engine.dispose()


def _right(counts: Counts) -> int:
    today = date.today()
    return sum(m.count for m in counts.totals(today, today, kind="warning", event=Event.RIGHT.value))
