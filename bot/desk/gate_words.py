"""What is wrong with the words a release would bring: faults, doubles and contradictions of what is new or changed."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.content.check import ADVICE_KINDS, check_pieces, said_in
from bot.content.files import Fault, Piece
from bot.content.near import near_duplicates
from bot.core.content import NUMBER_ROLES
from bot.core.vocabulary import NONE
from bot.desk.products import Stored

# Longer than any year or sum of a story; sums are written with their unit.
PHONE_LIKE = re.compile(
    r"(?<![\d,.%+-])(?!\d{4}-\d\d-\d\d)\+?\d[\d ()-]{5,14}\d(?![\d,.]*\s?(?:[%元万亿块年月日分]|yuan|dollars|pounds))"
)
# Where a role has no line of its own, another one's stands in (`bot.conversation.wording.INSTEAD`).
INSTEAD = {"advice": "police", "mental": "police", "ambulance": "police", "police_sms": "police", "consular": "police"}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend in one piece; said by the reply `desk_fault_<code>` or `desk_sign_<rule>` for `sign_<rule>`."""

    kind: str
    key: str
    code: str
    message: str
    blocks: bool
    values: Mapping[str, str] = field(default_factory=dict)
    location: tuple[str | int, ...] = ()


def new_findings(before: Sequence[Stored], after: Sequence[Stored], *, today: date) -> list[Finding]:
    """Everything wrong with the pieces of `after` that are not in `before` as they are, and with what lost its link."""
    old = {(kind, key): body for kind, key, body in before}
    changed = {(kind, key) for kind, key, body in after if old.get((kind, key)) != body}
    pieces = [Piece(kind, key, body, f"{kind}/{key}") for kind, key, body in after]
    faults = check_pieces(pieces, today=today)
    faults.extend(near_duplicates(pieces, changed))
    found = [_finding(f) for f in faults]
    found = [f for f in found if (f.kind, f.key) in changed or f.code == "no_such_piece"]
    found.extend(_contradictions(after, changed))
    for kind, key, body in after:
        if (kind, key) in changed and kind in ADVICE_KINDS:
            found.extend(_numbers(Piece(kind, key, body), after))
    return list({(f.kind, f.key, f.code, f.location, *f.values.values()): f for f in found}.values())


def _finding(fault: Fault) -> Finding:
    kind, _, key = fault.path.partition("/")
    code = fault.code or "other"
    values = dict(fault.values) if fault.code else {"value": fault.message}
    return Finding(kind, key, code, fault.message, _blocks(code, fault), values, tuple(fault.location))


def _blocks(code: str, fault: Fault) -> bool:
    """What `fangzha content check` refuses blocks; doubles, advice, and a new type short of a third case do not."""
    return not fault.warning and code not in {"near_duplicate", "few_cases"}


# ---- Contradictions ----


def _contradictions(after: Sequence[Stored], changed: set[tuple[str, str]]) -> Iterator[Finding]:
    """Texts that stand under two labels, where one of the two is new."""
    labelled: dict[str, dict[tuple[str, str], tuple[str, str]]] = defaultdict(dict)
    for kind, key, body in after:
        if kind != "examples":
            continue
        typology = str(body.get("typology", NONE))
        for text, urgency in example_texts(body):
            labelled[plain(text)].setdefault((typology, urgency), (kind, key))
    for text, labels in labelled.items():
        if len(labels) < 2 or not changed & set(labels.values()):
            continue
        kind, key = next(place for place in labels.values() if place in changed)
        said = " / ".join(f"{typology} {urgency}" for typology, urgency in labels)
        message = f"“{text[:40]}” is labelled {said}: keep one label"
        yield Finding(kind, key, "contradiction", message, False, {"value": text[:40], "name": said})


def example_texts(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(text, urgency) of every example of a piece."""
    for language in ("zh", "en"):
        for urgencies in (body.get(language) or {}).values():
            for urgency, texts in urgencies.items():
                yield from ((text, urgency) for text in texts if isinstance(text, str))


def plain(text: str) -> str:
    """A text by which the same one is known again: letters only, in lower case."""
    return re.sub(r"[\W_]", "", text.lower()) or text


# ---- Numbers ----


def _numbers(piece: Piece, after: Iterable[Stored]) -> Iterator[Finding]:
    """Numbers that look like a telephone and are typed, and roles the table has no line for."""
    rows = [body for kind, _, body in after if kind == "hotline"]
    known = {re.sub(r"\D", "", str(row.get("number", ""))) for row in rows}
    roles = {str(row.get("role")) for row in rows} | {"bank"}
    for location, text in said_in(piece):
        for found in PHONE_LIKE.finditer(text):
            number = re.sub(r"\D", "", found.group())
            code = "typed_number" if number in known else "number_not_approved"
            message = f"{found.group().strip()} stands in the words: numbers come only from the table"
            yield Finding(piece.kind, piece.key, code, message, True, {"value": found.group().strip()}, location)
        for role in re.findall(r"\{(\w+)\}", text):
            if role in NUMBER_ROLES and not {role, INSTEAD.get(role, role)} & roles:
                message = f"the table has no number for {{{role}}}: add a row to it"
                yield Finding(piece.kind, piece.key, "no_number", message, True, {"value": role}, location)
