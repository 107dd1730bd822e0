"""Every fault of a content folder, with file, line and mend."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.content.expiry import expiry
from bot.content.files import Fault, Location, Piece, read_folder
from bot.content.kiosk_bodies import KIOSK_KINDS
from bot.content.kiosk_check import kiosk_faults
from bot.content.near import near_duplicates
from bot.content.plan_bodies import PLAN_KINDS
from bot.content.product_bodies import PRODUCT_KINDS
from bot.content.product_check import link_faults, numbers_of, own_faults
from bot.content.schema import KINDS
from bot.core.content import NUMBER_ROLES
from bot.core.errors import ContentError
from bot.recognition.evidence import plain
from bot.recognition.patterns import expand

PLACEHOLDERS = NUMBER_ROLES
PAGE_PLACEHOLDERS = frozenset(
    {"label", "number", "seconds", "count", "name", "summary", "place", "minutes", "value", "limit"}
)
TYPED_NUMBER = re.compile(
    r"(?<![\d,.%])(?:110|96110|999|911|165|18222|1799|12\d{3}|955\d\d|400-?\d{3}-?\d{4}|1[3-9]\d{9})(?![\d%元万])"
)
ADDRESS = re.compile(r"https?:|www\.|\b[\w-]+\.(?:com|cn|gov|org|net)\b", re.I)
CALLS_SAFE = (
    "没事的",
    "放心转",
    "放心点",
    "没问题的",
    "绝对安全",
    "是安全的",
    "is safe",
    "are safe",
    "perfectly safe",
    "100%安全",
)
BLAMES = ("怎么会信", "贪小便宜", "贪便宜", "活该", "太傻", "你真笨", "your own fault", "so stupid", "how could you")
PROMISES = ("能追回", "一定追回", "保证追回", "包追回", "will get your money back", "guarantee you a refund")
FORBIDDEN = (
    ("calls_safe", "calls something safe", CALLS_SAFE),
    ("blames", "blames", BLAMES),
    ("promises", "promises recovery", PROMISES),
)
ADVICE_KINDS = frozenset(
    {"typology", "case", "answer", "reply", "question", "template", *PRODUCT_KINDS, *PLAN_KINDS, *KIOSK_KINDS}
)
# Answers to "is it safe?" must be able to speak of safety, and quoted trick words of their tricks.
SIGN_LINE = ("led", ("text",))
COMMAND_ZH, COMMAND_EN = 20, 60
LEAST_CASES = 3


def check_folder(root: Path, *, today: date | None = None) -> list[Fault]:
    """All faults and warnings of the content under `root`, in order of file and line.

    Args:
        root: the content folder.
        today: the day hotlines are held against; by default the machine's.

    Raises:
        ContentError: there is no such folder.
    """
    pieces, faults = read_folder(root)
    faults.extend(check_pieces(pieces, today=today))
    faults.extend(near_duplicates(pieces))
    return sorted(faults, key=lambda f: (f.path, f.line))


def check_pieces(pieces: Sequence[Piece], *, today: date | None = None) -> list[Fault]:
    """All faults and warnings of a whole content but near-duplicates, in no order; a fault bears its piece's path."""
    numbers = numbers_of((p.kind, p.body) for p in pieces)
    faults = [fault for piece in pieces for fault in check_piece(piece, numbers)]
    faults.extend(_references(pieces))
    faults.extend(link_faults(pieces))
    faults.extend(kiosk_faults(pieces))
    faults.extend(_expired(pieces, today or date.today()))
    return faults


def check_piece(piece: Piece, numbers: Mapping[str, str]) -> Iterator[Fault]:
    """What is wrong with one piece by itself: its shape, patterns, words, lengths, the sign's rules.

    Args:
        piece: of any kind.
        numbers: role -> number, as `bot.content.product_check.numbers_of` gives it.
    """
    yield from _shape(piece)
    yield from _patterns(piece)
    if piece.kind in ADVICE_KINDS:
        yield from _words(piece)
    yield from _commands(piece)
    yield from own_faults(piece, numbers)


def _shape(piece: Piece) -> Iterator[Fault]:
    try:
        KINDS[piece.kind].model_validate(piece.body)
    except ValidationError as error:
        for one in error.errors():
            location = tuple(p for p in one["loc"])
            where = ".".join(str(p) for p in location)
            mend = (
                " (a sentence with a comma or colon inside {…} needs quotes)"
                if one["type"] == "extra_forbidden"
                else ""
            )
            message = f"{piece.key}: {where}: {one['msg']}{mend}"
            yield _fault(piece, location, message, "shape", label=where, value=str(one["msg"]))


def _patterns(piece: Piece) -> Iterator[Fault]:
    for location, text in _strings(piece.body):
        if "patterns" not in location:
            continue
        try:
            expand(plain(text))
        except ContentError as error:
            yield _fault(piece, location, str(error), "pattern", value=text)


