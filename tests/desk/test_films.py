"""The bank's own films as files."""

from pathlib import Path

import pytest

from bot.core.errors import DeskError
from bot.desk import films as module
from bot.desk.films import Films

MP4 = b"\x00\x00\x00\x18ftypisom" + b"\x00" * 64
WEBM = b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm" + b"\x00" * 64


@pytest.fixture
def films(tmp_path: Path) -> Films:
    """An empty folder, which does not exist yet."""
    return Films(tmp_path / "media")


@pytest.mark.parametrize(("data", "ending"), [(MP4, "mp4"), (WEBM, "webm")])
def test_a_film_is_known_by_what_is_in_it(films: Films, data: bytes, ending: str) -> None:
    name = films.add(data)
    assert name.endswith(f".{ending}")
    assert films.add(data) == name
    path = films.path(name)
    assert path is not None
    assert path.read_bytes() == data
    assert [(f.name, f.size) for f in films.all()] == [(name, len(data))]


@pytest.mark.parametrize(
    "data", [b"", b"<html><script>", b"\x89PNG\r\n\x1a\n", b"\x1a\x45\xdf\xa3matroska", b"PK\x03\x04ftyp"]
)
def test_what_is_no_film_is_refused_whatever_it_is_called(films: Films, data: bytes) -> None:
    with pytest.raises(DeskError, match="neither MP4 nor WebM"):
        films.add(data)
    assert films.all() == []


def test_a_film_that_is_too_large_is_refused(films: Films, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", len(MP4) - 1)
    with pytest.raises(DeskError, match="too large"):
        films.add(MP4)


def test_a_full_disk_is_told_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("a file where the folder should be")
    with pytest.raises(DeskError, match="not kept"):
        Films(tmp_path / "media").add(MP4)


@pytest.mark.parametrize("name", ["", "..", "../fangzha.db", "a.mp4", "0" * 64 + ".exe", "0" * 64 + ".mp4"])
def test_a_name_that_is_none_leads_nowhere(films: Films, name: str) -> None:
    films.add(MP4)
    assert films.path(name) is None
