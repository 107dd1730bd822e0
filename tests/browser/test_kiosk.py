"""The kiosk in a real Chromium, by touch, at both sizes: every screen, every way, and nothing left for who comes next."""

from collections.abc import Callable
from io import BytesIO
from itertools import product

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pypdf import PdfReader

from tests.browser.conftest import PATIENCE_MS, PHONE, RESULTS
from tests.browser.desk import DeskStack
from tests.browser.hall import SIZES, Kiosk, Open
from tests.browser.test_accessibility import RULES
from tests.conversations.running import not_here

pytestmark = pytest.mark.browser
AAA = {"runOnly": {"type": "tag", "values": [*RULES["runOnly"]["values"], "wcag2aaa"]}}  # type: ignore[list-item]
QUIET_MS, WARNING_MS = 45_000, 20_000
# What no screen may do, as far as the page itself can tell.
LOOK = """() => {
  const faults = [];
  const say = (what, element, more) => faults.push(`${what}: ${element.className} ${element.textContent.slice(0, 24)} ${more || ""}`);
  const shown = (element) => element.getClientRects().length && getComputedStyle(element).visibility !== "hidden";
  for (const element of document.querySelectorAll(".display, .controls, .dock, .tile, .big, .row, .key, .bubble")) {
    if (element.scrollHeight > element.clientHeight + 3 || element.scrollWidth > element.clientWidth + 3)
      say("does not fit", element, `${element.scrollWidth}x${element.scrollHeight} in ${element.clientWidth}x${element.clientHeight}`);
  }
  const controls = document.querySelector(".controls");
  const first = controls.firstElementChild;
  if (first && first.getBoundingClientRect().top < controls.getBoundingClientRect().top - 1) say("runs into what is above", first);
  for (const element of [...document.querySelectorAll("button, textarea")].filter(shown)) {
    const box = element.getBoundingClientRect();
    if (box.width < 71.5 || box.height < 71.5) say("too small to touch", element, `${box.width}x${box.height}`);
    if (box.right > innerWidth + 1 || box.bottom > innerHeight + 1) say("off the screen", element);
    if (innerHeight > innerWidth && box.top < innerHeight / 2 - 1) say("out of reach", element, box.top);
  }
  for (const element of [...document.querySelectorAll("body *")].filter(shown)) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (own && parseFloat(getComputedStyle(element).fontSize) < 24) say("too small to read", element);
  }
  return faults;
}"""
STORED = """async () => ({
  local: Object.keys(localStorage), session: Object.keys(sessionStorage), cookies: document.cookie,
  databases: (await indexedDB.databases()).map((one) => one.name),
})"""
VOICE = """
  const voice = { lang: "zh-CN", name: "stand-in", localService: true, default: true, voiceURI: "x" };
  window.spoken = [];
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  Object.defineProperty(window, "speechSynthesis", { value: {
    getVoices: () => [voice], cancel() {},
    speak(words) { if (words.voice !== voice) throw new Error("no voice was given"); window.spoken.push(words); },
  }});
"""


# ---- Every screen ----


def faults_of(page: Page) -> list[str]:
    """What the page and axe-core find on a screen as it is."""
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        not_here("axe-playwright-python is missing: run `make setup`")
    found = Axe().run(page, options=AAA).response["violations"]
    return page.evaluate(LOOK) + [f"{v['id']}: {n['html'][:140]}" for v in found for n in v["nodes"]]


