"""A body as text and back, with the line of every fault."""

import pytest

from bot.content.files import Piece
from bot.web.desk.text import TextError, as_text, from_text


def test_every_shipped_piece_is_the_same_after_a_walk_through_text(pieces: list[Piece]) -> None:
    for piece in pieces:
        body, _ = from_text(as_text(piece.body))
        assert body == piece.body, (piece.kind, piece.key)


def test_what_looks_like_something_else_stays_text() -> None:
    body = {"a": "yes", "b": "2027-06-30", "c": "line\nline\n", "d": "null", "e": "12", "f": " x", "g": "a \nb"}
    assert from_text(as_text(body))[0] == body
    assert from_text("a: no\nb: 2027-06-30")[0] == {"a": "no", "b": "2027-06-30"}


def test_a_value_knows_its_line() -> None:
    _, lines = from_text("typology: x\nzh:\n  first:\n    warn:\n      - one\n      - two\n")
    assert lines["zh", "first", "warn", 1] == 6


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: b\nc: [", 2),
        ("a: b\n  c: d", 2),
        ("a: 1\na: 2", 2),
        ("- a\n- b", 1),
        ("", 1),
        ("just words", 1),
        ("a: &x [1]\nb: *x", 2),
        ("a: b\n\tc: d", 2),
    ],
)
def test_a_text_that_cannot_be_read_says_where(text: str, line: int) -> None:
    with pytest.raises(TextError) as caught:
        from_text(text)
    assert caught.value.line == line


def test_pointers_to_pointers_never_grow() -> None:
    bomb = "a: &a [x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    with pytest.raises(TextError):
        from_text(bomb)
