"""The kiosk in Chromium, beside a running `fangzha up`: `.venv/bin/python -m benchmarks.kiosk [ADDRESS]`.

First paint is from the start of navigation, with an empty cache. A touch is measured from its event to the frame in
which the next screen stands.
"""

import shutil
import sys

from playwright.sync_api import Page, sync_playwright
from rich.console import Console
from rich.table import Table

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


def main(address: str) -> None:
    """One table."""
    table = Table("kiosk", "first paint", "touch to next screen", "heap after the walks")
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, size in SIZES.items():
            page = browser.new_context(viewport=size, has_touch=True, service_workers="block").new_page()
            paints = first_paints(page, f"{address}/kiosk")
            table.add_row(name, str(paints), str(touches(page)), f"{page.evaluate(HEAP):.1f} MB")
        browser.close()
    Console(width=140).print(table)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
