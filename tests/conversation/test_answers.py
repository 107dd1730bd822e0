"""Which published answer fits a question."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.answers import AnswerIndex
from bot.conversation.snapshot import Snapshot
from bot.recognition.encoder import NgramEncoder


def test_every_way_of_asking_that_was_written_down_finds_its_answer(snapshot: Snapshot) -> None:
    lost = []
    for answer in snapshot.release.answers[::8]:
        for ask in answer.asks[:2]:
            found = snapshot.answers.best(ask)
            if found is None or (answer.asks and ask not in found[0].asks):
                lost.append(ask)
    assert lost == []


@pytest.mark.parametrize("text", ["反詐法主要講什麼", "反诈法  主要讲什么？", "反诈法主要讲什么呢"])
def test_script_width_and_a_particle_make_no_difference(snapshot: Snapshot, text: str) -> None:
    plain = snapshot.answers.best("反诈法主要讲什么")
    found = snapshot.answers.best(text)
    assert plain is not None
    assert found is not None
    assert found[0].id == plain[0].id


@pytest.mark.parametrize("text", ["", "😀", "asdf qwer", "窗外有只鸟在唱歌"])
def test_what_is_no_question_of_ours_finds_nothing(snapshot: Snapshot, text: str) -> None:
    assert snapshot.answers.best(text) is None


def test_without_answers_nothing_is_found() -> None:
    assert AnswerIndex.of([], NgramEncoder()).best("反诈法主要讲什么") is None


@given(st.text(max_size=200))
@settings(max_examples=40)
def test_any_text_may_be_asked(snapshot: Snapshot, text: str) -> None:
    found = snapshot.answers.best(text)
    assert found is None or 0 < found[1] <= 1 + 1e-3
