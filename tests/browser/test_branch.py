"""Screens, devices and the lobby page in a real Chromium, with the server gone, a wrong clock and a full storage."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.store.database import open_engine
from bot.store.releases import ContentStore
from tests.browser.conftest import PATIENCE_MS, PHONE, RESULTS
from tests.browser.desk import DeskStack, Sit
from tests.browser.test_accessibility import RULES
from tests.conversations.running import not_here, wait_until

pytestmark = pytest.mark.browser
LANDSCAPE = {"width": 1920, "height": 1080}
PORTRAIT = {"width": 1080, "height": 1920}
# Nothing a visitor reads is smaller than 1/25 of the shorter side.
SMALLEST_PART = 25
CODE = re.compile(r"^\d{3} \d{3}$")
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"
IN_FORCE = {"start": "2020-01-01", "end": "2099-12-31"}
Look = Callable[..., Page]


def words(zh: str, en: str = "Stop first") -> dict[str, str]:
    """A sentence."""
    return {"zh-Hans": zh, "en": en}


def slide(key: str, title: str) -> tuple[str, str, dict[str, Any]]:
    """An item of the loop."""
    body = {"id": key, "title": words(title), "lines": [words("别转钱"), words("拨{advice}问")], "seconds": 5}
    return "screen", key, {**body, **IN_FORCE}


def urgent(key: str, title: str) -> tuple[str, str, dict[str, Any]]:
    """A warning that takes screens over for a minute."""
    body = {"id": key, "title": words(title), "text": words("关上门，自己拨{police}。"), "channels": ["screen"]}
    return "warning", key, {**body, "priority": 1, "interrupt_minutes": 1, **IN_FORCE}


@pytest.fixture
def publish(desk_stack: DeskStack) -> Callable[..., None]:
    """Releases some pieces, from another process as far as the app knows."""

    def release(*pieces: tuple[str, str, dict[str, Any]]) -> None:
        engine = open_engine(desk_stack.database)
        store = ContentStore(engine)
        store.seed(pieces)
        store.publish(author="seed")
        engine.dispose()

    return release


@pytest.fixture
def look(browser: Browser, desk_stack: DeskStack) -> Iterator[Look]:
    """Opens a page as a device would: `look("/screen")`. No page may have thrown an error."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(path: str, size: dict[str, int] = LANDSCAPE, *, script: str = "", clock: bool = False) -> Page:
        context = browser.new_context(viewport=size, locale="zh-CN", reduced_motion="reduce")
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        if script:
            page.add_init_script(script)
        if clock:
            page.clock.install()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(desk_stack.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Keeps a picture under results/, by the name of the test and what it shows."""

    def take(page: Page, what: str = "") -> None:
        RESULTS.mkdir(parents=True, exist_ok=True)
        name = "-".join(filter(None, (request.node.name.removeprefix("test_"), what)))
        page.screenshot(path=RESULTS / f"branch-{name[:100]}.png")

    return take


@pytest.fixture
def faults_of() -> Callable[[Page], list[str]]:
    """What axe-core finds."""
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        not_here("axe-playwright-python is missing: run `make setup`")

    def find(page: Page) -> list[str]:
        found = Axe().run(page, options=RULES).response["violations"]
        return [f"{v['id']}: {node['target']}" for v in found for node in v["nodes"]]

    return find


def title(page: Page) -> Any:
    """What a screen shows."""
    return page.locator(".slide__title")


def kept_by_the_worker(page: Page) -> None:
    """Wait until page and playlist are kept for when there is no line, and the worker answers for this page."""
    kept = """async () => navigator.serviceWorker.controller !== null
        && Boolean(await caches.match("/screen/playlist.json")) && Boolean(await caches.match("/screen"))"""
    wait_until("the worker keeps the screen", lambda: page.evaluate(kept), seconds=PATIENCE_MS / 1000)


# ---- Devices ----


def test_a_screen_is_paired_at_the_desk_and_asks_again_when_it_was_revoked(
    look: Look, sit: Sit, publish: Callable[..., None], faults_of: Callable[[Page], list[str]],
    picture: Callable[[Page], None],
) -> None:  # fmt: skip
    publish(slide("pair", "先停一停"))
    device = look("/device")
    expect(device.locator("#code")).to_have_text(CODE)
    assert faults_of(device) == []
    seat = sit("wu")
    desk = seat.go("/desk/devices")
    assert faults_of(desk) == []
    desk.locator("#code").fill(device.locator("#code").inner_text())
    desk.locator("#name").fill("Hall")
    desk.locator("#kind").select_option("screen")
    desk.locator("#place").select_option("cn")
    desk.locator("main form .button--solid").click()
    expect(desk.locator(".note--good")).to_be_visible()

    device.wait_for_url("**/screen")
    expect(device.locator("#bank")).to_contain_text("中国内地")
    expect(device.locator("#mark")).to_be_hidden()
    desk.locator(".sheet__main").click()
    wait_until("the device tells what it shows", lambda: _shown(desk, "先停一停"), seconds=PATIENCE_MS / 1000)
    picture(desk)
    assert faults_of(desk) == []

    desk.locator(".button--bad").click()
    device.wait_for_url("**/device")
    expect(device.locator("#revoked")).to_be_visible()
    expect(device.locator("#code")).to_have_text(CODE)
    picture(device)


def test_a_controller_gets_an_address_at_the_desk(
    sit: Sit, faults_of: Callable[[Page], list[str]], picture: Callable[[Page], None]
) -> None:
    seat = sit("wu")
    desk = seat.go("/desk/devices")
    desk.locator("#feed_name").fill("Sign over the door")
    desk.locator("#panels").fill("8")
    desk.locator('form[action="/desk/devices/feeds"] button').click()
    address = desk.locator(".feed__address code")
    expect(address).to_contain_text("/screen/led.txt?token=")
    assert faults_of(desk) == []
    picture(desk)
    told = desk.request.get(address.inner_text())
    assert told.headers["content-type"] == "text/plain; charset=gb2312"


def _shown(desk: Page, text: str) -> bool:
    desk.reload()
    return text in desk.locator("main").inner_text()


# ---- The loop ----


def test_what_is_urgent_takes_screens_of_both_shapes_at_once_and_leaves_by_itself(
    look: Look,
    publish: Callable[..., None],
    faults_of: Callable[[Page], list[str]],
    picture: Callable[[Page, str], None],
) -> None:
    publish(slide("loop", "先停一停"))
    screens = {"landscape": look("/screen", LANDSCAPE, clock=True), "portrait": look("/screen", PORTRAIT, clock=True)}
    for shape, screen in screens.items():
        expect(title(screen)).not_to_be_empty()
        expect(screen.locator(".slide__also").first).to_be_attached()
        assert faults_of(screen) == [], shape
        assert _too_small(screen) == [], shape
        picture(screen, f"loop-{shape}")
    news = "附近有人冒充社保局上门收卡"
    publish(urgent("urgent", news))
    for shape, screen in screens.items():
        expect(title(screen)).to_have_text(news)
        assert faults_of(screen) == [], shape
        assert _too_small(screen) == [], shape
        picture(screen, f"urgent-{shape}")
    for screen in screens.values():
        screen.clock.fast_forward(61_000)
        expect(title(screen)).not_to_have_text(news)
        expect(screen.locator("#sentence")).not_to_be_empty()


def _too_small(page: Page) -> list[str]:
    """What is set smaller than can be read from eight metres, or stands outside of the screen."""
    found: list[str] = page.evaluate(
        f"""() => [...document.querySelectorAll(".screen p, .screen li, .screen h1")].filter((one) => {{
          const box = one.getBoundingClientRect();
          const small = parseFloat(getComputedStyle(one).fontSize) < Math.min(innerWidth, innerHeight) / {SMALLEST_PART};
          const outside = box.bottom > innerHeight + 1 || box.right > innerWidth + 1 || box.top < -1;
          return one.id !== "mark" && one.textContent && !one.closest("[hidden]") && (small || outside);
        }}).map((one) => one.textContent)"""
    )
    return found


# ---- When something is wrong ----


def test_the_loop_goes_on_without_a_server_and_over_a_power_cut_and_catches_up(
    look: Look, publish: Callable[..., None], desk_stack: DeskStack, picture: Callable[[Page], None]
) -> None:
    publish(slide("offline", "断网也要记得先停一停"))
    screen = look("/screen")
    kept_by_the_worker(screen)
    port = desk_stack.port
    desk_stack.stop()
    try:
        expect(screen.locator("#mark")).to_contain_text("N")
        expect(screen.locator(".slide")).to_be_visible()
        screen.reload()
        expect(screen.locator("#mark")).to_contain_text("N")
        expect(title(screen)).not_to_be_empty()
        expect(screen.locator("#mark")).not_to_contain_text("E")
        picture(screen)
    finally:
        desk_stack.start(port)
    publish(urgent("caught-up", "线路恢复后的第一条"))
    expect(title(screen)).to_have_text("线路恢复后的第一条")
    expect(screen.locator("#mark")).not_to_contain_text("N")


def test_a_clock_of_another_year_and_a_full_storage_do_not_stop_the_loop(
    look: Look, publish: Callable[..., None]
) -> None:
    publish(slide("wrong", "时钟不准也要先停一停"))
    screen = look("/screen", script=FULL)
    expect(screen.locator("#mark")).to_contain_text("S")
    expect(title(screen)).not_to_be_empty()
    old = look("/screen", script="Date.now = () => 86400000;")
    expect(old.locator("#mark")).to_contain_text("C")
    expect(old.locator(".slide__also").first).to_be_attached()


def test_a_dot_sign_shows_its_lines(look: Look, publish: Callable[..., None], picture: Callable[[Page], None]) -> None:
    publish(("led", "sign", {"id": "sign", "text": "先停一停", **IN_FORCE}))
    sign = look("/screen/led?panels=8", {"width": 1920, "height": 240})
    expect(sign.locator("svg")).to_be_visible()
    picture(sign)


# ---- The lobby ----


def test_a_call_rings_on_two_lobby_pages_and_one_person_takes_it(
    sit: Sit, look: Look, faults_of: Callable[[Page], list[str]], picture: Callable[[Page], None]
) -> None:
    phone, other = sit("wu", PHONE), sit("wu")
    kiosk = look("/device")
    for seat in (phone, other):
        seat.go("/lobby")
    phone.page.locator("#sound").click()
    assert faults_of(phone.page) == []
    kiosk.request.post(f"{phone.home}/api/v1/help-calls", data={"kind": "quiet"})
    for seat in (phone, other):
        expect(seat.page.locator(".help--quiet")).to_be_visible()
        expect(seat.page).to_have_title(re.compile(r"^\(1\)"))
    assert faults_of(phone.page) == []
    picture(phone.page)

    phone.page.locator(".help__go").click()
    expect(phone.page.locator(".help--taken")).to_be_visible()
    expect(other.page.locator(".help--taken")).to_be_visible()
    phone.page.reload()
    expect(phone.page.locator(".help--taken")).to_be_visible()
    word = phone.page.locator(".help__close input[name=outcome]")
    word.fill("已经坐下来，没有转钱")
    kiosk.request.post(f"{phone.home}/api/v1/help-calls", data={"kind": "person"})
    expect(phone.page.locator(".help--person")).to_be_visible()
    expect(word).to_have_value("已经坐下来，没有转钱")  # the list was renewed under his hands
    phone.page.locator(".help__close button").click()
    expect(other.page.locator(".help--taken")).to_have_count(0)


def test_a_lobby_page_that_hears_nothing_says_so(sit: Sit) -> None:
    seat = sit("wu", PHONE)
    seat.go("/lobby")
    seat.watched.line_broken = True
    seat.page.context.set_offline(True)
    expect(seat.page.locator("#deaf")).to_be_visible()
    seat.page.context.set_offline(False)
    expect(seat.page.locator("#deaf")).to_be_hidden()
