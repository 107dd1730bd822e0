"""What a screen is given to show, and what a sign's controller is."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot.channels import sign_feed
from bot.channels.playlist import AHEAD, Playlist
from bot.content.build import build_release
from bot.content.files import read_folder
from bot.conversation.wording import Wording
from bot.core.content import Release
from bot.core.vocabulary import Language
from tests.tiny import write_tiny

TODAY = date(2026, 12, 1)
WORDS = {"zh-Hans": "先停一停", "en": "Stop first"}
BRANCH = {"id": "yingbin", "name": {"zh-Hans": "迎宾路支行", "en": "Yingbin Road"}, "within": "cn"}
ABROAD = {"id": "hk", "name": {"zh-Hans": "香港", "en": "Hong Kong"}}
RELEASED = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def product(kind: str, key: str, **more: Any) -> tuple[str, str, dict[str, Any]]:
    """A product that is in force."""
    return kind, key, {"id": key, "start": "2026-11-01", "end": "2027-01-31", **more}


def screen(key: str = "s", **more: Any) -> tuple[str, str, dict[str, Any]]:
    """An item of the loop."""
    return product("screen", key, title=WORDS, lines=[{"zh-Hans": "拨{advice}问", "en": "Dial {advice}"}], **more)


def warning(key: str = "w", **more: Any) -> tuple[str, str, dict[str, Any]]:
    """A warning for screens."""
    return product("warning", key, title=WORDS, text=WORDS, **{"channels": ["screen"], **more})


@pytest.fixture
def build(tmp_path: Any) -> Any:
    """A playlist over tiny content, a branch in the mainland, Hong Kong, and some products."""
    pieces = [(p.kind, p.key, p.body) for p in read_folder(write_tiny(tmp_path / "content"))[0]]
    pieces = [p for p in pieces if p[0] not in {"warning", "screen", "led", "handbook", "quiz"}]

    def make(*products: tuple[str, str, dict[str, Any]], place: str = "yingbin", today: date = TODAY) -> Playlist:
        bank = [(k, key, {**body, "home_places": {"zh-Hans": ["cn"], "zh-Hant": ["hk"], "en": ["cn"]}})
                if k == "bank" else (k, key, body) for k, key, body in pieces]  # fmt: skip
        release = build_release(5, [*bank, ("place", "yingbin", BRANCH), ("place", "hk", ABROAD), *products])
        return Playlist(_Snapshot(release, today), place, {"w": RELEASED})  # type: ignore[arg-type]

    return make


class _Snapshot(SimpleNamespace):
    """The two things a playlist asks a snapshot for."""

    def __init__(self, release: Release, today: date) -> None:
        super().__init__(release=release, today=lambda: today)

    def wording(self, language: Language, places: tuple[str, ...] = ()) -> Wording:
        """Words, as the real one gives them."""
        return Wording(self.release, language, places or self.release.home_places[language], self.today())


def pieces_of(playlist: Playlist) -> list[str]:
    """What stands in the loop."""
    return [item["piece"] for item in playlist.as_dict()["items"]]


def test_a_branch_has_the_time_of_the_place_it_lies_in(build: Any) -> None:
    assert build(place="hk").zone == ""
    far = ("place", "us", {"id": "us", "name": WORDS, "timezone": "America/New_York"})
    branch = ("place", "soho", {"id": "soho", "name": WORDS, "within": "us"})
    assert build(far, branch, place="soho").as_dict()["zone"] == "America/New_York"


def test_a_branch_has_the_numbers_of_the_place_it_lies_in(build: Any) -> None:
    item = build(screen()).as_dict()["items"][0]
    assert item["lines"] == ["拨96110问"]
    assert (item["title"], item["also"]) == ("先停一停", "Stop first")


@pytest.mark.parametrize(
    ("places", "shown"), [(["all"], True), (["cn"], True), (["yingbin"], True), (["hk"], False), (["hk", "cn"], True)]
)
def test_a_branch_shows_what_is_meant_for_it_or_for_what_it_lies_in(build: Any, places: list[str], shown: bool) -> None:
    assert bool(pieces_of(build(screen(places=places)))) is shown


def test_a_screen_that_is_not_paired_shows_only_what_is_for_every_place(build: Any) -> None:
    playlist = build(screen("a"), screen("b", places=["cn"]), place="all")
    assert pieces_of(playlist) == ["screen/a"]


def test_what_is_for_the_banks_own_staff_never_shows(build: Any) -> None:
    playlist = build(
        screen("a", audiences=["staff"]), screen("b", audiences=["staff", "elders"]), screen("c", audiences=["elders"])
    )
    assert pieces_of(playlist) == ["screen/b", "screen/c"]


def test_what_has_ended_is_left_out_and_what_begins_soon_is_sent_ahead(build: Any) -> None:
    soon, later = (TODAY + AHEAD).isoformat(), (TODAY + AHEAD + timedelta(days=1)).isoformat()
    playlist = build(
        screen("over", end="2026-11-30"), screen("soon", start=soon, end="2027-01-31"), screen("later", start=later)
    )
    assert pieces_of(playlist) == ["screen/soon"]


def test_only_warnings_with_the_screen_among_their_channels_show(build: Any) -> None:
    assert pieces_of(build(warning("a"), warning("b", channels=["chat", "web"]))) == ["warning/a"]


def test_hours_are_sent_along(build: Any) -> None:
    item = build(screen(dayparts=["08:30-12:00", "14:00-24:00"])).as_dict()["items"][0]
    assert item["dayparts"] == [["08:30", "12:00"], ["14:00", "24:00"]]


def test_only_the_most_urgent_takes_the_screen_over_and_only_for_its_minutes(build: Any) -> None:
    urgent = build(warning(priority=1, interrupt_minutes=10), warning("w2", priority=2)).as_dict()["urgent"]
    assert [u["piece"] for u in urgent] == ["warning/w"]
    assert urgent[0]["until"] == int((RELEASED + timedelta(minutes=10)).timestamp() * 1000)
    assert build(warning(priority=1, interrupt_minutes=0)).as_dict()["urgent"] == []


def test_a_page_of_the_handbook_shows_the_signs_that_are_short_enough(build: Any) -> None:
    long = {"zh-Hans": "很长" * 20, "en": "long"}
    made = product("handbook", "h", title=WORDS, summary=WORDS, how=[WORDS], signs=[long, WORDS], do=[WORDS],
                   never=[WORDS])  # fmt: skip
    assert build(made).as_dict()["items"][0]["lines"] == ["先停一停"]
    none = product("handbook", "h", title=WORDS, summary=WORDS, how=[WORDS], signs=[long], do=[WORDS], never=[WORDS])
    assert build(none).as_dict()["items"] == []


def test_a_question_comes_with_its_answer(build: Any) -> None:
    quiz = product("quiz", "q", question=WORDS, options=[WORDS, WORDS], right=2, why=WORDS)
    item = build(quiz).as_dict()["items"][0]
    assert (item["right"], item["why"]) == (1, "先停一停")


def test_hong_kong_reads_traditional_and_has_no_simplified_sign_lines_in_its_ticker(build: Any) -> None:
    playlist = build(warning(), product("led", "l", text="先停一停"), place="hk")
    assert playlist.language is Language.ZH_HANT
    assert [t["piece"] for t in playlist.as_dict()["ticker"]] == ["warning/w"]


def test_the_ticker_holds_whole_sentences_with_the_seconds_old_people_need(build: Any) -> None:
    ticker = build(warning(), product("led", "l", text="钱刚转出去，马上拨{police}")).as_dict()["ticker"]
    assert [(t["text"], t["seconds"]) for t in ticker] == [("钱刚转出去，马上拨110", 9), ("先停一停", 3)]


# ---- The feed of a sign ----

NOON = datetime(2026, 12, 1, 12, 0)  # the bank's own time


def led(text: str, key: str = "l", **more: Any) -> tuple[str, str, dict[str, Any]]:
    """A sign's line."""
    return product("led", key, text=text, **more)


def test_the_feed_is_one_idea_a_line_in_gb2312_with_its_seconds(build: Any) -> None:
    found = sign_feed.lines(build(led("钱刚转出去，马上拨{police}")), NOON, 11, elders=False)
    assert sign_feed.encode(found) == "12,钱刚转出去，马上拨110\r\n".encode("gb2312")


def test_the_feed_keeps_days_hours_and_places(build: Any) -> None:
    lines = [led("先停一停", "a", dayparts=["09:00-12:00"]), led("先停一停", "b", dayparts=["12:00-13:00"]),
             led("先停一停", "c", places=["hk"]), led("先停一停", "d", start="2026-12-02")]  # fmt: skip
    assert len(sign_feed.lines(build(*lines), NOON, 11)) == 1
    assert len(sign_feed.lines(build(*lines), NOON - timedelta(minutes=1), 11)) == 1


def test_a_line_that_would_be_cut_at_its_negation_is_left_out_of_a_narrow_sign(build: Any) -> None:
    playlist = build(led("银行不会叫您把卡贴在手机上"))
    assert len(sign_feed.lines(playlist, NOON, 11)) == 1
    assert sign_feed.lines(playlist, NOON, 4) == []
