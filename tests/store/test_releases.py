"""Seeding, drafting, publishing: the same on both databases."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from bot.core.errors import StoreError
from bot.store.audit import AuditStore
from bot.store.releases import SEED, ContentStore, Seeded
from bot.store.tables import Feedback, Release, Revision
from bot.store.transactions import turn
from tests.editorial import LIN, WU, Editorial
from tests.store.conftest import Connect

GREET = ("reply", "greet", {"text": {"zh-Hans": "您好", "en": "Hello"}})
THANKS = ("reply", "thanks", {"text": {"zh-Hans": "不客气", "en": "Welcome"}})
PETS = ("typology", "pet_ransom", {"names": {"zh-Hans": "宠物赎金"}, "methods": [], "note": None, "weight": 0.5})


def keys(pieces: list[tuple[str, str, dict[str, Any]]]) -> list[str]:
    """The keys of pieces, sorted."""
    return sorted(key for _, key, _ in pieces)


def changed(piece: tuple[str, str, dict[str, Any]]) -> tuple[str, str, dict[str, Any]]:
    """The same piece in other words."""
    return (piece[0], piece[1], {**piece[2], "text": {"zh-Hans": "另一句", "en": "Other"}})


# ---- Seeding ----


def test_seeding_inserts_what_is_absent(store: ContentStore) -> None:
    assert store.seed([GREET, PETS]) == Seeded(added=2, renewed=0, kept=0)
    assert store.seed([GREET, PETS, THANKS]) == Seeded(added=1, renewed=0, kept=2)
    assert sorted(store.upcoming()) == sorted([GREET, PETS, THANKS], key=lambda p: p[:2])


def test_a_body_comes_back_as_it_went_in(store: ContentStore) -> None:
    body = {"zh-Hans": "“安全账户”😀\n第二行", "list": [1, 2.5, None, True, {"yes": "no"}], "empty": {}, "": ""}
    store.seed([("reply", "odd", body)])
    store.publish(author="lin")
    assert store.pieces_of(1) == [("reply", "odd", body)]


def test_seeding_renews_what_nobody_edited(store: ContentStore) -> None:
    store.seed([GREET, PETS])
    assert store.seed([changed(GREET), PETS]) == Seeded(added=0, renewed=1, kept=1)
    assert changed(GREET) in store.upcoming()


def test_seeding_never_overwrites_an_edit(store: ContentStore, editorial: Editorial) -> None:
    store.seed([GREET])
    edited = {"text": {"zh-Hans": "本行编辑写的", "en": "Ours"}}
    editorial.approved("reply", "greet", edited, base=1)
    assert store.seed([changed(GREET)]) == Seeded(added=0, renewed=0, kept=1)
    assert store.upcoming() == [("reply", "greet", edited)]


def test_an_edit_that_nobody_approved_yet_counts_as_edited(store: ContentStore, editorial: Editorial) -> None:
    store.seed([GREET])
    editorial.draft("reply", "greet", {"text": "ours"}, base=1)
    assert store.seed([changed(GREET)]).kept == 1
    assert store.upcoming() == [GREET]


def test_seeding_does_not_bring_back_what_was_withdrawn(store: ContentStore, editorial: Editorial) -> None:
    store.seed([GREET, PETS])
    editorial.publication.withdraw(WU, [GREET[:2]], reason="wrong")
    assert store.seed([changed(GREET), PETS]).renewed == 1
    assert keys(store.upcoming()) == ["pet_ransom"]


def test_seeding_alone_shows_nothing(store: ContentStore) -> None:
    store.seed([GREET])
    assert store.newest_release() == 0
    assert store.history() == []


def test_a_seed_that_breaks_off_leaves_nothing_behind(store: ContentStore) -> None:
    with pytest.raises(StoreError):
        store.seed([GREET, ("reply", "greet", {"text": "the same key again"})])
    assert store.upcoming() == []


# ---- Drafting and publishing ----


def test_releases_are_numbered_from_one_without_a_gap(store: ContentStore) -> None:
    store.seed([GREET])
    assert [store.publish(author="lin") for _ in range(3)] == [1, 2, 3]
    assert store.newest_release() == 3


def test_what_was_approved_is_shown_by_the_next_release_and_not_before(
    store: ContentStore, editorial: Editorial
) -> None:
    store.seed([GREET])
    store.publish(author="lin")
    assert editorial.approved(*changed(GREET), base=1) == 2
    assert store.pieces_of(1) == [GREET]
    assert store.publish(author="mei") == 2
    assert store.pieces_of(2) == [changed(GREET)]


def test_a_release_never_holds_a_draft_nor_what_is_being_reviewed(store: ContentStore, editorial: Editorial) -> None:
    store.seed([GREET])
    editorial.draft(*THANKS)
    editorial.submitted(*PETS)
    editorial.draft(*changed(GREET), base=1)
    assert store.upcoming() == [GREET]
    store.publish(author="lin")
    assert store.pieces_of(1) == [GREET]


def test_what_was_released_stays_while_a_newer_draft_is_written(store: ContentStore, editorial: Editorial) -> None:
    editorial.approved(*GREET)
    store.publish(author="lin")
    editorial.draft(*changed(GREET), base=1)
    store.publish(author="lin")
    assert store.pieces_of(2) == [GREET]


def test_seeds_are_released_without_what_people_approved_meanwhile(store: ContentStore, editorial: Editorial) -> None:
    store.seed([GREET, PETS])
    store.publish(author="seed")
    editorial.approved(*changed(GREET), base=1)
    editorial.approved(*THANKS)
    store.seed([changed(PETS)])
    assert keys(store.upcoming()) == ["greet", "pet_ransom", "thanks"]
    coming = store.upcoming(seeds_only=True)
    assert sorted(coming) == sorted([GREET, changed(PETS)], key=lambda p: p[:2])
    store.publish(author="seed", seeds_only=True)
    assert store.pieces_of(2) == coming
    editorial.publication.withdraw(WU, [PETS[:2]], reason="wrong")
    store.seed([("reply", "bye", {"text": "再见"})])
    store.publish(author="seed", seeds_only=True)
    assert keys(store.pieces_of(4)) == ["bye", "greet"]
    editorial.publication.release(WU)
    assert keys(store.pieces_of(5)) == ["bye", "greet", "thanks"]


def test_the_trail_names_who_released_and_who_answers_for_it(store: ContentStore, connect: Connect) -> None:
    store.seed([GREET])
    store.publish(author="mei", by="cli:root")
    newest = AuditStore(connect()).entries(limit=1)[0]
    assert (newest.actor, newest.detail["author"], store.history()[0].author) == ("cli:root", "mei", "mei")


def test_a_release_never_changes(store: ContentStore, editorial: Editorial) -> None:
    store.seed([GREET, PETS])
    first = store.publish(author="lin")
    before = store.pieces_of(first)
    editorial.approved(*changed(GREET), base=1)
    editorial.approved(*THANKS)
    editorial.publication.withdraw(WU, [PETS[:2]], reason="wrong")
    store.seed([changed(PETS)])
    store.publish(author="mei")
    assert store.pieces_of(first) == before


def test_a_release_that_is_not_there_is_empty(store: ContentStore) -> None:
    assert store.pieces_of(5) == []


def test_pieces_of_one_key_and_two_kinds_are_two_pieces(store: ContentStore) -> None:
    store.seed([("reply", "greet", {"n": 1}), ("answer", "greet", {"n": 2})])
    assert sorted(store.upcoming()) == [("answer", "greet", {"n": 2}), ("reply", "greet", {"n": 1})]


def test_a_release_of_thousands_of_pieces_is_whole(store: ContentStore) -> None:
    store.seed([("case", f"case-{n}", {"n": n}) for n in range(1234)])
    store.publish(author="lin")
    assert sorted(body["n"] for _, _, body in store.pieces_of(1)) == list(range(1234))


def test_the_history_tells_who_published_what_newest_first(store: ContentStore) -> None:
    store.seed([GREET, PETS])
    store.publish(author="lin", note="first words")
    store.seed([THANKS])
    store.publish(author="mei", note="thanks too")
    lines = store.history()
    assert [(n.number, n.author, n.note, n.pieces) for n in lines] == [
        (2, "mei", "thanks too", 3),
        (1, "lin", "first words", 2),
    ]
    assert lines[0].created_at >= lines[1].created_at
    assert [n.number for n in store.history(limit=1)] == [2]


def test_every_revision_keeps_its_author_and_comment(
    store: ContentStore, editorial: Editorial, connect: Connect
) -> None:
    store.seed([GREET])
    editorial.flow.save(LIN, *changed(GREET), base=1, comment="plainer")
    with Session(connect()) as session:
        rows = session.execute(select(Revision.number, Revision.author, Revision.comment).order_by(Revision.number))
        assert [tuple(r) for r in rows] == [(1, SEED, ""), (2, "lin", "plainer")]


def test_feedback_is_counted_without_text_or_sender(store: ContentStore, connect: Connect) -> None:
    store.record_feedback(helpful=False, urgency="stop-now", typology="game", content_version=3)
    with Session(connect()) as session:
        kept = session.scalars(select(Feedback)).one()
        assert (kept.helpful, kept.urgency, kept.typology, kept.content_version) == (False, "stop-now", "game", 3)
    assert set(Feedback.__table__.columns.keys()) == {
        "id",
        "helpful",
        "urgency",
        "typology",
        "content_version",
        "created_at",
    }


# ---- Two at once ----


def test_two_connections_that_publish_at_once_each_get_a_number_of_their_own(
    store: ContentStore, connect: Connect
) -> None:
    store.seed([GREET, PETS, THANKS])
    rounds = 5
    together = threading.Barrier(2)

    def publish(author: str) -> list[int]:
        own = ContentStore(connect())
        numbers = []
        for _ in range(rounds):
            together.wait()
            numbers.append(own.publish(author=author))
        return numbers

    with ThreadPoolExecutor(2) as pool:
        lists = list(pool.map(publish, ["lin", "mei"]))
    published = sorted(n for numbers in lists for n in numbers)
    assert published == list(range(1, 2 * rounds + 1))
    assert [(n.number, n.pieces) for n in reversed(store.history())] == [(n, 3) for n in published]


def test_the_slower_of_two_publishers_waits_and_gets_the_next_number(store: ContentStore, connect: Connect) -> None:
    store.seed([GREET])
    slow, fast = connect(), connect()
    waiting = threading.Event()

    def notice(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("BEGIN IMMEDIATE") or "advisory" in statement:
            waiting.set()

    event.listen(slow, "before_cursor_execute", notice)
    with ThreadPoolExecutor(1) as pool:
        with turn(fast) as session:
            late = pool.submit(ContentStore(slow).publish, author="mei")
            assert waiting.wait(30)
            session.add(Release(number=1, author="lin", note=""))
        assert late.result(30) == 2
    assert [(n.number, n.author) for n in store.history()] == [(2, "mei"), (1, "lin")]


def test_a_reader_is_not_held_up_by_a_release_that_is_being_written(store: ContentStore, connect: Connect) -> None:
    store.seed([GREET])
    store.publish(author="lin")
    with Session(connect()) as writer:
        writer.add(Release(number=2, author="mei", note=""))
        writer.flush()
        assert store.newest_release() == 1
        assert store.pieces_of(1) == [GREET]
        writer.rollback()


def count(engine: Engine) -> int:
    """How many releases there are."""
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(Release)) or 0


def test_a_release_that_fails_half_way_was_never_there(store: ContentStore, connect: Connect) -> None:
    store.seed([GREET])
    broken = connect()

    def fail(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "release_item" in statement:
            raise ConnectionError("the cable was pulled")

    event.listen(broken, "before_cursor_execute", fail)
    with pytest.raises((StoreError, ConnectionError)):
        ContentStore(broken).publish(author="lin")
    assert count(connect()) == 0
    assert store.publish(author="lin") == 1


def test_what_was_seeded_last_is_remembered_by_name(store: ContentStore) -> None:
    store.seed([GREET], source="first")
    assert store.seeded_from() == "first"
    store.seed([GREET], source="second")
    assert store.seeded_from() == "second"
    store.seed([GREET])
    assert store.seeded_from() == "second"
    store.seed([GREET, PETS])
    assert store.seeded_from() == ""
