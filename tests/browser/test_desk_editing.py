"""Writing at the desk in a real browser: lists, faults, text with lines, two editors, nothing lost by a slip."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.desk import DeskStack, Sit
from tests.conversations.running import wait_until

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE_MS)

GREET = "/desk/pieces/reply/greet/edit"


def titles(page: Page) -> list[str]:
    """The buttons of the reply, in the order of the page."""
    return [field.input_value() for field in page.locator('[name^="b.buttons."][name$=".title.en"]').all()]


def test_items_are_added_moved_and_taken_out_where_they_stand(sit: Sit) -> None:
    page = sit("lin").go(GREET)
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    page.locator('button[value="add:buttons"]').click()
    expect(page.locator('[name="b.buttons.new1.title.zh-Hans"]')).to_be_focused()
    page.keyboard.type("报警")
    page.locator('[name="b.buttons.new1.title.en"]').fill("Police")
    page.locator('[name="b.buttons.new1.payload"]').fill("do:person")
    assert titles(page) == ["A person", "Police"]

    # by keyboard: the focus stays on what was moved
    up = page.locator(".item").nth(1).locator('[value^="up:"]')
    up.focus()
    page.keyboard.press("Enter")
    assert titles(page) == ["Police", "A person"]
    expect(page.locator(".item").nth(0).locator('[value^="down:"]')).to_be_focused()

    page.locator(".item").nth(1).locator('[value^="remove:"]').click()
    assert titles(page) == ["Police"]
    page.locator('.foot button[value="save"]').click()
    page.wait_for_url("**/desk/pieces/reply/greet")
    expect(page.locator("dl.rows").first).to_contain_text("Police")
    expect(page.locator("dl.rows").first).not_to_contain_text("A person")


def test_enter_in_a_field_saves_and_never_moves_an_item(sit: Sit) -> None:
    page = sit("lin").go("/desk/pieces/case/pet_ransom-1/edit")
    page.locator("#comment").fill("看过了")
    page.locator("#comment").press("Enter")
    page.wait_for_url("**/desk/pieces/case/pet_ransom-1")


def test_a_fault_leads_to_its_field(sit: Sit, picture: Callable[[Page], None]) -> None:
    page = sit("lin")
    page.watched.line_broken = True
    shown = page.go("/desk/pieces/case/pet_ransom-2/edit")
    shown.locator('[id="b.lesson.zh-Hans"]').fill("马上打110。")
    shown.locator('button[value="submit"]').click()
    expect(shown.locator("#faults")).to_contain_text("110")
    picture(shown)
    shown.locator('#faults a[href="#b.lesson.zh-Hans"]').click()
    expect(shown.locator('[id="b.lesson.zh-Hans"]')).to_be_in_viewport()
    expect(shown.locator('[id="b.lesson.zh-Hans"]')).to_have_attribute("aria-invalid", "true")


def test_a_fault_of_a_text_leads_to_its_line(sit: Sit, picture: Callable[[Page], None]) -> None:
    seat = sit("lin")
    seat.watched.line_broken = True
    page = seat.go("/desk/pieces/examples/pet_ransom/edit")
    lines = page.locator("#text").input_value().split("\n")
    expect(page.locator("#numbers")).to_contain_text(str(len(lines) - 1))
    number = next(n for n, line in enumerate(lines) if "stop-now" in line)
    lines[number] = lines[number].replace("stop-now", "stop-later")
    page.locator("#text").fill("\n".join(lines))
    page.locator('button[value="submit"]').click()
    link = page.locator(f'#faults a[data-line="{number + 1}"]').first
    expect(link).to_be_visible()
    picture(page)
    link.click()
    expect(page.locator("#text")).to_be_focused()
    chosen = page.evaluate("(() => { const t = document.getElementById('text');"
                           " return t.value.slice(t.selectionStart, t.selectionEnd); })()")  # fmt: skip
    assert "stop-later" in chosen


def test_two_editors_on_one_piece(sit: Sit, desk_stack: DeskStack, picture: Callable[[Page], None]) -> None:
    first, second = sit("lin"), sit("tan")
    second.watched.line_broken = first.watched.line_broken = True
    path = "/desk/pieces/answer/what_is_ransom"
    mine = first.go(f"{path}/edit")
    mine.locator('[id="b.title.en"]').fill("What is it?")

    # the second is told who has it open
    theirs = second.go(f"{path}/edit")
    expect(theirs.locator('[role="alert"]')).to_contain_text("林晓")

    # the first goes away without saving: the piece is free at once
    mine.on("dialog", lambda dialog: dialog.accept())
    mine.goto(f"{desk_stack.url}/desk")
    wait_until("the piece is free", lambda: second.go(f"{path}/edit").locator("#writing").count() == 1, seconds=30)
    theirs = second.page
    theirs.locator('[id="b.title.zh-Hans"]').fill("什么叫宠物赎金？")
    theirs.locator('[id="b.text.en"]').fill("A stranger claims to have your pet. Ask {advice}.")

    # a page of before: what both wrote is put together
    old = first.page.context.new_page()
    theirs.locator('.foot button[value="save"]').click()
    theirs.wait_for_url(f"**{path}")
    old.goto(f"{desk_stack.url}{path}/edit")
    old.evaluate("document.querySelector('[name=base]').value = '1'")
    old.locator('[id="b.title.zh-Hans"]').fill("什么是宠物赎金？")
    old.locator('[id="b.text.en"]').fill("Someone says he has your pet. Ask {advice}.")
    old.locator('.foot button[value="save"]').click()
    expect(old.locator("#merge-title")).to_be_visible()
    expect(old.locator(".theirs__text")).to_have_text("A stranger claims to have your pet. Ask {advice}.")
    expect(old.locator('[id="b.title.zh-Hans"]')).to_have_value("什么叫宠物赎金？")
    picture(old)
    old.locator('.foot button[value="save"]').click()
    old.wait_for_url(f"**{path}")
    expect(old.locator("#words-title")).to_contain_text("3")


def test_leaving_with_unsaved_words_asks_first(sit: Sit) -> None:
    seat = sit("lin")
    page = seat.go("/desk/new/case")
    page.locator('[id="b.story.en"]').fill("A long story.")
    asked: list[str] = []

    def stay(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", stay)
    page.locator(".menu a").first.click()
    expect(page.locator('[id="b.story.en"]')).to_have_value("A long story.")
    assert asked == ["beforeunload"]
    page.remove_listener("dialog", stay)
    page.on("dialog", lambda dialog: dialog.accept())


def test_a_form_works_without_any_script(sit: Sit) -> None:
    page = sit("tan", java_script_enabled=False).go("/desk/pieces/reply/greet/edit")
    before = page.locator(".item").count()
    page.locator('button[value="add:buttons"]').click()
    expect(page.locator(".item")).to_have_count(before + 1)
    page.locator(f'button[value="remove:buttons.{before}"]').click()
    expect(page.locator(".item")).to_have_count(before)
