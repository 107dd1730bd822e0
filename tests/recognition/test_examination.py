"""The examination is kept apart: nothing of it stands in the content, however slightly changed."""

import json
import re

from bot.content.near import NEAR, pairs
from bot.core.content import Release
from tests.conftest import PROJECT

EXAMINATION = sorted((PROJECT / "tests" / "recognition").glob("*.jsonl"))
# Shorter than this, two people say the same without knowing of each other.
SHORT = 8


def _bare(text: str) -> str:
    return re.sub(r"[\W\d_]", "", text.lower())


def test_no_row_of_the_examination_is_nearly_an_example(release: Release) -> None:
    rows = [row["text"] for file in EXAMINATION for row in map(json.loads, file.read_text().splitlines())]
    assert len(rows) > 700
    examples = [bare for bare in (_bare(e.text) for e in release.examples) if len(bare) >= SHORT]
    asked = [bare for bare in map(_bare, rows) if len(bare) >= SHORT]
    known = len(examples)
    same = [
        f"{asked[later - known]} / {examples[earlier]}"
        for earlier, later in pairs([*examples, *asked], NEAR, start=known)
        if earlier < known
    ]
    assert same == []
