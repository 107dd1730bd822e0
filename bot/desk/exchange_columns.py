"""The columns of what goes in and out as a table, and how a row becomes a body and a body a row."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.core.vocabulary import Form, Stage, Urgency

Kind = Literal["case", "answer", "examples"]
Row = dict[str, str]
Location = tuple[str | int, ...]
TAGS = {"zh": "zh-Hans", "en": "en", "hant": "zh-Hant"}
EXAMPLE_LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how it is called in files, whether a row must fill it, which values it may have."""

    id: str
    needed: bool = True
    values: tuple[str, ...] = ()
    many: bool = False
    wide: bool = False


def _words(name: str) -> tuple[Column, ...]:
    return (
        Column(f"{name}_zh", wide=True),
        Column(f"{name}_en", wide=True),
        Column(f"{name}_hant", needed=False, wide=True),
    )


COLUMNS: dict[str, tuple[Column, ...]] = {
    "case": (
        Column("id"),
        Column("typology"),
        Column("stage", values=tuple(s.value for s in Stage)),
        Column("methods", needed=False, many=True),
        *_words("title"),
        *_words("story"),
        *_words("lesson"),
    ),
    "answer": (
        Column("id"),
        Column("topic"),
        Column("kind", needed=False, values=("answer", "bank", "hotline")),
        Column("asks_zh", needed=False, many=True, wide=True),
        Column("asks_en", needed=False, many=True, wide=True),
        *_words("title"),
        *_words("text"),
        Column("sources", needed=False, many=True, wide=True),
    ),
    "examples": (
        Column("text", wide=True),
        Column("typology"),
        Column("urgency", values=tuple(u.value for u in Urgency)),
        Column("form", values=tuple(f.value for f in Form)),
        Column("language", values=EXAMPLE_LANGUAGES),
    ),
}


def listed(cell: str) -> list[str]:
    """The entries of a cell that may hold several: one a line, or with a semicolon or a bar between them."""
    for mark in (";", "；", "|"):
        cell = cell.replace(mark, "\n")
    return [part.strip() for part in cell.split("\n") if part.strip()]


def case_body(row: Row) -> dict[str, Any]:
    """The body of a case."""
    return {
        "id": row.get("id", ""),
        "typology": row.get("typology", ""),
        "title": words_of(row, "title"),
        "stage": row.get("stage", ""),
        "methods": listed(row.get("methods", "")),
        "story": words_of(row, "story"),
        "lesson": words_of(row, "lesson"),
    }


def answer_body(row: Row) -> dict[str, Any]:
    """The body of an answer."""
    asks = {tag: listed(row.get(f"asks_{tag}", "")) for tag in EXAMPLE_LANGUAGES}
    return {
        "id": row.get("id", ""),
        "topic": row.get("topic", ""),
        **({"kind": row["kind"]} if row.get("kind") else {}),
        "asks": {tag: said for tag, said in asks.items() if said},
        "title": words_of(row, "title"),
        "text": words_of(row, "text"),
        "sources": listed(row.get("sources", "")),
    }


BODIES: dict[str, Callable[[Row], dict[str, Any]]] = {"case": case_body, "answer": answer_body}


def words_of(row: Row, name: str) -> dict[str, str]:
    """The languages of a sentence that the row fills."""
    return {tag: row[f"{name}_{short}"] for short, tag in TAGS.items() if row.get(f"{name}_{short}")}


def column_of(location: Location) -> str:
    """The column a place in a body comes from: ("title", "zh-Hans") is title_zh."""
    if not location:
        return ""
    name = str(location[0])
    short = {tag: s for s, tag in TAGS.items()} | {"zh": "zh"}
    return f"{name}_{short[str(location[1])]}" if len(location) > 1 and str(location[1]) in short else name


def row_of(kind: str, body: Mapping[str, Any]) -> Row:
    """The row of a case or an answer."""
    row: Row = {}
    for column in COLUMNS[kind]:
        value = _found(body, column)
        row[column.id] = "\n".join(str(v) for v in value) if isinstance(value, list | tuple) else str(value)
    return row


def _found(body: Mapping[str, Any], column: Column) -> Any:
    name, _, short = column.id.rpartition("_")
    if name and short in TAGS:
        inner = body.get(name) or {}
        return inner.get(short, inner.get(TAGS[short], ""))
    return body.get(column.id) or ""


def example_rows(body: Mapping[str, Any]) -> Iterator[Row]:
    """A row for every example of a piece."""
    for language in EXAMPLE_LANGUAGES:
        for form, urgencies in (body.get(language) or {}).items():
            for urgency, texts in urgencies.items():
                for text in texts:
                    yield {
                        "text": str(text),
                        "typology": str(body.get("typology", "none")),
                        "urgency": str(urgency),
                        "form": str(form),
                        "language": language,
                    }


def flat(kind: str, value: Mapping[str, Any]) -> Row:
    """A JSON object as a row: columns by name, or a body as the store keeps it."""
    row: Row = {}
    known = {c.id for c in COLUMNS[kind]}
    nested = {c.id.rpartition("_")[0] for c in COLUMNS[kind]} - {""}
    for key, inner in value.items():
        if isinstance(inner, Mapping) and key in nested:
            for tag, said in inner.items():
                short = next((s for s, full in TAGS.items() if tag in {s, full}), str(tag))
                row[f"{key}_{short}"] = _cell(said)
        elif key == "lang" and "language" in known:
            row["language"] = _cell(inner)
        else:
            row[str(key)] = _cell(inner)
    return row


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return "\n".join(_cell(v) for v in value) if isinstance(value, list | tuple) else str(value).strip()


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two bodies say the same; what is empty may be left out."""
    return bool(_full(one) == _full(other))


def _full(value: Any) -> Any:
    if isinstance(value, Mapping):
        kept = {k: _full(v) for k, v in value.items()}
        return {k: v for k, v in kept.items() if v not in ("", [], {}, None)}
    return [_full(v) for v in value] if isinstance(value, list | tuple) else value
