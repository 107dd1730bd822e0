"""A release written as files seeds the same release again."""

from pathlib import Path

import yaml

from bot.content.check import check_folder
from bot.content.export import as_files
from bot.content.files import Piece, read_folder


def write(folder: Path, pieces: list[Piece]) -> Path:
    """The pieces as `fangzha content export` writes them (through libyaml, which is quicker)."""
    for path, document in as_files((p.kind, p.key, p.body) for p in pieces).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        text = yaml.dump(document, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=1000)
        target.write_text(text, encoding="utf-8")
    return folder


def test_the_shipped_content_comes_back_as_it_was(pieces: list[Piece], tmp_path: Path) -> None:
    again, faults = read_folder(write(tmp_path / "out", pieces))
    assert faults == []
    assert {(p.kind, p.key): p.body for p in again} == {(p.kind, p.key): p.body for p in pieces}
    assert len(again) == len(pieces)


def test_an_export_has_no_fault_the_original_had_not(tiny: Path, tmp_path: Path) -> None:
    out = write(tmp_path / "out", read_folder(tiny)[0])
    assert check_folder(out) == []
    assert {p.relative_to(out).as_posix() for p in out.rglob("*.yml")} >= {
        "bank.yml",
        "hotlines.yml",
        "variants.yml",
        "typologies/pet_ransom.yml",
        "cases/pet_ransom.yml",
        "examples/pet_ransom.yml",
        "benign/talk.yml",
        "answers/pets.yml",
    }