def tour(kiosk: Kiosk, see: Callable[[str], None], *, large: bool) -> None:  # noqa: PLR0915  # one way through
    """Through every screen there is."""
    see("rest")
    kiosk.tap("#stage")
    if large:
        kiosk.tap('.key[aria-pressed="false"]')
        kiosk.tap('.key[aria-pressed="false"]')
    see("choices")
    kiosk.tap(".tile", 0)
    see("kinds")
    kiosk.tap(".tile", 0)
    see("question")
    kiosk.tap(".answers .big", 1)
    kiosk.tap(".dock__more .key", 0)
    kiosk.tap(".dock__more .key", 0)
    kiosk.tap(".dock__more .key", 0)
    kiosk.tap(".tile", 1)
    kiosk.tap(".tile", 0)
    see("card")
    kiosk.tap(".actions .row", 0)
    see("why")
    kiosk.tap(".dock__more .key", 0)
    kiosk.tap(".actions .row", 1)
    expect(kiosk.page.locator(".qr")).to_be_visible()
    see("phone")
    kiosk.tap(".dock__more .key", 0)
    kiosk.tap(".actions .row", 2)
    expect(kiosk.page.frame_locator(".paper").locator("h1")).to_be_visible()
    see("paper")
    kiosk.tap(".dock__more .key", 0)
    kiosk.tap(".big--alarm")
    see("paid")
    kiosk.tap(".tile", 3)
    see("saving")
    kiosk.tap(".big--person")
    expect(kiosk.page.locator('[role="status"] >> visible=true').first).to_be_visible()
    see("person")
    kiosk.tap(".dock__more .key >> nth=-1")
    see("ordinary")
    kiosk.tap(".dock__more .key", 0)
    for _ in range(5):
        kiosk.tap(".dock__more .key", 0)
    see("choices")
    kiosk.tap(".tile", 9)
    see("drills")
    kiosk.tap(".tile", 0)
    kiosk.tap(".bubble", 1)
    see("drill")
    kiosk.tap(".controls > .big--main")
    kiosk.tap(".controls > .big--main")
    kiosk.tap(".options .big", 0)
    see("quiz")
    kiosk.tap(".controls > .row")
    for _ in range(3):
        kiosk.tap(".dock__more .key", 0)


@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize("mode", ["zh", "en-large-plain"])
def test_every_screen_can_be_read_touched_and_reached(kiosk: Open, size: str, mode: str) -> None:
    large = mode != "zh"
    opened = kiosk(size, path="/kiosk?lang=en" if large else "/kiosk")
    faults: dict[str, list[str]] = {}
    RESULTS.mkdir(parents=True, exist_ok=True)

    def see(name: str) -> None:
        opened.screen(name)
        dock = opened.page.locator(".dock")
        expect(dock.locator(".big--person")).to_be_visible()
        if name not in {"paid", "saving"}:
            expect(dock.locator(".big--alarm")).to_be_visible()
        opened.page.screenshot(path=RESULTS / f"kiosk-{size}-{mode}-{name}.png")
        if found := faults_of(opened.page):
            faults[name] = found

    tour(opened, see, large=large)
    assert faults == {}


def test_another_language_is_one_touch_away_and_stays(kiosk: Open) -> None:
    opened = kiosk()
    opened.to_danger()
    before = opened.page.locator("h1").inner_text()
    opened.tap('.dock .key:has-text("English")')
    expect(opened.page.locator("html")).to_have_attribute("lang", "en")
    assert opened.page.locator("h1").inner_text() != before
    opened.tap(".answers .big", 0)
    opened.screen("paid")
    expect(opened.page.locator(".dock")).to_contain_text("Get a person")


def test_a_drill_is_counted_once_for_a_visitor_and_without_one(kiosk: Open) -> None:
    opened = kiosk()
    opened.tap("#stage")
    opened.tap(".tile", 9)
    for _ in range(2):
        opened.tap(".tile", 0)
        opened.tap(".controls > .big--main")
        opened.tap(".controls > .big--main")
        opened.tap(".options .big", 0)
        opened.tap(".controls > .row")
        opened.screen("drills")
    begun, answered = opened.calls("/api/v1/events")
    assert begun["key"] == answered["key"]
    assert begun == {"kind": "drill", "key": begun["key"], "event": "shown", "channel": "kiosk"}
    assert answered["event"] in {"right", "wrong"}


