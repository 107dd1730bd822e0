"""What is said in the middle of it: what now, done, not understood; life before money; a question not pressed."""

from dataclasses import replace

import pytest

from bot.conversation.memory import Conversation
from bot.conversation.messages import Message
from bot.conversation.responder import ASKED_AT_MOST, SELF_HARM, Responder, fitting, is_too_much
from bot.conversation.snapshot import Snapshot
from bot.core.vocabulary import Form, Language, Urgency
from bot.recognition.questions import MONEY_GONE

DANGER = "有个自称公安的人让我把钱转到安全账户，我现在就在ATM前面"


@pytest.fixture
def responder(snapshot: Snapshot) -> Responder:
    """Speaks for the shipped content."""
    return Responder(snapshot)


@pytest.fixture
def in_danger(snapshot: Snapshot) -> Conversation:
    """Somebody who told a dangerous story and has not paid."""
    return Conversation("c1", assessment=snapshot.recogniser.assess(DANGER))


@pytest.fixture
def paid(responder: Responder, in_danger: Conversation) -> Conversation:
    """The same, after the money went."""
    responder.paid(in_danger)
    return in_danger


def cards(messages: list[Message]) -> list[str]:
    """The urgencies of the cards in an answer."""
    return [m.card["urgency"] for m in messages if m.card]


def test_what_now_is_answered_with_the_one_thing_to_do(
    responder: Responder, in_danger: Conversation, snapshot: Snapshot
) -> None:
    said = responder.what_now(in_danger)
    assert said[0].text == snapshot.wording(Language.ZH_HANS).reply("steady")
    assert cards(said) == ["stop-now"]


def test_what_now_after_how_it_was_paid_is_what_can_still_be_saved(responder: Responder, paid: Conversation) -> None:
    aid = responder.first_aid(paid, "atm")
    assert responder.what_now(paid)[1:] == aid
    assert responder.what_now(paid, ask_method=False)[1:] == aid


def test_what_now_of_somebody_who_told_nothing_asks_calmly(responder: Responder) -> None:
    (said,) = responder.what_now(Conversation("c1"))
    assert "110" in said.text
    assert [b.payload for b in said.buttons] == ["do:already_paid", "do:person"]


def test_done_is_followed_by_the_question_that_is_open(responder: Responder, in_danger: Conversation) -> None:
    said = responder.did_it(in_danger)
    assert [b.payload for b in said[-1].buttons] == [f"answer:{MONEY_GONE}:{a}" for a in ("yes", "no", "unsure")]
    assert cards(said) == []


def test_done_without_a_question_is_told_to_stay_awake(responder: Responder, in_danger: Conversation) -> None:
    assert in_danger.assessment
    in_danger.assessment = in_danger.assessment.with_question(None)
    assert "96110" in responder.did_it(in_danger)[-1].text


def test_done_after_a_loss_asks_how_it_was_paid_once(responder: Responder, paid: Conversation) -> None:
    assert responder.did_it(paid)[-1].buttons
    responder.first_aid(paid, "cash")
    (said,) = responder.did_it(paid)
    assert "110" in said.text
    assert not said.buttons


def test_done_of_somebody_who_told_nothing_is_a_nod(responder: Responder, snapshot: Snapshot) -> None:
    assert [m.text for m in responder.did_it(Conversation("c1"))] == [
        snapshot.wording(Language.ZH_HANS).reply("all_right")
    ]


def test_what_is_not_understood_in_a_danger_brings_the_danger_again_and_then_a_person(
    responder: Responder, in_danger: Conversation, snapshot: Snapshot
) -> None:
    wording = snapshot.wording(Language.ZH_HANS)
    for _ in range(2):
        said = responder.unclear(in_danger)
        assert said[0].text == wording.reply("unclear_in_danger")
        assert cards(said) == ["stop-now"]
    assert [m.text for m in responder.unclear(in_danger)] == [wording.reply("person")]


def test_a_loss_whose_way_is_known_is_not_asked_about_on_the_card(responder: Responder, paid: Conversation) -> None:
    responder.first_aid(paid, "atm")
    (said,) = responder.warn(paid)
    assert not said.buttons


def test_starting_over_forgets_how_it_was_paid(responder: Responder, paid: Conversation) -> None:
    responder.first_aid(paid, "atm")
    responder.concern(paid, SELF_HARM)
    responder.restart(paid)
    assert (paid.paid_by, paid.concern) == ("", "")


# ---- Life before money ----


def test_after_a_thought_of_dying_nobody_speaks_of_money(
    responder: Responder, paid: Conversation, snapshot: Snapshot
) -> None:
    wording = snapshot.wording(Language.ZH_HANS)
    responder.concern(paid, SELF_HARM)
    for reply in ("thanks", "goodbye"):
        assert fitting(paid, reply) == "here_for_you"
        assert [m.text for m in responder.reply(paid, reply)] == [wording.reply("here_for_you")]
    assert [m.text for m in responder.what_now(paid)] == [wording.reply(SELF_HARM)]
    assert fitting(paid, "person") == "person"


def test_a_goodbye_after_a_loss_names_what_is_still_to_be_done(responder: Responder, paid: Conversation) -> None:
    assert fitting(paid, "goodbye") == "goodbye_paid"
    assert fitting(Conversation("c2"), "goodbye") == "goodbye"


# ---- Not pressed, not misdirected ----


def test_how_it_was_paid_is_asked_twice_at_the_most_between_two_cards(responder: Responder, paid: Conversation) -> None:
    asked = [is_too_much(paid, "ask_pay_method") for _ in range(ASKED_AT_MOST + 2)]
    assert asked == [False] * ASKED_AT_MOST + [True] * 2
    assert not is_too_much(paid, "thanks")
    responder.warn(paid)
    assert not is_too_much(paid, "ask_pay_method")


@pytest.mark.parametrize(("form", "advised"), [(Form.THIRD, True), (Form.AFTER, True), (Form.QUESTION, False)])
def test_only_who_tells_of_another_is_told_how_to_help_him(
    responder: Responder, in_danger: Conversation, snapshot: Snapshot, form: Form, advised: bool
) -> None:
    assert in_danger.assessment
    in_danger.assessment = replace(in_danger.assessment, about_other=True, form=form, urgency=Urgency.STOP_NOW)
    advice = snapshot.wording(Language.ZH_HANS).reply("for_other")
    assert (advice in [m.text for m in responder.warn(in_danger)]) is advised


def test_english_lists_numbers_in_english_punctuation(responder: Responder) -> None:
    (said,) = responder.hotline(Conversation("c1", language=Language.EN), "uk")
    assert "。" not in said.text
