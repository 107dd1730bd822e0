"""What may be a password."""

from dataclasses import replace

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import AccountError
from bot.desk.passwords import LONGEST, Hasher, check_password, first_password
from bot.desk.rules import Policy
from tests.editorial import QUICK


def refused(password: str, policy: Policy | None = None, *, login: str = "lin", name: str = "林晓") -> str:
    """The code of the refusal; empty when it may be one."""
    try:
        check_password(password, policy or Policy(), login=login, name=name)
    except AccountError as error:
        return error.code
    return ""


@pytest.mark.parametrize(
    "password",
    ["correct horse battery", "夜里雨停了再走一段路回家去", "Tg7-quay_moth", "orange bicycle tax 9", first_password()],
)
def test_words_that_do_not_belong_together_are_a_password(password: str) -> None:
    assert refused(password) == ""


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("kmw83 tqz", "password_short"),
        ("", "password_short"),
        ("x7" * 200, "password_long"),
        ("aaaaaaaaaaaa", "password_weak"),
        ("abababababab", "password_weak"),
        ("abcdefghijklmnop", "password_weak"),
        ("123456789012", "password_weak"),
        ("987654321098", "password_weak"),
        ("password1234", "password_weak"),
        ("ＰＡＳＳＷＯＲＤ１２３４", "password_weak"),
        ("Fangzha2026!!", "password_weak"),
        ("linlinlin2026", "password_weak"),
        ("林晓林晓林晓林晓林晓林晓", "password_weak"),
        ("qwertyuiop12", "password_weak"),
    ],
)
def test_what_somebody_would_try_first_is_refused(password: str, code: str) -> None:
    assert refused(password) == code


def test_a_bank_may_ask_for_more_kinds_of_characters() -> None:
    strict = replace(Policy(), password_kinds=3)
    assert refused("correct horse battery", strict) == "password_kinds"
    assert refused("Correct horse battery", strict) == ""
    assert refused("夜里Rain停了再走一段路9", replace(strict, password_kinds=4)) == ""


def test_the_longest_password_is_one() -> None:
    assert refused(("kmw83 tqz!" * 30)[:LONGEST]) == ""


def test_first_passwords_differ_and_may_be_passwords() -> None:
    made = {first_password() for _ in range(50)}
    assert len(made) == 50
    assert {refused(password) for password in made} == {""}


@given(st.text(min_size=1, max_size=60))
def test_only_the_password_itself_proves_a_hash(password: str) -> None:
    kept = QUICK.hash(password)
    assert password not in kept or len(password) < 3
    assert QUICK.proves(password, kept)
    assert not QUICK.proves(f"{password}x", kept)


def test_a_password_composed_another_way_by_another_keyboard_is_the_same() -> None:
    assert QUICK.proves("cafe\u0301 on the corner", QUICK.hash("caf\u00e9 on the corner"))


@pytest.mark.parametrize("kept", ["", "no hash", "$argon2id$broken"])
def test_what_is_no_hash_is_proved_by_nothing(kept: str) -> None:
    assert not QUICK.proves("", kept)
    assert not QUICK.proves("password", kept)


def test_a_hash_of_other_parameters_is_outdated() -> None:
    costlier = Hasher(PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    kept = QUICK.hash("correct horse battery")
    assert costlier.proves("correct horse battery", kept)
    assert costlier.is_outdated(kept)
    assert not QUICK.is_outdated(kept)
