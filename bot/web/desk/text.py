"""A body as text: YAML as the content files have it, read back with the line of every fault."""

import re
from typing import Any

import yaml

from bot.content.files import Location, read_yaml
from bot.core.errors import ContentError

LINE = re.compile(r"^:(\d+): (.*)$", re.S)


class _Writer(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]  # the C one is ten times faster
    """Writes texts of several lines as such, and never one thing as a pointer to another."""

    def ignore_aliases(self, data: Any) -> bool:
        """Everything is written out."""
        return True


def _text(writer: Any, text: str) -> Any:
    style = "|" if "\n" in text and not re.search(r"[ \t]\n|^\s", text) else None
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Writer.add_representer(str, _text)


def as_text(body: Any) -> str:
    """The body as YAML."""
    return str(yaml.dump(body, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=1000)) if body else ""


class TextError(ContentError):
    """The text cannot be read; `line` is where."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def from_text(text: str) -> tuple[dict[str, Any], dict[Location, int]]:
    """The body a text stands for, and the line of every value in it.

    Raises:
        TextError: it is no YAML, or has no keys at the top.
    """
    _refuse_pointers(text)
    try:
        body, lines = read_yaml(text, "")
    except ContentError as error:
        told = LINE.match(str(error))
        raise TextError(int(told.group(1)) if told else 1, told.group(2) if told else str(error)) from error
    if not isinstance(body, dict):
        raise TextError(1, "")
    return body, lines


def _refuse_pointers(text: str) -> None:
    """A pointer to a pointer to a pointer grows beyond all bounds when it is written out."""
    try:
        events = list(yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        last = text.count("\n") + 1  # what ends too early is told beyond the end
        raise TextError(min(mark.line + 1, last) if mark else 1, str(getattr(error, "problem", error))) from error
    for event in events:
        if isinstance(event, yaml.AliasEvent):
            raise TextError(event.start_mark.line + 1 if event.start_mark else 1, f"*{event.anchor}")
