"""The chat page as a customer meets it: by finger, by keyboard, in three languages, with the line down."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from bot.core.vocabulary import Language
from tests.browser.conftest import DESKTOP, PATIENCE_MS, PHONE, Watched
from tests.conversations.running import SENDER_BURST
from tests.conversations.talking import Published

pytestmark = pytest.mark.browser
Take = Callable[[Page], None]
Open = Callable[..., Watched]

expect.set_options(timeout=PATIENCE_MS)

STORY = "刚才有个自称公安局的打电话，说我涉嫌洗钱，要我把钱转到安全账户核查，还不许我挂电话"
STORY_EN = "A man from the police says my account is at risk and I must move my savings to a safe account today"
CALLS = "**/api/v1/chat"
TOO_LONG = 8001


def write(page: Page, text: str) -> None:
    """Write a message and send it."""
    page.locator("#text").fill(text)
    page.locator("#send").click()


def card(page: Page) -> Locator:
    """The newest card."""
    expect(page.locator(".card")).not_to_have_count(0)
    return page.locator(".card").last


def in_sight(page: Page, what: Locator) -> bool:
    """Whether all of it can be seen without scrolling."""
    box, size = what.bounding_box(), page.viewport_size
    assert box is not None
    assert size is not None
    return box["y"] >= 0 and box["y"] + box["height"] <= size["height"] and box["x"] + box["width"] <= size["width"]


def fits(page: Page) -> bool:
    """Whether nothing sticks out to the side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


# ---- First sight ----


def test_the_first_sight_has_a_greeting_and_the_police_one_tap_away(
    chat: Watched, published: Published, picture: Take
) -> None:
    page = chat.page

    expect(page.locator("#greeting-text")).to_have_text(published.reply("greet").split("\n")[0])
    call = page.locator("#bar-call")
    assert call.get_attribute("href") == f"tel:{published.wording().number('police')}"
    assert in_sight(page, page.locator("#greeting-text"))
    assert in_sight(page, call)
    assert in_sight(page, page.locator("#text"))
    assert fits(page)
    picture(page)


def test_it_says_that_it_is_a_machine_and_what_it_keeps(chat: Watched, published: Published) -> None:
    expect(chat.page.get_by_text(published.reply("ui_notice_machine"))).to_be_visible()
    expect(chat.page.get_by_text(published.reply("ui_notice_keeps"))).to_be_visible()


def test_without_script_the_greeting_and_the_numbers_still_stand_there(watch: Open, published: Published) -> None:
    page = watch(PHONE, java_script_enabled=False).page

    expect(page.locator("#greeting-text")).to_have_text(published.reply("greet").split("\n")[0])
    expect(page.locator("a[href^='tel:']").first).to_be_visible()
    expect(page.get_by_text(published.reply("ui_no_script"))).to_be_visible()


@pytest.mark.parametrize("lost", ["main.js", "cards.js"])
def test_a_page_that_did_not_arrive_whole_says_so(
    phone: Watched, published: Published, picture: Take, lost: str
) -> None:
    page, phone.line_broken = phone.page, True
    expect(page.locator("#unopened")).to_have_count(0)
    page.route(f"**/static/chat/{lost}", lambda route: route.abort())
    page.reload()

    expect(page.get_by_text(published.reply("ui_no_script"))).to_be_visible()
    expect(page.locator("#bar-call")).to_be_visible()
    picture(page)


@pytest.mark.parametrize("path", ["/design", "/docs", "/kiosk", "/screen", "/desk"])
def test_every_other_page_opens_quietly_and_fits(watch: Open, path: str, picture: Take) -> None:
    page = watch(PHONE, path=path).page

    expect(page.locator("h1").first).to_be_visible()
    assert fits(page)
    picture(page)


# ---- A story ----


def test_a_story_brings_command_numbers_reasons_and_buttons(chat: Watched, published: Published, picture: Take) -> None:
    page = chat.page
    write(page, STORY)
    shown = card(page)

    action = published.release.typologies["police_gov"].actions
    command = next(a.command for u, a in action.items() if u.value == "stop-now")
    expect(shown.locator(".card__command")).to_have_text(published.wording().say(command))
    police = published.wording().number("police")
    expect(shown.locator(f"a[href='tel:{police}']")).to_be_visible()
    expect(shown.locator(".card__question")).to_have_text(published.question("money_gone"))
    expect(shown.locator(".choice")).to_have_count(3)
    assert in_sight(page, shown.locator(".card__command"))
    assert in_sight(page, shown.locator(f"a[href='tel:{police}']"))
    assert fits(page)
    picture(page)


