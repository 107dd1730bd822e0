"""A kiosk whose server is gone, and one whose token was taken away, in a real Chromium with its service worker."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bot.store.database import open_engine
from bot.store.device_views import DeviceKind, Pairing
from bot.store.devices import Devices
from bot.store.releases import ContentStore
from tests.browser.conftest import PATIENCE_MS, RESULTS
from tests.browser.desk import DeskStack
from tests.browser.hall import Kiosk, Open
from tests.conversations.running import wait_until
from tests.editorial import OPERATOR, RULES

pytestmark = pytest.mark.browser
SLIDE_MS, BEAT_MS = 20_000, 16_000
IN_FORCE = {"start": "2020-01-01", "end": "2099-12-31"}
NEWS = {
    **{"id": "line-is-back", "title": {"zh-Hans": "线路恢复后的第一条", "en": "The first since the line is back"}},
    **{"text": {"zh-Hans": "先停一停，拨{police}。", "en": "Stop first. Call {police}."}, "channels": ["kiosk"]},
    **IN_FORCE,
}
# The page, its words and every script are in the browser, and the worker answers for this page.
KEPT = """async () => {
  const last = await caches.open("kiosk-last");
  return navigator.serviceWorker.controller !== null
    && Boolean(await last.match("/kiosk")) && Boolean(await last.match("/kiosk/content.json"));
}"""
LOOP = 'import("/static/kiosk/book.js").then(({ book }) => book.loop.map((item) => item.id))'
BROKEN_LINE = ("ERR_CONNECTION_REFUSED", "Failed to load resource", "net::ERR_")


@pytest.fixture
def devices(hall: DeskStack) -> Iterator[Devices]:
    """The devices of the hall, from another process as far as the app knows."""
    engine = open_engine(hall.database)
    yield Devices(engine, RULES)
    engine.dispose()


def publish(hall: DeskStack, *pieces: tuple[str, str, dict[str, Any]]) -> int:
    """Release some pieces; the number of the release."""
    engine = open_engine(hall.database)
    store = ContentStore(engine)
    store.seed(pieces)
    store.publish(author="seed")
    newest = store.newest_release()
    engine.dispose()
    return newest


def is_kept(page: Page) -> None:
    """Wait until the kiosk could go on without a server."""
    wait_until("the worker keeps the kiosk", lambda: page.evaluate(KEPT), seconds=PATIENCE_MS / 1000)


def forgive_the_line(kiosk: Kiosk) -> None:
    """A line broken on purpose is told by the browser; anything else stays a fault."""
    kiosk.errors[:] = [e for e in kiosk.errors if not any(told in e for told in BROKEN_LINE)]


@contextmanager
def server_gone(hall: DeskStack) -> Iterator[None]:
    """The server ends, and is back on its port afterwards."""
    port = hall.port
    hall.stop()
    try:
        yield
    finally:
        hall.start(port)


def test_without_a_server_the_kiosk_starts_anew_and_everything_by_touch_goes_on(kiosk: Open, hall: DeskStack) -> None:
    opened = kiosk(clock=True)
    page = opened.page
    is_kept(page)
    with server_gone(hall):
        page.reload()  # as after a power cut
        opened.screen("rest")
        before = page.locator(".slide__title").inner_text()
        page.clock.fast_forward(SLIDE_MS)
        expect(page.locator(".slide__title")).not_to_have_text(before)
        page.screenshot(path=RESULTS / "kiosk-portrait-alone-rest.png")

        opened.to_danger()
        expect(page.locator("#stage")).to_have_attribute("data-urgency", "stop-now")
        expect(page.locator(".number__digits").first).to_have_text("110")
        page.screenshot(path=RESULTS / "kiosk-portrait-alone-card.png")
        opened.tap(".answers .big", 0)
        opened.screen("paid")
        opened.tap(".tile", 0)
        opened.screen("saving")
        _learn(opened)
        newest = publish(hall, ("warning", "line-is-back", NEWS))
    opened.tap('.dock .key:has-text("重新开始")')
    opened.screen("rest")
    # the start of the server may release once more
    expect(page.locator("body")).to_have_attribute("data-version", re.compile(rf"^({newest}|{newest + 1})$"))
    assert "line-is-back" in page.evaluate(LOOP)
    forgive_the_line(opened)


def _learn(kiosk: Kiosk) -> None:
    """Through a drill to its answer."""
    kiosk.tap('.dock .key:has-text("重新开始")')
    kiosk.tap("#stage")
    kiosk.tap(".tile", 9)
    kiosk.screen("drills")
    kiosk.tap(".tile", 0)
    kiosk.tap(".bubble", 1)
    kiosk.tap(".controls > .big--main")
    kiosk.tap(".controls > .big--main")
    kiosk.tap(".options .big", 0)
    kiosk.screen("quiz")
    expect(kiosk.page.locator(".display .summary")).to_be_visible()


def test_a_kiosk_whose_token_was_taken_away_asks_to_be_paired_again_when_it_is_at_rest(
    kiosk: Open, hall: DeskStack, devices: Devices
) -> None:
    opened = kiosk(clock=True)
    page = opened.page
    token, asked = devices.ask()
    number = devices.pair(OPERATOR, asked.code, name="Hall", place="cn", kind=DeviceKind.KIOSK)
    page.context.add_cookies([{"name": "device", "value": token, "url": hall.url}])
    with page.expect_response("**/devices/me"):
        page.reload()
    opened.screen("rest")
    expect(page.locator("body")).to_have_attribute("data-place", "cn")
    _beats(page, 200)

    opened.to_danger()
    devices.revoke(OPERATOR, number)
    assert devices.known(token).state is Pairing.REVOKED
    _beats(page, 401)
    opened.screen("card")  # nothing happens under somebody's hands
    opened.tap('.dock .key:has-text("重新开始")')
    opened.screen("rest")
    page.clock.run_for(BEAT_MS)
    page.wait_for_url("**/device")
    expect(page.locator("#revoked")).to_be_visible()
    expect(page.locator("#code")).to_have_text(re.compile(r"^\d{3} \d{3}$"))
    page.screenshot(path=RESULTS / "kiosk-portrait-revoked.png")
    opened.errors[:] = [e for e in opened.errors if "401" not in e]


def test_a_kiosk_that_was_revoked_while_it_was_off_asks_at_its_start(
    kiosk: Open, hall: DeskStack, devices: Devices
) -> None:
    opened = kiosk()
    token, asked = devices.ask()
    number = devices.pair(OPERATOR, asked.code, name="Hall", place="cn", kind=DeviceKind.KIOSK)
    devices.revoke(OPERATOR, number)
    opened.page.context.add_cookies([{"name": "device", "value": token, "url": hall.url}])
    opened.page.reload()
    opened.page.wait_for_url("**/device")
    expect(opened.page.locator("#revoked")).to_be_visible()


def _beats(page: Page, status: int) -> None:
    """The next beat is answered with `status`."""
    with page.expect_response("**/devices/beat") as answer:
        page.clock.run_for(BEAT_MS)
    assert answer.value.status == status
