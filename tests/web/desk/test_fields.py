"""The form of a piece is read off its schema, and nothing of a body is lost on the way through it."""

from typing import Any

import pytest
from starlette.datastructures import FormData

from bot.content.files import Piece
from bot.content.schema import KINDS
from bot.web.desk.fields import AS_TEXT, Field, Shape, fields_of, has_form
from bot.web.desk.filling import body_of, rearranged
from bot.web.desk.forms import Form

FORMS = [kind for kind in KINDS if has_form(kind)]


def flat(fields: tuple[Field, ...]) -> list[Field]:
    """Fields and all within them."""
    return [f for one in fields for f in (one, *flat((*one.fields, *((one.item,) if one.item else ()))))]


@pytest.mark.parametrize("kind", FORMS)
def test_every_key_of_a_schema_is_a_field(kind: str) -> None:
    keys = {info.alias or name for name, info in KINDS[kind].model_fields.items()}
    assert {f.name for f in fields_of(kind)} == keys


def test_only_what_has_no_shape_of_its_own_is_free_text() -> None:
    assert {"examples", "variants", "template"} == AS_TEXT
    free = {(kind, f.name) for kind in FORMS for f in flat(fields_of(kind)) if f.shape is Shape.FREE}
    assert free == {("bank", "home_places")}


def test_shapes_limits_and_defaults_come_from_the_schema() -> None:
    warning = {f.name: f for f in fields_of("warning")}
    assert (warning["priority"].shape, warning["priority"].least, warning["priority"].most) == (Shape.NUMBER, 1, 3)
    assert (warning["priority"].required, warning["priority"].empty) == (False, 2)
    assert warning["channels"].options[:2] == ("chat", "kiosk")
    assert (warning["audiences"].refers, warning["audiences"].empty) == ("audience", ["all"])
    assert warning["ai_made"].shape is Shape.FLAG
    assert warning["start"].shape is Shape.DAY
    screen = {f.name: f for f in fields_of("screen")}
    assert (screen["lines"].shape, screen["lines"].least, screen["lines"].most) == (Shape.LIST, 1, 3)
    assert [f.name for f in fields_of("screen")][:3] == ["id", "title", "lines"]


def sent(fields: tuple[Field, ...], body: Any, path: str = "b") -> list[tuple[str, str]]:
    """What a browser sends of a form that shows `body`."""
    found: list[tuple[str, str]] = []
    for field in fields:
        found += _sent(field, (body or {}).get(field.name), f"{path}.{field.name}")
    return found


def _sent(field: Field, value: Any, path: str) -> list[tuple[str, str]]:
    if field.shape is Shape.WORDS:
        words = [(f"{path}.{tag}", (value or {}).get(tag, "")) for tag in ("zh-Hans", "en", "zh-Hant")]
        return [*words, *sent(field.fields, value, path)]
    if field.shape is Shape.GROUP:
        return sent(field.fields, value, path)
    if field.shape is Shape.LIST and field.item is not None:
        items = [[(path, str(i)), *_sent(field.item, one, f"{path}.{i}")] for i, one in enumerate(value or [])]
        return [pair for item in items for pair in item]
    if field.shape is Shape.REFS:
        return [(path, one) for one in (value if value is not None else field.empty or [])]
    if field.shape is Shape.LINES:
        return [(path, "\r\n".join(value or []))]
    if field.shape is Shape.FLAG:
        return [(path, "yes")] if value else []
    return [(path, str(value if value is not None else field.empty if field.empty is not None else ""))]


def test_a_shipped_piece_comes_out_of_its_form_as_it_went_in(pieces: list[Piece]) -> None:
    seen = set()
    for piece in pieces:
        if not has_form(piece.kind) or piece.kind == "bank":
            continue
        fields = fields_of(piece.kind)
        form = Form(FormData(sent(fields, piece.body)))
        assert body_of(form, fields, piece.body) == piece.body, (piece.kind, piece.key)
        seen.add(piece.kind)
    assert seen == set(FORMS) - {"bank", "film"}


def test_what_is_left_empty_is_left_out_and_what_is_taken_out_goes() -> None:
    fields = fields_of("question")
    before = {"id": "q", "text": {"zh-Hans": "甲", "en": "a", "zh-Hant": "乙"}, "yes": {"urgency": "warn"}, "no": {}}
    form = Form(FormData([("b.id", "q"), ("b.text.zh-Hans", " 丙 "), ("b.text.en", ""), ("b.no.toward", "x")]))
    assert body_of(form, fields, before) == {"id": "q", "text": {"zh-Hans": "丙"}, "no": {"toward": ["x"]}}


def test_items_come_in_the_order_of_the_page_and_new_ones_among_them() -> None:
    before = [{"en": "a"}, {"en": "b"}]
    fields = tuple(f for f in fields_of("handbook") if f.name == "how")
    names = [("1", "b"), ("new1", "new"), ("0", "a")]
    form = Form(FormData([pair for n, text in names for pair in (("b.how", n), (f"b.how.{n}.en", text))]))
    assert body_of(form, fields, {"how": before}) == {"how": [{"en": "b"}, {"en": "new"}, {"en": "a"}]}


@pytest.mark.parametrize(
    ("wish", "after"),
    [
        ("add:steps", ["a", "b", {}]),
        ("remove:steps.0", ["b"]),
        ("up:steps.1", ["b", "a"]),
        ("down:steps.0", ["b", "a"]),
        ("up:steps.0", ["a", "b"]),
        ("down:steps.1", ["a", "b"]),
        ("remove:steps.7", ["a", "b"]),
        ("remove:nothing.0", ["a", "b"]),
        ("fly:steps.0", ["a", "b"]),
        ("remove:steps.x", ["a", "b"]),
    ],
)
def test_lists_are_rearranged_where_no_script_does_it(wish: str, after: list[Any]) -> None:
    assert rearranged({"steps": ["a", "b"]}, wish) == {"steps": after}


def test_a_list_deep_within_that_is_not_there_yet_is_made() -> None:
    assert rearranged({}, "add:actions.warn.steps") == {"actions": {"warn": {"steps": [{}]}}}
