"""Every card of every typology, urgency and language: a command first, the numbers second, nothing forbidden."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.conversation.cards import card
from bot.conversation.messages import Message
from bot.conversation.snapshot import Snapshot
from bot.conversation.turn import Tap
from bot.conversation.wording import Wording
from bot.core.assessment import Assessment, FoundFlag, NextQuestion, RankedTypology, SimilarCase
from bot.core.vocabulary import Language, Urgency
from tests.content.test_shipped import METHODS, TYPOLOGIES

URGENCIES = [u for u in Urgency if u is not Urgency.NONE]
ALL = sorted(TYPOLOGIES | METHODS) + ["unknown", "none"]
SAFE = re.compile(
    r"(?<!不)(?<!别)没事|(?<!不)放心|(?<!不)是?安全的|(?<!不)没问题|(?<!不)沒事|沒問題"
    r"|\b(?:is|are|it's) (?:perfectly |completely )?safe\b|don't worry|no problem\b|100 ?% safe",
    re.I,
)
BLAME = re.compile(r"怎么会信|怎麼會信|贪小便宜|貪小便宜|活该|活該|your own fault|how could you|stupid", re.I)
PROMISE = re.compile(
    r"(?<!说)(?<!說)(?:一定|保证|保證)(?:能|会|會)?(?:追回|要回)|will get (?:it|your money) back", re.I
)
COMMAND = {Language.ZH_HANS: 20, Language.ZH_HANT: 20, Language.EN: 60}


def assessment_of(snapshot: Snapshot, typology: str, urgency: Urgency, language: Language) -> Assessment:
    """An assessment with everything a card can show."""
    known = snapshot.release.typologies.get(typology)
    flags = known.red_flags if known else ()
    cases = [c for c in snapshot.release.cases if c.typology == typology]
    question = snapshot.release.question("money_gone")
    assert question is not None
    return Assessment(
        language=language,
        urgency=urgency,
        typology=typology,
        ranking=(RankedTypology(typology, 0.5), RankedTypology("romance", 0.3)),
        red_flags=tuple(FoundFlag(f.id, n, n + 1, "他", typology, f.says.in_(language)) for n, f in enumerate(flags)),
        similar_cases=tuple(SimilarCase(c.id, c.title.in_(language), 0.8) for c in cases[:1]),
        question=NextQuestion(question.id, question.text.in_(language))
        if urgency is not Urgency.ALREADY_PAID
        else None,
        content_version=1,
    )


def cards(snapshot: Snapshot, typology: str) -> Iterator[tuple[Assessment, Wording, Message]]:
    """The card of a typology at every urgency in every language, with and without the question how it was paid."""
    for language in Language:
        wording = snapshot.wording(language)
        for urgency in URGENCIES:
            assessment = assessment_of(snapshot, typology, urgency, language)
            for ask_method in (True, False):
                yield assessment, wording, card(assessment, wording, ask_method=ask_method)


def said(value: Any) -> Iterator[str]:
    """Every sentence of a message or card."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from said(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from said(inner)


@pytest.mark.parametrize("typology", ALL)
def test_no_card_says_what_must_never_be_said(snapshot: Snapshot, typology: str) -> None:
    for assessment, _, message in cards(snapshot, typology):
        for sentence in said([message.text, message.card, [b.title for b in message.buttons]]):
            about = (assessment.urgency.value, assessment.language.value, sentence)
            assert not re.search(r"[{}]", sentence), about
            assert not SAFE.search(sentence), about
            assert not BLAME.search(sentence), about
            assert not PROMISE.search(sentence), about


@pytest.mark.parametrize("typology", ALL)
def test_the_first_line_is_one_short_command(snapshot: Snapshot, typology: str) -> None:
    for assessment, wording, message in cards(snapshot, typology):
        if assessment.urgency is Urgency.ASK:
            continue
        assert message.card is not None
        first = message.text.split("\n")[0]
        assert first == message.card["command"]
        # Hong Kong's and Taiwan's numbers stand side by side until the customer says where he is
        short = first.replace(wording.number("police"), "110").replace(wording.number("advice"), "96110")
        limit = COMMAND[assessment.language]
        assert 0 < len(short) <= limit, (assessment.urgency.value, assessment.language.value, first)


@pytest.mark.parametrize("typology", ALL)
def test_the_second_line_is_whom_to_call(snapshot: Snapshot, typology: str) -> None:
    for assessment, wording, message in cards(snapshot, typology):
        if assessment.urgency in {Urgency.STOP_NOW, Urgency.ALREADY_PAID}:
            second = message.text.split("\n")[1]
            assert wording.number("police") in second
            assert wording.number("bank") in second
            assert message.card is not None
            assert message.card["numbers"][0]["number"] in {r.number for r in wording.rows("police")}


