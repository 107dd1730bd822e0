"""What is different between two bodies, row by row and word by word, for two columns side by side."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

# A Chinese character is a word here; of anything else a run of letters or digits is, and every other sign alone.
WORD = re.compile(r"[一-鿿]|\w+?(?=[一-鿿]|\b)|\s+|.", re.S)


class Change(StrEnum):
    """What happened to a row."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text, and whether the other side has it not."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One value of the body. `path` is where it stands, as `steps.2.zh-Hans`; a side that has it not is empty."""

    path: str
    change: Change
    before: tuple[Span, ...]
    after: tuple[Span, ...]


def difference(before: Mapping[str, Any], after: Mapping[str, Any], *, same: bool = False) -> list[Row]:
    """The rows in which two bodies differ, in the order of the newer one; with `same` all rows."""
    return [row for row in _compare("", before, after) if same or row.change is not Change.SAME]


def _compare(path: str, before: Any, after: Any) -> Iterator[Row]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in (*after, *(k for k in before if k not in after)):
            yield from _member(_join(path, key), before, after, key)
    elif _is_list(before) and _is_list(after):
        yield from _lists(path, before, after)
    elif _key(before) == _key(after):  # not ==, to which 1 and true are alike
        yield Row(path, Change.SAME, _plain(after), _plain(after))
    elif _is_leaf(before) and _is_leaf(after):
        yield Row(path, Change.CHANGED, *_spans(_text(before), _text(after)))
    else:
        yield from _leaves(path, before, Change.REMOVED)
        yield from _leaves(path, after, Change.ADDED)


def _member(path: str, before: Mapping[str, Any], after: Mapping[str, Any], key: str) -> Iterator[Row]:
    if key not in before:
        yield from _leaves(path, after[key], Change.ADDED)
    elif key not in after:
        yield from _leaves(path, before[key], Change.REMOVED)
    else:
        yield from _compare(path, before[key], after[key])


def _lists(path: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Row]:
    # aligned, so that a line put in at the top does not change every line below it
    matcher = SequenceMatcher(None, [_key(v) for v in before], [_key(v) for v in after], autojunk=False)
    for verb, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        old, new = before[old_from:old_to], after[new_from:new_to]
        paired = min(len(old), len(new)) if verb in {"replace", "equal"} else 0
        for index in range(paired):
            yield from _compare(_join(path, new_from + index + 1), old[index], new[index])
        for index, value in enumerate(old[paired:], paired):
            yield from _leaves(_join(path, old_from + index + 1), value, Change.REMOVED)
        for index, value in enumerate(new[paired:], paired):
            yield from _leaves(_join(path, new_from + index + 1), value, Change.ADDED)


def _leaves(path: str, value: Any, change: Change) -> Iterator[Row]:
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _leaves(_join(path, key), inner, change)
    elif _is_list(value) and value:
        for index, inner in enumerate(value, 1):
            yield from _leaves(_join(path, index), inner, change)
    else:
        side = (Span(_text(value), True),)
        yield Row(path, change, side if change is Change.REMOVED else (), side if change is Change.ADDED else ())


def _spans(before: str, after: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    old, new = WORD.findall(before), WORD.findall(after)
    left: list[Span] = []
    right: list[Span] = []
    for verb, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if old_to > old_from:
            left.append(Span("".join(old[old_from:old_to]), verb != "equal"))
        if new_to > new_from:
            right.append(Span("".join(new[new_from:new_to]), verb != "equal"))
    return tuple(left), tuple(right)


def _plain(value: Any) -> tuple[Span, ...]:
    return (Span(_text(value), False),)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _key(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _join(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _is_leaf(value: Any) -> bool:
    return not isinstance(value, Mapping) and not _is_list(value)
