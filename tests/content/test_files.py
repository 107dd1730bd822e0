"""Reading a content folder: pieces, keys as they were written, and the line of every value."""

from pathlib import Path

import pytest

from bot.content.files import Piece, folder_digest, load_yaml, read_folder
from bot.core.errors import ContentError


def written(folder: Path, text: str) -> Path:
    """A YAML file of `text`."""
    file = folder / "x.yml"
    file.write_text(text, encoding="utf-8")
    return file


def by_name(pieces: list[Piece]) -> dict[tuple[str, str], Piece]:
    """Pieces by kind and key."""
    return {(p.kind, p.key): p for p in pieces}


def test_yes_no_and_dates_are_the_text_they_were_written_as(tmp_path: Path) -> None:
    file = written(tmp_path, "yes: no\non: off\nday: 2026-12-31\nlist: [Yes, NO, y]\n")
    document, _ = load_yaml(file)
    assert document == {"yes": "no", "on": "off", "day": "2026-12-31", "list": ["Yes", "NO", "y"]}


def test_the_answers_of_a_shipped_question_are_read_under_yes_and_no(pieces: list[Piece]) -> None:
    questions = [p.body for p in pieces if p.kind == "question"]
    questions += [q for p in pieces if p.kind == "typology" for q in p.body.get("questions", [])]
    assert len(questions) > 29
    for question in questions:
        assert set(question) <= {"id", "text", "yes", "no"}
    assert all("yes" in q or "no" in q for q in questions)


def test_every_value_has_its_line(tmp_path: Path) -> None:
    _, lines = load_yaml(written(tmp_path, "a: 1\n\n# a word\nb:\n  - c: x\n    d: y\n  - {c: z}\n"))
    assert lines[("a",)] == 1
    assert lines[("b", 0, "c")] == 5
    assert lines[("b", 0, "d")] == 6
    assert lines[("b", 1, "c")] == 7


def test_a_value_that_is_not_there_has_the_line_of_what_is_around_it() -> None:
    piece = Piece("reply", "x", {}, "x.yml", {(): 3, ("text",): 5, ("text", "en"): 6})
    assert piece.line(("text", "en")) == 6
    assert piece.line(("text", "zh-Hant")) == 5
    assert piece.line(("buttons", 0, "title")) == 3
    assert Piece("reply", "x", {}).line(("text",)) == 1


@pytest.mark.parametrize("text", ["a: [1, 2\n", "a: 'x\n", "\t- a\n", "a: b: c\n", "a: *unknown\n"])
def test_what_is_not_yaml_is_an_error_that_names_file_and_line(tmp_path: Path, text: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(ContentError, match=rf"^{file}:\d+: not readable as YAML"):
        load_yaml(file)


def test_yaml_cannot_make_objects(tmp_path: Path) -> None:
    with pytest.raises(ContentError):
        load_yaml(written(tmp_path, "a: !!python/object/apply:os.getcwd []\n"))


def test_every_kind_of_file_gives_its_pieces(tiny: Path) -> None:
    pieces, faults = read_folder(tiny)
    assert faults == []
    assert sorted((p.kind, p.key) for p in pieces) == sorted(
        [
            ("answer", "what_is_ransom"),
            ("bank", "bank"),
            *(("case", f"{t}-{n}") for t in ("parcel_fee", "pet_ransom") for n in (1, 2, 3)),
            ("examples", "benign_talk"),
            ("examples", "parcel_fee"),
            ("examples", "pet_ransom"),
            ("frame", "act_transfer"),
            ("frame", "talk_homework"),
            ("hotline", "cn_advice"),
            ("hotline", "cn_police"),
            ("place", "cn"),
            ("question", "lost_a_pet"),
            ("question", "money_gone"),
            ("reply", "greet"),
            ("reply", "yes"),
            ("typology", "parcel_fee"),
            ("typology", "pet_ransom"),
            ("variants", "variants"),
        ]
    )


def test_the_name_of_a_file_fills_in_what_its_rows_leave_out(tiny: Path) -> None:
    pieces = by_name(read_folder(tiny)[0])
    assert pieces["case", "pet_ransom-1"].body["typology"] == "pet_ransom"
    assert pieces["answer", "what_is_ransom"].body["topic"] == "pets"
    assert pieces["examples", "pet_ransom"].body["typology"] == "pet_ransom"
    assert pieces["examples", "benign_talk"].body["typology"] == "none"


def test_one_unreadable_file_does_not_hide_the_others(tiny: Path) -> None:
    (tiny / "bank.yml").write_text("name: [\n")
    pieces, faults = read_folder(tiny)
    assert [f.path for f in faults] == [str(tiny / "bank.yml")]
    assert ("typology", "pet_ransom") in by_name(pieces)


def test_an_empty_file_is_a_fault(tiny: Path) -> None:
    (tiny / "variants.yml").write_text("# nothing yet\n")
    assert [f.path for f in read_folder(tiny)[1]] == [str(tiny / "variants.yml")]


def test_a_folder_has_another_digest_when_any_file_in_it_changed_moved_or_came(tmp_path: Path) -> None:
    assert folder_digest(tmp_path) == ""
    (tmp_path / "a").mkdir()
    file = written(tmp_path / "a", "text: one\n")
    seen = [folder_digest(tmp_path)]
    assert folder_digest(tmp_path) == seen[0]
    file.write_text("text: two\n", encoding="utf-8")
    seen.append(folder_digest(tmp_path))
    file.rename(tmp_path / "y.yml")
    seen.append(folder_digest(tmp_path))
    written(tmp_path, "text: three\n")
    seen.append(folder_digest(tmp_path))
    assert len(set(seen)) == 4
