"""Tiny content with the shipped replies, learned in a moment."""

from pathlib import Path

import pytest

from bot.content.files import read_folder
from bot.conversation.snapshot import Snapshot, SnapshotBuilder
from bot.recognition.build import Workshop
from bot.recognition.encoder import NgramEncoder
from tests.conftest import WHEN_WRITTEN
from tests.tiny import write_tiny

# Of the tiny content: a danger now, a warning, and nothing at all.
DANGER = "捡到猫的人催我马上转赎金，我在填金额"
WARNING = "有人说捡到我家的狗，先要赎金"
NOTHING = "晚上吃面条"


@pytest.fixture(scope="session")
def tiny_pieces(tmp_path_factory: pytest.TempPathFactory, content_folder: Path) -> list[tuple[str, str, dict]]:
    """Two invented typologies, and every reply as customers get it."""
    folder = write_tiny(tmp_path_factory.mktemp("tiny") / "content")
    for file in (content_folder / "replies").glob("*.yml"):
        (folder / "replies" / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    pieces, faults = read_folder(folder)
    assert faults == []
    return [(p.kind, p.key, p.body) for p in pieces]


@pytest.fixture(scope="session")
def tiny_snapshot(tmp_path_factory: pytest.TempPathFactory, tiny_pieces: list[tuple[str, str, dict]]) -> Snapshot:
    """That content as a release."""
    workshop = Workshop(NgramEncoder(), tmp_path_factory.mktemp("learned"), lambda _: None)
    return SnapshotBuilder(lambda _: tiny_pieces, workshop, lambda: WHEN_WRITTEN).build(1, None)[0]