def test_the_words_that_gave_it_away_are_underlined_in_the_customers_own_bubble(chat: Watched, picture: Take) -> None:
    page = chat.page
    with page.expect_response(CALLS) as answer:
        write(page, STORY)
    card(page)
    flags = answer.value.json()["assessment"]["red_flags"]
    bubble = page.locator(".bubble").first

    expect(bubble.locator(".bubble__text")).to_have_text(STORY)
    marked = bubble.locator("mark").all_text_contents()
    assert marked
    assert set(marked) <= {flag["text"] for flag in flags}
    underline = bubble.locator("mark").first.evaluate("(one) => getComputedStyle(one).textDecorationLine")
    assert underline == "underline"
    bubble.locator("button").click()
    expect(bubble.get_by_text(next(f["says"] for f in flags if f["says"]))).to_be_visible()
    picture(page)


def test_a_tapped_answer_brings_the_next_card_and_closes_the_question(
    chat: Watched, published: Published, picture: Take
) -> None:
    page = chat.page
    write(page, STORY)
    card(page)
    first, second = page.locator(".card").first, page.locator(".card").nth(1)
    first.locator(".choice").first.click()

    expect(page.locator(".card")).to_have_count(2)
    expect(second).to_have_attribute("data-urgency", "already-paid")
    ways = published.buttons("ask_pay_method")
    expect(page.locator(".choice:enabled")).to_have_count(len(ways))
    expect(second.locator(".choice:enabled")).to_have_count(len(ways))
    expect(first.locator(".choice:enabled")).to_have_count(0)
    picture(page)


def test_first_aid_by_button_to_the_end(phone: Watched, published: Published, picture: Take) -> None:
    page = phone.page
    page.locator("#greeting-buttons .choice").first.click()
    card(page).get_by_role("button", name="ATM").click()

    expect(page.get_by_text(published.reply("first_aid_atm"))).to_be_visible()
    expect(page.get_by_text(published.reply("first_aid_common"))).to_be_visible()
    picture(page)


def test_an_urgent_command_is_announced_to_a_screen_reader(phone: Watched) -> None:
    write(phone.page, STORY)
    command = card(phone.page).locator(".card__command").text_content()

    assert phone.page.locator("#log").get_attribute("role") == "log"
    expect(phone.page.locator("#alert[role=alert]")).to_contain_text(str(command))


def test_a_number_in_the_words_is_called_with_one_tap(phone: Watched, published: Published) -> None:
    page = phone.page
    write(page, "我不想活了")

    wording = published.wording()
    for role in ("mental", "police", "ambulance"):
        expect(page.locator(f".answer a[href='tel:{wording.number(role)}']").first).to_have_text(wording.number(role))
    expect(page.locator(".answer")).to_have_text(published.reply("self_harm"))
    assert page.locator(".bubble a, .bubble mark").count() == 0


def test_one_answer_says_once_that_it_is_a_machines(phone: Watched, published: Published) -> None:
    page = phone.page
    page.locator("#greeting-buttons .choice").first.click()
    card(page).get_by_role("button", name="ATM").click()

    expect(page.get_by_text(published.reply("first_aid_common"))).to_be_visible()
    expect(page.locator(".turn--text")).to_have_count(2)
    expect(page.locator(".turn--text .from")).to_have_count(1)


def test_words_before_a_card_are_in_sight_with_it(phone: Watched, published: Published, picture: Take) -> None:
    page = phone.page
    write(page, STORY)
    card(page)
    write(page, "那我现在怎么办，手都在抖")

    expect(page.locator(".card")).to_have_count(2)
    expect(page.get_by_text(published.reply("steady"))).to_be_in_viewport(ratio=1)
    expect(card(page).locator(".card__command")).to_be_in_viewport(ratio=1)
    picture(page)


def test_feedback_is_given_with_one_tap(phone: Watched, published: Published) -> None:
    write(phone.page, STORY)
    card(phone.page).get_by_role("button", name=published.reply("ui_helpful"), exact=True).click()

    expect(phone.page.get_by_text(published.reply("helpful"))).to_be_visible()


def test_a_similar_case_unfolds(phone: Watched, published: Published) -> None:
    write(phone.page, STORY)
    case = card(phone.page).locator("details", has_text=published.reply("ui_case"))
    expect(case.locator(".unfold__body")).not_to_be_visible()

    case.locator("summary").click()

    expect(case.locator(".unfold__body")).to_be_visible()


def test_markup_in_a_message_is_shown_as_text_also_where_words_are_underlined(phone: Watched, picture: Take) -> None:
    page = phone.page
    text = STORY + " <img src=x onerror='window.broken=1'><script>window.broken=1</script><b>安全账户</b>"
    write(page, text)
    card(page)

    expect(page.locator(".bubble__text").first).to_have_text(text)
    assert page.locator(".bubble mark").count() > 0
    assert page.locator(".bubble img, .bubble script, .bubble b, .card img, .card b").count() == 0
    assert page.evaluate("window.broken") is None
    page.locator(".bubble").first.scroll_into_view_if_needed()
    picture(page)


