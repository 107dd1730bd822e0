"""A real browser on the running stack. Whatever a test does, the page must stay quiet and talk to nobody else."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from tests.conversations import running
from tests.conversations.running import Stack, not_here
from tests.conversations.talking import Published

RESULTS = Path(__file__).resolve().parents[2] / "results" / "browser"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}
# What a busy machine may take to show something; a condition, not a budget.
PATIENCE_MS = 15_000
COUNT_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(event.violatedDirective + " " + event.blockedURI);
});
"""


def pytest_configure(config: pytest.Config) -> None:
    """Share one running stack with the other folders, and the fixtures of desk and hall with its files."""
    running.share(config)
    from tests.browser import desk, hall  # here, because they use what stands below

    if not config.pluginmanager.has_plugin("desk-in-a-browser"):
        config.pluginmanager.register(desk, "desk-in-a-browser")
        config.pluginmanager.register(hall, "hall-in-a-browser")


@pytest.fixture(scope="session")
def published(stack: Stack) -> Published:
    """The published words."""
    return Published(stack)


# not for the session: while it runs, no asynchronous test can
@pytest.fixture(scope="package")
def launch() -> Iterator[Callable[..., Browser]]:
    """Starts the Chromium of the system, with more arguments where a test needs them."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        not_here("Chromium is missing: install the package chromium")
    with sync_playwright() as playwright:

        def start(*more: str) -> Browser:
            return playwright.chromium.launch(executable_path=chromium, args=[*ARGUMENTS, *more])

        yield start


@pytest.fixture(scope="package")
def browser(launch: Callable[..., Browser]) -> Iterator[Browser]:
    """A browser as it comes."""
    browser = launch()
    yield browser
    browser.close()


@dataclass
class Watched:
    """A page, and what went wrong on it."""

    page: Page
    home: str
    errors: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    # a test that breaks the line on purpose expects the browser to say so
    line_broken: bool = False

    def listen(self) -> None:
        """Hear everything the page complains about and whom it calls."""
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self._request)

    def faults(self) -> list[str]:
        """All of it."""
        return [*self.errors, *self.strangers, *self.page.evaluate("window.violations || []")]

    def forget(self) -> None:
        """Begin anew, for a test that made the faults itself."""
        self.errors.clear()
        self.strangers.clear()
        self.page.evaluate("window.violations = []")

    def _console(self, message: ConsoleMessage) -> None:
        expected = self.line_broken and message.text.startswith("Failed to load resource")
        if message.type in {"error", "warning"} and not expected:
            self.errors.append(f"console {message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).scheme != "data" and not request.url.startswith(self.home + "/"):
            self.strangers.append(f"called {request.url}")


@pytest.fixture
def watch(browser: Browser, stack: Stack) -> Iterator[Callable[..., Watched]]:
    """Opens watched pages; at the end of the test none of them may have complained or called anybody else."""
    contexts: list[BrowserContext] = []
    opened: list[Watched] = []

    def open_page(
        size: dict[str, int], *, locale: str = "zh-CN", path: str = "/", within: Browser = browser, **options: object
    ) -> Watched:
        context = within.new_context(viewport=size, locale=locale, reduced_motion="reduce", **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(COUNT_VIOLATIONS)
        watched = Watched(context.new_page(), stack.url)
        watched.listen()
        watched.page.goto(stack.url + path)
        opened.append(watched)
        return watched

    yield open_page
    faults = [fault for watched in opened for fault in watched.faults()]
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture(params=["phone", "desktop"])
def chat(request: pytest.FixtureRequest, watch: Callable[..., Watched]) -> Watched:
    """The chat page, once as wide as a phone and once as a desktop."""
    return watch(PHONE if request.param == "phone" else DESKTOP)


@pytest.fixture
def phone(watch: Callable[..., Watched]) -> Watched:
    """The chat page at the width of a phone."""
    return watch(PHONE)


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[Page], None]:
    """Keeps a picture of a page under results/, by the name of the test."""

    def take(page: Page) -> None:
        RESULTS.mkdir(parents=True, exist_ok=True)
        name = request.node.name.removeprefix("test_").replace("[", "-").replace("]", "").replace("/", "_")
        page.screenshot(path=RESULTS / f"{name}.png")

    return take
