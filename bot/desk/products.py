"""One case, every product: drafts by templates, and which pieces belong together.

Everything here is a function of pieces as the store gives them, (kind, key, body). What is made is handed back; saving
it is for the caller.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError

from bot.content.build_products import product
from bot.content.check import check_piece
from bot.content.files import Fault, Piece
from bot.content.product_bodies import PRODUCT_KINDS
from bot.content.product_check import numbers_of
from bot.content.templates import Sentence, Sources, filled
from bot.core.errors import DeskError
from bot.core.products import Product

Stored = tuple[str, str, dict[str, Any]]
LANGUAGES = ("zh-Hans", "zh-Hant", "en")


@dataclass(frozen=True, slots=True)
class Draft:
    """A product as a template makes it: what it would be saved as, and what still has to be mended.

    `exists` says that a piece of that name is there already, so that saving makes a new revision of it.
    """

    template: str
    kind: str
    key: str
    body: dict[str, Any]
    faults: tuple[Fault, ...]
    exists: bool = False

    @property
    def ready(self) -> bool:
        """Whether nothing has to be mended before it can be handed in; advice may be left."""
        return all(f.warning for f in self.faults)


def drafts(
    case_id: str, pieces: Iterable[Stored], *, today: date, only: Collection[str] | None = None
) -> tuple[Draft, ...]:
    """A draft by every template, from one case.

    Args:
        case_id: the key of the case.
        pieces: the content as it stands: cases, typologies, templates, the table of numbers.
        today: the first day of validity.
        only: ids of templates; all of them when left out.

    Raises:
        DeskError: there is no such case, or its typology or a template is missing.
    """
    listed = list(pieces)
    bodies = {(kind, key): body for kind, key, body in listed}
    case = _needed(bodies, "case", case_id)
    typology = _needed(bodies, "typology", str(case.get("typology")))
    templates = {key: body for kind, key, body in listed if kind == "template"}
    wanted = list(templates) if only is None else list(only)
    numbers = numbers_of((kind, body) for kind, _, body in listed)
    made = []
    for template_id in wanted:
        template = _needed(bodies, "template", template_id)
        body = _body(case_id, case, template_id, template, sources_of(case, typology), numbers, today)
        kind, key = str(template["makes"]), body["id"]
        made.append(
            Draft(template_id, kind, key, body, faults_while_typing(kind, key, body, numbers), (kind, key) in bodies)
        )
    return tuple(made)


def _needed(bodies: Mapping[tuple[str, str], dict[str, Any]], kind: str, key: str) -> dict[str, Any]:
    found = bodies.get((kind, key))
    if found is None:
        raise DeskError(f"there is no {kind} {key}: make it first", code="no_such_piece", name=kind, value=key)
    return found


def _body(
    case_id: str,
    case: Mapping[str, Any],
    template_id: str,
    template: Mapping[str, Any],
    sources: Sources,
    numbers: Mapping[str, str],
    today: date,
) -> dict[str, Any]:
    until = today + timedelta(days=int(template.get("days", 90)))
    return {
        "id": f"{case_id}-{template_id}",
        "from_case": case_id,
        "typology": str(case.get("typology", "")),
        **filled(template, sources, numbers),
        "start": today.isoformat(),
        "end": until.isoformat(),
    }


def sources_of(case: Mapping[str, Any], typology: Mapping[str, Any]) -> Sources:
    """The sentences a case and its typology give to templates (`bot.content.templates.ONE` and `EACH`)."""
    actions = typology.get("actions") or {}
    urgent, early = actions.get("stop-now") or {}, actions.get("warn") or {}
    signs = tuple(_sentence(flag.get("says")) for flag in typology.get("red_flags") or ())
    never = tuple(_sentence(n) for n in typology.get("never") or ())
    questions = [q.get("text") for q in typology.get("questions") or ()]
    one = {
        **{name: case.get(name) for name in ("title", "story", "lesson")},
        "scam": typology.get("names"),
        "summary": typology.get("summary"),
        "victims": typology.get("victims"),
        "command": urgent.get("command"),
        "warn_command": early.get("command"),
        "ask": questions[0] if questions else None,
        "sign": signs[0] if signs else None,
        "never": never[0] if never else None,
    }
    each = {
        "steps": tuple(_sentence(s) for s in urgent.get("steps") or ()),
        "warn_steps": tuple(_sentence(s) for s in early.get("steps") or ()),
        "signs": signs,
        "never": never,
        "how": tuple(_sentence(s) for s in typology.get("steps") or ()),
    }
    return Sources({name: _sentence(value) for name, value in one.items()}, each)


def _sentence(value: Any) -> Sentence:
    return {tag: str(value[tag]) for tag in LANGUAGES if tag in value} if isinstance(value, Mapping) else {}


def faults_while_typing(kind: str, key: str, body: Mapping[str, Any], numbers: Mapping[str, str]) -> tuple[Fault, ...]:
    """What is wrong with a piece as it stands in the form, without looking at any other piece.

    `Fault.location` says beside which field it belongs, `Fault.code` and `values` in which words.
    """
    return tuple(check_piece(Piece(kind, key, dict(body), f"{kind}/{key}"), numbers))


def as_product(kind: str, body: Mapping[str, Any]) -> Product:
    """A product's body as it is previewed.

    Raises:
        DeskError: the body has not the shape of its kind yet.
    """
    schema = PRODUCT_KINDS.get(kind)
    if schema is None:
        raise DeskError(f"{kind} is no product; one of {', '.join(PRODUCT_KINDS)}", code="no_product", value=kind)
    try:
        return product(schema.model_validate(body))
    except ValidationError as error:
        where = ".".join(str(p) for p in error.errors()[0]["loc"])
        said = error.errors()[0]["msg"]
        raise DeskError(f"{where}: {said}", code="shape", label=where, value=said) from error


# ---- What belongs together ----


def linked(case_id: str, pieces: Iterable[Stored]) -> tuple[tuple[str, str], ...]:
    """(kind, key) of the case and of everything made from it: what is released and withdrawn together."""
    products = [(kind, key) for kind, key, body in pieces if _case_of(kind, key, body) == case_id and kind != "case"]
    return (("case", case_id), *sorted(products))


def linked_with(kind: str, key: str, pieces: Sequence[Stored]) -> tuple[tuple[str, str], ...]:
    """The set a piece belongs to: its case and that case's products; only itself where there is no case."""
    body = next((b for k, name, b in pieces if (k, name) == (kind, key)), {})
    case_id = _case_of(kind, key, body)
    return linked(case_id, pieces) if case_id else ((kind, key),)


def families(pieces: Iterable[Stored]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Case -> (kind, key) of its products, for every case that has any."""
    found: dict[str, list[tuple[str, str]]] = {}
    for kind, key, body in pieces:
        case_id = _case_of(kind, key, body)
        if case_id and kind != "case":
            found.setdefault(case_id, []).append((kind, key))
    return {case_id: tuple(sorted(made)) for case_id, made in found.items()}


def _case_of(kind: str, key: str, body: Mapping[str, Any]) -> str:
    if kind == "case":
        return key
    return str(body.get("from_case") or "") if kind in PRODUCT_KINDS else ""
