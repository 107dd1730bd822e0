"""The question that settles most, and what an answer changes."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.assessment import Assessment, RankedTypology
from bot.core.content import Release
from bot.core.vocabulary import Language, Urgency
from bot.recognition.questions import MAX_QUESTIONS, MONEY_GONE, answered, next_question
from bot.recognition.recogniser import Recognizer

BY_URGENCY = {u.value: 0.2 for u in Urgency}


def assessed(urgency: Urgency, *ranking: tuple[str, float], language: Language = Language.ZH_HANS) -> Assessment:
    """An assessment with a ranking and evenly spread urgencies."""
    ranked = tuple(RankedTypology(t, p) for t, p in ranking)
    lead = ranked[0].typology if ranked else "none"
    return Assessment(language, urgency, lead, ranking=ranked, urgency_probabilities=BY_URGENCY)


DOUBT = assessed(Urgency.WARN, ("police_gov", 0.4), ("phish_sms", 0.35), ("romance", 0.1))


def test_nothing_is_asked_where_there_is_no_danger(release: Release) -> None:
    assert next_question(release, assessed(Urgency.NONE, ("none", 0.9))) is None


def test_nothing_is_asked_of_someone_whose_money_is_gone(release: Release) -> None:
    assert next_question(release, assessed(Urgency.ALREADY_PAID, ("game", 0.9))) is None


def test_in_danger_the_only_question_is_whether_money_is_gone(release: Release) -> None:
    danger = assessed(Urgency.STOP_NOW, ("police_gov", 0.9))
    question = next_question(release, danger)
    assert question is not None
    assert question.id == MONEY_GONE
    assert next_question(release, danger, asked=[MONEY_GONE]) is None


def test_in_doubt_a_question_about_what_is_likely_is_asked(release: Release) -> None:
    question = next_question(release, DOUBT)
    assert question is not None
    known = release.question(question.id)
    assert known is not None
    assert known.typology in {"", "police_gov", "phish_sms", "romance"}
    assert question.options == ("yes", "no", "unsure")


@pytest.mark.parametrize("language", list(Language))
def test_a_question_is_asked_in_the_customers_language(release: Release, language: Language) -> None:
    question = next_question(release, assessed(Urgency.STOP_NOW, ("game", 0.9), language=language))
    known = release.question(MONEY_GONE)
    assert question is not None
    assert known is not None
    assert question.text == known.text.in_(language)


def test_no_question_is_asked_twice_and_never_more_than_three(release: Release) -> None:
    asked: list[str] = []
    while question := next_question(release, DOUBT, asked=asked):
        assert question.id not in asked
        asked.append(question.id)
    assert 1 <= len(asked) <= MAX_QUESTIONS


def test_an_answer_moves_the_ranking_towards_what_it_speaks_for(release: Release) -> None:
    yes = answered(release, DOUBT, "met_in_person", "no")
    before = {r.typology: r.probability for r in DOUBT.ranking}
    after = {r.typology: r.probability for r in yes.ranking}
    assert after["romance"] > before["romance"]


@pytest.mark.parametrize("answer", ["unsure", "perhaps", "", "YES"])
def test_an_answer_that_says_nothing_changes_nothing(release: Release, answer: str) -> None:
    assert answered(release, DOUBT, MONEY_GONE, answer) == DOUBT


def test_an_answer_to_a_question_nobody_asked_changes_nothing(release: Release) -> None:
    assert answered(release, DOUBT, "no_such_question", "yes") == DOUBT


def test_money_that_is_gone_is_gone(release: Release) -> None:
    assert answered(release, DOUBT, MONEY_GONE, "yes").urgency is Urgency.ALREADY_PAID


@pytest.mark.parametrize(("urgency", "answer"), list(itertools.product(Urgency, ["yes", "no", "unsure"])))
def test_danger_never_falls_by_an_answer(release: Release, urgency: Urgency, answer: str) -> None:
    known = assessed(urgency, ("police_gov", 0.5), ("phish_sms", 0.3))
    for question in release.questions:
        assert answered(release, known, question.id, answer).urgency.rank >= urgency.rank, question.id


@given(
    st.lists(st.floats(0.001, 1), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from(["yes", "no", "unsure"])), max_size=4),
)
def test_however_it_is_answered_probabilities_stay_probabilities(
    release: Release, weights: list[float], answers: list[tuple[int, str]]
) -> None:
    names = list(release.typologies)[: len(weights)]
    total = max(1.0, sum(weights))
    ranked = sorted(zip(names, (w / total for w in weights), strict=True), key=lambda r: -r[1])
    known = assessed(Urgency.WARN, *ranked)
    for number, answer in answers:
        known = answered(release, known, release.questions[number % len(release.questions)].id, answer)
    assert sum(r.probability for r in known.ranking) <= 1 + 1e-9
    assert all(0 <= r.probability <= 1 for r in known.ranking)
    assert [r.probability for r in known.ranking] == sorted((r.probability for r in known.ranking), reverse=True)


TEXTS = [
    "有个自称公安的人让我把钱转到安全账户，我现在就在ATM前面",
    "有人加我微信说刷单一天赚三百",
    "刚把三万块转给他了",
    "请问这个短信是真的吗，让我点链接",
    "I met a man online and he wants me to invest",
    "几点开门",
]


@pytest.mark.parametrize("text", TEXTS)
def test_update_never_lowers_the_urgency_and_never_asks_again(recogniser: Recognizer, text: str) -> None:
    start = recogniser.assess(text)
    for question in recogniser.release.questions:
        for answer in ("yes", "no", "unsure"):
            sharper = recogniser.update(start, question.id, answer, asked=["money_gone"])
            assert sharper.urgency.rank >= start.urgency.rank, (question.id, answer)
            assert sharper.question is None or sharper.question.id not in {question.id, "money_gone"}


def test_a_warning_whose_kind_is_clear_still_asks_whether_money_has_gone(release: Release) -> None:
    clear = Assessment(
        Language.EN,
        Urgency.WARN,
        "phish_sms",
        (RankedTypology("phish_sms", 1.0),),
        urgency_probabilities={"warn": 1.0},
    )
    question = next_question(release, clear)
    assert question is not None
    assert question.id == MONEY_GONE
    assert next_question(release, clear, asked=[MONEY_GONE]) is None
