"""A first day at the desk, in a real browser: a new kind of scam from an empty form to a customer's card, and away."""

from collections.abc import Callable
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.desk import DeskStack, Seat, Sit
from tests.browser.test_chat_page import fits
from tests.browser.test_desk_pages import axe
from tests.conversations.running import START_SECONDS, wait_until

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE_MS)

KEY = "umbrella_deposit"
STORY = "租共享雨伞要先扫码交押金，对方催我赶紧扫"
EXAMPLES = """\
typology: umbrella_deposit
zh:
  first:
    warn:
      - 租共享雨伞要扫码交押金，会不会有问题
      - 雨伞摊的人叫我先付押金再给伞
      - 说雨伞押金走这个码，我没扫
      - 借伞要交三百押金，还要加他好友
    stop-now:
      - 租雨伞的催我现在扫码交押金，我正要付
      - 我在填雨伞押金的金额，他在旁边催
    already-paid:
      - 雨伞押金付了，伞没给，人也走了
      - 扫了雨伞的押金码，钱扣了两次
en:
  first:
    warn:
      - a man wants an umbrella deposit by scanning his code
      - the umbrella stand asks me to pay a deposit first
"""


def words(page: Page, path: str, zh: str, en: str) -> None:
    """Fill in a sentence in two languages."""
    page.locator(f'[id="b.{path}.zh-Hans"]').fill(zh)
    page.locator(f'[id="b.{path}.en"]').fill(en)


def write_typology(author: Seat) -> None:
    """The new kind, through its form."""
    page = author.go("/desk/new/typology")
    page.locator('[id="b.id"]').fill(KEY)
    page.locator('[id="b.kind"]').select_option("typology")
    words(page, "names", "雨伞押金骗局", "Umbrella deposit")
    words(page, "summary", "骗子借租伞骗押金。", "A deposit for an umbrella that never comes.")
    words(page, "steps.0", "先搭话，递来一个码。", "A friendly word and a code to scan.")
    page.locator('[id="b.steps.0.stage"]').select_option("contact")
    words(page, "victims", "雨天赶路的人", "people caught in the rain")
    page.locator('[id="b.red_flags.0.id"]').fill("umbrella_code")
    page.locator('[id="b.red_flags.0.act"]').select_option("scan_qr")
    page.locator('[id="b.red_flags.0.strength"]').select_option("strong")
    words(page, "red_flags.0.says", "先付押金的雨伞多半没有。", "An umbrella paid first seldom comes.")
    page.locator('[id="b.red_flags.0.patterns.zh"]').fill("雨伞…押金\n押金…雨伞")
    page.locator('[id="b.red_flags.0.patterns.en"]').fill("umbrella…deposit")
    words(page, "never.0", "正规租伞不收私人的码。", "A real stand takes no private code.")
    for urgency, command in (
        ("ask", "先问清楚。"),
        ("warn", "先别扫码。"),
        ("stop-now", "先别付。"),
        ("already-paid", "先报警。"),
    ):
        words(page, f"actions.{urgency}.command", command, "Wait first.")
        words(page, f"actions.{urgency}.steps.0", "拨{advice}问一问。", "Ask {advice}.")
    page.locator('button[value="submit"]').click()
    expect(page.locator(".state")).not_to_have_count(0)
    assert f"/desk/pieces/typology/{KEY}" in page.url, page.locator(".note--bad").all_inner_texts()


def write_case(author: Seat, number: int, story: str) -> None:
    """One case."""
    page = author.go(f"/desk/new/case?typology={KEY}")
    page.locator('[id="b.id"]').fill(f"umbrella-{number}")
    expect(page.locator('[id="b.typology"]')).to_have_value(KEY)
    words(page, "title", f"雨天的伞{number}", f"Rainy day {number}")
    page.locator('[id="b.stage"]').select_option("demand")
    words(page, "story", story, "Old Zhou scanned the code and got no umbrella.")
    words(page, "lesson", "淋点雨也别扫陌生的码。", "Better wet than scanning a stranger's code.")
    page.locator('button[value="submit"]').click()
    page.wait_for_url(f"**/desk/pieces/case/umbrella-{number}")


def write_examples(author: Seat) -> None:
    """Ten examples, as text."""
    page = author.go(f"/desk/new/examples?typology={KEY}")
    page.locator("#key").fill(KEY)
    page.locator("#text").fill(EXAMPLES)
    page.locator('button[value="submit"]').click()
    page.wait_for_url(f"**/desk/pieces/examples/{KEY}")


def accept(reviewer: Seat, step: str) -> int:
    """Accept everything that waits at a step, from the first page on; how much that was."""
    accepted = 0
    while True:
        page = reviewer.go(f"/desk/pieces?state={quote(f'review:{step}')}")
        links = page.locator("a.sheet__main")
        if links.count() == 0:
            return accepted
        links.first.click()
        page.locator('button[value="accept"]').click()
        expect(page.locator(".note--good")).to_be_visible()
        accepted += 1


def kind_of(stack: DeskStack, text: str) -> str:
    """Which kind the app reads in a text now."""
    answer = httpx.post(f"{stack.url}/api/v1/assess", json={"text": text}, timeout=30, trust_env=False)
    return str(answer.json()["typology"])


def test_a_new_scam_type_reaches_customers_and_leaves_them_again(
    sit: Sit, desk_stack: DeskStack, picture: Callable[[Page], None]
) -> None:
    assert kind_of(desk_stack, STORY) != KEY
    author = sit("lin")
    write_typology(author)
    write_case(author, 1, "老周下雨时扫了一个陌生的码，没有拿到伞。")
    write_case(author, 2, "小吴付了两次押金，后来报了警。")
    write_examples(author)

    # the author cannot decide, another account can, and the last step needs a second one
    page = author.go(f"/desk/pieces/typology/{KEY}")
    expect(page.locator('button[value="accept"]')).to_have_count(0)
    reviewer = sit("mei")
    assert accept(reviewer, "fact_check") == 4
    assert accept(reviewer, "compliance") == 4
    publisher = sit("wu")
    assert accept(publisher, "approval") == 4
    assert kind_of(desk_stack, STORY) != KEY

    # the gate, then the release
    page = publisher.go("/desk/release")
    expect(page.locator("tbody tr")).to_have_count(4)
    page.locator('form[action="/desk/release/gate"] button').click()
    page.wait_for_url("**/desk/release", timeout=START_SECONDS * 1000)
    expect(page.locator('[name="expect"]')).to_have_count(1)
    page.locator('main a[href="/desk/release/gate"]').click()
    expect(page.locator("#changes-title")).to_be_visible()
    page.locator("details.card__body summary").click()
    assert fits(page)
    assert axe(page) == []
    picture(page)
    page.locator('main a.button[href="/desk/release"]').click()
    page.locator("#note").fill("雨伞押金")
    page.locator('form[action="/desk/release"] button').click()
    page.wait_for_url("**/desk/releases/2")
    wait_until("the release is in use", lambda: kind_of(desk_stack, STORY) == KEY, seconds=START_SECONDS)

    # and away, with its cases and examples
    page = publisher.go(f"/desk/withdraw?piece=typology/{KEY}")
    page.locator('input[value="fact"]').check()
    page.locator("form .button--solid").click()
    page.wait_for_url("**/desk/releases/3")
    wait_until("it is gone", lambda: kind_of(desk_stack, STORY) != KEY, seconds=START_SECONDS)
