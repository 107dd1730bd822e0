"""The kiosk's content: its faults are found where they stand, and a new scam brings its own way in."""

from pathlib import Path

import pytest

from bot.content.build import build_release
from bot.content.check import check_folder
from bot.content.export import as_files
from bot.content.files import Piece, read_folder
from bot.core.content import Release

CHOICES = """\
choices:
  - id: animals
    picture: dog
    title: {zh-Hans: 宠物的事, en: About a pet}
  - id: pet
    under: animals
    picture: dog
    title: {zh-Hans: 有人说捡到我的狗, en: Somebody found my dog}
    typology: pet_ransom
    urgency: warn
    reads: 有人说捡到我的狗要先付赎金
  - id: parcel
    picture: dog
    title: {zh-Hans: 包裹要补税, en: Tax on a parcel}
    typology: parcel_fee
    reads: 短信说我的快递要补交关税
pictures:
  - id: dog
    line: ["M8 8h48"]
drills:
  - id: a_drill
    typology: pet_ransom
    title: {zh-Hans: 演练, en: A drill}
    lines:
      - {zh-Hans: 您好, en: Hello}
      - {zh-Hans: 甲, en: a, flag: {zh-Hans: 破绽, en: a flaw}}
      - {zh-Hans: 乙, en: b, flag: {zh-Hans: 破绽, en: a flaw}}
    question: {zh-Hans: 怎么办, en: What now}
    options:
      - {zh-Hans: 付钱, en: Pay}
      - {zh-Hans: 先看到狗, en: See the dog}
    right: 2
    why: {zh-Hans: 付了也没有狗。, en: Paying brings no dog.}
"""


def faults(folder: Path, text: str = CHOICES) -> list[str]:
    """What is wrong with the tiny content and this of the kiosk."""
    path = folder / "kiosk" / "all.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return [f"{f.line}: {f.message}" for f in check_folder(folder)]


def test_a_whole_kiosk_has_no_fault(tiny: Path) -> None:
    assert faults(tiny) == []


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("typology: parcel_fee", "typology: parcel", "no such typology"),
        ("picture: dog\n    title: {zh-Hans: 包裹", "picture: cat\n    title: {zh-Hans: 包裹", "no such picture"),
        ("under: animals", "under: pets", "no such choice"),
        ("under: animals", "under: parcel", "no choice of the first screen"),
        ("    under: animals\n", "", "it leads nowhere"),
        ("    reads: 短信说我的快递要补交关税\n", "", "reads is missing"),
        ("title: {zh-Hans: 宠物的事,", "title: {zh-Hans: 宠物的事情说起来实在是太长太长太长太长了,", "18 fit"),
        ('line: ["M8 8h48"]', 'line: ["M8 8h48\\"onload="]', "should match"),
        ("M8 8h48", "url(x)", "should match"),
        ('    line: ["M8 8h48"]\n', "", "is empty"),
        ("right: 2", "right: 3", "count from 1"),
        (", flag: {zh-Hans: 破绽, en: a flaw}}\n    question", "}\n    question", "at least two lines"),
        ("zh-Hans: 付了也没有狗。", "zh-Hans: 拨96110。", "is typed"),
        ("title: {zh-Hans: 演练", "title: {zh-Hans: 这是安全的", "calls something safe"),
        ("urgency: warn", "urgency: warn\n    known: [nothing]", "no such question"),
    ],
)
def test_a_fault_is_told_with_its_mend(tiny: Path, before: str, after: str, told: str) -> None:
    assert before in CHOICES
    found = faults(tiny, CHOICES.replace(before, after))
    assert any(told in one for one in found), found


def test_a_kind_of_scam_without_a_way_in_is_told(tiny: Path) -> None:
    alone = CHOICES.replace("typology: parcel_fee", "typology: unknown")
    assert [f for f in faults(tiny, alone) if "parcel_fee has no way in" in f]


def test_a_screen_too_full_is_told(tiny: Path) -> None:
    more = "".join(
        f"  - id: more{n}\n    picture: dog\n    title: {{zh-Hans: 甲, en: a}}\n    typology: unknown\n    reads: 甲乙丙{n}\n"
        for n in range(9)
    )
    found = faults(tiny, CHOICES.replace("pictures:\n", more + "pictures:\n"))
    assert [f for f in found if "11 choices on one screen" in f]


def test_what_is_exported_is_read_back_the_same(pieces: list[Piece]) -> None:
    own = [(p.kind, p.key, p.body) for p in pieces if p.kind in {"tap", "picture", "drill"}]
    files = as_files(own)
    again = {
        (kind, one["id"])
        for kind, key in (("tap", "choices"), ("picture", "pictures"), ("drill", "drills"))
        for path in files.values()
        for one in path.get(key, [])
    }
    assert again == {(kind, key) for kind, key, _ in own}


def test_a_new_scam_needs_one_file_more_and_no_other_touched(pieces: list[Piece], tmp_path: Path) -> None:
    new = tmp_path / "content" / "kiosk" / "new.yml"
    new.parent.mkdir(parents=True)
    new.write_text(
        "choices:\n  - id: deal_new\n    under: deals\n    picture: new_picture\n    typology: fake_shop\n"
        "    reads: 新的骗法\n    title: {zh-Hans: 新的骗法, en: A new trick}\n"
        "pictures:\n  - id: new_picture\n    line: [M8 8h48]\n",
        encoding="utf-8",
    )
    added, problems = read_folder(tmp_path / "content")
    assert problems == []
    release = build_release(2, [(p.kind, p.key, p.body) for p in [*pieces, *added]])
    tap = release.kiosk.tap("deal_new")
    assert tap is not None and tap.under == "deals" and "new_picture" in release.kiosk.pictures


# ---- What is shipped ----


def test_eight_kinds_and_more_can_be_practised(release: Release) -> None:
    assert len({d.typology for d in release.kiosk.drills}) >= 8


def test_every_way_of_paying_that_is_understood_can_be_touched(release: Release) -> None:
    from bot.conversation.responder import PAY_METHODS

    assert {t.pays for t in release.kiosk.taps if t.pays} == set(PAY_METHODS)


def test_a_drill_is_no_script(release: Release) -> None:
    for drill in release.kiosk.drills:
        for line in drill.lines:
            assert len(line.words.zh_hans) <= 30, drill.id
            assert not any(c.isdigit() for c in line.words.zh_hans), drill.id
