"""Labelled rows, one JSON object a line."""

import json
from dataclasses import dataclass
from pathlib import Path

from bot.core.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text; labels that are not given are not measured."""

    id: str
    text: str
    lang: str = ""
    typology: str | None = None
    urgency: str | None = None
    is_scam: bool | None = None
    form: str = ""


def read_rows(path: Path) -> list[Row]:
    """The rows of a JSONL file.

    Raises:
        InvalidInputError: a line is no row; the message names it.
    """
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            rows.append(
                Row(
                    str(raw["id"]),
                    raw["text"],
                    raw.get("lang", ""),
                    raw.get("typology"),
                    raw.get("urgency"),
                    raw.get("is_scam"),
                    raw.get("form", ""),
                )
            )
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidInputError(f"{path}:{number}: not a row with id and text: {error}") from error
    return rows
