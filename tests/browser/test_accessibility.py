"""What axe-core finds on the pages, and what a small screen and large type do to them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, PATIENCE_MS, PHONE, Watched
from tests.browser.test_chat_page import CALLS, STORY, card, fits, write
from tests.conversations.running import not_here

pytestmark = pytest.mark.browser
Open = Callable[..., Watched]

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
SMALLEST = {"width": 320, "height": 568}


@pytest.fixture
def faults_of() -> Callable[[Page], list[str]]:
    """The violations of WCAG 2.2 AA that axe-core finds on a page as it is now."""
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        not_here("axe-playwright-python is missing: run `make setup`")

    def find(page: Page) -> list[str]:
        found = Axe().run(page, options=RULES).response["violations"]
        return [
            f"{v['id']} ({v['impact']}): {node['target']} {node['html'][:120]}" for v in found for node in v["nodes"]
        ]

    return find


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_on_the_way_through_a_conversation(
    watch: Open, faults_of: Callable[[Page], list[str]], size: dict[str, int], colours: str
) -> None:
    watched = watch(size, color_scheme=colours)
    page, watched.line_broken = watched.page, True
    faults = {"at first": faults_of(page)}
    write(page, STORY)
    card(page)
    page.locator(".bubble button").click()
    faults["with a card"] = faults_of(page)
    page.locator("#menu summary").click()
    faults["with the menu"] = faults_of(page)
    page.keyboard.press("Escape")
    page.route(CALLS, lambda route: route.abort())
    write(page, "你好")
    expect(page.locator("#trouble")).to_be_visible(timeout=PATIENCE_MS)
    faults["in trouble"] = faults_of(page)

    assert {moment: found for moment, found in faults.items() if found} == {}


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_on_the_design_page(
    watch: Open, faults_of: Callable[[Page], list[str]], colours: str
) -> None:
    """It shows every urgency, so it shows every pair of colours."""
    assert faults_of(watch(DESKTOP, path="/design", color_scheme=colours).page) == []


def test_the_smallest_phone_shows_all_of_it(watch: Open, picture: Callable[[Page], None]) -> None:
    assert _holds_a_conversation(watch(SMALLEST).page, picture)


def test_a_phone_set_to_type_twice_as_large_shows_all_of_it(
    launch: Callable[..., Browser], watch: Open, picture: Callable[[Page], None]
) -> None:
    """As older customers set it: the police number must not leave the screen."""
    large = launch("--blink-settings=defaultFontSize=32")

    assert _holds_a_conversation(watch(PHONE, within=large).page, picture)


def _holds_a_conversation(page: Page, picture: Callable[[Page], None]) -> bool:
    write(page, STORY)
    card(page)
    picture(page)
    number = page.locator("#bar-call .number")
    expect(number).to_be_in_viewport(ratio=1)
    return fits(page)


def test_a_finger_can_hit_every_button(phone: Watched) -> None:
    """At least 44 CSS pixels high, as WCAG 2.5.5 asks."""
    page = phone.page
    write(page, STORY)
    shown = card(page)
    targets = [*shown.locator(".choice").all(), *shown.locator("a.call").all(), page.locator("#send")]

    heights = [box["height"] for box in (t.bounding_box() for t in targets) if box]
    assert len(heights) == len(targets)
    assert min(heights) >= 44
