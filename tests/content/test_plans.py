"""Campaigns and checklists: their shape, what they name, and what a release holds of them."""

from pathlib import Path
from typing import Any

import pytest

from bot.content.build import build_release, parse
from bot.content.check import check_folder
from bot.content.files import read_folder
from bot.core.errors import ContentError

WORDS = {"zh-Hans": "冬天", "en": "Winter"}
CAMPAIGN: dict[str, Any] = {
    "id": "winter",
    "title": WORDS,
    "theme": WORDS,
    "channels": ["screen"],
    "start": "2026-12-20",
    "end": "2027-01-10",
}
CHECKLIST: dict[str, Any] = {
    "id": "five",
    "title": WORDS,
    "purpose": WORDS,
    "rule": WORDS,
    "checks": [{"id": "W1", "text": WORDS}, {"id": "W2", "text": WORDS, "when_odd": "stop"}],
}
CALENDAR = """\
campaigns:
  - id: winter
    title: {zh-Hans: 冬天, en: Winter}
    theme: {zh-Hans: 拨110, en: Slow down}
    audiences: [nobody]
    channels: [screen]
    start: "2026-12-20"
    end: "2027-01-10"
    pieces: [warning/none-such]
"""


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("campaign", {**CAMPAIGN, "end": "2026-12-19"}),
        ("campaign", {**CAMPAIGN, "end": "2027-12-20", "repeats": "yearly"}),
        ("campaign", {**CAMPAIGN, "channels": []}),
        ("campaign", {**CAMPAIGN, "pieces": ["just-a-name"]}),
        ("checklist", {**CHECKLIST, "checks": [{"id": "W1", "text": WORDS}, {"id": "W1", "text": WORDS}]}),
        ("checklist", {**CHECKLIST, "checks": []}),
    ],
)
def test_what_has_not_the_shape_is_refused(kind: str, body: dict[str, Any]) -> None:
    with pytest.raises(ContentError):
        parse(kind, body["id"], body)


def test_a_release_holds_both(tiny: Path) -> None:
    pieces, _ = read_folder(tiny)
    known = [(p.kind, p.key, p.body) for p in pieces]
    release = build_release(1, [*known, ("campaign", "winter", CAMPAIGN), ("checklist", "five", CHECKLIST)])
    assert [c.audiences for c in release.plans.campaigns] == [("all",)]
    assert [(i.id, i.stop) for i in release.plans.checklists[0].items] == [("W1", False), ("W2", True)]


def test_a_campaign_names_what_is_there_and_types_no_number(tiny: Path) -> None:
    (tiny / "calendar.yml").write_text(CALENDAR, encoding="utf-8")
    told = [str(fault) for fault in check_folder(tiny) if "winter" in str(fault) or "calendar" in fault.path]
    assert len(told) == 3
    for words in ("nobody: no such group", "warning/none-such: no such piece", "the number 110 is typed"):
        assert any(words in line for line in told), words


def test_the_whole_routine_of_the_counter_comes_along_as_defaults(content_folder: Path) -> None:
    pieces, _ = read_folder(content_folder)
    lists = {p.key: p.body for p in pieces if p.kind == "checklist"}
    letters = {key: {item["id"][0] for item in body["checks"]} for key, body in lists.items()}
    sizes = {"".join(letters[key]): len(body["checks"]) for key, body in lists.items()}
    # five questions, two look-ups, four cares, nine signs, four judgements, one notice, one call back, five before paying
    assert {letter: sizes[letter] for letter in "WCARJM"} == {"W": 5, "C": 2, "A": 4, "R": 9, "J": 4, "M": 5}
    assert {"T", "V"} <= set(sizes)
    assert {body["source"] for body in lists.values()} == {"本行默认清单，可修改"}
