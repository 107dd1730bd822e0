"""Every kind of fault is found in the file and on the line where it stands, with what to do about it."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from bot.content.check import check_folder
from bot.core.errors import ContentError

PET = "typologies/pet_ransom.yml"
PARCEL = "typologies/parcel_fee.yml"
PETS = "cases/pet_ransom.yml"


@dataclass(frozen=True)
class Slip:
    """One slip of the pen: in `path`, `old` became `new`; the fault stands on the line that holds `at`."""

    path: str
    old: str
    new: str
    at: str
    says: str


def edit(folder: Path, path: str, old: str, new: str) -> Path:
    """`old` replaced by `new`, once, in the file at `path`; an empty `old` writes the whole file."""
    target = folder / path
    target.parent.mkdir(exist_ok=True)
    before = target.read_text(encoding="utf-8") if target.exists() else ""
    assert old in before
    target.write_text(before.replace(old, new, 1) if old else new, encoding="utf-8")
    return target


def line_of(file: Path, words: str) -> int:
    """The first line that holds `words`."""
    return next(n for n, line in enumerate(file.read_text(encoding="utf-8").split("\n"), 1) if words in line)


SLIPS = {
    "not YAML": Slip("bank.yml", '"95000"', '"95000" or so', "or so", "not readable as YAML"),
    "no keys at the top": Slip("benign/talk.yml", "", "- 几点开门\n", "几点开门", "expected keys and values"),
    "a file of no kind": Slip("notes/todo.yml", "", "later: yes\n", "later", "no kind of content lives here"),
    "a key nobody knows": Slip(PET, "victims:", "victim: x\nvictims:", "victim: x", "victim: Extra inputs"),
    "a comma without quotes": Slip(
        PET, "zh-Hans: 没人这样收钱。", "zh-Hans: 没人, 这样收钱。", "没人, 这样", "needs quotes"
    ),
    "a key left out": Slip(PET, "    act: transfer\n", "", "- id: pet_ransom_words", "act: Field required"),
    "an empty sentence": Slip(PET, "zh-Hans: 大家", 'zh-Hans: ""', "victims", "victims.zh-Hans"),
    "a language left out": Slip(PET, ", en: anyone", "", "victims", "victims.en: Field required"),
    "a stage of no name": Slip(PET, "stage: contact", "stage: hello", "stage: hello", "steps.0.stage"),
    "an urgency of no name": Slip(
        "benign/talk.yml", "    none:\n      - 几点", "    calm: [您好]\n    none:\n      - 几点", "calm", "Input should be 'none', 'ask'"
    ),
    "a number without quotes": Slip("bank.yml", '"95000"', "95000", "number: 95000", "number: Input should be"),
    "too many steps": Slip(
        PET,
        'steps: [{zh-Hans: "拨{police}。", en: "Call {police}."}]',
        "steps: [" + "{zh-Hans: 停。, en: Stop.}, " * 6 + "]",
        "stop-now",
        "at most 5 items",
    ),
    "brackets that do not pair": Slip(PET, "[赎金, 感谢费]", "[赎金, 感谢(费]", "感谢(费", "brackets do not pair"),
    "a pattern of nothing": Slip(PET, "[赎金, 感谢费]", "[赎金, 狗…()…钱]", "狗…()…钱", "may not be empty"),
    "too many alternatives": Slip(
        PET, "[赎金, 感谢费]", "[" + "(一|二|三|四|五|六|七|八|九|十)" * 4 + "]", "(一|二", "split it"
    ),
    "a placeholder of no name": Slip(
        "answers/pets.yml", "{advice}。", "{advise}。", "{advise}", "unknown placeholder {advise}"
    ),
    "a typed number": Slip("answers/pets.yml", "拨{advice}", "拨96110", "拨96110", "the number 96110 is typed"),
    "a typed number in a reply": Slip(
        "replies/dialogue.yml", "Urgent: {police}", "Urgent: 110", "Urgent: 110", "the number 110 is typed"
    ),
    "a typed number in a case": Slip(
        PETS, "它。, en: Zhou got a message", "它。, en: Zhou called 13800138000", "13800138000", "is typed"
    ),
    "a typed address": Slip(
        "answers/pets.yml", "Ask {advice}", "See www.example.com", "www.example.com", "an address is typed"
    ),
    "calling something safe": Slip(PET, "留好记录。", "没事的，放心转。", "没事的", "calls something safe"),
    "calling something safe in English": Slip(
        "answers/pets.yml", "Ask {advice}", "It is safe to answer", "It is safe", "calls something safe (is safe)"
    ),
    "blaming": Slip(PETS, "差一点也要说出来。", "都怪您贪小便宜。", "贪小便宜", "blames"),
    "promising recovery": Slip(PETS, "报警不晚。", "报警一定追回。", "一定追回", "promises recovery"),
    "a long command": Slip(
        PET, "zh-Hans: 先问清楚。", "zh-Hans: " + "先问清楚再说" * 4, "先问清楚再说", "more than 20 characters"
    ),
    "a long command in English": Slip(
        PET, "en: Ask first.", "en: " + "Ask first " * 7, "Ask first Ask", "more than 60 characters"
    ),
    "one id twice in a file": Slip(PETS, "- id: pet_ransom-2", "- id: pet_ransom-1  # again", "# again", "stands already in"),
    "one id twice in two files": Slip(
        "answers/zoo.yml",
        "",
        "answers:\n"
        "  - id: what_is_ransom\n"
        "    asks: {zh: [赎金指什么]}\n"
        "    title: {zh-Hans: 赎金, en: Ransom}\n"
        "    text: {zh-Hans: 别付。, en: Pay nothing.}\n",
        "- id: what_is_ransom",
        "stands already in",
    ),
    "a method that has no file": Slip(PET, "methods: []", "methods: [telepathy]", "telepathy", "no such typology"),
    "a question towards nothing": Slip(
        "questions/general.yml", "toward: [parcel_fee]", "toward: [parcel_tax]", "parcel_tax", "no such typology"
    ),
    "a case of nothing": Slip(
        PETS, "- id: pet_ransom-1", "- id: pet_ransom-1\n    typology: pets", "typology: pets", "no such typology"
    ),
    "a hotline of nowhere": Slip("hotlines.yml", "place: cn\n    role: police", "place: uk\n    role: police", "uk", "no such place"),
    "examples of nothing": Slip(
        "examples/pets.yml", "", "zh: {first: {warn: [他让我先交钱再看猫]}}\n", "zh:", "which has no file"
    ),
    "a day that does not exist": Slip("hotlines.yml", "2099-12-31", "2099-02-30", "2099-02-30", "valid_until"),
    "a date nobody can read": Slip("hotlines.yml", "2099-12-31", "next year", "next year", "valid_until"),
    "an example written twice": Slip(
        "examples/pet_ransom.yml", "      - 转完感谢费", "      - 有人说捡到我家的狗，先要赎金！\n      - 转完感谢费",
        "先要赎金！", "says the same as",
    ),
    "nearly the same example": Slip(
        "examples/pet_ransom.yml", "      - 他说再不", "      - 捡到猫的人催我马上转赎金，我在填金额了\n      - 他说再不",
        "金额了", "says the same as",
    ),
    "one key twice": Slip(PET, "methods: []", "methods: []\nvictims: {zh-Hans: 老人, en: the old}", "老人", "twice"),
    "a list that is none": Slip("answers/more.yml", "", "answers: 5\n", "answers: 5", "answers"),
    "a row that is none": Slip(
        "replies/dialogue.yml", '  - id: "yes"', '  - 谢谢\n  - id: "yes"', "- 谢谢", "text: Field required"
    ),
    "examples without a form": Slip(
        "benign/more.yml", "", "zh:\n  - 您好，请问网点在哪\n", "zh:", "zh: Input should be a valid dictionary"
    ),
    "a typology that is a list": Slip(
        PETS, "- id: pet_ransom-1", "- id: pet_ransom-1\n    typology: [pets]", "typology: [pets]", "typology"
    ),
}  # fmt: skip


def test_the_tiny_content_these_tests_start_from_has_no_fault(tiny: Path) -> None:
    assert check_folder(tiny) == []


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS)
def test_a_slip_is_named_with_file_line_and_mend(tiny: Path, slip: Slip) -> None:
    file = edit(tiny, slip.path, slip.old, slip.new)
    faults = check_folder(tiny)
    found = [f for f in faults if slip.says in f.message]
    assert found, [str(f) for f in faults]
    assert (found[0].path, found[0].line) == (str(file), line_of(file, slip.at))
    assert str(found[0]).startswith(f"{file}:{found[0].line}: ")


def test_fewer_than_three_cases_are_too_few(tiny: Path) -> None:
    file = tiny / PETS
    file.write_text(file.read_text(encoding="utf-8").split("  - id: pet_ransom-3")[0], encoding="utf-8")
    assert [(f.path, f.message) for f in check_folder(tiny)] == [
        (str(file), "pet_ransom has 2 cases: at least three are needed")
    ]


def test_a_typology_without_any_case_is_a_fault(tiny: Path) -> None:
    (tiny / PETS).unlink()
    assert [f.path for f in check_folder(tiny)] == [str(tiny / PET)]


def test_a_file_that_is_not_utf_8_is_named(tiny: Path) -> None:
    (tiny / "benign" / "old.yml").write_bytes("zh: {first: {none: [几点开门呢]}}".encode("gbk"))
    assert [(f.path, f.line) for f in check_folder(tiny)] == [(str(tiny / "benign" / "old.yml"), 1)]


def test_a_key_that_is_a_list_is_a_fault_and_does_not_stop_the_check(tiny: Path) -> None:
    (tiny / "benign" / "odd.yml").write_text("? [a, b]\n: c\n")
    assert [f.path for f in check_folder(tiny)] == [str(tiny / "benign" / "odd.yml")]


def test_all_faults_are_told_at_once_in_order(tiny: Path) -> None:
    edit(tiny, PET, "methods: []", "methods: [telepathy]")
    edit(tiny, PET, "留好记录。", "没事的。")
    edit(tiny, "bank.yml", '"95000"', "95000")
    faults = check_folder(tiny)
    assert len(faults) == 3
    assert [(f.path, f.line) for f in faults] == sorted((f.path, f.line) for f in faults)


@pytest.mark.parametrize(
    "words", ["没人能保证这是安全的。", "谁说“没问题的”，都别信。", "凡说能追回的，都别付。", "Never say it is safe."]
)
def test_warning_of_forbidden_words_is_not_saying_them(tiny: Path, words: str) -> None:
    language = "en: Tell someone." if words.isascii() else "zh-Hans: 差一点也要说出来。"
    edit(tiny, PETS, language, f"{language.split(':', maxsplit=1)[0]}: {words}")
    assert check_folder(tiny) == []


@pytest.mark.parametrize("amount", ["付了1100元", "赚了12345元", "比例是3.110", "110%的利息", "16500块"])
def test_an_amount_is_not_taken_for_a_telephone_number(tiny: Path, amount: str) -> None:
    edit(tiny, PETS, "差一点也要说出来。", f"他{amount}。")
    assert check_folder(tiny) == []


def test_a_row_is_warned_of_thirty_days_ahead_and_is_never_a_fault(tiny: Path) -> None:
    assert check_folder(tiny, today=date(2099, 11, 30)) == []
    for day in (date(2099, 12, 1), date(2099, 12, 31), date(2100, 1, 1), date(2120, 1, 1)):
        assert [f.warning for f in check_folder(tiny, today=day)] == [True, True], day


def test_a_warning_is_named_with_file_line_and_day(tiny: Path) -> None:
    file = edit(tiny, "hotlines.yml", '"2099-12-31"', '"2026-12-05"')
    (found,) = check_folder(tiny, today=date(2026, 11, 30))
    assert (found.path, found.line) == (str(file), line_of(file, "2026-12-05"))
    assert str(found).startswith(f"{file}:{found.line}: warning: cn_police expires on 2026-12-05, in 5 days")


def test_a_folder_that_is_not_there_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="no such folder"):
        check_folder(tmp_path / "nowhere")
