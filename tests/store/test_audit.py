"""The trail: append-only, chained, and held against what was released."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from bot.store import audit
from bot.store.audit import GENESIS, AuditStore, append
from bot.store.releases import ContentStore
from bot.store.transactions import turn
from tests.editorial import MEI, WU, Editorial
from tests.store.conftest import Connect

GREET = ("reply", "greet", {"text": "您好"})
THANKS = ("reply", "thanks", {"text": "不客气"})


@pytest.fixture
def trail(connect: Connect) -> AuditStore:
    """The trail of an empty store."""
    return AuditStore(connect())


def disarm(engine: Engine) -> None:
    """What whoever owns the database can do, and nobody else."""
    guards = {
        "sqlite": ["DROP TRIGGER audit_entry_no_update", "DROP TRIGGER audit_entry_no_delete"],
        "postgresql": ["ALTER TABLE audit_entry DISABLE TRIGGER USER"],
    }
    run(engine, *guards[engine.dialect.name])


def run(engine: Engine, *statements: str) -> None:
    """Statements behind the project's back."""
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


# ---- Adding ----


def test_the_trail_begins_with_the_upgrade(trail: AuditStore) -> None:
    (first,) = trail.entries()
    assert (first.number, first.action, first.detail) == (1, "trail.opened", {"releases": 0})
    assert trail.verify().faults == ()


def test_every_entry_follows_the_one_before(trail: AuditStore, connect: Connect) -> None:
    engine = connect()
    with turn(engine) as session:
        append(session, at=datetime.now(UTC), actor="lin", action="piece.saved", subject="reply/greet", revision=1)
        append(session, at=datetime.now(UTC), actor="mei", action="step.accept", subject="reply/greet", revision=1)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT number, previous, hash FROM audit_entry ORDER BY number")).all()
    assert [r.number for r in rows] == [1, 2, 3]
    assert rows[0].previous == GENESIS
    assert [r.previous for r in rows[1:]] == [r.hash for r in rows[:2]]


def test_a_time_in_another_zone_and_odd_words_come_back_as_they_were_hashed(
    trail: AuditStore, connect: Connect
) -> None:
    at = datetime(2026, 12, 1, 17, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    with turn(connect()) as session:
        append(session, at=at, actor="lin", action="x", subject="“引号”\n😀", z=1, a=[None, True, {"b": "二", "a": 1}])
    assert trail.verify().faults == ()
    newest = trail.entries(limit=1)[0]
    assert newest.at == at
    assert newest.detail == {"z": 1, "a": [None, True, {"b": "二", "a": 1}]}


def test_entries_of_several_processes_at_once_make_one_chain(trail: AuditStore, connect: Connect) -> None:
    together = threading.Barrier(3)

    def write(who: str) -> None:
        engine = connect()
        together.wait()
        for n in range(5):
            with turn(engine) as session:
                append(session, at=datetime.now(UTC), actor=who, action="x", n=n)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(write, ["lin", "mei", "wu"]))
    assert (trail.verify().entries, trail.verify().faults) == (16, ())


def test_what_fails_leaves_no_entry(trail: AuditStore, connect: Connect) -> None:
    with pytest.raises(ZeroDivisionError), turn(connect()) as session:
        append(session, at=datetime.now(UTC), actor="lin", action="x")
        raise ZeroDivisionError
    assert len(trail.entries()) == 1


def test_entries_are_read_page_by_page_by_subject_and_by_actor(trail: AuditStore, editorial: Editorial) -> None:
    editorial.approved(*GREET)
    editorial.draft(*THANKS)
    assert [e.action for e in trail.entries(subject="reply/greet")] == [
        "step.accept",
        "step.accept",
        "step.accept",
        "piece.submitted",
        "piece.saved",
    ]
    assert [e.subject for e in trail.entries(actor="mei")] == ["reply/greet"]
    newest = trail.entries(limit=2)
    assert [e.number for e in trail.entries(before=newest[-1].number, limit=2)] == [
        newest[-1].number - 1,
        newest[-1].number - 2,
    ]


