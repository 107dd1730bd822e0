"""Tables as files: Excel, CSV, JSON lines and Rasa's NLU YAML, read row by row with the number the editor sees."""

import csv
import io
import itertools
import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font

from bot.core.errors import DeskError
from bot.desk.exchange_columns import COLUMNS, Column, Row, flat

# Column -> what else it is called in a first row, in one language or in several.
Headings = Mapping[str, str | Sequence[str]]
FORMS = ("xlsx", "csv", "jsonl", "nlu")
MOST_BYTES = 200 * 1024 * 1024
# What a spreadsheet takes for the beginning of a formula, and such a cell with the apostrophe that stops it.
FORMULA = re.compile(r"'*[=+\-@\t]")
ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True)
class Table:
    """A file as it was read: the columns it names, and (number in the file, row); `bad` are rows that are none."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[int, Row | str]]
    total: int


def open_table(data: bytes, form: str, kind: str, headings: Headings) -> Table:
    """The rows of a file, read as they are asked for. A row that cannot be read is given as what is wrong with it.

    Args:
        data: the file.
        form: one of `FORMS`.
        kind: one of `bot.desk.exchange_columns.COLUMNS`.
        headings: column -> what else it is called in the first row.

    Raises:
        DeskError: the file is not of that form.
    """
    if form == "xlsx":
        return _excel(data, kind, headings)
    if form == "csv":
        return _csv(data, kind, headings)
    return _json_lines(data, kind)


def _named(cells: Sequence[str], kind: str, headings: Headings) -> tuple[str, ...]:
    """The columns the first row names, by id or by heading, whatever the case."""
    names = {c.id: c.id for c in COLUMNS[kind]}
    for column, told in headings.items():
        if column in names:
            names |= {one.strip().lower(): column for one in ([told] if isinstance(told, str) else told)}
    return tuple(names.get(cell.strip().lower(), cell.strip()) for cell in cells)


def _row(columns: Sequence[str], cells: Sequence[str]) -> Row:
    return {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if name}


# ---- Excel ----


def _excel(data: bytes, kind: str, headings: Headings) -> Table:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(i.file_size for i in packed.infolist())
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True) if unpacked <= MOST_BYTES else None
    except Exception as error:  # openpyxl raises whatever its parsers do
        raise DeskError("this is no Excel workbook (.xlsx): save it as one", code="not_excel") from error
    if book is None:
        raise DeskError(f"the workbook unpacks to more than {MOST_BYTES} bytes: split it", code="too_large")
    sheet = book.worksheets[0]
    lines = ((n, [_text(v) for v in values]) for n, values in enumerate(sheet.iter_rows(values_only=True), 1))
    filled = ((n, cells) for n, cells in lines if any(c.strip() for c in cells))
    _, first = next(filled, (0, []))
    columns = _named(first, kind, headings)
    return Table(columns, ((n, _row(columns, cells)) for n, cells in filled), max(0, (sheet.max_row or 1) - 1))


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


# ---- CSV ----


def _csv(data: bytes, kind: str, headings: Headings) -> Table:
    text = decoded(data)
    first_line = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns = _named(next(reader, []), kind, headings)

    def rows() -> Iterator[tuple[int, Row | str]]:
        # as a spreadsheet counts: a cell of several lines is one row, an empty line is one too
        for number in itertools.count(2):
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield number, str(error)
                continue
            if any(c.strip() for c in cells):
                yield number, _row(columns, [_unguarded(c) for c in cells])

    return Table(columns, rows(), max(0, text.count("\n") - 1))


def decoded(data: bytes) -> str:
    """The text of a file in UTF-8, or in what a Chinese Excel writes.

    Raises:
        DeskError: it is in neither.
    """
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DeskError("the file is neither UTF-8 nor GB 18030: save it as UTF-8", code="not_text")


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


# ---- JSON lines ----


def _json_lines(data: bytes, kind: str) -> Table:
    lines = decoded(data).split("\n")

    def rows() -> Iterator[tuple[int, Row | str]]:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                value = json.loads(line)
            except ValueError as error:
                yield number, str(error)
                continue
            yield number, flat(kind, value) if isinstance(value, dict) else "expected an object: {…}"

    return Table(tuple(c.id for c in COLUMNS[kind]), rows(), sum(bool(line.strip()) for line in lines))


# ---- Writing ----


def as_excel(columns: Sequence[Column], rows: Iterable[Row], headings: Mapping[str, str]) -> bytes:
    """A workbook of one sheet. Every cell is text: a line that begins with = is not a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for index, column in enumerate(columns):
        sheet.column_dimensions[chr(ord("A") + index)].width = 48 if column.wide else 18

    top = Alignment(wrap_text=True, vertical="top")

    def cell(value: str, *, bold: bool = False) -> Cell:
        made = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value))
        made.data_type = "s"
        made.alignment = top
        if bold:
            made.font = Font(bold=True)
        return made

    sheet.append([cell(headings.get(c.id, c.id), bold=True) for c in columns])
    for row in rows:
        sheet.append([cell(row.get(c.id, "")) if row.get(c.id) else None for c in columns])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_csv(columns: Sequence[Column], rows: Iterable[Row], headings: Mapping[str, str]) -> bytes:
    """With a byte order mark, so that Excel reads it as UTF-8; what Excel would run as a formula gets an apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([headings.get(c.id, c.id) for c in columns])
    for row in rows:
        cells = (row.get(c.id, "") for c in columns)
        writer.writerow([f"'{cell}" if FORMULA.match(cell) else cell for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def as_json_lines(values: Iterable[Mapping[str, Any]]) -> bytes:
    """One object a line."""
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values).encode()


def as_nlu(rows: Iterable[Row]) -> bytes:
    """Examples as Rasa reads them: an intent for each kind and urgency, form and language as metadata."""
    intents: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        metadata = {"form": row["form"], "language": row["language"]}
        intents[f"{row['typology']}/{row['urgency']}"].append({"text": row["text"], "metadata": metadata})
    document = {
        "version": "3.1",
        "nlu": [{"intent": intent, "examples": examples} for intent, examples in intents.items()],
    }
    return yaml.dump(document, Dumper=yaml.SafeDumper, allow_unicode=True, sort_keys=False, width=1000).encode()
