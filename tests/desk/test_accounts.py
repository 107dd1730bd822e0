"""Signing in, lock-out, passwords and sessions, through the service."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bot.core.errors import AccountError, NotAllowedError
from bot.core.publishing import RESERVED, Actor, Right
from bot.desk.accounts import Accounts, SignedIn, csrf_of
from bot.desk.passwords import Hasher
from bot.desk.service import Desk
from bot.store.staff import StaffStore
from bot.store.tables import SignInFailure
from tests.editorial import ADA, DESK_RULES, LIN, QUICK, Clock

OWN = "correct horse battery"


@pytest.fixture
def accounts(desk: Desk) -> Accounts:
    """The accounts of the desk."""
    return desk.accounts


@pytest.fixture
def zhao(accounts: Accounts) -> str:
    """An author who has changed his first password to `OWN`; his login."""
    first = accounts.add(ADA, "zhao", name="赵一", roles=["author"])
    signed = accounts.sign_in("zhao", first)
    accounts.change_password(signed.token, first, OWN)
    visitor = accounts.visitor(signed.token)
    assert visitor is not None
    accounts.sign_out(visitor)
    return "zhao"


def code_of(error: pytest.ExceptionInfo[AccountError]) -> str:
    """The code of an error."""
    return error.value.code


def fail(accounts: Accounts, login: str) -> str:
    """A wrong password; the code of the answer."""
    with pytest.raises(AccountError) as caught:
        accounts.sign_in(login, "not the password")
    return code_of(caught)


# ---- Signing in ----


def test_the_first_password_opens_a_session_without_rights(accounts: Accounts) -> None:
    first = accounts.add(ADA, "zhao", name="赵一", roles=["author", "publisher"])
    signed = accounts.sign_in("zhao", first)
    assert signed.must_change
    visitor = accounts.visitor(signed.token)
    assert visitor is not None
    assert (visitor.must_change, visitor.rights) == (True, frozenset())


def test_after_the_change_there_are_rights_and_the_first_password_is_gone(accounts: Accounts) -> None:
    first = accounts.add(ADA, "zhao", name="赵一", roles=["author"])
    signed = accounts.sign_in("zhao", first)
    accounts.change_password(signed.token, first, OWN)
    visitor = accounts.visitor(signed.token)
    assert visitor is not None
    assert visitor.rights == {Right.READ, Right.COMMENT, Right.WRITE}
    assert visitor.actor == Actor("zhao")
    with pytest.raises(AccountError):
        accounts.sign_in("zhao", first)
    assert not accounts.sign_in("zhao", OWN).must_change


def test_a_login_is_read_in_any_case(accounts: Accounts, zhao: str) -> None:
    assert accounts.sign_in("  ZHAO ", OWN).member.login == zhao


def test_wrong_name_wrong_password_disabled_and_outsider_get_the_same_answer(accounts: Accounts, zhao: str) -> None:
    accounts.disable(ADA, zhao)
    said = set()
    for login, password in [("nobody", OWN), ("lin", ""), (zhao, OWN), (zhao, "wrong"), ("", "")]:
        with pytest.raises(AccountError) as caught:
            accounts.sign_in(login, password)
        said.add((caught.value.code, str(caught.value)))
    assert said == {("wrong_sign_in", "the name or the password is wrong")}


def test_nobody_gets_in_by_a_password_of_nobody(accounts: Accounts) -> None:
    for password in ("", "0", "a hash"):
        assert fail(accounts, "lin") == "wrong_sign_in"
        with pytest.raises(AccountError):
            accounts.sign_in("nobody", password)


def test_a_password_hashed_at_a_lower_cost_is_hashed_anew(engine: Engine, desk: Desk, zhao: str, clock: Clock) -> None:
    costlier = Accounts(engine, DESK_RULES, clock, Hasher(PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)))
    staff = StaffStore(engine, DESK_RULES.flow)
    before = staff.password_of(zhao)
    costlier.sign_in(zhao, OWN)
    after = staff.password_of(zhao)
    assert "t=2" in after
    assert before != after
    costlier.sign_in(zhao, OWN)
    assert staff.password_of(zhao) == after


def test_an_identity_provider_lets_in_whom_an_administrator_added(accounts: Accounts) -> None:
    assert accounts.add(ADA, "zhao", name="赵一", roles=["author"], external="https://sso.bank#17") == ""
    signed = accounts.sign_in_external("https://sso.bank", "17")
    assert (signed.member.login, signed.must_change) == ("zhao", False)
    with pytest.raises(AccountError):
        accounts.sign_in("zhao", "")
    accounts.disable(ADA, "zhao")
    for subject in ("17", "18"):
        with pytest.raises(AccountError) as caught:
            accounts.sign_in_external("https://sso.bank", subject)
        assert code_of(caught) == "wrong_sign_in"


# ---- Lock-out ----


def test_after_a_few_failures_a_name_pauses_and_the_right_password_does_not_help(
    accounts: Accounts, zhao: str, clock: Clock
) -> None:
    assert [fail(accounts, zhao) for _ in range(5)] == ["wrong_sign_in"] * 5
    with pytest.raises(AccountError) as caught:
        accounts.sign_in(zhao, OWN)
    assert (code_of(caught), caught.value.values) == ("locked_out", {"seconds": "60"})
    clock.passes(seconds=59)
    assert fail(accounts, zhao) == "locked_out"
    clock.passes(seconds=1)
    assert accounts.sign_in(zhao, OWN).member.login == zhao


def test_every_further_failure_doubles_the_pause_and_success_ends_it(
    accounts: Accounts, zhao: str, clock: Clock
) -> None:
    for _ in range(5):
        fail(accounts, zhao)
    for seconds in (60, 120, 240):
        clock.passes(seconds=seconds - 1)
        assert fail(accounts, zhao) == "locked_out"
        clock.passes(seconds=1)
        assert fail(accounts, zhao) == "wrong_sign_in"
    clock.passes(seconds=480)
    accounts.sign_in(zhao, OWN)
    assert [fail(accounts, zhao) for _ in range(5)] == ["wrong_sign_in"] * 5


def test_a_name_nobody_has_pauses_like_any_other(accounts: Accounts) -> None:
    assert [fail(accounts, "nobody") for _ in range(7)] == ["wrong_sign_in"] * 5 + ["locked_out"] * 2


def test_of_many_guesses_at_once_only_the_first_few_are_looked_at(engine: Engine, desk: Desk, zhao: str) -> None:
    guesses = 12
    together = threading.Barrier(guesses)

    def guess(_: int) -> str:
        together.wait()
        return fail(desk.accounts, zhao)

    with ThreadPoolExecutor(guesses) as pool:
        said = list(pool.map(guess, range(guesses)))
    assert said.count("wrong_sign_in") == 5
    assert said.count("locked_out") == guesses - 5


def test_an_administrator_lifts_a_lock_out_with_a_new_first_password(accounts: Accounts, zhao: str) -> None:
    for _ in range(6):
        fail(accounts, zhao)
    first = accounts.reset(ADA, zhao)
    assert accounts.sign_in(zhao, first).must_change


def test_the_old_password_cannot_be_guessed_through_the_change_of_it(accounts: Accounts, zhao: str) -> None:
    signed = accounts.sign_in(zhao, OWN)
    said = []
    for _ in range(6):
        with pytest.raises(AccountError) as caught:
            accounts.change_password(signed.token, "a guess", "another horse battery")
        said.append(code_of(caught))
    assert said == ["wrong_password"] * 5 + ["locked_out"]


# ---- Sessions ----


def enter(accounts: Accounts, login: str) -> SignedIn:
    """A session from a browser."""
    return accounts.sign_in(login, OWN, address="203.0.113.7", agent="Firefox")


def test_a_session_goes_by_hours_and_by_quiet(accounts: Accounts, zhao: str, clock: Clock) -> None:
    signed = enter(accounts, zhao)
    assert accounts.visitor(signed.token) is not None
    clock.passes(minutes=60)
    assert accounts.visitor(signed.token) is None
    assert accounts.visitor("") is None
    assert accounts.visitor("made up") is None


def test_roles_and_disabling_count_at_the_next_request(accounts: Accounts, zhao: str) -> None:
    signed = enter(accounts, zhao)
    accounts.set_roles(ADA, zhao, ["viewer"])
    visitor = accounts.visitor(signed.token)
    assert visitor is not None
    assert visitor.rights == {Right.READ}
    accounts.disable(ADA, zhao)
    assert accounts.visitor(signed.token) is None
    accounts.enable(ADA, zhao)
    assert accounts.visitor(signed.token) is None
    assert accounts.sign_in(zhao, OWN).member.active


def test_sessions_are_listed_and_ended(accounts: Accounts, zhao: str) -> None:
    first, second = enter(accounts, zhao), enter(accounts, zhao)
    here = accounts.visitor(first.token)
    assert here is not None
    lines = accounts.sessions(here)
    assert [(line.address, line.agent) for line in lines] == [("203.0.113.7", "Firefox")] * 2
    other = next(line for line in lines if line.id != here.session.id)
    accounts.end_session(here, other.id)
    assert accounts.visitor(second.token) is None
    accounts.sign_out(here)
    assert accounts.visitor(first.token) is None


def test_a_session_of_somebody_else_is_not_ended(accounts: Accounts, zhao: str) -> None:
    accounts.add(ADA, "qian", name="钱二", roles=["author"], external="sso#2")
    theirs = accounts.sign_in_external("sso", "2")
    visitor, own = accounts.visitor(theirs.token), accounts.visitor(enter(accounts, zhao).token)
    assert visitor is not None
    assert own is not None
    accounts.end_session(own, visitor.session.id)
    assert accounts.visitor(theirs.token) is not None


def test_a_new_password_ends_every_other_session(accounts: Accounts, zhao: str) -> None:
    here, elsewhere = enter(accounts, zhao), enter(accounts, zhao)
    accounts.change_password(here.token, OWN, "another horse battery")
    assert accounts.visitor(here.token) is not None
    assert accounts.visitor(elsewhere.token) is None


def test_a_form_belongs_to_its_session(accounts: Accounts, zhao: str) -> None:
    first, second = enter(accounts, zhao), enter(accounts, zhao)
    visitor = accounts.visitor(first.token)
    assert visitor is not None
    assert visitor.csrf == csrf_of(first.token) != csrf_of(second.token)
    assert first.token not in visitor.csrf


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("wrong", "another horse battery", "wrong_password"),
        (OWN, OWN, "password_same"),
        (OWN, "short", "password_short"),
        (OWN, "zhaozhaozhao1", "password_weak"),
    ],
)
def test_a_password_that_may_not_be_one_changes_nothing(
    accounts: Accounts, zhao: str, old: str, new: str, code: str
) -> None:
    signed = enter(accounts, zhao)
    with pytest.raises(AccountError) as caught:
        accounts.change_password(signed.token, old, new)
    assert code_of(caught) == code
    assert enter(accounts, zhao).member.login == zhao


def test_without_a_session_there_is_no_change_of_password(accounts: Accounts, zhao: str) -> None:
    with pytest.raises(AccountError) as caught:
        accounts.change_password("made up", OWN, "another horse battery")
    assert code_of(caught) == "not_signed_in"


# ---- Administrators ----


@pytest.mark.parametrize("login", ["", "a", "Zhao", "赵一", "1zhao", "zhao yi", "z" * 33, *sorted(RESERVED)])
def test_what_cannot_be_a_login_is_refused(accounts: Accounts, login: str) -> None:
    with pytest.raises(AccountError) as caught:
        accounts.add(ADA, login, name="赵一", roles=["author"])
    assert code_of(caught) == "bad_login"


def test_only_administrators_hand_out_passwords(accounts: Accounts, zhao: str) -> None:
    for attempt in (
        lambda: accounts.add(LIN, "qian", name="钱二", roles=["author"]),
        lambda: accounts.reset(Actor(zhao), "ada"),
        lambda: accounts.set_roles(Actor(zhao), zhao, ["administrator"]),
    ):
        with pytest.raises(NotAllowedError):
            attempt()
    assert accounts.sign_in(zhao, OWN).member.roles == ("author",)


def test_what_is_over_is_forgotten(accounts: Accounts, engine: Engine, clock: Clock) -> None:
    fail(accounts, "nobody")
    clock.passes(days=2)
    accounts.tidy()
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(SignInFailure)) == 0


def test_the_hashes_of_the_test_are_argon2id(accounts: Accounts) -> None:
    assert QUICK.hash("x").startswith("$argon2id$")
    assert Hasher().hash("x").startswith("$argon2id$v=19$m=65536,t=3,")
