"""Who asked to be told, is told once when a newer release judges his text more gravely; then the text is gone."""

from collections.abc import Callable

import pytest

from bot.content.build import build_release
from bot.content.files import Piece, read_folder
from bot.conversation.answers import AnswerIndex
from bot.conversation.snapshot import Snapshot
from bot.core.subscriptions import Preferences
from bot.core.vocabulary import Urgency
from bot.delivery.telling import Telling
from bot.recognition.build import Workshop
from bot.recognition.encoder import NgramEncoder
from bot.store.kept_texts import KEPT_FOR, KeptTexts
from tests.delivery.conftest import Bank, warning
from tests.tiny import write_tiny

RANSOM = "有人说捡到我家的狗，先要赎金，卡****1234"
HARMLESS = "几点开门"


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory, pieces: list[Piece]) -> Snapshot:
    """Release 9, which knows of ransoms for pets."""
    folder = tmp_path_factory.mktemp("tiny")
    found, _ = read_folder(write_tiny(folder / "content"))
    words = [p for p in pieces if p.kind == "reply" and p.key.startswith(("sub_", "call_"))]
    release = build_release(9, [(p.kind, p.key, p.body) for p in [*found, *words]])
    encoder = NgramEncoder()
    return Snapshot(release, Workshop(encoder, folder / "learned").build(release), AnswerIndex.of((), encoder))


@pytest.fixture
def kept(bank: Bank) -> KeptTexts:
    """No text is kept yet."""
    return KeptTexts(bank.engine, bank.clock)


Tell = Callable[[], int]


@pytest.fixture
def tell(bank: Bank, kept: KeptTexts, snapshot: Snapshot) -> Tell:
    """Looks at the texts under release 9, and sends what comes of it."""

    def run() -> int:
        told = Telling(kept, bank.broadcasts, bank.clock).run(snapshot)
        bank.send()
        return told

    return run


def keep(kept: KeptTexts, address: str, text: str = RANSOM, urgency: Urgency = Urgency.ASK, release: int = 8) -> None:
    """Somebody agreed that a text is kept."""
    kept.keep("telegram", address, Preferences(frozenset()), text, urgency, release)


def test_who_agreed_is_told_once_with_the_card_and_without_his_words(bank: Bank, kept: KeptTexts, tell: Tell) -> None:
    keep(kept, "tg:1:1")
    keep(kept, "tg:1:2", HARMLESS)
    assert (tell(), tell()) == (1, 0)
    ((address, text),) = bank.messenger.sent
    assert address == "tg:1:1"
    assert "您之前问过我" in text
    assert "先别" in text
    assert "110" in text or "96110" in text
    assert "1234" not in text
    assert "赎金，" not in text


def test_what_was_told_is_deleted_and_the_rest_waits_for_the_next_release(kept: KeptTexts, tell: Tell) -> None:
    keep(kept, "tg:1:1")
    keep(kept, "tg:1:2", HARMLESS)
    tell()
    assert kept.judged_before(9) == []
    assert [k.text for k in kept.judged_before(10)] == [HARMLESS]


@pytest.mark.parametrize(("urgency", "release"), [(Urgency.ALREADY_PAID, 8), (Urgency.ASK, 9)])
def test_nobody_is_told_what_he_was_told_before(kept: KeptTexts, tell: Tell, urgency: Urgency, release: int) -> None:
    keep(kept, "tg:1:1", urgency=urgency, release=release)
    assert tell() == 0


def test_after_72_hours_nothing_is_left_of_the_text_nor_of_whose_it_was(
    bank: Bank, kept: KeptTexts, tell: Tell
) -> None:
    keep(kept, "tg:1:1")
    bank.subscribe("tg:1:2")
    bank.clock.passes(hours=KEPT_FOR.total_seconds() / 3600)
    assert tell() == 0
    kept.sweep()
    assert not bank.subscriptions.leave("telegram", "tg:1:1")
    assert bank.subscriptions.leave("telegram", "tg:1:2")


def test_many_texts_in_many_processes_are_each_told_once(
    bank: Bank, kept: KeptTexts, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.kept_texts.PAGE", 3)
    for n in range(10):
        keep(kept, f"tg:1:{n + 1}")
    again = KeptTexts(bank.connect(), bank.clock)
    page = again.judged_before(9)
    Telling(kept, bank.broadcasts, bank.clock).run(snapshot)
    pages = iter([page, []])
    monkeypatch.setattr(again, "judged_before", lambda _: next(pages))
    Telling(again, bank.broadcasts, bank.clock).run(snapshot)
    assert set(bank.send().count().values()) == {1}
    assert len(bank.messenger.sent) == 10


def test_whoever_only_agreed_to_this_gets_no_warnings(bank: Bank, kept: KeptTexts) -> None:
    keep(kept, "tg:1:1")
    bank.release(warning())
    assert bank.go().sent == []
