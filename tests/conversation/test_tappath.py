"""From a picture to the card: what is chosen is what is warned of, danger never falls, and it is never far."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.conversation.snapshot import Snapshot
from bot.conversation.tappath import QUESTIONS_BEFORE_CARD, begin, go_on, tree
from bot.core.content import Release
from bot.core.kiosk import Tap
from bot.core.vocabulary import UNKNOWN, Urgency
from bot.recognition.recogniser import Recognizer

MOST_TOUCHES = 7
DANGER = {Urgency.STOP_NOW.value, Urgency.ALREADY_PAID.value}


def chosen(release: Release) -> list[Tap]:
    """Every choice that leads to a card."""
    return [t for t in release.kiosk.taps if t.reads]


def touches_to(release: Release, tap: Tap) -> int:
    """The touch that wakes the screen, those of the pictures, and "none of these" where the choice is a group."""
    group = any(t.under == tap.id for t in release.kiosk.taps)
    return 1 + (2 if tap.under or group else 1)


def before_the_card(node: dict[str, Any]) -> int:
    """The most questions that are put before the card stands there."""
    if "question" not in node or node["urgency"] in DANGER:
        return 0
    return 1 + max(before_the_card(then) for then in node["then"].values())


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A node and all below it."""
    yield node
    for then in node.get("then", {}).values():
        yield from nodes(then)


def test_every_kind_of_scam_has_its_card_within_seven_touches(release: Release, recogniser: Recognizer) -> None:
    touches: dict[str, int] = {}
    for tap in chosen(release):
        count = touches_to(release, tap) + before_the_card(tree(recogniser, tap))
        assert count <= MOST_TOUCHES, tap.id
        touches[tap.typology] = min(count, touches.get(tap.typology, count))
    assert set(touches) >= set(release.typologies), set(release.typologies) - set(touches)


def test_the_card_is_of_the_kind_that_was_chosen_whatever_is_answered(release: Release, recogniser: Recognizer) -> None:
    for tap in chosen(release):
        if tap.typology and tap.typology != UNKNOWN:
            assert {n["typology"] for n in nodes(tree(recogniser, tap))} == {tap.typology}, tap.id


def test_danger_never_falls_on_the_way(release: Release, recogniser: Recognizer) -> None:
    for tap in chosen(release):
        for node in nodes(tree(recogniser, tap)):
            for then in node.get("then", {}).values():
                assert Urgency(then["urgency"]).rank >= Urgency(node["urgency"]).rank, tap.id
            assert Urgency(node["urgency"]).rank >= tap.urgency.rank, tap.id


def test_in_danger_the_one_question_is_whether_money_has_gone(release: Release, recogniser: Recognizer) -> None:
    for tap in chosen(release):
        for node in nodes(tree(recogniser, tap)):
            if node["urgency"] == "stop-now" and "question" in node:
                assert node["question"] == "money_gone", tap.id
                assert node["then"]["yes"]["urgency"] == "already-paid"
                assert node["then"]["no"]["urgency"] == "stop-now"


def test_what_a_choice_has_answered_is_not_asked(release: Release, recogniser: Recognizer) -> None:
    seen = 0
    for tap in chosen(release):
        for node in nodes(tree(recogniser, tap)):
            assert node.get("question") not in tap.known, tap.id
        seen += bool(tap.known)
    assert seen > 10


def test_no_question_is_asked_twice_and_few_before_the_card(release: Release, recogniser: Recognizer) -> None:
    def walk(node: dict[str, Any], asked: tuple[str, ...]) -> None:
        question = node.get("question")
        assert question not in asked
        if question:
            for then in node["then"].values():
                walk(then, (*asked, question))
        assert len(asked) <= QUESTIONS_BEFORE_CARD + 1

    for tap in chosen(release):
        walk(tree(recogniser, tap), ())


@pytest.mark.parametrize("tap_id", ["caller_police", "unsure", "money_account"])
def test_the_page_and_the_server_come_to_the_same(snapshot: Snapshot, tap_id: str) -> None:
    tap = snapshot.release.kiosk.tap(tap_id)
    assert tap is not None
    node, standing = tree(snapshot.recogniser, tap), begin(snapshot.recogniser, tap)
    for answer in ("no", "yes", "unsure"):
        assert (node["typology"], node["urgency"]) == (standing.known.typology, standing.known.urgency.value)
        assert node.get("question", "") == standing.question
        if "then" not in node:
            assert go_on(snapshot.recogniser, standing, answer) == standing
            break
        node, standing = node["then"][answer], go_on(snapshot.recogniser, standing, answer)


def test_a_choice_that_fits_nothing_is_never_called_harmless(release: Release, recogniser: Recognizer) -> None:
    for tap in chosen(release):
        if not tap.typology or tap.typology == UNKNOWN:
            known = begin(recogniser, tap).known
            assert known.typology == UNKNOWN and known.urgency is not Urgency.NONE, tap.id
