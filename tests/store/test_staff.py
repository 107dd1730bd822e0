"""Accounts in the store, and who may look after them."""

from collections.abc import Callable

import pytest

from bot.core.errors import AccountError, NotAllowedError
from bot.core.publishing import Actor
from bot.store.audit import AuditStore
from bot.store.staff import StaffStore
from tests.editorial import ADA, LIN, OPERATOR, RULES, VIC, Editorial


@pytest.fixture
def staff(editorial: Editorial) -> StaffStore:
    """The accounts of the test's people."""
    return StaffStore(editorial.engine, RULES, editorial.clock)


def test_an_account_is_as_it_was_added(staff: StaffStore, editorial: Editorial) -> None:
    added = staff.add(ADA, "zhao", name="赵一", roles=["reviewer", "author"], password="a hash")
    assert staff.find("zhao") == added
    assert (added.name, added.roles, added.active, added.must_change) == ("赵一", ("author", "reviewer"), True, True)
    assert added.created_at == editorial.clock.now
    assert staff.password_of("zhao") == "a hash"
    assert [m.login for m in staff.members()] == ["ada", "hua", "lin", "mei", "vic", "wu", "zhao"]


def test_who_is_unknown_is_found_by_no_name(staff: StaffStore) -> None:
    assert staff.find("nobody") is None
    assert staff.find_external("test#nobody") is None
    assert staff.password_of("nobody") == ""


def test_who_comes_from_outside_needs_no_password(staff: StaffStore) -> None:
    added = staff.add(ADA, "zhao", name="赵一", roles=["author"], external="sso#17")
    assert not added.must_change
    assert staff.find_external("sso#17") == added


def test_a_login_and_a_name_elsewhere_belong_to_one_person(staff: StaffStore) -> None:
    with pytest.raises(AccountError) as caught:
        staff.add(ADA, "lin", name="Another", roles=["author"])
    assert caught.value.code == "login_taken"
    with pytest.raises(AccountError) as caught:
        staff.add(ADA, "lin2", name="Another", roles=["author"], external="test#lin")
    assert caught.value.code == "external_taken"


@pytest.mark.parametrize("roles", [[], ["king"], ["author", "king"]])
def test_a_role_that_is_none_is_refused(staff: StaffStore, roles: list[str]) -> None:
    for attempt in (
        lambda: staff.add(ADA, "zhao", name="赵一", roles=roles),
        lambda: staff.set_roles(ADA, "lin", roles),
    ):
        with pytest.raises(AccountError) as caught:
            attempt()
        assert caught.value.code == "no_such_role"


CHANGES: dict[str, Callable[[StaffStore, Actor], object]] = {
    "add": lambda s, who: s.add(who, "zhao", name="赵一", roles=["author"]),
    "set_roles": lambda s, who: s.set_roles(who, "mei", ["publisher"]),
    "set_active": lambda s, who: s.set_active(who, "mei", False),
    "reset_password": lambda s, who: s.reset_password(who, "mei", "a hash"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("who", [VIC, LIN, Actor("nobody")])
def test_only_administrators_look_after_accounts(
    staff: StaffStore, change: Callable[[StaffStore, Actor], object], who: Actor
) -> None:
    before = staff.members()
    with pytest.raises(NotAllowedError):
        change(staff, who)
    assert staff.members() == before


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("who", [ADA, OPERATOR])
def test_what_is_done_to_an_account_is_in_the_trail(
    staff: StaffStore, editorial: Editorial, change: Callable[[StaffStore, Actor], object], who: Actor
) -> None:
    change(staff, who)
    newest = AuditStore(editorial.engine).entries(limit=1)[0]
    assert (newest.actor, newest.action.split(".")[0]) == (who.login, "staff")
    assert newest.subject in {"zhao", "mei"}
    assert "a hash" not in str(newest.detail)


def test_somebody_always_looks_after_accounts(staff: StaffStore) -> None:
    for attempt in (
        lambda: staff.set_active(OPERATOR, "ada", False),
        lambda: staff.set_roles(ADA, "ada", ["author"]),
    ):
        with pytest.raises(AccountError) as caught:
            attempt()
        assert caught.value.code == "last_administrator"
    staff.set_roles(ADA, "lin", ["administrator"])
    staff.set_active(LIN, "ada", False)
    found = staff.find("ada")
    assert found is not None
    assert not found.active


def test_where_nobody_ever_looked_after_accounts_others_can_be_disabled(editorial: Editorial) -> None:
    staff = StaffStore(editorial.engine, RULES)
    staff.set_roles(OPERATOR, "lin", ["administrator", "author"])
    staff.set_active(OPERATOR, "ada", False)
    staff.set_active(OPERATOR, "mei", False)
    assert [m.login for m in staff.members() if not m.active] == ["ada", "mei"]


def test_a_reset_password_has_to_be_changed_and_a_changed_one_not(staff: StaffStore) -> None:
    staff.reset_password(ADA, "lin", "first")
    found = staff.find("lin")
    assert found is not None
    assert found.must_change
    staff.change_password("lin", "own")
    found = staff.find("lin")
    assert found is not None
    assert not found.must_change
    assert staff.password_of("lin") == "own"


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s.set_roles(ADA, "nobody", ["author"]),
        lambda s: s.set_active(ADA, "nobody", False),
        lambda s: s.reset_password(ADA, "nobody", "x"),
    ],
)
def test_nobody_of_that_name_is_said_so(staff: StaffStore, change: Callable[[StaffStore], object]) -> None:
    with pytest.raises(AccountError, match="no account nobody"):
        change(staff)