def _words(piece: Piece) -> Iterator[Fault]:
    for location, text in said_in(piece):
        for name in re.findall(r"\{(\w*)\}", text):
            if name not in PLACEHOLDERS | PAGE_PLACEHOLDERS and not _fills_its_own(piece):
                known = ", ".join(sorted(PLACEHOLDERS))
                message = f"unknown placeholder {{{name}}}: use one of {known}"
                yield _fault(piece, location, message, "unknown_placeholder", value=name, name=known)
        for number in TYPED_NUMBER.findall(text):
            message = f"the number {number} is typed: use a placeholder such as {{police}}"
            yield _fault(piece, location, message, "typed_number", value=number)
        if found := ADDRESS.search(text):
            message = "an address is typed: addresses come only from hotlines.yml"
            yield _fault(piece, location, message, "typed_address", value=found.group())
        for code, told, words in FORBIDDEN:
            for word in words:
                if word in text.lower() and not _denied(text.lower(), word):
                    yield _fault(piece, location, f"{told} ({word}): say how to check instead", code, value=word)


def _fills_its_own(piece: Piece) -> bool:
    """A template has its own check; the words of desk and subscriptions are filled by what shows them."""
    return piece.kind == "template" or (piece.kind == "reply" and piece.key.startswith(("desk_", "sub_")))


def _fault(piece: Piece, location: Location, message: str, code: str, **values: str) -> Fault:
    return Fault(piece.path, piece.line(location), message, code=code, values=values, location=location)


def said_in(piece: Piece) -> Iterator[tuple[Location, str]]:
    """(location, text) of every sentence of a piece that people will read."""
    return ((location, text) for location, text in _strings(piece.body) if _is_said(piece, location))


def _is_said(piece: Piece, location: Location) -> bool:
    """Whether people will read it: a sentence in a language, or the one line of a sign."""
    return bool(location) and (location[-1] in {"zh-Hans", "zh-Hant", "en"} or (piece.kind, location) == SIGN_LINE)


def _denied(text: str, word: str) -> bool:
    before = text[max(0, text.index(word) - 14) : text.index(word)]
    return any(
        no in before
        for no in ("不", "别", "没", "谁", "说", "凡", "自称", "not ", "n't", "never", "who ", "nobody", "“", '"')
    )


def _commands(piece: Piece) -> Iterator[Fault]:
    if piece.kind != "typology" or not isinstance(piece.body.get("actions"), dict):
        return
    for urgency, action in piece.body["actions"].items():
        command = action.get("command") if isinstance(action, dict) else None
        if not isinstance(command, dict):
            continue
        for tag, limit in (("zh-Hans", COMMAND_ZH), ("en", COMMAND_EN)):
            if len(str(command.get(tag, ""))) > limit:
                message = f"the command has more than {limit} characters: one order, shorter"
                values = {"count": str(len(str(command[tag]))), "limit": str(limit)}
                yield _fault(piece, ("actions", urgency, "command", tag), message, "too_long", **values)


def _references(pieces: Iterable[Piece]) -> Iterator[Fault]:
    pieces = list(pieces)
    known = {p.key for p in pieces if p.kind == "typology"} | {"none", "unknown"}
    places = {p.key for p in pieces if p.kind == "place"}
    by_name: dict[tuple[str, str], list[Piece]] = defaultdict(list)
    for piece in pieces:
        by_name[piece.kind, piece.key].append(piece)
    for (kind, key), same in by_name.items():
        for again in same[1:]:
            yield Fault(
                again.path, again.line(("id",)), f"{kind} {key} stands already in {same[0].path}: choose another id"
            )
    for piece in pieces:
        for location, value in _strings(piece.body):
            refers = ("methods" in location or "toward" in location) or (
                piece.kind == "case" and location == ("typology",)
            )
            if refers and value not in known:
                yield Fault(piece.path, piece.line(location), f"{value}: no such typology in content/typologies")
        if piece.kind == "hotline" and piece.body.get("place") not in places:
            yield Fault(piece.path, piece.line(("place",)), f"{piece.body.get('place')}: no such place in hotlines.yml")
        within = piece.body.get("within") if piece.kind == "place" else ""
        if within and (within not in places or within == piece.key):
            yield Fault(piece.path, piece.line(("within",)), f"{within}: no other such place in hotlines.yml")
        if piece.kind == "examples" and str(piece.body.get("typology")) not in known:
            yield Fault(
                piece.path, 1, f"examples of {piece.body.get('typology')}, which has no file in content/typologies"
            )
    cases = Counter(str(p.body.get("typology")) for p in pieces if p.kind == "case")
    for piece in pieces:
        if piece.kind == "typology" and cases[piece.key] < LEAST_CASES:
            own = (p for p in pieces if p.kind == "case" and p.body.get("typology") == piece.key)
            place = next(own, piece).path
            message = f"{piece.key} has {cases[piece.key]} cases: at least three are needed"
            values = {"name": piece.key, "count": str(cases[piece.key])}
            yield Fault(place, 1, message, code="few_cases", values=values)


def _expired(pieces: Iterable[Piece], today: date) -> Iterator[Fault]:
    for piece in pieces:
        if piece.kind != "hotline":
            continue
        line = piece.line(("valid_until",))
        try:
            said = expiry(piece.body, today)
        except ValueError:
            yield Fault(piece.path, line, f"{piece.key}: valid_until is no day: write it as 2027-06-30")
            continue
        if said:
            yield Fault(piece.path, line, said, warning=True)


def _strings(value: Any, location: Location = ()) -> Iterator[tuple[Location, str]]:
    if isinstance(value, str):
        yield location, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(inner, (*location, key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _strings(inner, (*location, index))