# ---- Nobody alters it ----


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_entry SET actor = 'wu'", "DELETE FROM audit_entry WHERE number = 1", "TRUNCATE audit_entry"],
)
def test_the_database_refuses_to_alter_the_trail(connect: Connect, statement: str) -> None:
    with pytest.raises(SQLAlchemyError):
        run(connect(), statement)
    assert len(AuditStore(connect()).entries()) == 1


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE audit_entry SET actor = 'wu' WHERE action = 'piece.saved'", "was changed"),
        ("UPDATE audit_entry SET subject = 'reply/thanks' WHERE action = 'piece.saved'", "was changed"),
        ("UPDATE audit_entry SET action = 'piece.lost' WHERE action = 'piece.saved'", "was changed"),
        ("UPDATE audit_entry SET at = '2020-01-01 00:00:00' WHERE action = 'piece.saved'", "was changed"),
        ("UPDATE audit_entry SET detail = '{\"revision\": 9}' WHERE action = 'piece.saved'", "was changed"),
        ("UPDATE audit_entry SET previous = hash WHERE action = 'piece.saved'", "does not follow"),
        ("DELETE FROM audit_entry WHERE action = 'piece.saved'", "is missing"),
        ("DELETE FROM audit_entry WHERE number > 8", "is not in the trail"),
        ("DELETE FROM audit_entry", "is empty"),
    ],
)
def test_whoever_alters_it_all_the_same_is_found_out(
    trail: AuditStore, editorial: Editorial, connect: Connect, statement: str, says: str
) -> None:
    editorial.approved(*GREET)
    editorial.publication.release(WU)
    assert trail.verify().faults == ()
    engine = connect()
    disarm(engine)
    run(engine, statement)
    assert any(says in fault for fault in trail.verify().faults)


def test_an_entry_rewritten_with_a_hash_of_its_own_breaks_the_chain(
    trail: AuditStore, editorial: Editorial, connect: Connect
) -> None:
    editorial.draft(*GREET)
    editorial.draft(*THANKS)
    engine = connect()
    disarm(engine)
    victim = next(e for e in trail.entries() if e.subject == "reply/greet")
    with engine.connect() as connection:
        previous = connection.execute(
            text("SELECT previous FROM audit_entry WHERE number = :n"), {"n": victim.number}
        ).scalar_one()
    forged = audit.entry_hash(victim.number, victim.at, "mei", victim.action, victim.subject, victim.detail, previous)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE audit_entry SET actor = 'mei', hash = :hash WHERE number = :n"),
            {"hash": forged, "n": victim.number},
        )
    assert trail.verify().faults == (f"entry {victim.number + 1} does not follow the one before it",)


def test_a_cut_off_end_is_found_by_a_head_that_was_noted(
    trail: AuditStore, editorial: Editorial, connect: Connect
) -> None:
    editorial.draft(*GREET)
    noted = trail.verify().head
    editorial.draft(*THANKS)
    assert trail.verify(head=noted).faults == ()
    engine = connect()
    disarm(engine)
    run(engine, "DELETE FROM audit_entry WHERE subject LIKE 'reply/%'")
    assert trail.verify().faults == ()
    assert any("noted earlier" in fault for fault in trail.verify(head=noted).faults)


# ---- Releases are what the trail says ----


@pytest.fixture
def released(editorial: Editorial) -> Engine:
    """Two releases."""
    store = ContentStore(editorial.engine)
    store.seed([GREET, THANKS])
    store.publish(author="seed")
    editorial.approved("reply", "greet", {"text": "新的"}, base=1)
    editorial.publication.release(WU)
    return editorial.engine


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ('UPDATE revision SET body = \'{"text": "转账吧"}\' WHERE number = 2', "release 2 does not hold"),
        ("UPDATE piece SET \"key\" = 'other' WHERE \"key\" = 'thanks'", "release 1 does not hold"),
        ("DELETE FROM release_item WHERE release_number = 2 AND revision_id = 2", "release 2 does not hold"),
        ("INSERT INTO release VALUES (3, 'mallory', '', '2026-12-01 00:00:00')", "release 3 is not in the trail"),
        ("DELETE FROM release_item WHERE release_number = 2; DELETE FROM release WHERE number = 2", "nowhere else"),
    ],
)
def test_words_changed_behind_the_desk_are_found_out(
    trail: AuditStore, released: Engine, statement: str, says: str
) -> None:
    assert trail.verify().faults == ()
    run(released, *statement.split("; "))
    assert any(says in fault for fault in trail.verify().faults)


def test_everything_the_flow_does_is_in_the_trail(trail: AuditStore, editorial: Editorial) -> None:
    publication = editorial.publication
    number = editorial.submitted(*GREET)
    editorial.flow.take_back(WU, "reply", "greet", number, comment="typo")
    number = editorial.approved("reply", "greet", {"text": "新的"}, base=number)
    publication.schedule(WU, [("reply", "greet", number)], ends_at=editorial.clock.now + timedelta(days=9))
    publication.release(WU, note="first")
    publication.withdraw(MEI, [("reply", "greet")], reason="wrong number")
    told = [(e.actor, e.action) for e in reversed(trail.entries()) if not e.action.startswith(("staff", "trail"))]
    assert told == [
        ("lin", "piece.saved"),
        ("lin", "piece.submitted"),
        ("wu", "piece.taken_back"),
        ("lin", "piece.saved"),
        ("lin", "piece.submitted"),
        ("mei", "step.accept"),
        ("hua", "step.accept"),
        ("wu", "step.accept"),
        ("wu", "piece.scheduled"),
        ("wu", "release.published"),
        ("mei", "piece.withdrawn"),
        ("mei", "release.published"),
    ]
