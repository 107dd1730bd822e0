"""Getting cases, answers and examples in and out as tables.

Reading a file changes nothing: it gives a plan with the pieces that would be saved, a fault for every row that has to
be mended, and the rows that are there already. Only a plan without faults can be taken in, and it is taken in whole.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import yaml

from bot.content.check import check_piece
from bot.content.export import as_files
from bot.content.files import Piece
from bot.content.product_check import numbers_of
from bot.conversation.redaction import redact
from bot.core.errors import CalledOff, DeskError
from bot.core.vocabulary import NONE, UNKNOWN
from bot.desk.exchange_columns import BODIES, COLUMNS, Kind, Row, column_of, example_rows, row_of, same
from bot.desk.exchange_examples import EVERY, doubles, put
from bot.desk.exchange_files import FORMS, Headings, Table, as_csv, as_excel, as_json_lines, as_nlu, open_table
from bot.desk.exchange_nlu import Labels, nlu_table
from bot.desk.exchange_plan import Duplicate, Plan, RowFault
from bot.desk.products import Stored

Progress = Callable[[str, int, int], None]
LONGEST = 8000
MOST_ROWS = 200_000
NAME = re.compile(r"^[a-z][a-z0-9_]*$")


@dataclass(frozen=True)
class Reader:
    """How files are read.

    Args:
        known: the content as it stands, to tell what is there already.
        name: what the pieces of examples are called after, lower case: `mule.<name>`.
        headings: column -> its heading, or its headings in several languages, beside its id.
        intents: for Rasa's YAML, what an intent stands for that does not tell by its name.
        progress: told the step, and how many rows of it are done.
        called_off: asked often; once it says yes, reading ends with `CalledOff`.
    """

    known: Sequence[Stored]
    name: str
    headings: Headings = field(default_factory=dict)
    intents: Labels = field(default_factory=dict)
    progress: Progress = lambda _step, _done, _total: None
    called_off: Callable[[], bool] = lambda: False

    def read(self, data: bytes, form: str, kind: Kind) -> Plan:
        """The plan for a file. Nothing is saved.

        Raises:
            DeskError: the file is not of that form, or the form cannot hold that kind.
            CalledOff: the editor called it off.
        """
        if form not in FORMS or (form == "nlu" and kind != "examples"):
            raise DeskError(f"{kind} cannot be read from {form}", code="wrong_form", name=kind, value=form)
        if not NAME.match(self.name):
            raise DeskError(f"{self.name}: small letters, digits and _ only", code="bad_name", value=self.name)
        table = nlu_table(data, self.intents) if form == "nlu" else open_table(data, form, kind, self.headings)
        faults = list(_headline(table, kind))
        rows: list[tuple[int, Row]] = []
        if all(f.advice for f in faults):
            for number, row in self._counted(table):
                if isinstance(row, str):
                    faults.append(RowFault(number, "", "desk_import_unreadable", {"value": row}))
                else:
                    faults.extend(self._cells(number, row, kind))
                    rows.append((number, row))
        return self._examples(rows, faults) if kind == "examples" else self._bodies(rows, faults, kind)

    def _counted(self, table: Table) -> Iterator[tuple[int, Row | str]]:
        for count, entry in enumerate(table.rows):
            if count % EVERY == 0:
                self._step("reading", count, table.total)
            if count >= MOST_ROWS:
                raise DeskError(f"more than {MOST_ROWS} rows: split the file", code="too_many", count=str(MOST_ROWS))
            yield entry
        self._step("reading", table.total, table.total)

    def _step(self, step: str, done: int, total: int) -> None:
        if self.called_off():
            raise CalledOff("the import was called off: nothing was saved", code="called_off")
        self.progress(step, done, total)

    # ---- What one row must have ----

    def _cells(self, number: int, row: Row, kind: str) -> Iterator[RowFault]:
        for column in COLUMNS[kind]:
            value = row.get(column.id, "")
            if column.needed and not value:
                yield RowFault(number, column.id, "desk_import_empty")
            elif value and column.values and value not in column.values:
                values = {"value": value, "name": ", ".join(column.values)}
                yield RowFault(number, column.id, "desk_import_unknown_value", values)
            elif len(value) > LONGEST:
                yield RowFault(number, column.id, "desk_import_too_long", {"count": str(LONGEST)})
        typology = row.get("typology", "")
        if typology and typology not in self._typologies:
            yield RowFault(number, "typology", "desk_import_no_typology", {"value": typology})
        for name in ("text",) if kind == "examples" else ("story_zh", "story_en"):
            if row.get(name) and redact(row[name]).sensitive:
                yield RowFault(number, name, "desk_import_personal", advice=True)

    @cached_property
    def _typologies(self) -> set[str]:
        return {key for kind, key, _ in self.known if kind == "typology"} | {NONE, UNKNOWN}

    # ---- Cases and answers: a row is a piece ----

    def _bodies(self, rows: list[tuple[int, Row]], faults: list[RowFault], kind: Kind) -> Plan:
        there = {key: body for name, key, body in self.known if name == kind}
        numbers = numbers_of((name, body) for name, _, body in self.known)
        seen: dict[str, int] = {}
        pieces: list[Stored] = []
        duplicates: list[Duplicate] = []
        broken = {f.row for f in faults if not f.advice}
        for done, (number, row) in enumerate(rows):
            if done % EVERY == 0:
                self._step("comparing", done, len(rows))
            body = BODIES[kind](row)
            key = str(body["id"])
            if key in seen:
                faults.append(RowFault(number, "id", "desk_import_same_id", {"value": key, "number": str(seen[key])}))
                continue
            seen[key] = number
            if number not in broken:
                found = list(check_piece(Piece(kind, key, body), numbers))
                faults.extend(RowFault(number, column_of(f.location), f"desk_fault_{f.code}", f.values) for f in found)
            if key in there and same(there[key], body):
                duplicates.append(Duplicate(number, f"{kind}/{key}"))
            else:
                pieces.append((kind, key, body))
        changed = sum(key in there for _, key, _ in pieces)
        return Plan(kind, len(rows), tuple(pieces), _sorted(faults), tuple(duplicates), len(pieces) - changed, changed)

    # ---- Examples: rows of one kind of scam make a piece ----

    def _examples(self, rows: list[tuple[int, Row]], faults: list[RowFault]) -> Plan:
        broken = {f.row for f in faults if not f.advice}
        whole = [(number, row) for number, row in rows if number not in broken]
        duplicates = doubles(whole, self.known, lambda done: self._step("comparing", done, len(whole)))
        left_out = {d.row for d in duplicates}
        faults.extend(
            RowFault(d.row, "urgency", "desk_import_conflict", {"value": d.of}, advice=True)
            for d in duplicates
            if d.conflict
        )
        there = {key: body for kind, key, body in self.known if kind == "examples"}
        made: dict[str, dict[str, Any]] = {}
        for number, row in whole:
            if number not in left_out:
                put(made, f"{row['typology']}.{self.name}", row, there)
        pieces = tuple(("examples", key, body) for key, body in made.items())
        changed = sum(key in there for key in made)
        return Plan("examples", len(rows), pieces, _sorted(faults), tuple(duplicates), len(pieces) - changed, changed)


def _headline(table: Table, kind: str) -> Iterator[RowFault]:
    known = {c.id for c in COLUMNS[kind]}
    for name in table.columns:
        if name and name not in known:
            yield RowFault(1, name, "desk_import_unknown_column", {"value": name}, advice=True)
    for column in COLUMNS[kind]:
        if column.needed and column.id not in table.columns:
            yield RowFault(1, column.id, "desk_import_no_column", {"value": column.id})


def _sorted(faults: Iterable[RowFault]) -> tuple[RowFault, ...]:
    return tuple(sorted(faults, key=lambda f: (f.row, f.advice)))


# ---- Out ----


def write(kind: Kind, pieces: Iterable[Stored], form: str, headings: Mapping[str, str] | None = None) -> bytes:
    """The pieces of a kind as a file that `Reader.read` takes in again; without pieces, an empty table to fill in.

    Raises:
        DeskError: the form cannot hold that kind.
    """
    bodies = [body for name, _, body in pieces if name == kind]
    rows = [row for body in bodies for row in (example_rows(body) if kind == "examples" else [row_of(kind, body)])]
    if form == "xlsx":
        return as_excel(COLUMNS[kind], rows, headings or {})
    if form == "csv":
        return as_csv(COLUMNS[kind], rows, headings or {})
    if form == "jsonl":
        return as_json_lines(rows if kind == "examples" else bodies)
    if form == "nlu" and kind == "examples":
        return as_nlu(rows)
    raise DeskError(f"{kind} cannot be written as {form}", code="wrong_form", name=kind, value=form)


def release_zip(pieces: Iterable[Stored]) -> bytes:
    """A release as a zipped content folder that seeds another installation."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, document in as_files(pieces).items():
            text = yaml.dump(document, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=1000)
            packed.writestr(f"content/{path}", text)
    return out.getvalue()


_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # the C one is ten times faster
