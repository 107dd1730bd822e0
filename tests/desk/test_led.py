"""What the desk shows of a sign's line while it is being written."""

import re
import xml.etree.ElementTree as ET

import pytest

from bot.desk import dots
from bot.desk.led import MOST_PANELS, look

NUMBERS = {"police": "110"}


def test_a_line_is_shown_with_its_numbers_screens_and_seconds() -> None:
    view = look("被骗立刻拨{police}越早越好", NUMBERS, panels=4)
    assert (view.text, view.count, view.visible) == ("被骗立刻拨110越早越好", 12, 8)
    assert [s.text for s in view.screens] == ["被骗立刻拨", "110越早越好"]
    assert view.seconds == view.passes * sum(s.seconds for s in view.screens) == 14
    assert view.ok


def test_it_stands_longer_for_old_people() -> None:
    quick, slow = (look("先停十分钟再说", {}, elders=elders).seconds for elders in (False, True))
    assert slow > quick


def test_advice_leaves_a_line_fit_to_be_handed_in_and_a_breach_does_not() -> None:
    assert look("停" * 21, {}).ok
    assert not look("請停", {}).ok


@pytest.mark.parametrize(("asked", "given"), [(0, 1), (-3, 1), (11, 11), (10**9, MOST_PANELS)])
def test_a_sign_has_between_one_panel_and_sixty_four(asked: int, given: int) -> None:
    assert look("停", {}, panels=asked).panels == given


def test_an_empty_line_has_no_screen_and_says_so() -> None:
    view = look(" ", {})
    assert (view.screens, view.seconds, [b.rule for b in view.breaches]) == ((), 0, ["empty"])


# ---- The picture ----


def lit(svg: str) -> int:
    """How many dots are on."""
    return len(re.findall(r"M[\d.]+ [\d.]+h0", svg))


def test_every_character_of_gb2312_has_its_dots() -> None:
    han = [bytes((r, c)).decode("gb2312") for r in range(0xB0, 0xD7) for c in range(0xA1, 0xFE)]
    assert len(han) > 3600
    assert [c for c in han if not dots.known(c)] == []
    assert all(dots.known(c) for c in "，。！：0123456789ATM")


def test_the_picture_has_the_dots_of_the_text_and_nothing_that_a_page_forbids() -> None:
    svg = dots.draw("先停", 4)
    assert lit(svg) == sum(bin(row).count("1") for c in "先停" for row in dots.dots(c)) > 60
    assert "style" not in svg
    assert "<script" not in svg
    assert ET.fromstring(svg).attrib["aria-label"] == "先停"  # noqa: S314  # written a line above


def test_a_panel_is_32_by_16_dots_and_what_does_not_fit_is_not_drawn() -> None:
    assert 'viewBox="-1 -1 66 18"' in dots.draw("停", 2)
    assert lit(dots.draw("停停停", 1)) == lit(dots.draw("停停", 1))


def test_what_the_sign_does_not_know_is_a_frame() -> None:
    assert not dots.known("😀")
    assert dots.dots("😀") == dots.UNKNOWN
    assert len(dots.UNKNOWN) == dots.SIZE


def test_words_in_the_picture_are_escaped() -> None:
    assert "<b>" not in dots.draw("<b>", 4, title="<b>&")
