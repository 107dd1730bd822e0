"""Sessions and failed sign-ins."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.store.audit import AuditStore
from bot.store.sessions import SessionStore, hashed
from bot.store.staff import StaffStore
from bot.store.tables import SignInFailure, Staff, StaffSession
from tests.editorial import ADA, RULES, Editorial

IDLE, LASTS = timedelta(hours=1), timedelta(hours=12)


@pytest.fixture
def sessions(editorial: Editorial) -> SessionStore:
    """The sessions, by the clock of the test."""
    return SessionStore(editorial.engine, editorial.clock)


def enter(sessions: SessionStore, login: str, token: str) -> None:
    """A session from a browser somewhere."""
    sessions.open(login, token, lasts=LASTS, address="203.0.113.7", agent="Firefox", way="password")


def test_a_token_finds_its_owner_and_no_other_does(sessions: SessionStore) -> None:
    enter(sessions, "lin", "token-1")
    found = sessions.find("token-1", idle=IDLE)
    assert found is not None
    assert (found[0].login, found[1].address, found[1].agent) == ("lin", "203.0.113.7", "Firefox")
    assert sessions.find("token-2", idle=IDLE) is None
    assert sessions.find("", idle=IDLE) is None


def test_only_a_hash_of_the_token_is_kept(sessions: SessionStore, editorial: Editorial) -> None:
    enter(sessions, "lin", "token-1")
    with Session(editorial.engine) as session:
        kept = session.scalars(select(StaffSession)).one()
        assert "token-1" not in str({c.name: getattr(kept, c.name) for c in StaffSession.__table__.columns})


def test_a_session_ends_when_it_is_not_used(sessions: SessionStore, editorial: Editorial) -> None:
    enter(sessions, "lin", "token-1")
    for _ in range(3):
        editorial.clock.passes(minutes=50)
        assert sessions.find("token-1", idle=IDLE) is not None
    editorial.clock.passes(minutes=60)
    assert sessions.find("token-1", idle=IDLE) is None


def test_a_session_ends_after_its_hours_however_busy(sessions: SessionStore, editorial: Editorial) -> None:
    enter(sessions, "lin", "token-1")
    for _ in range(23):
        editorial.clock.passes(minutes=30)
        assert sessions.find("token-1", idle=IDLE) is not None
    editorial.clock.passes(minutes=30)
    assert sessions.find("token-1", idle=IDLE) is None


def test_disabling_an_account_and_a_new_password_end_sessions_at_once(
    sessions: SessionStore, editorial: Editorial
) -> None:
    staff = StaffStore(editorial.engine, RULES, editorial.clock)
    enter(sessions, "lin", "token-1")
    enter(sessions, "mei", "token-2")
    enter(sessions, "wu", "token-3")
    enter(sessions, "wu", "token-4")
    staff.set_active(ADA, "lin", False)
    staff.reset_password(ADA, "mei", "a hash")
    staff.change_password("wu", "a hash", keep=hashed("token-4"))
    assert [sessions.find(f"token-{n}", idle=IDLE) is not None for n in range(1, 5)] == [False, False, False, True]


def test_a_session_of_an_account_disabled_by_whatever_means_is_none(
    sessions: SessionStore, editorial: Editorial
) -> None:
    enter(sessions, "lin", "token-1")
    with Session(editorial.engine) as session, session.begin():
        session.execute(update(Staff).where(Staff.login == "lin").values(active=False))
    assert sessions.find("token-1", idle=IDLE) is None


def test_ones_sessions_are_listed_and_ended_by_oneself_only(sessions: SessionStore, editorial: Editorial) -> None:
    enter(sessions, "lin", "token-1")
    editorial.clock.passes(minutes=5)
    enter(sessions, "lin", "token-2")
    enter(sessions, "mei", "token-3")
    lines = sessions.of("lin", idle=IDLE)
    assert [(line.created_at - editorial.clock.now).total_seconds() for line in lines] == [0, -300]
    sessions.end("mei", lines[0].id)
    assert len(sessions.of("lin", idle=IDLE)) == 2
    sessions.end("lin", lines[0].id)
    assert sessions.find("token-2", idle=IDLE) is None
    assert sessions.find("token-1", idle=IDLE) is not None
    sessions.end("lin", lines[0].id)


def test_what_is_over_is_not_listed_and_is_forgotten(sessions: SessionStore, editorial: Editorial) -> None:
    enter(sessions, "lin", "token-1")
    sessions.attempt("lin", lambda _: None)
    editorial.clock.passes(minutes=61)
    assert sessions.of("lin", idle=IDLE) == []
    sessions.forget_old(idle=IDLE)
    with Session(editorial.engine) as session:
        assert list(session.scalars(select(StaffSession))) == []
        assert len(list(session.scalars(select(SignInFailure)))) == 1
    editorial.clock.passes(days=1)
    sessions.forget_old(idle=IDLE)
    with Session(editorial.engine) as session:
        assert list(session.scalars(select(SignInFailure))) == []


# ---- Failed sign-ins ----


def pause(failures: int) -> timedelta | None:
    """A minute after three, and for each more."""
    return timedelta(minutes=1) if failures >= 3 else None


def test_after_a_few_tries_a_name_is_locked_for_a_while(sessions: SessionStore, editorial: Editorial) -> None:
    assert [sessions.attempt("lin", pause) for _ in range(3)] == [None, None, None]
    until = editorial.clock.now + timedelta(minutes=1)
    assert [sessions.attempt("lin", pause) for _ in range(2)] == [until, until]
    assert sessions.attempt("mei", pause) is None
    editorial.clock.passes(minutes=1)
    assert sessions.attempt("lin", pause) is None
    assert sessions.attempt("lin", pause) is not None


def test_a_name_nobody_has_is_locked_the_same_way(sessions: SessionStore) -> None:
    assert [sessions.attempt("nobody", pause) is None for _ in range(4)] == [True, True, True, False]


def test_signing_in_forgets_the_failures(sessions: SessionStore) -> None:
    for _ in range(2):
        sessions.attempt("lin", pause)
    enter(sessions, "lin", "token-1")
    assert [sessions.attempt("lin", pause) is None for _ in range(4)] == [True, True, True, False]
    sessions.forgive("lin")
    assert sessions.attempt("lin", pause) is None


def test_a_lock_out_is_in_the_trail_without_a_name_that_is_nobodys(
    sessions: SessionStore, editorial: Editorial
) -> None:
    for login in ("lin", "hunter2"):
        for _ in range(3):
            sessions.attempt(login, pause)
            sessions.failed(login)
    told = [(e.subject, e.detail["failures"]) for e in AuditStore(editorial.engine).entries() if "locked" in e.action]
    assert told == [("", 3), ("lin", 3)]
