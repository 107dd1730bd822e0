"""A message as Telegram can show it: whole, in pieces that fit, with buttons that can be tapped."""

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.rendering import LONGEST, keyboard, render, split, units
from bot.conversation.messages import Choice, Message


def rows(*choices: Choice) -> list[list[str]]:
    """The titles as they stand."""
    markup = keyboard(choices)
    return [[b.text for b in row] for row in markup.inline_keyboard] if markup else []


def test_short_answers_share_a_row_and_long_ones_have_their_own() -> None:
    yes, no, unsure = Choice("是", "answer:a:yes"), Choice("不是", "answer:a:no"), Choice("不确定", "answer:a:unsure")
    long = Choice("我用手机银行转了账，马上到账的", "pay:phone_now")
    assert rows(yes, no, unsure, long) == [["是", "不是", "不确定"], [long.title]]


def test_a_payload_telegram_would_refuse_has_no_button() -> None:
    assert rows(Choice("x", "字" * 22), Choice("y", ""), Choice("", "z"), Choice("z", "a" * 64)) == [["z"]]
    assert keyboard((Choice("x", "字" * 22),)) is None


def test_the_buttons_stand_under_the_last_piece() -> None:
    pieces = render(Message("先停。\n" + "字" * LONGEST, (Choice("是", "answer:a:yes"),)))
    assert [p.buttons is not None for p in pieces] == [False] * (len(pieces) - 1) + [True]
    assert pieces[0].text.startswith("先停。")


def test_a_message_without_words_is_not_sent() -> None:
    assert render(Message(" \n", (Choice("是", "answer:a:yes"),))) == []


def test_it_is_cut_at_the_end_of_a_line() -> None:
    assert split("一二三四五六\n七八九十", 8) == ["一二三四五六", "七八九十"]


@given(st.text(alphabet="字a😀\n ", max_size=60), st.integers(2, 12))
def test_every_piece_fits_and_nothing_but_white_space_is_lost(text: str, longest: int) -> None:
    pieces = split(text, longest)
    assert all(0 < units(p) <= longest for p in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
