"""`fangzha content`: check, import, publish, export, history."""

import sqlite3
from pathlib import Path

from bot.content.files import read_folder
from tests.cli.conftest import Fangzha


def test_content_without_a_fault_is_said_to_have_none(fangzha: Fangzha, tiny: Path) -> None:
    done = fangzha("content", "check", tiny)
    assert (done.code, done.out) == (0, "")
    assert "no faults" in done.err


def test_every_fault_is_one_line_with_file_and_line(fangzha: Fangzha, tiny: Path) -> None:
    bank = tiny / "bank.yml"
    bank.write_text(bank.read_text().replace('"95000"', "95000"))
    hotlines = tiny / "hotlines.yml"
    hotlines.write_text(hotlines.read_text().replace("2099-12-31", "next year"))
    done = fangzha("content", "check", tiny)
    assert done.code == 1
    lines = done.out.splitlines()
    assert lines[0].startswith(f"{bank}:2: ")
    assert len(lines) == 5
    assert all(line.startswith(str(hotlines)) for line in lines[1:])
    assert "5 faults" in done.err


def test_hotlines_about_to_expire_are_warned_of_and_break_nothing(fangzha: Fangzha, tiny: Path) -> None:
    assert fangzha("content", "check", tiny, "--on", "2099-11-30").out == ""
    done = fangzha("content", "check", tiny, "--on", "2100-01-01")
    assert done.code == 0
    lines = done.out.splitlines()
    assert [line.startswith(f"{tiny / 'hotlines.yml'}:") for line in lines] == [True, True]
    assert all("warning: " in line and "2099-12-31" in line for line in lines)
    assert "no faults, 2 warnings" in done.err


def test_a_strict_check_fails_on_warnings(fangzha: Fangzha, tiny: Path) -> None:
    assert fangzha("content", "check", tiny, "--on", "2099-12-31", "--strict").code == 1
    assert fangzha("content", "check", tiny, "--on", "2099-11-30", "--strict").code == 0


def test_a_day_that_is_none_is_a_wrong_call(fangzha: Fangzha, tiny: Path) -> None:
    assert fangzha("content", "check", tiny, "--on", "soon").code == 2


def test_the_configured_folder_is_checked_when_none_is_named(fangzha: Fangzha, tiny: Path) -> None:
    (tiny / "odd.yml").write_text("a: 1\n")
    assert str(tiny / "odd.yml") in fangzha("content", "check").out


def test_a_folder_that_is_not_there_is_told(fangzha: Fangzha, tmp_path: Path) -> None:
    done = fangzha("content", "check", tmp_path / "nowhere")
    assert done.code in {1, 2}
    assert "no such folder" in done.err


def test_what_is_imported_is_published_only_when_asked(fangzha: Fangzha, tiny: Path) -> None:
    done = fangzha("content", "import", tiny)
    assert done.code == 0
    assert "added, 0 renewed, 0 kept" in done.out
    assert fangzha("content", "history").out == ""
    assert "0 added" in fangzha("content", "import", tiny).out


def test_publishing_is_written_into_the_history_newest_first(fangzha: Fangzha, tiny: Path) -> None:
    assert "release 1" in fangzha("content", "import", tiny, "--publish").out
    assert "release 2" in fangzha("content", "publish", "--author", "mei", "--note", "[bold] new words").out
    lines = fangzha("content", "history").out.splitlines()
    assert [line.split()[0] for line in lines] == ["2", "1"]
    assert "mei" in lines[0]
    assert "[bold] new words" in lines[0]
    assert len(fangzha("content", "history", "--limit", "1").out.splitlines()) == 1


def test_publishing_learns_first_so_that_the_app_only_loads(fangzha: Fangzha, tiny: Path, tmp_path: Path) -> None:
    fangzha("content", "import", tiny, "--publish")
    assert list((tmp_path / "var" / "learned").glob("model-*.npz"))


def test_a_release_that_cannot_be_built_is_not_published(fangzha: Fangzha, tiny: Path) -> None:
    (tiny / "bank.yml").unlink()
    done = fangzha("content", "import", tiny, "--publish")
    assert done.code == 1
    assert "bank.yml" in done.err
    assert fangzha("content", "history").out == ""


def test_an_export_seeds_the_same_content_again(fangzha: Fangzha, tiny: Path, tmp_path: Path) -> None:
    fangzha("content", "import", tiny, "--publish")
    out = tmp_path / "out"
    done = fangzha("content", "export", out)
    assert done.code == 0
    assert "release 1" in done.out
    assert fangzha("content", "check", out).code == 0
    assert {(p.kind, p.key): p.body for p in read_folder(out)[0]} == {
        (p.kind, p.key): p.body for p in read_folder(tiny)[0]
    }
    assert ", 0 renewed" in fangzha("content", "import", out).out
    assert "0 added" in fangzha("content", "import", out).out


def test_an_older_release_can_be_exported_too(fangzha: Fangzha, tiny: Path, tmp_path: Path) -> None:
    fangzha("content", "import", tiny, "--publish")
    greeting = tiny / "replies" / "dialogue.yml"
    greeting.write_text(greeting.read_text().replace("I am a machine", "I am only a machine"))
    fangzha("content", "import", tiny, "--publish")
    fangzha("content", "export", tmp_path / "old", "--release", "1")
    fangzha("content", "export", tmp_path / "new")
    assert "only a machine" not in (tmp_path / "old" / "replies" / "replies.yml").read_text()
    assert "only a machine" in (tmp_path / "new" / "replies" / "replies.yml").read_text()


