"""`fangzha assess` and `fangzha evaluate`."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from bot.web.schemas import LONGEST_TEXT
from tests.cli.conftest import Fangzha
from tests.core.test_assessment import CONTRACT
from tests.tiny import write_tiny

RANSOM = "有人说捡到我家的狗，先要赎金才还"


def rows(path: Path) -> list[dict[str, Any]]:
    """The rows of an output file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def test_one_text_as_json_is_the_assessment_and_nothing_else(fangzha: Fangzha) -> None:
    done = fangzha("assess", RANSOM, "--json")
    assert done.code == 0
    body = json.loads(done.out)
    assert body.keys() >= CONTRACT
    assert body["typology"] == "pet_ransom"
    assert body["content_version"] == 1


def test_one_text_for_people_says_urgency_kind_and_why(fangzha: Fangzha) -> None:
    done = fangzha("assess", RANSOM)
    assert done.code == 0
    assert "pet_ransom" in done.out
    assert "先付钱的是骗局" in done.out


def test_a_text_comes_from_standard_input(fangzha: Fangzha, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(RANSOM))
    assert json.loads(fangzha("assess", "-", "--json").out)["typology"] == "pet_ransom"


@pytest.mark.parametrize("text", ["", "[bold]x[/nothing]", "😀", "--", "a" * 9000])
def test_any_text_is_assessed(fangzha: Fangzha, text: str) -> None:
    assert fangzha("assess", "--", text).code == 0


def test_the_first_call_seeds_and_the_second_finds_it_done(fangzha: Fangzha) -> None:
    assert "content seeded" in fangzha("assess", "几点开门").err
    assert "content seeded" not in fangzha("assess", "几点开门").err


def releases(fangzha: Fangzha) -> list[str]:
    """The history, one line a release."""
    return fangzha("content", "history").out.splitlines()


def reworded(folder: Path) -> Path:
    """The tiny content with another reason for customers, and with a new example."""
    typology = folder / "typologies" / "pet_ransom.yml"
    typology.write_text(typology.read_text().replace("先付钱的是骗局", "先打钱的都别理"))
    (folder / "benign" / "more.yml").write_text("zh: {first: {none: [楼下的花开了]}}\n")
    return folder


