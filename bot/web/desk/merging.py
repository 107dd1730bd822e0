"""Two editors on one piece: what each changed is put together, and only what both changed is left to a person."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Conflict:
    """One place both changed. `theirs` is what the other wrote; the merged body has one's own words."""

    path: str
    theirs: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """Both together, and the places to decide."""

    body: dict[str, Any]
    conflicts: tuple[Conflict, ...]


def merge(base: Mapping[str, Any], newest: Mapping[str, Any], own: Mapping[str, Any]) -> Merged:
    """What both made of `base`: the other's changes, one's own, and one's own where both changed the same."""
    conflicts: list[Conflict] = []
    body = _merge("", base, newest, own, conflicts)
    return Merged(dict(body), tuple(conflicts))


def _merge(path: str, base: Any, newest: Any, own: Any, conflicts: list[Conflict]) -> Any:
    if newest in (own, base):
        return own
    if own == base:
        return newest
    if isinstance(newest, Mapping) and isinstance(own, Mapping):
        return dict(_keys(path, base if isinstance(base, Mapping) else {}, newest, own, conflicts))
    if _alike(base, newest, own):
        return [
            _merge(_join(path, place), began, theirs, mine, conflicts)
            for place, (began, theirs, mine) in enumerate(zip(base, newest, own, strict=True))
        ]
    conflicts.append(Conflict(path, None if newest is _NOTHING else newest))
    return own


def _keys(
    path: str, base: Mapping[str, Any], newest: Mapping[str, Any], own: Mapping[str, Any], conflicts: list[Conflict]
) -> Iterator[tuple[str, Any]]:
    for key in dict.fromkeys([*own, *newest]):
        began, theirs, mine = (side.get(key, _NOTHING) for side in (base, newest, own))
        value = _merge(_join(path, key), began, theirs, mine, conflicts)
        if value is not _NOTHING:
            yield key, value


def _alike(*lists: Any) -> bool:
    """Whether these are lists of as many members, so that each member of one is the same of the others."""
    return all(isinstance(one, list) for one in lists) and len({len(one) for one in lists}) == 1


def _join(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)
