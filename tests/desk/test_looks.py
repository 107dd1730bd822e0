"""What a piece says in each channel."""

from datetime import date
from typing import Any

import pytest

from bot.content.build import build_release
from bot.content.product_bodies import PRODUCT_KINDS
from bot.conversation.wording import Wording
from bot.core.errors import DeskError
from bot.core.vocabulary import Language, Urgency
from bot.desk.looks import CHANNELS, PRINTED, SIGN, TALKED, WALL, messages, slide
from tests.desk.pieces import tiny_pieces


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """The tiny content with products."""
    return tiny_pieces(tmp_path_factory.mktemp("looks"))


def wording(tiny: list[Any], language: Language = Language.EN) -> Wording:
    """Its words."""
    return Wording(build_release(1, tiny), language, ("cn",), date(2026, 12, 1))


def body(tiny: list[Any], kind: str) -> tuple[str, dict[str, Any]]:
    """The first piece of a kind."""
    return next((key, b) for k, key, b in tiny if k == kind)


def test_every_product_is_seen_somewhere() -> None:
    assert set(PRODUCT_KINDS) <= set(CHANNELS)
    assert set(CHANNELS["led"]) == {SIGN}
    assert set(CHANNELS["leaflet"]) == set(PRINTED)


@pytest.mark.parametrize("kind", [k for k, channels in CHANNELS.items() if set(TALKED) & set(channels)])
def test_what_a_chat_says_has_its_numbers_filled_in(tiny: list[Any], kind: str) -> None:
    there = [(key, b) for k, key, b in tiny if k == kind]
    for key, found in there:
        said = messages(kind, key, found, wording(tiny))
        assert said
        assert all(m.text.strip() and "{police}" not in m.text and "{advice}" not in m.text for m in said), key
    assert there or kind in {"handbook", "question"}


def test_a_typology_is_the_card_of_each_urgency_as_the_draft_has_it(tiny: list[Any]) -> None:
    key, found = body(tiny, "typology")
    draft = {**found, "names": {"zh-Hans": "新名字", "en": "A new name"}}
    commands = set()
    for urgency in (Urgency.WARN, Urgency.STOP_NOW, Urgency.ALREADY_PAID):
        (message,) = messages("typology", key, draft, wording(tiny), urgency)
        assert message.card is not None
        assert message.card["urgency"] == urgency.value
        assert message.card["typology"]["name"] == "A new name"
        commands.add(message.card["command"])
    assert len(commands) > 1


@pytest.mark.parametrize("kind", [k for k, channels in CHANNELS.items() if set(WALL) & set(channels)])
def test_a_screen_shows_title_and_lines(tiny: list[Any], kind: str) -> None:
    # no film is shipped: its file would be the bank's own
    _, screen = body(tiny, "screen")
    found = {**screen, "id": "a", "file": "a" * 64 + ".mp4"} if kind == "film" else body(tiny, kind)[1]
    shown = slide(kind, found, wording(tiny, Language.ZH_HANS))
    assert shown.title == found["title"]["zh-Hans"]
    assert shown.lines


def test_a_draft_without_its_shape_says_where(tiny: list[Any]) -> None:
    with pytest.raises(DeskError) as raised:
        messages("warning", "w", {"id": "w"}, wording(tiny))
    assert raised.value.code == "shape"
    with pytest.raises(DeskError) as raised:
        slide("led", body(tiny, "led")[1], wording(tiny))
    assert raised.value.code == "no_look"
