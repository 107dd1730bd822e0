"""Examples among each other: which say what is there already, and in which piece a new one stands."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.content.near import pairs
from bot.core.vocabulary import NONE
from bot.desk.exchange_columns import Row, example_rows
from bot.desk.exchange_plan import Duplicate
from bot.desk.gate_words import plain
from bot.desk.products import Stored

NEAR = 0.75
EVERY = 500


def doubles(rows: Sequence[tuple[int, Row]], known: Sequence[Stored], step: Callable[[int], None]) -> list[Duplicate]:
    """Rows that say what an example or an earlier row says: the same letters, or three quarters of the trigrams.

    Args:
        rows: (number in the file, row) of rows without fault.
        known: the content as it stands.
        step: told now and then how many rows are compared.
    """
    places: list[tuple[str, str]] = []
    texts: list[str] = []
    for kind, key, body in known:
        for row in example_rows(body) if kind == "examples" else ():
            places.append((f"examples/{key}", _label(row)))
            texts.append(plain(row["text"]))
    first_new = len(texts)
    for number, row in rows:
        places.append((str(number), _label(row)))
        texts.append(plain(row["text"]))
    step(0)
    found = {i: _duplicate(places, i, of, near=False) for i, of in _same(texts, first_new)}
    for earlier, later in pairs(texts, NEAR, start=first_new, step=lambda done: step(done - first_new)):
        found.setdefault(later, _duplicate(places, later, earlier, near=True))
    step(len(rows))
    return [found[index] for index in sorted(found)]


def _same(texts: Sequence[str], first_new: int) -> list[tuple[int, int]]:
    seen: dict[str, int] = {}
    found = []
    for index, text in enumerate(texts):
        if index >= first_new and text in seen:
            found.append((index, seen[text]))
        seen.setdefault(text, index)
    return found


def _label(row: Row) -> str:
    return f"{row['typology']} {row['urgency']}"


def _duplicate(places: list[tuple[str, str]], index: int, of: int, *, near: bool) -> Duplicate:
    conflict = not near and places[index][1] != places[of][1]
    return Duplicate(int(places[index][0]), places[of][0], near, conflict)


def put(made: dict[str, dict[str, Any]], key: str, row: Row, there: Mapping[str, dict[str, Any]]) -> None:
    """Adds an example to the piece it belongs to; a piece of that name keeps what it has."""
    harmless = f"{NONE}."
    key = f"benign_{key.removeprefix(harmless)}" if key.startswith(harmless) else key
    if key not in made:
        made[key] = _copied(there.get(key, {"typology": row["typology"]}))
    forms = made[key].setdefault(row["language"], {})
    forms.setdefault(row["form"], {}).setdefault(row["urgency"], []).append(row["text"])


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _copied(v) for k, v in value.items()}
    return [_copied(v) for v in value] if isinstance(value, list | tuple) else value