def test_start_over_clears_the_page_and_begins_another_conversation(phone: Watched) -> None:
    page = phone.page
    write(page, STORY)
    card(page)
    before = page.evaluate("sessionStorage.getItem('conversation')")

    page.locator("#menu summary").click()
    page.locator("#restart").click()

    expect(page.locator("#log > *")).to_have_count(0)
    assert page.evaluate("sessionStorage.getItem('conversation')") != before
    expect(page.locator("#text")).to_be_focused()


# ---- By keyboard ----


def test_all_of_it_works_by_keyboard(chat: Watched, picture: Take) -> None:
    page = chat.page
    _tab_to(page, "#text")
    page.keyboard.type(STORY)
    page.keyboard.press("Enter")
    card(page)

    _tab_to(page, ".card .choice", backwards=True)
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    picture(page)
    page.keyboard.press("Enter")

    expect(page.locator(".card")).to_have_count(2)
    expect(page.locator("#text")).to_be_focused()


def test_the_first_tab_leads_past_everything_to_the_message_box(chat: Watched, published: Published) -> None:
    page = chat.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == published.reply("ui_skip")

    page.keyboard.press("Enter")
    page.keyboard.type("你好")

    expect(page.locator("#text")).to_have_value("你好")


def test_shift_enter_begins_a_new_line(phone: Watched) -> None:
    page = phone.page
    page.locator("#text").focus()
    page.keyboard.type("一")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("二")

    expect(page.locator("#text")).to_have_value("一\n二")
    expect(page.locator("#log > *")).to_have_count(0)


def _tab_to(page: Page, selector: str, *, backwards: bool = False, at_most: int = 40) -> None:
    for _ in range(at_most):
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
    pytest.fail(f"{at_most} times Tab did not reach {selector}")


# ---- When something goes wrong ----


def test_with_the_server_down_the_numbers_are_shown_and_the_words_kept(
    chat: Watched, published: Published, picture: Take
) -> None:
    page, chat.line_broken = chat.page, True
    page.route(CALLS, lambda route: route.abort())
    write(page, STORY)

    trouble = page.locator("#trouble")
    expect(trouble).to_contain_text(published.reply("ui_offline"))
    expect(trouble).to_contain_text(published.reply("ui_kept"))
    expect(trouble.locator(f"a[href='tel:{published.wording().number('police')}']")).to_be_visible()
    expect(page.locator("#text")).to_have_value(STORY)
    expect(page.locator(".bubble")).to_have_count(0)
    assert fits(page)
    picture(page)

    page.unroute(CALLS)
    trouble.get_by_role("button", name=published.reply("ui_retry")).click()
    card(page)
    expect(trouble).to_be_hidden()
    expect(page.locator("#text")).to_have_value("")


def test_an_answer_nobody_can_read_is_no_blank_page(phone: Watched, published: Published) -> None:
    page, phone.line_broken = phone.page, True
    page.route(CALLS, lambda route: route.fulfill(status=500, body="<html>no</html>"))
    write(page, STORY)

    expect(page.locator("#trouble")).to_contain_text(published.reply("ui_offline"))
    expect(page.locator("#text")).to_have_value(STORY)


def test_a_tap_that_does_not_arrive_can_be_tapped_again(phone: Watched, published: Published) -> None:
    page, phone.line_broken = phone.page, True
    write(page, STORY)
    first = card(page)
    page.route(CALLS, lambda route: route.abort())
    first.locator(".choice").first.click()
    expect(page.locator("#trouble")).to_contain_text(published.reply("ui_offline"))

    page.unroute(CALLS)
    first.locator(".choice").first.click()

    expect(page.locator(".card")).to_have_count(2)


def test_too_many_messages_are_told_so_and_nothing_is_lost(phone: Watched, published: Published, picture: Take) -> None:
    page, phone.line_broken = phone.page, True
    page.evaluate(
        """async (most) => {
          sessionStorage.setItem("conversation", "too-many-messages");
          const call = { method: "POST", headers: { "Content-Type": "application/json" },
                         body: JSON.stringify({ conversation: "too-many-messages", text: " " }) };
          for (let n = 0; n < most; n += 1) if ((await fetch("/api/v1/chat", call)).status === 429) return;
        }""",
        SENDER_BURST * 2,
    )
    with page.expect_response(CALLS) as answer:
        write(page, STORY)

    assert answer.value.status == 429
    seconds = answer.value.headers["retry-after"]
    expect(page.locator("#trouble")).to_contain_text(published.wording().reply("ui_too_fast", seconds=seconds))
    expect(page.locator("#text")).to_have_value(STORY)
    picture(page)


