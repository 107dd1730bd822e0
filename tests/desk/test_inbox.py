"""Groups of texts that are alike, shown only where several people wrote them."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine

from bot.content.build import parse
from bot.core.errors import ContentError, FlowError
from bot.core.measures import Reason, Unresolved
from bot.desk.inbox import Inbox, draft_key, draft_of
from bot.recognition.encoder import NgramEncoder, SentenceEncoder
from bot.store.inbox import InboxStore

MONDAY = date(2026, 11, 23)
SOCIAL = ("有人叫我下载会议软件共享屏幕处理社保", "对方让我装会议软件共享屏幕说我社保异常", "社保卡异常要我开共享屏幕")
POWER = ("电费欠缴要断电的短信", "收到短信说欠电费要停电", "短信说电费欠费今天断电")


def heard(text: str, who: str, **more: str) -> Unresolved:
    """A text as a turn hands it over."""
    one = Unresolved(who, text, "zh-Hans", "first", "ask", "unknown", Reason.OPEN, 1)
    return replace(one, **more)  # type: ignore[arg-type]


@pytest.fixture
def store(engine: Engine) -> InboxStore:
    """An empty inbox."""
    return InboxStore(engine, lambda: MONDAY)


@pytest.fixture
def inbox(store: InboxStore) -> Inbox:
    """Its groups."""
    return Inbox(store, NgramEncoder())


def test_texts_that_mean_the_same_come_together_in_both_scripts_and_others_stay_apart(store: InboxStore) -> None:
    texts = [*SOCIAL, *POWER, "社保卡異常要我開共享螢幕", "图书证怎么续"]
    store.keep([heard(text, f"c{number}") for number, text in enumerate(texts)])
    overview = Inbox(store, SentenceEncoder()).overview()
    assert [{line.text for line in group.texts} for group in overview.groups] == [
        {*SOCIAL, "社保卡異常要我開共享螢幕"},
        set(POWER),
    ]
    assert overview.withheld == 1


def test_nothing_is_shown_that_fewer_than_three_people_wrote(store: InboxStore, inbox: Inbox) -> None:
    store.keep([heard(SOCIAL[0], "c1"), heard(SOCIAL[1], "c2"), heard(SOCIAL[0] + "呀", "c1")])
    overview = inbox.overview()
    assert (overview.groups, overview.withheld) == ((), 3)
    withheld = store.waiting()[0].id
    with pytest.raises(FlowError):
        inbox.group(withheld)
    store.keep([heard(SOCIAL[0], "c3")])
    assert [group.people for group in inbox.overview().groups] == [3]


def test_a_group_keeps_its_name_while_others_join_it_and_is_gone_when_it_was_dealt_with(
    store: InboxStore, inbox: Inbox
) -> None:
    store.keep([heard(SOCIAL[0], f"c{number}") for number in range(3)])
    before = inbox.overview().groups[0].id
    store.keep([heard(SOCIAL[0], "c9")])
    group = inbox.group(before)
    assert group.people == 4
    inbox.became(group, "case", "inbox_1")
    assert inbox.overview().groups == ()
    with pytest.raises(FlowError):
        inbox.group(before)


def test_an_empty_inbox_has_no_groups(inbox: Inbox) -> None:
    assert inbox.overview().groups == ()


@pytest.mark.parametrize("kind", ["case", "answer"])
def test_a_draft_begins_with_what_was_written_and_cannot_be_submitted_as_it_is(
    store: InboxStore, inbox: Inbox, kind: str
) -> None:
    store.keep([heard(SOCIAL[0], f"c{number}", typology="police_gov") for number in range(3)])
    group = inbox.overview().groups[0]
    body = draft_of(group, kind)
    assert SOCIAL[0] in str(body)
    assert body["id"] == draft_key(group, kind)
    with pytest.raises(ContentError):
        parse(kind, draft_key(group, kind), body)


def test_a_draft_of_examples_puts_each_text_where_it_was_read(store: InboxStore, inbox: Inbox) -> None:
    store.keep([heard(SOCIAL[0], f"c{number}", typology="police_gov") for number in range(3)])
    group = inbox.overview().groups[0]
    assert draft_of(group, "examples") == {"typology": "police_gov", "zh": {"first": {"ask": [SOCIAL[0]]}}}
    assert draft_key(group, "examples") == f"police_gov.inbox{group.id}"
