"""The bank's own films: files known by their hash, so that words about one can never come to mean another."""

import contextlib
import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.core.errors import DeskError

MOST_BYTES = 64 * 1024 * 1024
NAME = re.compile(r"[0-9a-f]{64}\.(mp4|webm)")
LONGEST_TYPE = 1024  # bytes of the box an MP4 begins with
EBML = b"\x1a\x45\xdf\xa3"


@dataclass(frozen=True, slots=True)
class FilmFile:
    """A film that was added."""

    name: str
    size: int
    added_at: datetime


class Films:
    """The folder of films."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, data: bytes) -> str:
        """Keep a film; the name under which pieces speak of it. The same film again has the same name.

        Raises:
            DeskError: it is neither MP4 nor WebM, whatever it is called, or too large; or the disk is full.
        """
        if len(data) > MOST_BYTES:
            raise DeskError("the film is too large", code="film_too_large", limit=str(MOST_BYTES // 1024**2))
        name = f"{hashlib.sha256(data).hexdigest()}.{_kind(data)}"
        path = self._folder / name
        beside = self._folder / f"{name}.{secrets.token_hex(4)}.part"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(data)
            beside.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                beside.unlink()
            raise DeskError(f"the film was not kept: {error.strerror}", code="film_not_kept") from error
        return name

    def remove(self, name: str) -> None:
        """Delete a film.

        Raises:
            DeskError: there is none of that name, or it could not be deleted.
        """
        path = self.path(name)
        if path is None:
            raise DeskError("there is no such film", code="no_film")
        try:
            path.unlink()
        except OSError as error:
            raise DeskError(f"the film was not deleted: {error.strerror}", code="film_not_deleted") from error

    def path(self, name: str) -> Path | None:
        """Where a film is; `None` when there is none of that name."""
        path = self._folder / name
        return path if NAME.fullmatch(name) and path.is_file() else None

    def all(self) -> list[FilmFile]:
        """Every film, the newest first."""
        files = [p for p in self._folder.glob("*") if NAME.fullmatch(p.name)] if self._folder.is_dir() else []
        found = [(p.name, p.stat()) for p in files]
        films = [FilmFile(name, s.st_size, datetime.fromtimestamp(s.st_mtime, UTC)) for name, s in found]
        return sorted(films, key=lambda film: film.added_at, reverse=True)


def _kind(data: bytes) -> str:
    if data[4:8] == b"ftyp" and int.from_bytes(data[:4], "big") <= LONGEST_TYPE:
        return "mp4"
    if data.startswith(EBML) and b"webm" in data[:64]:
        return "webm"
    raise DeskError("this is neither MP4 nor WebM", code="film_kind")