def test_a_text_too_long_is_told_so_before_it_is_sent(phone: Watched, published: Published, picture: Take) -> None:
    page = phone.page
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if "/api/" in request.url else None)
    write(page, "长" * TOO_LONG)

    expect(page.locator("#trouble")).to_contain_text(published.reply("ui_too_long"))
    expect(page.locator("#count")).to_have_text(published.wording().reply("ui_over", count="1"))
    assert sent == []
    assert len(page.locator("#text").input_value()) == TOO_LONG
    picture(page)


def test_a_text_the_server_finds_too_long_is_kept(phone: Watched, published: Published) -> None:
    page, phone.line_broken = phone.page, True

    def lengthen(route: Route) -> None:
        call = route.request.post_data_json
        assert call is not None
        route.continue_(post_data={**call, "text": "长" * TOO_LONG})

    page.route(CALLS, lengthen)
    with page.expect_response(CALLS) as answer:
        write(page, STORY)

    assert answer.value.status == 413
    expect(page.locator("#trouble")).to_contain_text(published.reply("ui_too_long"))
    expect(page.locator("#text")).to_have_value(STORY)


def test_an_empty_box_asks_for_a_word(phone: Watched, published: Published) -> None:
    phone.page.locator("#send").click()

    expect(phone.page.locator("#trouble")).to_contain_text(published.reply("ui_empty"))


# ---- Languages ----


@pytest.mark.parametrize(
    ("locale", "language"),
    [("zh-CN", Language.ZH_HANS), ("zh-HK", Language.ZH_HANT), ("en-GB", Language.EN), ("fr-FR", Language.ZH_HANS)],
)
def test_the_page_opens_in_the_language_of_the_browser(
    watch: Open, published: Published, locale: str, language: Language
) -> None:
    page = watch(DESKTOP, locale=locale).page

    expect(page.locator("html")).to_have_attribute("lang", language.value)
    expect(page.locator("#greeting-text")).to_have_text(published.reply("greet", language).split("\n")[0])


@pytest.mark.parametrize(
    ("locale", "story"),
    [
        ("en-GB", "I'm in London. A man says my account is hacked, I must move my savings to a safe account now"),
        ("zh-HK", "收到電話說我的健保卡被盜用，要我把錢轉到監管帳戶，不能告訴家人"),
    ],
)
def test_longer_numbers_and_names_of_other_places_fit_a_phone_too(
    watch: Open, picture: Take, locale: str, story: str
) -> None:
    page = watch(PHONE, locale=locale).page
    assert fits(page)
    write(page, story)
    card(page)
    assert fits(page)
    expect(page.locator("#menu summary")).to_be_in_viewport(ratio=1)
    picture(page)


def test_the_page_follows_the_language_the_customer_writes(phone: Watched, published: Published, picture: Take) -> None:
    page = phone.page
    write(page, STORY_EN)
    card(page)

    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#send")).to_contain_text(published.reply("ui_send", Language.EN))
    picture(page)


@pytest.mark.parametrize("language", [Language.EN, Language.ZH_HANT])
def test_the_language_is_changed_in_the_menu(
    chat: Watched, published: Published, language: Language, picture: Take
) -> None:
    page = chat.page
    _choose_language(page, language)

    expect(page.locator("html")).to_have_attribute("lang", language.value)
    expect(page.locator("#greeting-text")).to_have_text(published.reply("greet", language).split("\n")[0])
    expect(page.locator(f"[data-language={language.value}]")).to_have_attribute("aria-pressed", "true")
    assert page.locator("#bar-call").get_attribute("href") == _police(published, language)
    picture(page)
    page.locator("#greeting-buttons .choice").last.click()
    expect(page.get_by_text(published.reply("person", language))).to_be_visible()


def test_a_language_chosen_midway_holds_for_the_next_tap(phone: Watched, published: Published) -> None:
    page = phone.page
    write(page, STORY)
    card(page)
    _choose_language(page, Language.EN)
    card(page).locator(".choice").last.click()

    expect(page.locator(".card")).to_have_count(2)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(card(page)).to_contain_text(published.reply("ui_call", Language.EN).split("{")[0].strip())


def _choose_language(page: Page, language: Language) -> None:
    page.locator("#menu summary").click()
    page.locator(f"[data-language={language.value}]").click()


def _police(published: Published, language: Language) -> str:
    return f"tel:{published.wording(language).rows('police')[0].number}"
