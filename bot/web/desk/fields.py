"""The fields of every kind of piece, read off its schema, so that a new key of a schema is a new field of the form."""

from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import BaseModel, StringConstraints
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from bot.content.bodies import WordsBody
from bot.content.product_bodies import ProductBody, ScreenedBody
from bot.content.schema import KINDS

# Keys that name other pieces, and the kind they name.
REFERS = {
    "methods": "method",
    "toward": "typology",
    "typology": "typology",
    "audiences": "audience",
    "place": "place",
    "places": "place",
    "within": "place",
    "quiz": "quiz",
    "from_case": "case",
    "home_places": "place",
}
# Kinds whose bodies are long or of a free shape: the form is the text itself, as YAML.
AS_TEXT = frozenset({"examples", "variants", "template"})
DAYS = frozenset({"start", "end", "valid_until"})
ALIASES = ("zh-Hans", "en", "zh-Hant")


class Shape(StrEnum):
    """How a field is filled in."""

    WORDS = "words"  # one sentence in three languages side by side
    TEXT = "text"
    ID = "id"
    NUMBER = "number"
    FLAG = "flag"
    DAY = "day"
    CHOICE = "choice"
    REF = "ref"  # one other piece
    REFS = "refs"  # several of them
    LINES = "lines"  # short texts, one a line
    GROUP = "group"
    LIST = "list"
    FREE = "free"  # anything else, as YAML


@dataclass(frozen=True)
class Field:
    """One key of a body.

    Attributes:
        name: as it stands in the body.
        required: whether a released body must have it.
        empty: what it is where the body leaves it out.
        least, most: how many of a list, or how much of a number.
        options: of a choice.
        refers: the kind of piece it names.
        fields: of a group, and beside the words of a sentence that has more keys.
        item: of a list.
    """

    name: str
    shape: Shape
    required: bool = True
    empty: Any = None
    options: tuple[str, ...] = ()
    refers: str = ""
    fields: tuple["Field", ...] = ()
    item: "Field | None" = None
    least: int = 0
    most: int | None = None


def has_form(kind: str) -> bool:
    """Whether a kind is edited field by field; the others are edited as text."""
    return kind in KINDS and kind not in AS_TEXT


@cache
def fields_of(kind: str) -> tuple[Field, ...]:
    """The fields of a kind, in the order of its schema."""
    return _fields(KINDS[kind])


def _fields(model: type[BaseModel]) -> tuple[Field, ...]:
    own = WordsBody.model_fields if issubclass(model, WordsBody) else {}
    # what a product says comes before where and when it is shown
    later = set(ScreenedBody.model_fields) - {"id"} if issubclass(model, ProductBody) else set()
    names = sorted((name for name in model.model_fields if name not in own), key=lambda name: name in later)
    return tuple(_field(model.model_fields[name].alias or name, model.model_fields[name]) for name in names)


def _field(name: str, info: FieldInfo) -> Field:
    default = info.get_default(call_default_factory=True, validated_data={})
    empty = None if default is PydanticUndefined else _plain(default)
    hint = info.annotation
    if info.metadata:
        hint = Annotated[(hint, *info.metadata)]  # type: ignore[assignment]
    return _of(name, hint, required=info.is_required(), empty=empty)


def _of(name: str, hint: Any, *, required: bool, empty: Any = None) -> Field:  # noqa: PLR0911  # one line a shape
    hint, notes = _bare(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return Field(name, Shape.CHOICE, required, empty, options=tuple(str(a) for a in arguments))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return Field(name, Shape.CHOICE, required, empty, options=tuple(str(one.value) for one in hint))
    if isinstance(hint, type) and issubclass(hint, WordsBody):
        return Field(name, Shape.WORDS, required, empty, fields=_fields(hint))
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return Field(name, Shape.GROUP, required, empty, fields=_fields(hint))
    if origin is tuple:
        return _listed(name, arguments[0], notes, required, empty)
    if hint is bool:
        return Field(name, Shape.FLAG, required, empty)
    if hint is int:
        least = next((n.ge for n in notes if isinstance(n, Ge)), 0)
        most = next((n.le for n in notes if isinstance(n, Le)), None)
        return Field(name, Shape.NUMBER, required, empty, least=least, most=most)  # type: ignore[arg-type]
    if hint is str:
        return _text(name, notes, required, empty)
    return Field(name, Shape.FREE, required, empty)


def _text(name: str, notes: tuple[Any, ...], required: bool, empty: Any) -> Field:
    if name in REFERS:
        return Field(name, Shape.REF, required, empty, refers=REFERS[name])
    if name in DAYS:
        return Field(name, Shape.DAY, required, empty)
    is_id = any(isinstance(n, StringConstraints) and n.pattern for n in notes)
    return Field(name, Shape.ID if is_id else Shape.TEXT, required, empty)


def _listed(name: str, inner: Any, notes: tuple[Any, ...], required: bool, empty: Any) -> Field:
    least = next((n.min_length for n in notes if isinstance(n, MinLen)), 0)
    most = next((n.max_length for n in notes if isinstance(n, MaxLen)), None)
    item = _of(name, inner, required=True)
    if name in REFERS:
        return Field(name, Shape.REFS, required, empty, refers=REFERS[name], least=least, most=most)
    if item.shape is Shape.CHOICE:
        return Field(name, Shape.REFS, required, empty, options=item.options, least=least, most=most)
    if item.shape in {Shape.TEXT, Shape.ID}:
        return Field(name, Shape.LINES, required, empty, least=least, most=most)
    return Field(name, Shape.LIST, required, empty, item=item, least=least, most=most)


def _bare(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    """A type without `Annotated` and `| None`, and the notes that stood beside it."""
    notes: tuple[Any, ...] = ()
    while True:
        if get_origin(hint) is Annotated:
            hint, *more = get_args(hint)
            notes += tuple(more)
        elif get_origin(hint) in {Union, UnionType}:
            hint = next(a for a in get_args(hint) if a is not NoneType)
        else:
            return hint, tuple(_flat(notes))


def _flat(notes: tuple[Any, ...]) -> list[Any]:
    """Notes one by one; pydantic's own `Field(min_length=…)` holds several."""
    return [inner for note in notes for inner in (note.metadata if isinstance(note, FieldInfo) else [note])]


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value
