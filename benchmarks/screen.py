"""`python -m benchmarks.screen`: eight hours of a screen's loop, speeded up, and how soon a release is seen on it."""

import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import CDPSession, Page, sync_playwright
from rich.console import Console
from rich.table import Table

from benchmarks.stack import free_port
from bot.content.files import read_folder
from bot.recognition.encoder import NgramEncoder
from bot.settings import PROJECT, Settings
from bot.store.database import open_engine, upgrade
from bot.store.releases import ContentStore
from bot.web.app import create_app
from bot.web.services import open_services
from tests.tiny import write_tiny

HOURS = 8
MINUTE_MS = 60_000
RELEASES = 10
PATIENCE_MS = 15_000
PRODUCTS = ("screens", "warnings", "led", "handbook", "quiz")
console = Console()


@contextmanager
def app() -> Iterator[tuple[str, ContentStore]]:
    """A running app with the products that come with the project; its address and store."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        content = write_tiny(folder / "content")
        for part in (*PRODUCTS, "replies"):
            shutil.copytree(PROJECT / "content" / part, content / part, dirs_exist_ok=True)
        shutil.copy(PROJECT / "content" / "audiences.yml", content)
        settings = Settings(DATABASE_URL=f"sqlite:///{folder / 'screen.db'}", var=folder / "var", content=content)
        engine = open_engine(settings.database_url)
        upgrade(engine)
        store = ContentStore(engine)
        # of no case and no typology, because the tiny content has others
        alone = {"from_case": "", "typology": ""}
        store.seed(
            (p.kind, p.key, {**p.body, **{k: v for k, v in alone.items() if k in p.body and "start" in p.body}})
            for p in read_folder(content)[0]
        )
        store.publish(author="benchmark")
        services = open_services(settings, with_engine=False, encoder=NgramEncoder())
        port = free_port()
        server = uvicorn.Server(uvicorn.Config(create_app(services), port=port, log_level="error"))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}", store
        server.should_exit = True
        thread.join()
        engine.dispose()


def heap(session: CDPSession) -> float:
    """Megabytes of JavaScript after a collection."""
    session.send("HeapProfiler.collectGarbage")
    used: float = session.send("Runtime.getHeapUsage")["usedSize"]
    return used / 1e6


def loop(page: Page, table: Table) -> None:
    """Eight hours of slides and sentences; what is left in memory after each."""
    session = page.context.new_cdp_session(page)
    page.clock.run_for(10 * MINUTE_MS)
    figures = [heap(session)]
    for _ in range(HOURS):
        for _ in range(60):
            page.clock.run_for(MINUTE_MS)
        figures.append(heap(session))
    plays = page.evaluate("Object.values(JSON.parse(localStorage.getItem('plays'))).reduce((a, b) => a + b, 0)")
    nodes = page.evaluate("document.querySelectorAll('*').length")
    table.add_row("slides shown in 8 hours", str(plays))
    table.add_row(
        "JavaScript heap after 10 minutes, and after each hour", ", ".join(f"{f:.2f}" for f in figures) + " MB"
    )
    table.add_row("elements on the page at the end", str(nodes))


def seen(page: Page, store: ContentStore, table: Table) -> None:
    """From the release of an urgent warning to its slide on the screen."""
    times = []
    for number in range(RELEASES):
        store.seed([urgent(number)])
        store.publish(author="benchmark")
        began = time.perf_counter()
        page.locator(".slide__title", has_text=f"紧急提醒{number}").wait_for()
        times.append(time.perf_counter() - began)
        time.sleep(0.1 * number)  # at another moment of the polling each time
    table.add_row(
        f"released -> on the screen, {RELEASES} times",
        f"median {statistics.median(times):.1f} s, most {max(times):.1f} s",
    )


def urgent(number: int) -> tuple[str, str, dict[str, Any]]:
    """The same warning with other words each time."""
    words = {"zh-Hans": f"紧急提醒{number}", "en": f"Urgent {number}"}
    body = {"id": "urgent", "title": words, "text": words, "channels": ["screen"], "priority": 1}
    return "warning", "urgent", {**body, "start": "2020-01-01", "end": "2099-12-31"}


def main() -> None:
    """Print the table."""
    table = Table("what", "measured", title="A screen, in Chromium")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with app() as (home, store), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, work in (("seen", lambda p: seen(p, store, table)), ("loop", lambda p: loop(p, table))):
            page = browser.new_page(viewport={"width": 1920, "height": 1080})
            page.set_default_timeout(PATIENCE_MS)
            if name == "loop":
                page.clock.install()
            page.goto(f"{home}/screen")
            page.wait_for_selector(".slide__also")
            work(page)
            page.close()
        browser.close()
    console.print(table)


if __name__ == "__main__":
    main()