@pytest.mark.parametrize("typology", ALL)
def test_the_question_comes_third_and_why_comes_last(snapshot: Snapshot, typology: str) -> None:
    for assessment, wording, message in cards(snapshot, typology):
        lines = message.text.split("\n")
        assert message.card is not None
        if assessment.urgency in {Urgency.WARN, Urgency.STOP_NOW} and message.card["question"]:
            assert lines[2] == message.card["question"]
        if message.card["typology"] and assessment.urgency is not Urgency.ASK:
            why = next(n for n, line in enumerate(lines) if message.card["typology"]["summary"] in line)
            steps = [n for n, line in enumerate(lines) if line.startswith("· ")]
            assert all(n < why for n in steps)
        assert all(line.strip() for line in lines)
        assert wording.language is assessment.language


@pytest.mark.parametrize("typology", ALL)
def test_who_is_asked_is_cautioned_at_once(snapshot: Snapshot, typology: str) -> None:
    for assessment, wording, message in cards(snapshot, typology):
        if assessment.urgency is Urgency.ASK:
            lines = message.text.split("\n")
            assert message.card is not None
            assert lines[0].endswith(message.card["question"])
            assert lines[1] == wording.reply("call_ask")


@pytest.mark.parametrize("typology", ALL)
def test_every_number_on_a_card_is_a_row_of_the_table(snapshot: Snapshot, typology: str) -> None:
    table = {number for row in snapshot.release.hotlines for number in re.findall(r"\d{3,}", row.number)}
    for _, _, message in cards(snapshot, typology):
        assert message.card is not None
        told = [message.card["command"], message.card["steps"], message.card["never"], message.text.split("\n")[:3]]
        numbers = {n for sentence in said(told) for n in re.findall(r"(?<![\d,])\d{3,}(?![\d,]|年|元| yuan)", sentence)}
        assert numbers <= table


@pytest.mark.parametrize("typology", ALL)
def test_every_button_of_a_card_is_understood(snapshot: Snapshot, typology: str) -> None:
    for _, _, message in cards(snapshot, typology):
        for button in message.buttons:
            assert button.title
            assert Tap.read(button.payload) is not None, button.payload


def test_the_card_names_itself_and_its_release(snapshot: Snapshot) -> None:
    message = card(
        assessment_of(snapshot, "game", Urgency.WARN, Language.EN), snapshot.wording(Language.EN), ask_method=False
    )
    assert message.card is not None
    assert message.card["card_id"] == "game@1"
    assert message.card["urgency"] == "warn"
    assert message.card["typology"]["id"] == "game"
    assert message.card["case"] is not None


def test_a_second_likely_kind_is_named_too(snapshot: Snapshot) -> None:
    message = card(
        assessment_of(snapshot, "game", Urgency.WARN, Language.EN), snapshot.wording(Language.EN), ask_method=False
    )
    assert snapshot.release.typologies["romance"].names.en in message.text


def test_how_it_was_paid_is_asked_only_where_it_is_wanted(snapshot: Snapshot) -> None:
    paid = assessment_of(snapshot, "game", Urgency.ALREADY_PAID, Language.ZH_HANS)
    wording = snapshot.wording(Language.ZH_HANS)
    assert card(paid, wording, ask_method=True).buttons
    assert card(paid, wording, ask_method=False).buttons == ()


@pytest.mark.parametrize("language", list(Language))
def test_no_other_reply_says_what_must_never_be_said(snapshot: Snapshot, language: Language) -> None:
    wording = snapshot.wording(language)
    subscribing = ("audiences", "language", "often", "quiet", "urgent", "clock", "title", "card")
    fills = {"name": "x", "summary": "y", "place": "z", **dict.fromkeys(subscribing, "x")}
    for reply in snapshot.release.replies.values():
        if reply.id.startswith(("ui_", "desk_", "kiosk_")):
            continue
        sentence = wording.reply(reply.id, **fills)
        assert sentence, reply.id
        assert not re.search(r"[{}]", sentence), reply.id
        assert not SAFE.search(sentence), reply.id
        assert not BLAME.search(sentence), reply.id
        assert not PROMISE.search(sentence), reply.id


@pytest.mark.parametrize("language", list(Language))
def test_no_published_answer_says_what_must_never_be_said(snapshot: Snapshot, language: Language) -> None:
    wording = snapshot.wording(language)
    for answer in snapshot.release.answers:
        sentence = wording.say(answer.text)
        assert sentence, answer.id
        assert not re.search(r"[{}]", sentence), answer.id
        assert not BLAME.search(sentence), answer.id
        assert not PROMISE.search(sentence), answer.id