def test_an_export_never_writes_over_anything(fangzha: Fangzha, tiny: Path) -> None:
    fangzha("content", "import", tiny, "--publish")
    before = (tiny / "bank.yml").read_text()
    assert fangzha("content", "export", tiny).code == 2
    assert (tiny / "bank.yml").read_text() == before


def test_a_release_that_is_not_there_cannot_be_exported(fangzha: Fangzha, tiny: Path, tmp_path: Path) -> None:
    fangzha("content", "import", tiny, "--publish")
    done = fangzha("content", "export", tmp_path / "out", "--release", "99")
    assert done.code == 2
    assert "99" in done.err
    assert not (tmp_path / "out").exists()


# ---- Taking back, and whether anybody altered anything ----


def shown(fangzha: Fangzha, out: Path) -> set[str]:
    """The files of an export of what is in force."""
    fangzha("content", "export", out)
    return {str(path.relative_to(out)) for path in out.rglob("*.yml")}


def test_a_withdrawn_typology_is_gone_at_once_with_its_cases_and_examples(
    fangzha: Fangzha, tiny: Path, tmp_path: Path
) -> None:
    fangzha("content", "import", tiny, "--publish")
    before = shown(fangzha, tmp_path / "before")
    done = fangzha("content", "withdraw", "typology", "pet_ransom", "--reason", "not ours to tell")
    assert done.code == 0
    assert "release 2 without" in done.out
    gone = before - shown(fangzha, tmp_path / "after")
    assert gone == {"typologies/pet_ransom.yml", "cases/pet_ransom.yml", "examples/pet_ransom.yml"}
    assert "not ours to tell" in fangzha("content", "history").out


def test_what_was_withdrawn_stays_away_when_its_file_changes(fangzha: Fangzha, tiny: Path, tmp_path: Path) -> None:
    fangzha("content", "import", tiny, "--publish")
    fangzha("content", "withdraw", "typology", "pet_ransom", "--alone", "--reason", "unclear")
    file = tiny / "typologies" / "pet_ransom.yml"
    file.write_text(file.read_text().replace("summary: {zh-Hans: ", "summary: {zh-Hans: 新的"))
    assert "1 renewed" in fangzha("content", "import", tiny, "--publish").out
    assert "typologies/pet_ransom.yml" not in shown(fangzha, tmp_path / "after")


def test_a_withdrawal_says_why_and_names_what_is_there(fangzha: Fangzha, tiny: Path) -> None:
    fangzha("content", "import", tiny, "--publish")
    assert fangzha("content", "withdraw", "reply", "greet").code == 2
    for key, reason, says in [("nothing", "wrong", "no such piece"), ("greet", " ", "why")]:
        done = fangzha("content", "withdraw", "reply", key, "--reason", reason)
        assert done.code == 1
        assert says in done.err
    assert len(fangzha("content", "history").out.splitlines()) == 1


def test_a_roll_back_releases_the_old_words_again(fangzha: Fangzha, tiny: Path, tmp_path: Path) -> None:
    fangzha("content", "import", tiny, "--publish")
    greeting = tiny / "replies" / "dialogue.yml"
    greeting.write_text(greeting.read_text().replace("I am a machine", "I am only a machine"))
    fangzha("content", "import", tiny, "--publish")
    done = fangzha("content", "rollback", "1", "--reason", "too modest")
    assert "release 3 with what release 1 held" in done.out
    fangzha("content", "export", tmp_path / "now")
    assert "only a machine" not in (tmp_path / "now" / "replies" / "replies.yml").read_text()
    assert fangzha("content", "rollback", "9", "--reason", "why not").code == 1


def test_a_roll_back_tells_what_did_not_come_back(fangzha: Fangzha, tiny: Path) -> None:
    fangzha("content", "import", tiny, "--publish")
    greeting = tiny / "replies" / "dialogue.yml"
    greeting.write_text(greeting.read_text().replace("I am a machine", "I am only a machine"))
    fangzha("content", "import", tiny, "--publish")
    fangzha("content", "withdraw", "typology", "pet_ransom", "--reason", "unclear", "--alone")
    done = fangzha("content", "rollback", "1", "--reason", "too modest")
    assert done.out.splitlines()[1:] == ["left out: typology/pet_ransom"]


def test_a_whole_history_is_verified_and_its_head_can_be_held_against_it_later(fangzha: Fangzha, tiny: Path) -> None:
    fangzha("content", "import", tiny, "--publish")
    done = fangzha("content", "history", "--verify")
    assert done.code == 0
    assert "no faults" in done.out
    head = done.out.split()[-1]
    fangzha("content", "publish")
    assert fangzha("content", "history", "--verify", "--head", head).code == 0
    done = fangzha("content", "history", "--verify", "--head", "0" * 63 + "1")
    assert done.code == 1
    assert "noted earlier" in done.out
    assert fangzha("content", "history", "--head", head).code == 2


def test_words_changed_behind_the_desk_are_found(fangzha: Fangzha, tiny: Path, tmp_path: Path) -> None:
    fangzha("content", "import", tiny, "--publish")
    with sqlite3.connect(tmp_path / "var" / "fangzha.db") as database:
        database.execute("UPDATE revision SET body = '{}' WHERE id = 1")
    database.close()
    done = fangzha("content", "history", "--verify")
    assert done.code == 1
    assert "release 1 does not hold what was released" in done.out
    assert "1 faults" in done.out
