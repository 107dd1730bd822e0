"""Products among the content: lengths, the sign, links and dates are checked where they stand."""

from pathlib import Path

import pytest

from bot.content.build import build_release
from bot.content.check import check_folder
from bot.content.export import as_files
from bot.content.files import read_folder
from bot.content.product_check import numbers_of
from bot.core.errors import ContentError
from tests.content.test_check import Slip, edit, line_of
from tests.content.test_export import write
from tests.tiny import write_tiny

WARNINGS, LED = "warnings/all.yml", "led/all.yml"

SLIPS = {
    "a case that is not there": Slip(WARNINGS, "from_case: pet_ransom-2", "from_case: pet_ransom-9", "-9", "no such case"),
    "a kind that is not there": Slip(WARNINGS, "typology: pet_ransom", "typology: pets", "pets", "no such typology"),
    "a question that is not there": Slip(WARNINGS, "quiz: pet_ransom-2-quiz", "quiz: other", "other", "no such quiz"),
    "a group that is not there": Slip("screens/all.yml", "[elders]", "[elders, elder]", "elder]", "no such group"),
    "a day that does not exist": Slip(WARNINGS, "2026-11-01", "2026-11-31", "11-31", "is no day"),
    "an end before the start": Slip(WARNINGS, "2026-12-31", "2026-10-31", "- id: pet", "the end lies before the start"),
    "a channel of no name": Slip(WARNINGS, "[chat, web]", "[chat, fax]", "fax", "channels.1"),
    "a title too long": Slip(WARNINGS, "先看到猫再说", "先看到猫再说" * 4, "先看到猫", "24 characters, and 20 fit here"),
    "a text too long for its channel": Slip(WARNINGS, "要先付赎金的", "要先付赎金的" * 20, "要先付", "120 fit for chat"),
    "a typed number in a warning": Slip(WARNINGS, "拨{police}", "拨110", "拨110", "the number 110 is typed"),
    "a typed number on the sign": Slip(LED, "{police}", "110", "110", "the number 110 is typed"),
    "a promise in a warning": Slip(WARNINGS, "别付。", "报警能追回。", "能追回", "promises recovery"),
    "a Traditional sign": Slip(LED, "先要赎金的", "先要贖金的", "贖", "贖 is Traditional: write 赎"),
    "a right answer that is none": Slip("quiz/all.yml", "right: 2", "right: 3", "- id: pet", "count from 1"),
    "a gap nobody fills": Slip("templates/led.yml", "{lesson}", "{moral}", "{moral}", "{moral} fills nothing"),
    "a blaming template": Slip("templates/warning.yml", '"{lesson}拨', '"您贪小便宜{lesson}拨', "贪小便宜", "blames"),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The tiny content with products."""
    return write_tiny(tmp_path / "content", products=True)


def test_the_content_these_tests_start_from_has_no_fault(folder: Path) -> None:
    assert check_folder(folder) == []


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS)
def test_a_slip_is_named_with_file_line_and_mend(folder: Path, slip: Slip) -> None:
    file = edit(folder, slip.path, slip.old, slip.new)
    faults = check_folder(folder)
    found = [f for f in faults if slip.says in f.message and not f.warning]
    assert found, [str(f) for f in faults]
    assert (found[0].path, found[0].line) == (str(file), line_of(file, slip.at))


def test_a_long_line_on_the_sign_is_advice(folder: Path) -> None:
    edit(folder, LED, "先要赎金的", "先要赎金才肯还猫还狗还鸟的人不用再听他说")
    assert [f.warning for f in check_folder(folder)] == [True]


def test_the_sign_is_counted_with_the_number_it_shows(folder: Path) -> None:
    edit(folder, LED, "先要赎金的，马上拨{police}", "停" * 16 + "拨{police}")
    assert check_folder(folder) == []


def test_products_come_back_from_an_export_as_they_were(folder: Path, tmp_path: Path) -> None:
    pieces, _ = read_folder(folder)
    again, faults = read_folder(write(tmp_path / "out", pieces))
    assert faults == []
    assert {(p.kind, p.key): p.body for p in again} == {(p.kind, p.key): p.body for p in pieces}
    assert {"warnings/warnings.yml", "led/led.yml", "audiences.yml", "templates/led.yml"} <= set(
        as_files((p.kind, p.key, p.body) for p in pieces)
    )


def test_a_release_holds_its_products(folder: Path) -> None:
    release = build_release(3, [(p.kind, p.key, p.body) for p in read_folder(folder)[0]])
    made = release.products
    assert {p.head.from_case for p in made} == {"pet_ransom-2"}
    assert (made.leds[0].text, made.quizzes[0].right, made.warnings[0].quiz) == (
        "先要赎金的，马上拨{police}", 2, "pet_ransom-2-quiz",
    )  # fmt: skip
    assert made.screens[0].title.zh_hant == "先看到貓再說"
    assert made.audiences["elders"].name.en == "Old people"


def test_a_product_of_the_wrong_shape_cannot_be_released(folder: Path) -> None:
    edit(folder, WARNINGS, "priority: 1", "priority: 9")
    with pytest.raises(ContentError, match="warning/pet_ransom-2-warning: priority"):
        build_release(1, [(p.kind, p.key, p.body) for p in read_folder(folder)[0]])


def test_numbers_are_those_of_the_home_place(folder: Path) -> None:
    numbers = numbers_of((p.kind, p.body) for p in read_folder(folder)[0])
    assert numbers == {"police": "110", "advice": "96110", "bank": "95000"}


def test_without_a_bank_there_are_no_numbers() -> None:
    assert numbers_of([]) == {"bank": ""}
