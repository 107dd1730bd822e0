"""`fangzha staff`: accounts from the command line."""

from pathlib import Path

import pytest

from bot.core.errors import AccountError
from bot.desk.service import Desk, open_desk
from bot.settings import Settings
from bot.store.database import open_engine
from tests.cli.conftest import Fangzha


def accounts_of(tmp_path: Path) -> Desk:
    """The desk the commands worked on."""
    return open_desk(open_engine(f"sqlite:///{tmp_path / 'var' / 'fangzha.db'}"), Settings().desk_rules)


def test_the_first_password_alone_is_on_standard_output_and_opens_a_session(fangzha: Fangzha, tmp_path: Path) -> None:
    done = fangzha("staff", "add", "zhao", "--name", "赵一", "--role", "author", "--role", "reviewer")
    assert done.code == 0
    (password,) = done.out.splitlines()
    signed = accounts_of(tmp_path).accounts.sign_in("zhao", password)
    assert (signed.must_change, signed.member.name, signed.member.roles) == (True, "赵一", ("author", "reviewer"))


def test_a_role_is_needed_and_has_to_be_one(fangzha: Fangzha) -> None:
    assert fangzha("staff", "add", "zhao").code == 2
    done = fangzha("staff", "add", "zhao", "--role", "king")
    assert done.code == 1
    assert "viewer, author, reviewer, publisher, administrator" in done.err
    assert fangzha("staff", "list").out == ""


def test_the_list_tells_who_may_what_and_in_which_state(fangzha: Fangzha) -> None:
    fangzha("staff", "add", "zhao", "--role", "author", "--name", "[bold]赵一")
    fangzha("staff", "add", "qian", "--role", "publisher", "--external", "sso#2")
    fangzha("staff", "disable", "qian")
    lines = [line.split() for line in fangzha("staff", "list").out.splitlines()]
    assert lines == [["qian", "disabled", "publisher", "qian"], ["zhao", "first", "password", "author", "[bold]赵一"]]


def test_disabling_and_enabling(fangzha: Fangzha, tmp_path: Path) -> None:
    password = fangzha("staff", "add", "zhao", "--role", "author").out.strip()
    desk = accounts_of(tmp_path)
    token = desk.accounts.sign_in("zhao", password).token
    assert fangzha("staff", "disable", "zhao").code == 0
    assert desk.accounts.visitor(token) is None
    with pytest.raises(AccountError):
        desk.accounts.sign_in("zhao", password)
    assert fangzha("staff", "enable", "zhao").code == 0
    assert desk.accounts.sign_in("zhao", password).member.active


def test_a_reset_gives_a_password_that_alone_is_right(fangzha: Fangzha, tmp_path: Path) -> None:
    first = fangzha("staff", "add", "zhao", "--role", "author").out.strip()
    second = fangzha("staff", "reset", "zhao").out.strip()
    desk = accounts_of(tmp_path)
    with pytest.raises(AccountError):
        desk.accounts.sign_in("zhao", first)
    assert desk.accounts.sign_in("zhao", second).must_change


def test_other_roles_count_at_once(fangzha: Fangzha) -> None:
    fangzha("staff", "add", "zhao", "--role", "author")
    assert fangzha("staff", "roles", "zhao", "--role", "viewer").code == 0
    assert "viewer" in fangzha("staff", "list").out


@pytest.mark.parametrize("command", [["disable"], ["enable"], ["reset"], ["roles", "--role", "author"]])
def test_a_name_nobody_has_is_told(fangzha: Fangzha, command: list[str]) -> None:
    done = fangzha("staff", command[0], "nobody", *command[1:])
    assert done.code == 1
    assert "fangzha staff list" in done.err


def test_what_is_done_here_is_in_the_trail_as_the_operators(fangzha: Fangzha, tmp_path: Path) -> None:
    fangzha("staff", "add", "zhao", "--role", "author")
    newest = accounts_of(tmp_path).flow.trail.entries(limit=1)[0]
    assert (newest.action, newest.subject) == ("staff.added", "zhao")
    assert newest.actor.startswith("cli:")
