"""A hall of a branch for the browser: `fangzha up` without the dialogue engine over the shipped content, and its kiosks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import COUNT_VIOLATIONS, PATIENCE_MS
from tests.browser.desk import DeskStack
from tests.conftest import PROJECT
from tests.conversations.running import bring_learned

SIZES = {"portrait": {"width": 1080, "height": 1920}, "landscape": {"width": 1920, "height": 1080}}


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskStack]:
    """The app with the shipped content and without the dialogue engine."""
    stack = DeskStack(tmp_path_factory.mktemp("hall"))
    (stack.folder / "content").symlink_to(PROJECT / "content")
    bring_learned(stack.folder / "var" / "learned")
    stack.start()
    # the JSON takes a second the first time
    httpx.get(f"{stack.url}/kiosk/content.json", timeout=60, trust_env=False)
    yield stack
    stack.stop()


@dataclass
class Kiosk:
    """One kiosk, and what went wrong on it."""

    page: Page
    errors: list[str] = field(default_factory=list)
    sent: list[tuple[str, str, Any]] = field(default_factory=list)

    def tap(self, selector: str, at: int = 0) -> None:
        """Touch something."""
        self.page.locator(selector).nth(at).tap()

    def screen(self, name: str) -> None:
        """Wait for a screen."""
        expect(self.page.locator(f'#stage[data-screen="{name}"]')).to_be_visible()

    def to_danger(self) -> None:
        """From rest to the card of the false police."""
        self.tap("#stage")
        self.tap(".tile", 1)
        self.tap(".tile", 0)
        self.screen("card")

    def calls(self, path: str) -> list[Any]:
        """The bodies sent to an address."""
        return [body for _, address, body in self.sent if address.endswith(path)]


Open = Callable[..., Kiosk]


@pytest.fixture
def kiosk(browser: Browser, hall: DeskStack) -> Iterator[Open]:
    """Opens a kiosk; none may complain or break its own policy."""
    opened: list[Kiosk] = []
    contexts: list[BrowserContext] = []

    def start(size: str = "portrait", *, script: str = "", clock: bool = False, path: str = "/kiosk") -> Kiosk:
        context = browser.new_context(viewport=SIZES[size], has_touch=True, reduced_motion="reduce", locale="zh-CN")  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(COUNT_VIOLATIONS + script)
        page = context.new_page()
        found = Kiosk(page)
        page.on("pageerror", lambda error: found.errors.append(str(error)))
        page.on("console", lambda m: found.errors.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("request", lambda r: found.sent.append((r.method, r.url, r.post_data_json if r.post_data else None)))
        if clock:
            page.clock.install()
        page.goto(hall.url + path)
        found.screen("rest")
        opened.append(found)
        return found

    yield start
    faults = [f for k in opened for f in (*k.errors, *k.page.evaluate("window.violations || []"))]
    for context in contexts:
        context.close()
    assert [f for f in faults if "ERR_INTERNET_DISCONNECTED" not in f and "ERR_FAILED" not in f] == []
