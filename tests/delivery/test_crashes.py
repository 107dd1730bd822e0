"""Killed at any moment, a worker skips nobody; a second copy is only of what was in flight."""

from pathlib import Path

import pytest

from bot.delivery.sending import AT_ONCE
from tests.delivery.crashing import killed_at_random, prepare, stand_in


@pytest.mark.slow
def test_workers_that_are_killed_skip_nobody(database_url: str, tmp_path: Path) -> None:
    prepare(database_url, 300, tmp_path / "content")
    with stand_in("--no-limits") as api:
        done = killed_at_random(database_url, api, subscribers=300, kills=4, rate=100)
    assert done.lost == 0
    assert done.doubled <= done.kills * AT_ONCE
