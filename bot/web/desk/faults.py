"""What is wrong with a body while it is written, in the editor's language and beside the field it is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bot.content.files import Fault, Location
from bot.content.schema import KINDS
from bot.core.content import NUMBER_ROLES
from bot.core.vocabulary import Language
from bot.desk.products import faults_while_typing
from bot.web.desk.visit import Visit

# The words of pydantic for what editors meet; anything else is told as it comes.
SHAPES = {
    "missing": "missing",
    "string_too_short": "missing",
    "too_short": "too_few",
    "too_long": "too_many",
    "extra_forbidden": "unknown_key",
    "string_pattern_mismatch": "bad_id",
    "enum": "not_among",
    "literal_error": "not_among",
    "int_parsing": "no_number",
    "int_type": "no_number",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "string_type": "no_text",
    "model_type": "wrong_shape",
    "model_attributes_type": "wrong_shape",
    "tuple_type": "wrong_shape",
    "dict_type": "wrong_shape",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One fault. `path` is where, as `steps.0.zh-Hans`; what is only advice stops nothing."""

    path: str
    text: str
    advice: bool = False
    line: int = 0


def faults_of(
    visit: Visit, kind: str, key: str, body: dict[str, Any], lines: Mapping[Location, int] | None = None
) -> list[Told]:
    """What is wrong with one piece by itself; `lines` are those of its text."""
    shape = _shape(visit, kind, body, lines or {})
    found = faults_while_typing(kind, key, body, numbers(visit))
    other = [_told(visit, fault, lines or {}) for fault in found if fault.code != "shape"]
    return [*shape, *other]


def numbers(visit: Visit) -> dict[str, str]:
    """Role -> the number a customer at home is given, to count a sentence as it will be shown."""
    wording = visit.house.services.snapshot.wording(Language.ZH_HANS)
    return {role: wording.number(role) for role in NUMBER_ROLES}


def _shape(visit: Visit, kind: str, body: dict[str, Any], lines: Mapping[Location, int]) -> list[Told]:
    schema = KINDS.get(kind)
    if schema is None:
        return []
    try:
        schema.model_validate(body)
    except ValidationError as error:
        return [_slip(visit, one, lines) for one in error.errors()]
    return []


def _slip(visit: Visit, one: Any, lines: Mapping[Location, int]) -> Told:
    location = tuple(one["loc"])
    told = SHAPES.get(one["type"], "")
    # pydantic lists what may stand as 'a', 'b' or 'c'
    limits = {k: str(v).replace("' or '", "', '").replace("'", "") for k, v in (one.get("ctx") or {}).items()}
    text = visit.t(f"desk_shape_{told}", **limits) if told else visit.t("desk_shape_other", value=one["msg"])
    return Told(_path(location), text, line=_line(location, lines))


def _told(visit: Visit, fault: Fault, lines: Mapping[Location, int]) -> Told:
    said = visit.t(f"desk_sign_{fault.code.removeprefix('sign_')}", **fault.values) if _of_sign(fault) else ""
    said = said or visit.t(f"desk_fault_{fault.code}", **fault.values)
    text = said or visit.t("desk_fault_other", value=fault.message)
    return Told(_path(fault.location), text, fault.warning, _line(fault.location, lines))


def _of_sign(fault: Fault) -> bool:
    return fault.code.startswith("sign_")


def _path(location: Location) -> str:
    return ".".join(str(part) for part in location)


def _line(location: Location, lines: Mapping[Location, int]) -> int:
    while location and location not in lines:
        location = location[:-1]
    return lines.get(location, 1) if lines else 0
