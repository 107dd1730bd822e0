"""What goes to subscribers, in a real browser: counts that move by themselves, and stopping it."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from bot.core.subscriptions import Preferences
from bot.store.broadcasts import BroadcastStore, Planned
from bot.store.database import open_engine
from bot.store.outbox import End, Outbox, Outcome
from bot.store.subscriptions import SubscriptionStore
from bot.store.tables import now
from tests.browser.conftest import PATIENCE_MS, RESULTS
from tests.browser.desk import NARROW, WIDE, DeskStack, Sit
from tests.browser.test_accessibility import RULES
from tests.browser.test_chat_page import fits
from tests.web.desk.test_warnings import PLACES

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE_MS)
PEOPLE = [f"tg:1:{number}" for number in range(1, 6)]


@pytest.fixture(scope="module")
def engine(desk_stack: DeskStack) -> Iterator[Engine]:
    """The store, as another process has it."""
    opened = open_engine(desk_stack.database)
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def planned(engine: Engine) -> dict[str, int]:
    """Three warnings to five people: one going, one paused, one withdrawn."""
    subscriptions, broadcasts = SubscriptionStore(engine), BroadcastStore(engine)
    for address in PEOPLE:
        subscriptions.agree("telegram", address, Preferences(), 1)
    ends, made = now().replace(year=now().year + 1), {}
    titles = {
        "withdrawn": "先核实再付款",
        "paused": "快递退款先看清楚",
        "going": "有人冒充社保局上门收卡，请告诉家里的老人",
    }
    for state, title in titles.items():
        made[state] = broadcasts.make(
            Planned("warning", state, 1, title, state, 1, ("telegram",), ("all",), ("all",), ends), PLACES
        )
        while broadcasts.plan(made[state]):
            pass
    broadcasts.pause(made["paused"])
    broadcasts.end(made["withdrawn"], "withdrawn")
    return made


def faults_of(page: Page) -> list[tuple[str, list[str]]]:
    """What axe-core finds."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [(v["id"], [n["html"] for n in v["nodes"]]) for v in found]


def test_before_anything_was_sent_the_page_says_so(sit: Sit) -> None:
    page = sit("vic").go("/desk/warnings")
    expect(page.locator(".card__empty")).to_be_visible()
    assert faults_of(page) == []


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_every_state_is_accessible_and_nothing_sticks_out(
    sit: Sit, planned: dict[str, int], size: dict[str, int], locale: str
) -> None:
    page = sit("wu", size, locale=locale).go("/desk/warnings")
    expect(page.locator("[data-broadcast]")).to_have_count(len(planned))
    assert faults_of(page) == []
    assert fits(page)
    RESULTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=RESULTS / f"warnings-{size['width']}-{locale}.png")


def test_counts_move_by_themselves_and_who_may_release_stops_it(
    sit: Sit, engine: Engine, planned: dict[str, int]
) -> None:
    page = sit("wu", locale="en-GB").go("/desk/warnings")
    row = page.locator(f'[data-broadcast="{planned["going"]}"]')
    expect(row.locator("[data-counts]")).to_contain_text("0 delivered")
    page.evaluate("window.loadedOnce = true")
    outbox = Outbox(engine, "w")
    outbox.settle([Outcome(parcel, End.SENT) for parcel in outbox.claim("telegram", 2, None)])
    expect(row.locator("[data-counts]")).to_contain_text("2 delivered")
    expect(row.locator("progress")).to_have_js_property("value", 2)
    assert page.evaluate("window.loadedOnce") is True

    row.locator("form button").click()
    expect(page.locator(".note--good")).to_be_visible()
    expect(row).to_have_attribute("data-stands", "paused")
    row.locator("form button").click()
    expect(row).to_have_attribute("data-stands", "going")


def test_who_only_looks_sees_no_buttons_and_learns_of_a_stop_by_somebody_else(
    sit: Sit, engine: Engine, planned: dict[str, int]
) -> None:
    page = sit("vic").go("/desk/warnings")
    row = page.locator(f'[data-broadcast="{planned["going"]}"]')
    expect(row).to_have_attribute("data-stands", "going")
    expect(row.locator("form")).to_have_count(0)
    BroadcastStore(engine).pause(planned["going"])
    expect(row).to_have_attribute("data-stands", "paused")