def test_it_begins_in_chinese_whatever_language_the_machines_browser_has(browser: Browser, hall: DeskStack) -> None:
    context = browser.new_context(viewport=SIZES["portrait"], locale="en-US", has_touch=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{hall.url}/kiosk")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.locator('.dock .key:has-text("English")').tap()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    context.close()


# ---- Nobody is left behind on the screen ----


def test_it_warns_waits_for_one_touch_and_then_wipes_everything(kiosk: Open, hall: DeskStack) -> None:
    opened = kiosk(clock=True)
    page = opened.page
    opened.to_danger()
    opened.tap('.dock .key:has-text("English")')
    page.clock.fast_forward(QUIET_MS - 1000)
    expect(page.locator(".overlay__box")).to_have_count(0)
    page.clock.fast_forward(1000)
    expect(page.locator(".overlay__box")).to_be_visible()
    page.screenshot(path=RESULTS / "kiosk-portrait-idle.png")
    assert faults_of(page) == []
    page.locator("#overlay").tap()
    expect(page.locator(".overlay__box")).to_have_count(0)
    opened.screen("card")
    page.clock.fast_forward(QUIET_MS)
    page.clock.run_for(WARNING_MS + 1000)
    opened.screen("rest")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    (told,) = {body["conversation"] for body in opened.calls("/kiosk/wipe")}
    body = {"conversation": told, "payload": "do:why"}
    said = httpx.post(f"{hall.url}/api/v1/chat", json=body, timeout=30, trust_env=False).json()
    assert said["assessment"] is None
    assert page.evaluate(STORED) == {"local": [], "session": [], "cookies": "", "databases": []}


def test_the_next_visitor_cannot_go_back(kiosk: Open, hall: DeskStack) -> None:
    opened = kiosk()
    page = opened.page
    long_before = page.evaluate("history.length")
    opened.to_danger()
    assert page.evaluate("history.length") == long_before
    card = page.locator("h1").inner_text()
    opened.tap('.dock .key:has-text("重新开始")')
    opened.screen("rest")
    page.goto(hall.url + "/docs")
    page.go_back()
    opened.screen("rest")
    expect(page.locator("body")).not_to_contain_text(card)
    page.go_forward()
    page.go_back()
    opened.screen("rest")
    opened.tap("#stage")
    expect(page.locator('.dock .key:has-text("返回")')).to_have_count(0)


def test_being_read_to_counts_as_being_there(kiosk: Open) -> None:
    opened = kiosk(clock=True, script=VOICE)
    page = opened.page
    opened.to_danger()
    opened.tap('.dock .key:has-text("念给我听")')
    assert "1 1 0" in page.evaluate("spoken[0].text")
    page.clock.fast_forward(QUIET_MS + 5000)
    expect(page.locator(".overlay__box")).to_have_count(0)
    page.evaluate("spoken[0].onend()")
    expect(page.locator('.dock .key:has-text("念给我听")')).to_be_visible()
    page.clock.fast_forward(QUIET_MS)
    expect(page.locator(".overlay__box")).to_be_visible()


def test_without_a_voice_it_says_so_in_words(kiosk: Open) -> None:
    opened = kiosk(script="Object.defineProperty(window, 'speechSynthesis', { value: { getVoices: () => [] } });")
    opened.to_danger()
    opened.tap('.dock .key:has-text("念给我听")')
    expect(opened.page.locator(".note")).to_contain_text("念不出声")


# ---- Help, paper, phone ----


def test_a_quiet_call_shows_an_ordinary_page_and_is_made_again_until_it_is_heard(kiosk: Open) -> None:
    opened = kiosk()
    answers = [500, 201]
    opened.page.route(
        "**/api/v1/help-calls",
        lambda route: route.fulfill(status=answers.pop(0) if answers else 201, json={"id": 1}),
    )
    opened.errors.clear()
    opened.to_danger()
    opened.tap('.dock .key:has-text("不方便说话")')
    opened.screen("ordinary")
    expect(opened.page.locator("#stage")).not_to_contain_text("大堂经理知道")
    expect(opened.page.locator('.dock .key:has-text("不方便说话")')).to_have_count(0)
    opened.page.wait_for_event("request", predicate=lambda r: r.url.endswith("/help-calls"))
    assert [c["kind"] for c in opened.calls("/help-calls")] == ["quiet", "quiet"]
    opened.errors[:] = [e for e in opened.errors if "500" not in e]


def test_a_person_is_called_at_once_and_it_is_told_whether_it_was_heard(kiosk: Open) -> None:
    opened = kiosk()
    opened.tap(".big--person")
    opened.screen("person")
    expect(opened.page.locator("#stage")).to_contain_text("已经告诉大堂经理")
    assert opened.calls("/help-calls")[0]["kind"] == "person"


def test_the_paper_is_one_page_of_a5(kiosk: Open, hall: DeskStack) -> None:
    page = kiosk().page
    for language, typology in product(("zh-Hans", "en"), ("police_gov", "crypto", "cash_gold")):
        page.goto(f"{hall.url}/kiosk/paper/{typology}/already-paid?lang={language}&paid_by=phone_now")
        pages = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
        size = [round(float(side) / 72 * 25.4) for side in (pages[0].mediabox.width, pages[0].mediabox.height)]
        assert (len(pages), size) == (1, [148, 210]), language
        assert "110" in pages[0].extract_text()


def test_the_code_carries_the_conversation_to_a_phone_once(kiosk: Open, browser: Browser, hall: DeskStack) -> None:
    zxingcpp = pytest.importorskip("zxingcpp")
    from PIL import Image

    opened = kiosk()
    opened.to_danger()
    opened.tap(".actions .row", 1)
    (read,) = zxingcpp.read_barcodes(Image.open(BytesIO(opened.page.locator(".qr").screenshot())))
    assert read.text.startswith(f"{hall.url}/?continue=")
    context = browser.new_context(viewport=PHONE, locale="zh-CN")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(read.text)
    expect(page.locator(".card")).to_be_visible(timeout=PATIENCE_MS)
    assert page.url == hall.url + "/"
    expect(page.locator(".card")).to_have_attribute("data-urgency", "stop-now")
    page.goto(read.text)
    expect(page.locator("#trouble")).to_contain_text("用过")
    context.close()


def test_words_of_ones_own_lead_to_the_card_too(kiosk: Open) -> None:
    opened = kiosk()
    opened.tap("#stage")
    opened.tap(".controls > .row")
    opened.tap(".big--main")
    expect(opened.page.locator('[role="status"] >> text=先写几个字')).to_be_visible()
    opened.page.locator(".writing").fill("公安局说我涉嫌洗钱，让我把钱转到安全账户")
    opened.tap(".big--main")
    opened.screen("card")
    expect(opened.page.locator("#stage")).to_have_attribute("data-urgency", "stop-now")
    opened.tap(".answers .big", 0)
    opened.screen("paid")


# ---- Without a line ----


def test_without_a_line_pictures_drills_and_the_loop_go_on(kiosk: Open) -> None:
    opened = kiosk()
    opened.page.context.set_offline(True)
    opened.to_danger()
    opened.tap(".answers .big", 0)
    opened.tap(".tile", 0)
    opened.screen("saving")
    opened.tap('.dock .key:has-text("重新开始")')
    opened.tap("#stage")
    opened.tap(".tile", 9)
    opened.tap(".tile", 0)
    opened.screen("drill")
    opened.tap(".dock__more .key", 0)
    opened.tap(".dock__more .key", 0)
    opened.tap(".controls > .row")
    opened.page.locator(".writing").fill("有人叫我转账")
    opened.tap(".big--main")
    expect(opened.page.locator('[role="status"] >> text=先别转钱')).to_be_visible()
    opened.page.context.set_offline(False)


def test_what_is_asked_about_comes_oftener(kiosk: Open) -> None:
    opened = kiosk()

    def asked(route: Route) -> None:
        route.fulfill(json={"typologies": {"romance": 9}})

    opened.page.route("**/kiosk/asked", asked)
    shown = opened.page.evaluate(
        """async () => {
          const { inForce, nextItem, learnWhatIsAsked } = await import("/static/kiosk/rest.js");
          await learnWhatIsAsked();
          const items = inForce();
          const count = {};
          for (let turn = 0; turn < 300; turn += 1) {
            const item = nextItem(items);
            count[item.typology] = (count[item.typology] || 0) + 1;
          }
          return { count, all: new Set(items.map((one) => one.typology)).size };
        }"""
    )
    assert len(shown["count"]) == shown["all"]
    assert shown["count"]["romance"] > 2 * shown["count"]["flight"]


def test_a_newer_release_is_taken_over_at_rest_and_not_under_somebodys_hands(kiosk: Open) -> None:
    opened = kiosk()
    page = opened.page
    newer = page.evaluate("fetch('/kiosk/content.json').then((answer) => answer.json())")
    newer["words"]["kiosk_rest_lead"] = dict.fromkeys(("zh-Hans", "zh-Hant", "en"), "更新了")
    newer["words"]["kiosk_what"] = dict.fromkeys(("zh-Hans", "zh-Hant", "en"), "更新了")
    opened.tap("#stage")
    opened.screen("choices")
    page.context.route("**/kiosk/content.json", lambda route: route.fulfill(json=newer, headers={"ETag": '"newer"'}))
    opened.tap(".tile", 0)
    opened.tap('.dock .key:has-text("返回")')
    expect(page.locator("h1")).to_have_text("发生了什么？")
    opened.tap('.dock .key:has-text("重新开始")')
    expect(page.locator("h1")).to_have_text("更新了")
