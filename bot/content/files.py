"""Reading a content folder into pieces, keeping for each value the line it stands on."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.core.errors import ContentError

Location = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, where, and how to mend it. A `warning` breaks nothing yet.

    `code`, `values` and `location` are for the desk, which says it in the editor's language beside the field.
    """

    path: str
    line: int
    message: str
    warning: bool = False
    code: str = ""
    values: Mapping[str, str] = field(default_factory=dict, compare=False)
    location: Location = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {'warning: ' if self.warning else ''}{self.message}"


@dataclass(frozen=True, slots=True)
class Piece:
    """One unit of content as the store keeps it: a kind, a key, and a JSON-like body."""

    kind: str
    key: str
    body: dict[str, Any]
    path: str = ""
    lines: dict[Location, int] = field(default_factory=dict, compare=False, repr=False)

    def line(self, location: Location = ()) -> int:
        """The line of the value at `location`, or of the nearest thing around it."""
        while location and location not in self.lines:
            location = location[:-1]
        return self.lines.get(location, 1)


class _Lines(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the C one is ten times faster
    """SafeLoader that keeps `yes`, `no`, `on` and dates as the text they were written as."""


_Lines.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in found if tag.rsplit(":", 1)[-1] not in {"bool", "timestamp"}]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load_yaml(path: Path) -> tuple[Any, dict[Location, int]]:
    """The document and the line of every value in it.

    Raises:
        ContentError: the file is not readable YAML; the message names the line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ContentError(f"{path}:1: not readable as YAML: {error}") from error
    return read_yaml(text, str(path))


def read_yaml(text: str, name: str) -> tuple[Any, dict[Location, int]]:
    """As `load_yaml`, for a text that is in no file; messages begin with `name`.

    Raises:
        ContentError: it is not readable YAML; the message names the line.
    """
    try:
        loader = _Lines(text)
        node = loader.get_single_node()
        data = loader.construct_document(node) if node else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise ContentError(f"{name}:{line}: not readable as YAML: {getattr(error, 'problem', error)}") from error
    lines: dict[Location, int] = {}
    if node:
        try:
            _walk(node, (), lines)
        except ContentError as error:
            raise ContentError(f"{name}:{error}") from error
    return data, lines


def _walk(node: yaml.Node, location: Location, lines: dict[Location, int]) -> None:
    lines[location] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if (*location, key.value) in lines:
                raise ContentError(f"{key.start_mark.line + 1}: the key {key.value} stands twice: keep one")
            _walk(value, (*location, key.value), lines)
            lines[(*location, key.value)] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _walk(value, (*location, index), lines)


def folder_digest(root: Path) -> str:
    """SHA-256 of all that `read_folder` would read under `root`, and of how it reads; empty if there is no folder."""
    found = sorted(root.rglob("*.yml"))
    whole = hashlib.sha256(Path(__file__).read_bytes())
    for path in found:
        whole.update(f"{path.relative_to(root)}\0".encode())
        whole.update(path.read_bytes())
    return whole.hexdigest() if found else ""


def read_folder(root: Path) -> tuple[list[Piece], list[Fault]]:
    """Every piece under `root`; files that cannot be read become faults and do not stop the rest.

    Raises:
        ContentError: there is no such folder.
    """
    if not root.is_dir():
        raise ContentError(f"{root}: no such folder. Name the content folder, or run from the project's folder")
    pieces: list[Piece] = []
    faults: list[Fault] = []
    for path in sorted(root.rglob("*.yml")):
        shown = str(path)
        try:
            data, lines = load_yaml(path)
        except ContentError as error:
            faults.append(Fault(shown, _line_of(str(error)), str(error).split(": ", 1)[-1]))
            continue
        if not isinstance(data, dict):
            faults.append(Fault(shown, 1, "expected keys and values at the top: see docs/content.md"))
            continue
        pieces.extend(_pieces(path.relative_to(root), data, lines, shown, faults))
    return pieces, faults


def _line_of(message: str) -> int:
    parts = message.split(":")
    return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 1


LISTS = {
    "cases": ("case", "cases"),
    "answers": ("answer", "answers"),
    "replies": ("reply", "replies"),
    "frames": ("frame", "frames"),
    "questions": ("question", "questions"),
    "warnings": ("warning", "warnings"),
    "screens": ("screen", "screens"),
    "led": ("led", "led"),
    "prompt_cards": ("prompt_card", "prompt_cards"),
    "leaflets": ("leaflet", "leaflets"),
    "handbook": ("handbook", "handbook"),
    "quiz": ("quiz", "quiz"),
    "films": ("film", "films"),
    "checklists": ("checklist", "checklists"),
}
# One file may bring a kind of scam its choice, its picture and its drill.
KIOSK = {"tap": "choices", "picture": "pictures", "drill": "drills"}


def _pieces(
    relative: Path, data: dict[str, Any], lines: dict[Location, int], shown: str, faults: list[Fault]
) -> Iterator[Piece]:
    folder = relative.parts[0] if len(relative.parts) > 1 else ""
    name = relative.stem
    if folder == "typologies":
        yield Piece("typology", str(data.get("id", name)), data, shown, lines)
    elif folder == "templates":
        yield Piece("template", str(data.get("id", name)), data, shown, lines)
    elif folder == "examples":
        # examples of one typology may stand in several files: mule.yml, mule.edges.yml
        yield Piece("examples", name, {"typology": name.split(".")[0], **data}, shown, lines)
    elif folder == "benign":
        yield Piece("examples", f"benign_{name}", {"typology": "none", **data}, shown, lines)
    elif folder in LISTS:
        kind, key = LISTS[folder]
        defaults = {"typology": name} if kind == "case" else {"topic": name} if kind == "answer" else {}
        yield from _listed(kind, key, data, lines, shown, defaults, faults)
    elif folder == "kiosk":
        for kind, key in KIOSK.items():
            yield from _listed(kind, key, data, lines, shown, {}, faults)
    elif relative == Path("hotlines.yml"):
        yield from _listed("place", "places", data, lines, shown, {}, faults)
        yield from _listed("hotline", "hotlines", data, lines, shown, {}, faults)
    elif relative == Path("audiences.yml"):
        yield from _listed("audience", "audiences", data, lines, shown, {}, faults)
    elif relative == Path("calendar.yml"):
        yield from _listed("campaign", "campaigns", data, lines, shown, {}, faults)
    elif relative in {Path("bank.yml"), Path("variants.yml")}:
        yield Piece(name, name, data, shown, lines)
    else:
        faults.append(Fault(shown, 1, "no kind of content lives here: see the table of folders in docs/content.md"))


def _listed(
    kind: str,
    key: str,
    data: dict[str, Any],
    lines: dict[Location, int],
    shown: str,
    defaults: dict[str, str],
    faults: list[Fault],
) -> Iterator[Piece]:
    listed = data.get(key) or []
    if not isinstance(listed, list):
        faults.append(
            Fault(shown, lines.get((key,), 1), f"{key}: expected a list of pieces, each beginning with `- id:`")
        )
        return
    for index, body in enumerate(listed):
        below = {loc[2:]: line for loc, line in lines.items() if loc[:2] == (key, index)}
        whole = {**defaults, **body} if isinstance(body, dict) else {"id": body}
        yield Piece(kind, str(whole.get("id", index)), whole, shown, below)
