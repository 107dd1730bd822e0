"""A group is subscribed, and a subscription changed or ended, by its administrators only."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.conversation.subscribing import Subscribing
from bot.store.database import open_engine, upgrade
from bot.store.kept_texts import KeptTexts
from bot.store.subscriptions import SubscriptionStore
from tests.channels.conftest import DANGER
from tests.channels.telegram.conftest import Line, OpenLine
from tests.telegram.server import StandIn
from tests.telegram.updates import Person

GROUP, ADMIN, MEMBER = -1005, 21, 22
CHAT = f"tg:123456:{GROUP}"


@pytest.fixture
def store(tmp_path: Path) -> SubscriptionStore:
    """Who is subscribed."""
    engine = open_engine(f"sqlite:///{tmp_path / 'subscriptions.db'}")
    upgrade(engine)
    return SubscriptionStore(engine)


@pytest.fixture
async def line(open_line: OpenLine, store: SubscriptionStore, telegram: StandIn, tmp_path: Path) -> AsyncIterator[Line]:
    """A bot in a group."""
    telegram.add_chat(GROUP, "supergroup", admins=(ADMIN,))
    kept = KeptTexts(open_engine(f"sqlite:///{tmp_path / 'subscriptions.db'}"))
    async with open_line(subscribing=Subscribing(store, kept, "Asia/Shanghai")) as opened:
        yield opened


@pytest.fixture
def admin(line: Line) -> Person:
    """Who may."""
    return Person(line.telegram, ADMIN, chat=GROUP)


@pytest.fixture
def member(line: Line) -> Person:
    """Who may not."""
    return Person(line.telegram, MEMBER, chat=GROUP)


async def said(line: Line, update: dict) -> str:  # type: ignore[type-arg]
    """The newest word of the bot in the group."""
    await line.gets(update)
    return line.telegram.texts(GROUP)[-1]


async def subscribed(line: Line, admin: Person) -> None:
    """The administrator subscribes the group."""
    await line.gets(admin.says("/subscribe"))
    await line.gets(admin.taps("sub:yes"))


async def test_an_administrator_subscribes_the_group(line: Line, admin: Person, store: SubscriptionStore) -> None:
    await subscribed(line, admin)
    assert store.find("telegram", CHAT) is not None


@pytest.mark.parametrize("wish", ["/subscribe", "@fangzha_bot 订阅"])
async def test_a_member_is_kindly_told_who_may(line: Line, member: Person, store: SubscriptionStore, wish: str) -> None:
    assert await said(line, member.says(wish)) == line.words("sub_group_admins")
    assert store.find("telegram", CHAT) is None


async def test_a_member_cannot_tap_what_an_administrator_opened(
    line: Line, admin: Person, member: Person, store: SubscriptionStore
) -> None:
    await line.gets(admin.says("/subscribe"))
    assert await said(line, member.taps("sub:yes")) == line.words("sub_group_admins")
    assert store.find("telegram", CHAT) is None


async def test_a_member_neither_changes_nor_ends_it(
    line: Line, admin: Person, member: Person, store: SubscriptionStore
) -> None:
    await subscribed(line, admin)
    before = store.find("telegram", CHAT)
    for wish in (member.says("/unsubscribe"), member.taps("sub:often:weekly"), member.says("@fangzha_bot 退订")):
        assert await said(line, wish) == line.words("sub_group_admins")
    assert store.find("telegram", CHAT) == before
    await line.gets(admin.says("/unsubscribe"))
    assert store.find("telegram", CHAT) is None


async def test_who_writes_in_the_name_of_the_group_may(line: Line, member: Person, store: SubscriptionStore) -> None:
    voice = {"sender_chat": {"id": GROUP, "type": "supergroup", "title": "x"}}
    assert await said(line, member.says("/subscribe", **voice)) == line.words("sub_consent")


async def test_in_danger_the_stop_of_a_member_is_a_cry_and_no_wish(
    line: Line, admin: Person, member: Person, store: SubscriptionStore
) -> None:
    await subscribed(line, admin)
    await line.gets(member.says(f"@fangzha_bot {DANGER}"))
    assert await said(line, member.says("@fangzha_bot stop")) != line.words("sub_group_admins")
    assert store.find("telegram", CHAT) is not None


async def test_nobody_decides_while_telegram_does_not_say(line: Line, admin: Person, store: SubscriptionStore) -> None:
    line.telegram.fail("no_rights", "getChatMember", times=None)
    assert await said(line, admin.says("/subscribe")) == line.words("sub_group_admins")


async def test_nobody_is_asked_about_for_any_other_word(line: Line, member: Person) -> None:
    await line.gets(member.says(f"@fangzha_bot {DANGER}"))
    assert line.telegram.called("getChatMember") == []


async def test_in_private_everybody_decides_for_himself(line: Line, store: SubscriptionStore) -> None:
    await line.gets(line.customer.says("/subscribe"))
    await line.gets(line.customer.taps("sub:yes"))
    assert store.find("telegram", f"tg:123456:{line.customer.chat}") is not None
