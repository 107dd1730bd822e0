"""What the desk is shown."""

from datetime import timedelta

import pytest

from bot.core.publishing import State, Verdict
from bot.store.reading import PieceReader
from bot.store.releases import ContentStore
from bot.store.views import Change
from tests.editorial import LIN, MEI, RULES, WU, Editorial

GREET, CASE, BYE = ("reply", "greet"), ("case", "rebate-1"), ("reply", "bye")


@pytest.fixture
def reader(editorial: Editorial) -> PieceReader:
    """A desk with a released, a reviewed and a drafted piece."""
    editorial.approved(*GREET, {"text": {"zh-Hans": "您好，请先停一停", "en": "Hello"}})
    editorial.publication.release(WU)
    editorial.clock.passes(minutes=1)
    editorial.submitted(*CASE, {"typology": "task_rebate", "story": "100%返利_"})
    editorial.clock.passes(minutes=1)
    editorial.draft(*GREET, {"text": {"zh-Hans": "新的", "en": "Hi"}}, base=1)
    editorial.clock.passes(minutes=1)
    editorial.draft(*BYE, {"text": "再见"}, who=WU)
    return PieceReader(editorial.engine, editorial.clock)


def test_pieces_are_listed_by_their_newest_revision_what_changed_last_first(reader: PieceReader) -> None:
    told = [(p.kind, p.key, p.number, p.state, p.step, p.author, p.live) for p in reader.pieces()]
    assert told == [
        (*BYE, 1, State.DRAFT, "", "wu", None),
        (*GREET, 2, State.DRAFT, "", "lin", 1),
        (*CASE, 1, State.REVIEW, "fact_check", "lin", None),
    ]


def test_pieces_are_found_by_kind_state_step_and_words(reader: PieceReader) -> None:
    def keys(**where: object) -> list[str]:
        return [p.key for p in reader.pieces(**where)]  # type: ignore[arg-type]

    assert keys(kind="reply") == ["bye", "greet"]
    assert keys(state=State.DRAFT) == ["bye", "greet"]
    assert keys(step="fact_check") == ["rebate-1"]
    assert keys(step="compliance") == []
    assert keys(text="新的") == ["greet"]
    assert keys(text="停一停") == []  # of the older revision
    assert keys(text="rebate") == ["rebate-1"]
    assert keys(text="100%返利_") == ["rebate-1"]
    assert keys(text="100_返利%") == []
    assert keys(limit=1, offset=1) == ["greet"]


def test_pieces_are_counted_by_where_they_stand(reader: PieceReader) -> None:
    assert reader.counts() == {
        ("reply", State.DRAFT, ""): 2,
        ("case", State.REVIEW, "fact_check"): 1,
    }


def test_a_piece_and_a_revision_that_are_not_there_are_none(reader: PieceReader) -> None:
    assert reader.piece("reply", "nothing") is None
    assert reader.revision(*GREET, 9) is None
    assert reader.revisions("reply", "nothing") == []


def test_a_revision_carries_what_was_said_of_it_and_no_other(reader: PieceReader, editorial: Editorial) -> None:
    editorial.decide(MEI, *CASE, 1, "fact_check", Verdict.COMMENT, "出处？")
    editorial.decide(MEI, *CASE, 1, "fact_check")
    (case,) = reader.revisions(*CASE)
    assert [(d.who, d.step, d.verdict, d.comment, d.round) for d in case.decisions] == [
        ("mei", "fact_check", Verdict.COMMENT, "出处？", 1),
        ("mei", "fact_check", Verdict.ACCEPT, "", 1),
    ]
    assert case.submitted_by == "lin"
    newest, first = reader.revisions(*GREET)
    assert newest.decisions == ()
    assert [d.step for d in first.decisions] == ["fact_check", "compliance", "approval"]
    assert first.approved_at is not None


def test_the_next_release_is_shown_before_it_is_one(reader: PieceReader, editorial: Editorial) -> None:
    assert reader.upcoming().changes == ()
    editorial.flow.submit(LIN, *GREET, 2)
    for step, who in [("fact_check", MEI), ("compliance", MEI), ("approval", WU)]:
        editorial.decide(who, *GREET, 2, step)
    coming = reader.upcoming()
    assert coming.changes == (Change(*GREET, 1, 2),)
    assert coming.pieces == [(*GREET, {"text": {"zh-Hans": "新的", "en": "Hi"}})]
    assert coming.pieces == ContentStore(editorial.engine).upcoming()
    assert reader.upcoming().fingerprint == coming.fingerprint
    editorial.publication.withdraw(WU, [GREET], reason="wrong")
    assert reader.upcoming().fingerprint != coming.fingerprint


def test_the_next_release_can_be_looked_at_for_a_later_time(reader: PieceReader, editorial: Editorial) -> None:
    number = editorial.approved("screen", "poster", {"text": "先停"})
    at = editorial.clock.now + timedelta(days=2)
    editorial.publication.schedule(WU, [("screen", "poster", number)], release_at=at, ends_at=at + timedelta(days=1))
    assert reader.upcoming().changes == ()
    assert reader.upcoming(at).changes == (Change("screen", "poster", None, 1),)
    assert reader.upcoming(at + timedelta(days=1)).changes == ()


def test_two_releases_are_told_apart(reader: PieceReader, editorial: Editorial) -> None:
    editorial.approved("reply", "new", {"text": "新"})
    editorial.publication.release(WU)
    editorial.publication.withdraw(WU, [GREET], reason="wrong")
    assert reader.changes(1, 2) == (Change("reply", "new", None, 1),)
    assert reader.changes(2, 3) == (Change(*GREET, 1, None),)
    assert reader.changes(1, 3) == (Change(*GREET, 1, None), Change("reply", "new", None, 1))


def test_what_belongs_to_a_typology_is_found(reader: PieceReader, editorial: Editorial) -> None:
    editorial.draft("examples", "task_rebate.asks", {"typology": "task_rebate", "zh": {}})
    editorial.draft("examples", "game", {"typology": "game", "zh": {}})
    editorial.draft("answer", "about", {"typology": "task_rebate"})
    assert reader.belonging("task_rebate") == [CASE, ("examples", "task_rebate.asks")]


def test_what_grows_old_is_listed_the_oldest_first(reader: PieceReader, editorial: Editorial) -> None:
    assert reader.overdue(RULES) == []
    editorial.clock.passes(days=181)
    assert [(p.kind, p.key, p.state) for p in reader.overdue(RULES)] == [(*GREET, State.DRAFT)]
    editorial.clock.passes(days=-2)
    assert reader.overdue(RULES) == []
    assert [p.key for p in reader.overdue(RULES, within=timedelta(days=3))] == ["greet"]