@pytest.mark.parametrize("command", ["assess", "evaluate", "chat"])
def test_reading_releases_nothing_although_the_files_changed(
    fangzha: Fangzha, tiny: Path, tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fangzha("content", "import", tiny, "--publish")
    reworded(tiny)
    before = releases(fangzha)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    labelled = tmp_path / "rows.jsonl"
    labelled.write_text(json.dumps({"id": "1", "text": RANSOM, "urgency": "warn"}) + "\n")
    done = fangzha(command, *{"assess": [RANSOM], "evaluate": [labelled], "chat": []}[command])
    assert done.code == 0
    assert "先打钱的都别理" not in done.out
    assert releases(fangzha) == before
    assert "1 added, 1 renewed" in fangzha("content", "import", tiny).out


def test_a_folder_is_read_by_itself(fangzha: Fangzha, tiny: Path, tmp_path: Path) -> None:
    fangzha("content", "import", tiny, "--publish")
    before = releases(fangzha)
    other = reworded(write_tiny(tmp_path / "other"))
    done = fangzha("assess", RANSOM, "--content", other)
    assert done.code == 0
    assert "先打钱的都别理" in done.out
    assert "先打钱的都别理" not in fangzha("assess", RANSOM).out
    assert releases(fangzha) == before


def test_a_folder_needs_no_store_and_makes_none(
    fangzha: Fangzha, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none?connect_timeout=3")
    body = json.loads(fangzha("assess", RANSOM, "--content", tiny, "--json").out)
    assert (body["typology"], body["content_version"]) == ("pet_ransom", 0)
    assert not (tmp_path / "var" / "fangzha.db").exists()


def test_what_was_learned_from_a_folder_is_kept(fangzha: Fangzha, tiny: Path, tmp_path: Path) -> None:
    assert "learning" in fangzha("assess", RANSOM, "--content", tiny).err
    assert list((tmp_path / "var" / "learned").glob("model-*.npz"))
    assert "learning" not in fangzha("assess", RANSOM, "--content", tiny).err
    assert "learning" not in fangzha("content", "import", tiny, "--publish").err, "a release of it only loads"


def test_rows_and_replies_come_from_a_folder_too(fangzha: Fangzha, tiny: Path, tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(json.dumps(GOOD) + "\n")
    done = fangzha("assess", "--jsonl", source, "--out", out, "--reply", "--content", reworded(tiny))
    assert done.code == 0
    (answer,) = rows(out)
    assert "先打钱的都别理" in answer["reply"][0]["text"]
    assert not (tmp_path / "var" / "fangzha.db").exists()


def test_labelled_rows_are_measured_by_a_folder(fangzha: Fangzha, tiny: Path, tmp_path: Path) -> None:
    source = tmp_path / "rows.jsonl"
    source.write_text(json.dumps({"id": "1", "text": RANSOM, "urgency": "warn"}) + "\n")
    assert fangzha("evaluate", source, "--json", "--content", tiny).code == 0
    assert not (tmp_path / "var" / "fangzha.db").exists()


def test_a_folder_with_a_fault_or_none_at_all_is_told(fangzha: Fangzha, tiny: Path, tmp_path: Path) -> None:
    assert fangzha("assess", RANSOM, "--content", tmp_path / "nowhere").code == 2
    (tiny / "odd.yml").write_text("a: 1\n")
    done = fangzha("assess", RANSOM, "--content", tiny)
    assert done.code == 1
    assert "odd.yml" in done.err


GOOD = {"id": "a", "text": RANSOM, "lang": "zh-Hans"}
BAD: dict[str, bytes] = {
    "not JSON": b'{"id": "x", "text": ',
    "a list": b'["x", "y"]',
    "a number": b"42",
    "null": b"null",
    "no text": b'{"id": "x"}',
    "a number for text": b'{"id": "x", "text": 5}',
    "text too long": json.dumps({"id": "x", "text": "字" * (LONGEST_TEXT + 1)}).encode(),
    "brackets without end": b"[" * 100_000,
    "a number without end": b'{"id": ' + b"9" * 5000 + b', "text": "x"}',
}
ODD: dict[str, bytes] = {
    "a language that is a number": b'{"id": "x", "text": "hello", "lang": 5}',
    "a language nobody knows": b'{"id": "x", "text": "hello", "lang": "tlh"}',
    "half a character in the text": rb'{"id": "x", "text": "\ud83d\u6350\u5230\u6211\u5bb6\u7684\u72d7\u8981\u8d4e\u91d1"}',
    "half a character in the id": rb'{"id": "\ud83d", "text": "hello"}',
    "a line separator in the text": '{"id": "x", "text": "第一行\u2028第二行\u0085第三行\u000b"}'.replace(
        "\u000b", ""
    ).encode(),
    "a text of nothing": b'{"id": "x", "text": ""}',
    "a text of zeros": rb'{"id": "x", "text": "\u0000\u0000"}',
    "an id that is a number": b'{"id": 7, "text": "hello"}',
    "more than was asked for": b'{"id": "x", "text": "hello", "urgency": "warn"}',
    "bytes that are no UTF-8": b'{"id": "x", "text": "\xff\xfe"}',
}


@pytest.mark.parametrize("reply", [False, True], ids=["assess", "reply"])
def test_bad_rows_become_errors_and_stop_nothing(fangzha: Fangzha, tmp_path: Path, reply: bool) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    good = json.dumps(GOOD).encode()
    source.write_bytes(b"\n".join([good, *BAD.values(), b"", good]) + b"\n")
    done = fangzha("assess", "--jsonl", source, "--out", out, *(["--reply"] if reply else []))
    assert done.code == 0
    answers = rows(out)
    assert len(answers) == len(BAD) + 2
    assert answers[0]["id"] == answers[-1]["id"] == "a"
    for name, answer in zip(BAD, answers[1:-1], strict=True):
        assert answer.keys() == {"id", "error"}, name
        assert isinstance(answer["error"], str)


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_an_odd_row_is_one_row_of_answer(fangzha: Fangzha, tmp_path: Path, odd: bytes) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    good = json.dumps(GOOD).encode()
    source.write_bytes(b"\n".join([good, odd, good]))
    assert fangzha("assess", "--jsonl", source, "--out", out, "--reply").code == 0
    answers = rows(out)
    assert len(answers) == 3
    assert answers[1].keys() in ({"id", "assessment", "reply"}, {"id", "error"})


def test_rows_keep_their_order_and_ids(fangzha: Fangzha, tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    texts = [RANSOM, "几点开门", "刚交了包裹的关税三百块", "hello"]
    source.write_text("".join(json.dumps({"id": n, "text": t}) + "\n" for n, t in enumerate(texts)))
    done = fangzha("assess", "--jsonl", source, "--out", out)
    answers = rows(out)
    assert [a["id"] for a in answers] == [0, 1, 2, 3]
    assert all(a.keys() == {"id", "assessment"} for a in answers)
    assert all(a["assessment"].keys() >= CONTRACT for a in answers)
    assert answers[0]["assessment"]["typology"] == "pet_ransom"
    assert "4 rows" in done.err
    assert done.out == ""


def test_a_reply_is_what_a_customer_would_get_to_a_first_message(fangzha: Fangzha, tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(json.dumps(GOOD) + "\n" + json.dumps({**GOOD, "id": "b"}) + "\n")
    done = fangzha("assess", "--jsonl", source, "--out", out, "--reply")
    assert done.out == ""
    first, second = rows(out)
    assert first["reply"] == second["reply"]
    assert first["reply"][0].keys() >= {"text", "buttons"}
    assert first["reply"][0]["card"]["urgency"] == first["assessment"]["urgency"]


def test_an_empty_file_gives_an_empty_file(fangzha: Fangzha, tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("\n\n")
    assert fangzha("assess", "--jsonl", source, "--out", out).code == 0
    assert out.read_text() == ""


def test_a_file_that_cannot_be_written_is_told(fangzha: Fangzha, tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps(GOOD))
    done = fangzha("assess", "--jsonl", source, "--out", tmp_path / "no" / "such" / "folder" / "out.jsonl")
    assert done.code in {1, 2}
    assert "folder" in done.err


# ---- evaluate ----


def test_labelled_rows_are_measured(fangzha: Fangzha, tmp_path: Path) -> None:
    source = tmp_path / "rows.jsonl"
    labelled = [
        {"id": "1", "text": RANSOM, "lang": "zh-Hans", "typology": "pet_ransom", "urgency": "warn", "is_scam": True},
        {"id": "2", "text": "几点开门", "lang": "zh-Hans", "typology": "none", "urgency": "none", "is_scam": False},
    ]
    source.write_text("".join(json.dumps(row) + "\n" for row in labelled))
    done = fangzha("evaluate", source, "--json")
    assert done.code == 0
    report = json.loads(done.out)["rows.jsonl"]
    assert json.dumps(report)
    shown = fangzha("evaluate", source, "--wrong", "1")
    assert shown.code == 0
    assert "rows.jsonl" in shown.out


def test_a_row_may_hold_any_line_end_in_its_text(fangzha: Fangzha, tmp_path: Path) -> None:
    source = tmp_path / "rows.jsonl"
    row = {"id": "1", "text": "第一行\u2028第二行\u0085第三行", "urgency": "none"}
    source.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    assert fangzha("evaluate", source, "--json").code == 0


def test_a_row_that_is_none_is_named_by_file_and_line(fangzha: Fangzha, tmp_path: Path) -> None:
    source = tmp_path / "rows.jsonl"
    source.write_text('{"id": "1", "text": "x"}\n{"id": "2"}\n')
    done = fangzha("evaluate", source)
    assert done.code == 1
    assert "rows.jsonl:2" in done.err
