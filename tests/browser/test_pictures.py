"""A screenshot on the chat page: read in the real process, put right by the customer, then answered."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from bot.channels.pictures.reader import installed
from tests.browser.conftest import COUNT_VIOLATIONS, DESKTOP, PATIENCE_MS, PHONE, RESULTS
from tests.browser.desk import DeskStack
from tests.browser.test_accessibility import RULES
from tests.browser.test_chat_page import fits
from tests.conversations.running import not_here

pytestmark = pytest.mark.browser
# The first picture starts the process that reads.
READING_MS = 60_000
SCAM = "<body style='margin:40px;font:32px sans-serif;width:640px'>公安局通知<br>把钱转到安全账户</body>"
Open = Callable[..., Page]


@pytest.fixture
def chat_at(browser: Browser, hall: DeskStack) -> Iterator[Open]:
    """Opens the chat page; none may break its own policy or throw."""
    contexts: list[BrowserContext] = []
    opened: list[Page] = []
    errors: list[str] = []

    def start(size: dict[str, int] = PHONE, *, locale: str = "zh-CN") -> Page:
        context = browser.new_context(viewport=size, locale=locale, reduced_motion="reduce")  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(COUNT_VIOLATIONS)
        page = context.new_page()
        page.on("filechooser", lambda _: None)  # from here on, or a quick key would open the system's own
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(hall.url)
        expect(page.locator("#unopened")).to_have_count(0)  # its scripts have taken over
        opened.append(page)
        return page

    yield start
    errors += [fault for page in opened for fault in page.evaluate("window.violations || []")]
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def screenshot(browser: Browser) -> bytes:
    """A picture with words in it."""
    page = browser.new_page(viewport={"width": 720, "height": 300})
    page.set_content(SCAM)
    taken = page.screenshot()
    page.close()
    return taken


def choose(page: Page, data: bytes, name: str = "chat.png") -> None:
    """Take a picture through the button."""
    with page.expect_file_chooser() as chooser:
        page.locator("#picture").click()
    chooser.value.set_files({"name": name, "mimeType": "image/png", "buffer": data})


def faults_of(page: Page) -> list[str]:
    """What axe-core finds."""
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        not_here("axe-playwright-python is missing: run `make setup`")
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{v['id']}: {node['target']}" for v in found for node in v["nodes"]]


@pytest.mark.slow
def test_the_words_of_a_screenshot_are_put_right_and_then_assessed(chat_at: Open, screenshot: bytes) -> None:
    if not installed():
        not_here("the group `ocr` of the requirements is missing: run `make setup`")
    page = chat_at()
    choose(page, screenshot)
    expect(page.locator("#picture-note")).to_contain_text("正在看图")
    expect(page.locator("#text")).to_have_value("公安局通知\n把钱转到安全账户", timeout=READING_MS)
    expect(page.locator("#text")).to_be_focused()
    expect(page.locator("#picture-note")).to_contain_text("读错的地方请改好")
    expect(page.locator(".card")).to_have_count(0)  # nothing is assessed before he has seen it
    assert fits(page)
    assert faults_of(page) == []
    RESULTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=RESULTS / "picture-phone-read.png")
    page.locator("#text").press("ControlOrMeta+End")
    page.locator("#text").press_sequentially("，叫我别告诉家人")
    page.locator("#send").click()
    expect(page.locator(".card")).to_have_attribute("data-urgency", "stop-now")
    expect(page.locator(".bubble__text").last).to_contain_text("叫我别告诉家人")
    expect(page.locator("#picture-note")).to_be_empty()


def test_the_button_can_be_reached_by_keyboard_and_fits_a_phone_in_both_languages(chat_at: Open) -> None:
    for size, locale in ((PHONE, "zh-CN"), (PHONE, "en-US"), (DESKTOP, "zh-CN")):
        page = chat_at(size, locale=locale)
        button = page.locator("#picture")
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
        assert fits(page)
        assert faults_of(page) == []
        page.screenshot(path=RESULTS / f"picture-{size['width']}-{locale}.png")
        button.focus()
        with page.expect_file_chooser():
            page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("status", "says"),
    [(413, "这张图太大"), (422, "这张图我打不开"), (503, "图没读成"), (504, "读得太久"), (429, "消息太多")],
)
def test_why_it_was_not_read_is_said_and_what_was_written_stays(chat_at: Open, status: int, says: str) -> None:
    page = chat_at()
    page.route("**/api/v1/picture", lambda route: route.fulfill(status=status, json={}))
    page.locator("#text").fill("他叫我转钱")
    choose(page, b"picture")
    expect(page.locator("#trouble")).to_contain_text(says)
    expect(page.locator("#text")).to_have_value("他叫我转钱")
    expect(page.locator("#picture-note")).to_be_empty()
    expect(page.locator("#picture")).to_have_attribute("aria-busy", "false")


def test_a_picture_without_words_and_one_too_large_to_send_are_told(chat_at: Open) -> None:
    page = chat_at()
    asked: list[str] = []

    def empty(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(json={"text": " "})

    page.route("**/api/v1/picture", empty)
    choose(page, b"picture")
    expect(page.locator("#trouble")).to_contain_text("图上我没读出字")
    choose(page, bytes(20 * 1024 * 1024 + 1))
    expect(page.locator("#trouble")).to_contain_text("这张图太大")
    assert len(asked) == 1


def test_starting_over_drops_the_words_that_are_still_being_read(chat_at: Open) -> None:
    page = chat_at()
    held: list[Route] = []
    page.route("**/api/v1/picture", lambda route: held.append(route))  # noqa: PLW0108  # Playwright marks what it is given
    choose(page, b"picture")
    expect(page.locator("#picture-note")).to_contain_text("正在看图")
    page.locator("#menu summary").click()
    page.locator("#restart").click()
    with page.expect_response("**/api/v1/picture"):
        held[0].fulfill(json={"text": "别人的话"})
    expect(page.locator("#picture")).to_have_attribute("aria-busy", "false")
    expect(page.locator("#text")).to_have_value("")
