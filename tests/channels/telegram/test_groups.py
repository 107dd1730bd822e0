"""In a group the bot is silent unless it is called; where an administrator wished it, it warns once and when it is sure."""

import pytest

from bot.channels.telegram import groups
from tests.channels.conftest import DANGER, NOTHING, WARNING
from tests.channels.telegram.conftest import Line
from tests.telegram.server import StandIn
from tests.telegram.updates import Person

GROUP, ADMIN, MEMBER = -1005, 21, 22


@pytest.fixture
def admin(telegram: StandIn) -> Person:
    """Who may switch."""
    telegram.add_chat(GROUP, "supergroup", admins=(ADMIN,))
    return Person(telegram, ADMIN, chat=GROUP)


@pytest.fixture
def member(admin: Person, telegram: StandIn) -> Person:
    """Anybody else."""
    return Person(telegram, MEMBER, chat=GROUP)


@pytest.fixture
def as_sure_as_tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiny content is never as sure as shipped content is."""
    monkeypatch.setattr(groups, "SURE", 0.3)


async def said(line: Line, *updates: dict) -> list[str]:  # type: ignore[type-arg]
    """What stands in the group by then."""
    await line.gets(*updates)
    return line.telegram.texts(GROUP)


async def test_nothing_is_said_to_what_is_not_meant_for_it(line: Line, member: Person) -> None:
    assert await said(line, member.says(DANGER), member.says("@someone_else 你好"), member.sends_photo(b"x")) == []


async def test_who_names_it_is_answered_under_his_message(line: Line, member: Person, telegram: StandIn) -> None:
    update = member.says(f"@fangzha_bot {DANGER}")
    (answer,) = await said(line, update)
    assert answer.startswith("先别转钱。")
    params = telegram.called("sendMessage")[0].params
    assert params["reply_parameters"]["message_id"] == update["message"]["message_id"]


async def test_who_answers_one_of_its_messages_is_answered(line: Line, member: Person, telegram: StandIn) -> None:
    await said(line, member.says(f"@fangzha_bot {NOTHING}"))
    own = telegram.messages[GROUP, 501]
    assert len(await said(line, member.says(DANGER, reply_to_message=own))) == 2


async def test_who_names_it_under_anothers_message_asks_about_that(line: Line, admin: Person, member: Person) -> None:
    suspicious = admin.says(DANGER)["message"]
    (answer,) = await said(line, member.says("@fangzha_bot 这是真的吗", reply_to_message=suspicious))
    assert answer.startswith("先别转钱。")


async def test_members_of_a_group_have_each_their_own_conversation(line: Line, admin: Person, member: Person) -> None:
    await said(line, member.says(f"@fangzha_bot {DANGER}"))
    assert line.memory.find(f"tg:123456:{GROUP}:{MEMBER}") is not None
    assert line.memory.find(f"tg:123456:{GROUP}:{ADMIN}") is None


@pytest.mark.usefixtures("as_sure_as_tiny")
async def test_switched_on_it_warns_once_for_each_text_also_after_a_restart(
    line: Line, admin: Person, member: Person
) -> None:
    on, first = await said(line, admin.says("/watch"), member.says(WARNING))
    assert on == line.words("channel_group_on")
    assert first.startswith(line.words("channel_group_lead") + "\n先别理。")
    assert len(await said(line, member.says(WARNING), member.says(f"  {WARNING} "), member.says(NOTHING))) == 2
    assert line.telegram.called("sendMessage")[-1].params.get("reply_markup") is None


async def test_it_is_silent_where_it_is_not_sure(
    line: Line, admin: Person, member: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "SURE", 1.01)
    assert len(await said(line, admin.says("/watch"), member.says(WARNING), member.says(DANGER))) == 1


@pytest.mark.usefixtures("as_sure_as_tiny")
async def test_only_an_administrator_switches_and_again_switches_off(line: Line, admin: Person, member: Person) -> None:
    assert await said(line, member.says("/watch")) == [line.words("channel_group_admins")]
    assert len(await said(line, member.says(WARNING))) == 1
    switched = await said(line, admin.says("/watch"), admin.says("/watch"))
    assert switched[1:] == [line.words("channel_group_on"), line.words("channel_group_off")]
    assert len(await said(line, member.says(WARNING))) == 3


async def test_in_private_there_is_no_group_to_watch(line: Line) -> None:
    assert await line.gets(line.customer.says("/watch")) == [line.words("channel_group_only")]


async def test_a_group_that_put_it_out_or_moved_is_watched_as_it_should(line: Line, admin: Person) -> None:
    await said(line, admin.says("/watch"))
    await line.gets(admin.message(migrate_to_chat_id=-1006))
    assert line.updates.is_watched("telegram:123456", "-1006")
    assert not line.updates.is_watched("telegram:123456", str(GROUP))
    out = {"user": line.telegram.bot.user(), "status": "left"}
    change = {
        "chat": {"id": -1006, "type": "supergroup", "title": "x"},
        "from": admin.user,
        "date": 1,
        "old_chat_member": {"user": line.telegram.bot.user(), "status": "member"},
        "new_chat_member": out,
    }
    assert await line.bot.take({"update_id": 9999, "my_chat_member": change})
    assert not line.updates.is_watched("telegram:123456", "-1006")
