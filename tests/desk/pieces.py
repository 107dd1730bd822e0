"""The tiny content as pieces of a store, with a case that has products and templates to make more."""

from pathlib import Path
from typing import Any

from bot.content.files import read_folder
from bot.desk.products import Stored
from tests.tiny import write_tiny


def tiny_pieces(folder: Path) -> list[Stored]:
    """(kind, key, body) of the tiny content with products, written under `folder`."""
    pieces, faults = read_folder(write_tiny(folder / "content", products=True))
    assert faults == []
    return [(p.kind, p.key, p.body) for p in pieces]


def with_body(pieces: list[Stored], kind: str, key: str, **changes: Any) -> list[Stored]:
    """The pieces, one of them with other values."""
    assert any((k, name) == (kind, key) for k, name, _ in pieces)
    return [(k, n, {**body, **changes} if (k, n) == (kind, key) else body) for k, n, body in pieces]


def without(pieces: list[Stored], kind: str, key: str) -> list[Stored]:
    """The pieces without one."""
    return [p for p in pieces if p[:2] != (kind, key)]
