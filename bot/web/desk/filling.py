"""From a filled-in form back to a body. What the form does not touch stays exactly as it was."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.content.files import read_yaml
from bot.core.errors import ContentError
from bot.web.desk.fields import ALIASES, Field, Shape
from bot.web.desk.forms import Form

TOP = "b"  # what the names of all fields of a body begin with
_ABSENT = object()


def body_of(form: Form, fields: Sequence[Field], original: Mapping[str, Any]) -> dict[str, Any]:
    """The body a form stands for.

    Args:
        form: fields are named by their place, `b.steps.0.zh-Hans`; a list names its items in order, `b.steps`.
        fields: those of the kind.
        original: the body the form was made from. Keys it left out are left out again while they are empty.
    """
    return _group(form, fields, TOP, original)


def _group(form: Form, fields: Sequence[Field], path: str, original: Any) -> dict[str, Any]:
    before = original if isinstance(original, Mapping) else {}
    found: dict[str, Any] = {}
    for field in fields:
        value = _value(form, field, f"{path}.{field.name}", before.get(field.name, _ABSENT))
        if value is not _ABSENT:
            found[field.name] = value
    return found


def _value(form: Form, field: Field, path: str, original: Any) -> Any:
    value = _read(form, field, path, original)
    if field.required or not _is_empty(field, value):
        return value
    return original if original is not _ABSENT and _is_empty(field, original) else _ABSENT


def _read(form: Form, field: Field, path: str, original: Any) -> Any:  # noqa: PLR0911  # one line a shape
    match field.shape:
        case Shape.WORDS:
            words = {tag: text for tag in ALIASES if (text := form.text(f"{path}.{tag}"))}
            kept = {tag: _same(_of(original, tag), text) for tag, text in words.items()}
            return {**kept, **_group(form, field.fields, path, original)}
        case Shape.GROUP:
            return _group(form, field.fields, path, original)
        case Shape.LIST:
            return [_read(form, _item(field), f"{path}.{place}", _at(original, place)) for place in form.texts(path)]
        case Shape.LINES:
            lines = [line.strip() for line in form.text(path).split("\n")]
            return [line for line in lines if line]
        case Shape.REFS:
            return form.texts(path)
        case Shape.FLAG:
            return form.text(path) == "yes"
        case Shape.NUMBER:
            text = form.text(path)
            return int(text) if text.lstrip("-").isdecimal() else text
        case Shape.FREE:
            return _free(form.text(path), original)
        case _:
            return _same(original, form.text(path))


def _is_empty(field: Field, value: Any) -> bool:
    return value in (None, "", [], {}) or value == field.empty


def _item(field: Field) -> Field:
    if field.item is None:
        raise TypeError(f"{field.name} is a list of nothing")
    return field.item


def _of(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, Mapping) else None


def _at(value: Any, place: str) -> Any:
    if isinstance(value, list) and place.isdecimal() and int(place) < len(value):
        return value[int(place)]
    return _ABSENT


def _same(original: Any, text: str) -> Any:
    """What was there, where the form only took away the room around it."""
    return original if isinstance(original, str) and original.strip() == text else text


def _free(text: str, original: Any) -> Any:
    try:
        found, _ = read_yaml(text, "")
    except ContentError:
        return text  # of the wrong shape, which the check tells
    return original if found == original else found


# ---- Lists, where no script does it ----


def rearranged(body: dict[str, Any], wish: str) -> dict[str, Any]:
    """The body after `add:steps`, `remove:steps.2`, `up:steps.2` or `down:steps.2`; unchanged for anything else."""
    verb, _, place = wish.partition(":")
    if verb == "add":
        found = _find(body, place.split("."), make=True)
        if isinstance(found, list):
            found.append({})
        return body
    where, _, last = place.rpartition(".")
    found = _find(body, where.split("."))
    if not (isinstance(found, list) and last.isdecimal() and int(last) < len(found)):
        return body
    index = int(last)
    if verb == "remove":
        del found[index]
    elif verb in {"up", "down"}:
        other = index - 1 if verb == "up" else index + 1
        if 0 <= other < len(found):
            found[index], found[other] = found[other], found[index]
    return body


def _find(value: Any, steps: list[str], *, make: bool = False) -> Any:
    for number, step in enumerate(steps, 1):
        if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        elif isinstance(value, dict) and (step in value or make):
            value = value.setdefault(step, [] if number == len(steps) else {}) if make else value[step]
        else:
            return None
    return value
