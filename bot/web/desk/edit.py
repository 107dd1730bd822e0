"""Writing a piece: the form made of its schema, or its text; saving, submitting, and two editors at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.responses import Response

from bot.content.files import Location
from bot.core.errors import FlowError, MergeNeeded
from bot.core.publishing import Right
from bot.desk.difference import difference
from bot.web.desk.beginning import beginning
from bot.web.desk.catalogue import title_of
from bot.web.desk.faults import Told, faults_of
from bot.web.desk.fields import Field, fields_of, has_form
from bot.web.desk.filling import body_of, rearranged
from bot.web.desk.looks import look_at_sign
from bot.web.desk.merging import Conflict, merge
from bot.web.desk.piece import hand_over, piece_page
from bot.web.desk.pieces import address, known_kind
from bot.web.desk.routes import Pages
from bot.web.desk.text import TextError, as_text, from_text
from bot.web.desk.visit import Visit

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


def add(pages: Pages) -> None:
    """Register the pages."""
    pages.get("/desk/new/{kind}", Right.WRITE)(new_page)
    pages.post("/desk/new/{kind}", Right.WRITE, again=_again)(save)
    piece = "/desk/pieces/{kind}/{key}"
    pages.get(f"{piece}/edit", Right.WRITE, again=piece_page)(edit_page)
    pages.post(f"{piece}/edit", Right.WRITE, again=_again)(save)
    pages.post(f"{piece}/lock", Right.WRITE)(keep_open)
    pages.post(f"{piece}/leave", Right.WRITE)(leave)


@dataclass(frozen=True)
class Draft:
    """What stands in the form."""

    kind: str
    key: str
    base: int
    body: dict[str, Any]
    is_text: bool
    text: str = ""
    faults: list[Told] = field(default_factory=list)
    conflicts: tuple[Conflict, ...] = ()
    merge: MergeNeeded | None = None

    @property
    def is_new(self) -> bool:
        """Whether there is no such piece yet."""
        return self.base == 0


# ---- Showing the form ----


def new_page(visit: Visit) -> Response:
    """The form of a new piece."""
    kind = known_kind(visit)
    body = beginning(visit, kind)
    return _form(visit, Draft(kind, "", 0, body, _as_text(visit, kind), as_text(body)))


def edit_page(visit: Visit) -> Response:
    """The form with the newest words; it opens the piece for this editor."""
    kind, key = known_kind(visit), visit.path("key")
    line = visit.desk.flow.pieces.piece(kind, key)
    if line is None:
        raise FlowError(f"{kind}/{key}: no such piece", code="no_piece", piece=f"{kind}/{key}")
    visit.desk.flow.locks.take(visit.actor, kind, key)
    body = visit.desk.flow.revision(kind, key, line.number).body
    return _form(visit, Draft(kind, key, line.number, body, _as_text(visit, kind), as_text(body)))


def _as_text(visit: Visit, kind: str) -> bool:
    return not has_form(kind) or visit.query("as") == "text"


def _form(visit: Visit, draft: Draft, status: int = 200) -> Response:
    fields = _shown(draft)
    return visit.page(
        "edit.html",
        status=status,
        draft=draft,
        fields=fields,
        faults=_by_place(draft.faults),
        conflicts={conflict.path: conflict.theirs for conflict in draft.conflicts},
        refs=_refs(visit, fields),
        title=title_of(draft.body, visit.language) or draft.key,
        here_path=address(draft.kind, draft.key) if not draft.is_new else f"/desk/new/{draft.kind}",
        can_switch=has_form(draft.kind),
        comment=visit.form.text("comment"),
        pairs=lambda f: [(value, visit.t.option(f.name, value)) for value in f.options],
        yaml=as_text,
        called=lambda value: _called(visit, value),
        is_faulty=lambda path: any(f.path == path or f.path.startswith(f"{path}.") for f in draft.faults),
        merge_rows=difference(draft.merge.newest, draft.body) if draft.merge else [],
        led=look_at_sign(visit, draft.body) if draft.kind == "led" and not draft.is_text else None,
        key_apart=not any(f.name == "id" for f in fields_of(draft.kind)),
    )


def _called(visit: Visit, value: Any) -> str:
    """What stands in place of a folded part."""
    if not isinstance(value, Mapping):
        return ""
    told = {"title": value["command"]} if "command" in value else value
    return title_of(told, visit.language) or str(value.get("id", ""))


def _shown(draft: Draft) -> tuple[Field, ...]:
    """The fields of the form; an id is given once and stays."""
    if draft.is_text:
        return ()
    return tuple(f for f in fields_of(draft.kind) if draft.is_new or f.name != "id")


def _by_place(faults: list[Told]) -> dict[str, list[Told]]:
    found: dict[str, list[Told]] = {}
    for fault in faults:
        found.setdefault(fault.path, []).append(fault)
    return found


def _refs(visit: Visit, fields: tuple[Field, ...]) -> dict[str, list[tuple[str, str]]]:
    """Kind -> (key, title) of everything its fields may name: what is released, and drafts by their key."""
    catalogue = visit.house.catalogue.newest()
    found: dict[str, list[tuple[str, str]]] = {}
    for kind in {f.refers for f in _all(fields) if f.refers}:
        named = catalogue.names(kind, visit.language)
        if kind != "method":
            known = {key for key, _ in named}
            lines = visit.desk.flow.pieces.pieces(kind=kind, limit=1000)
            named += [(line.key, line.key) for line in lines if line.key not in known and not line.withdrawn]
        found[kind] = named
    return found


def _all(fields: tuple[Field, ...]) -> list[Field]:
    inner = [i for f in fields for i in _all((*f.fields, *((f.item,) if f.item else ())))]
    return [*fields, *inner]


# ---- Taking it in ----


def save(visit: Visit) -> Response:
    """A new draft; with the wish to, handed to the first step at once."""
    draft, lines = _sent(visit)
    wish = visit.form.text("do")
    if ":" in wish:
        body = rearranged(draft.body, wish)
        return _form(visit, replace(draft, body=body, text=as_text(body)))
    if draft.is_new:
        _check_new(visit, draft)
    try:
        number = visit.desk.flow.save(
            visit.actor, draft.kind, draft.key, draft.body, base=draft.base, comment=visit.form.text("comment")
        )
    except MergeNeeded as both:
        return _merging(visit, draft, both)
    saved = replace(draft, base=number, faults=faults_of(visit, draft.kind, draft.key, draft.body, lines))
    if wish == "submit":
        return _submit(visit, saved)
    visit.desk.flow.locks.leave(visit.actor, draft.kind, draft.key)
    return visit.go(address(draft.kind, draft.key), "desk_said_saved", number=number)


def _submit(visit: Visit, draft: Draft) -> Response:
    """Hand the saved draft over; one with faults stays open, each fault beside its field."""
    try:
        hand_over(visit, draft.kind, draft.key, draft.base, draft.body)
    except FlowError as error:
        visit.trouble = visit.t.error(error)
        return _form(visit, draft, 400)
    visit.desk.flow.locks.leave(visit.actor, draft.kind, draft.key)
    first = visit.t.step(visit.desk.rules.flow.steps[0].id)
    return visit.go(address(draft.kind, draft.key), "desk_said_submitted", step=first)


def _merging(visit: Visit, draft: Draft, both: MergeNeeded) -> Response:
    """The form again with both together, to be saved on what is the newest now."""
    merged = merge(both.base, both.newest, both.own)
    visit.trouble = visit.t.error(both)
    return _form(
        visit,
        replace(
            draft,
            base=both.newest_number,
            body=merged.body,
            text=as_text(merged.body),
            conflicts=merged.conflicts,
            merge=both,
        ),
        409,
    )


def _again(visit: Visit) -> Response:
    """The form as it was sent, with what went wrong at the top."""
    try:
        draft, _ = _sent(visit)
    except TextError as error:
        kind = known_kind(visit)
        told = Told("", visit.t("desk_fault_yaml", value=str(error)), line=error.line)
        key = visit.request.path_params.get("key") or visit.form.text("key")
        base = visit.form.number("base")
        return _form(visit, Draft(kind, key, base, {}, True, visit.form.whole("text"), [told]), 400)
    return _form(visit, draft)


def _sent(visit: Visit) -> tuple[Draft, Mapping[Location, int]]:
    """What was sent, and where it was text, the line of every value.

    Raises:
        TextError: the text cannot be read.
    """
    kind, base = known_kind(visit), visit.form.number("base")
    key = str(visit.request.path_params.get("key") or "")
    is_text = visit.form.text("as") == "text"
    lines: Mapping[Location, int] = {}
    if is_text:
        body, lines = from_text(visit.form.whole("text"))
    else:
        fields = tuple(f for f in fields_of(kind) if not key or f.name != "id")
        body = body_of(visit.form, fields, visit.desk.flow.revision(kind, key, base).body if base else {})
    key = key or visit.form.text("key") or str(body.get("id") or "")
    if base and (not is_text or "id" in body) and any(f.name == "id" and f.required for f in fields_of(kind)):
        body = {"id": key, **{name: value for name, value in body.items() if name != "id"}}
    return Draft(kind, key, base, body, is_text, visit.form.whole("text") if is_text else ""), lines


def _check_new(visit: Visit, draft: Draft) -> None:
    if not KEY.fullmatch(draft.key):
        raise FlowError(f"{draft.key!r} cannot name a piece", code="bad_key", value=draft.key)
    if visit.desk.flow.pieces.piece(draft.kind, draft.key) is not None:
        raise FlowError(f"{draft.kind}/{draft.key} is there already", code="key_taken", value=draft.key)


# ---- Keeping it open ----


def keep_open(visit: Visit) -> Response:
    """Keep the piece open for this editor; a script asks every minute."""
    lock = visit.desk.flow.locks.take(visit.actor, known_kind(visit), visit.path("key"))
    return visit.data({"until": lock.until.isoformat()})


def leave(visit: Visit) -> Response:
    """Close the piece."""
    kind, key = known_kind(visit), visit.path("key")
    visit.desk.flow.locks.leave(visit.actor, kind, key)
    return visit.data({}) if visit.wants_data else visit.go(address(kind, key))
