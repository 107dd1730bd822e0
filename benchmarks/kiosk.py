"""The kiosk in Chromium, beside a running `fangzha up`: `.venv/bin/python -m benchmarks.kiosk [ADDRESS]`.

First paint is from the start of navigation, with an empty cache. A touch is measured from its event to the frame in
which the next screen stands. Eight hours are speeded up: the loop, and every ten minutes a visitor who comes to a card
and walks away from it.
"""

import shutil
import sys

from playwright.sync_api import Page, expect, sync_playwright
from rich.console import Console
from rich.table import Table

from benchmarks.screen import heap
from benchmarks.timing import Times

SIZES = {"1080x1920": {"width": 1080, "height": 1920}, "1920x1080": {"width": 1920, "height": 1080}}
PAINTS, WALKS = 10, 12
# From rest to the card and on to what can still be saved: one selector a touch.
WALK = (
    "#stage",
    ".tile:nth-child(2)",
    ".tile:nth-child(1)",
    ".actions .row:nth-child(1)",
    ".dock__more .key:nth-child(1)",
    ".answers .big:nth-child(1)",
    ".tile:nth-child(4)",
)
TOUCH = """(selector) => new Promise((done) => {
  const began = performance.now();
  document.querySelector(selector).click();
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
})"""
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
HEAP = "performance.memory.usedJSHeapSize / 1e6"
HOURS, VISITS_AN_HOUR = 8, 6
# As long as the page waits between two looks for a newer release, so that none of them is left out.
STEP_MS, MINUTES_MS = 4_000, 60_000
SLIDES = """() => {
  window.slides = 0;
  const stage = document.getElementById("stage");
  const isSlide = (change) => [...change.addedNodes].some((node) => node.className === "slide__title");
  const watcher = new MutationObserver((changes) => (window.slides += changes.filter(isSlide).length));
  watcher.observe(stage, { childList: true, subtree: true });
}"""


def first_paints(browser_page: "Page", address: str) -> Times:
    """Of the page as it is opened anew."""
    values = []
    for _ in range(PAINTS):
        browser_page.goto(address)
        browser_page.wait_for_selector("#stage[data-screen=rest]")
        values.append(float(browser_page.evaluate(PAINT)))
    return Times(tuple(values))


def touches(page: "Page") -> Times:
    """Of every touch on the way, walked again and again."""
    values = []
    for _ in range(WALKS):
        values += [float(page.evaluate(TOUCH, selector)) for selector in WALK]
        page.evaluate(TOUCH, ".dock__more .key:nth-last-child(2)")
    return Times(tuple(values))


def day(page: "Page", address: str) -> list[tuple[str, str]]:
    """Eight hours; what is left in memory after the first ten minutes and after each hour."""
    page.clock.install()
    page.goto(f"{address}/kiosk")
    page.wait_for_selector("#stage[data-screen=rest]")
    page.evaluate(SLIDES)
    session = page.context.new_cdp_session(page)
    _ten_minutes(page)
    figures, visits = [heap(session)], 1
    for _ in range(HOURS):
        for _ in range(VISITS_AN_HOUR):
            _ten_minutes(page)
            visits += 1
        figures.append(heap(session))
    told = ", ".join(f"{f:.2f}" for f in figures)
    nodes = page.evaluate("document.querySelectorAll('*').length")
    return [
        ("slides shown, visitors, in 8 hours and 10 minutes", f"{page.evaluate('slides')}, {visits}"),
        ("JavaScript heap after 10 minutes, and after each hour", f"{told} MB"),
        ("elements on the page at the end", str(nodes)),
    ]


def _ten_minutes(page: "Page") -> None:
    """A visitor goes as far as the card and away; the loop has the rest of the time."""
    for selector in WALK[:3]:
        page.locator(selector).first.click()
    expect(page.locator("#stage[data-screen=card]")).to_be_visible()
    for _ in range(10 * MINUTES_MS // STEP_MS):
        page.clock.run_for(STEP_MS)
    expect(page.locator("#stage[data-screen=rest]")).to_be_visible()


def main(address: str) -> None:
    """Two tables."""
    table = Table("kiosk", "first paint", "touch to next screen", "heap after the walks")
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, size in SIZES.items():
            page = browser.new_context(viewport=size, has_touch=True, service_workers="block").new_page()
            paints = first_paints(page, f"{address}/kiosk")
            table.add_row(name, str(paints), str(touches(page)), f"{page.evaluate(HEAP):.1f} MB")
        page = browser.new_context(viewport=SIZES["1080x1920"], has_touch=True).new_page()
        hours = Table("kiosk, eight hours speeded up", "measured")
        for row in day(page, address):
            hours.add_row(*row)
        browser.close()
    Console(width=140).print(table, hours)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
