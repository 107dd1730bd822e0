"""The desk as one thing, and the sweep beside the app."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from structlog.testing import capture_logs

from bot.core.errors import ContentError, StoreError
from bot.desk.service import Desk, open_desk
from bot.settings import Settings
from bot.store.sweeping import Swept


class Counted:
    """Stands where the flow or the accounts do: counts its calls, and fails as often as told."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.calls = 0

    def sweep(self) -> Swept:
        """The next answer, or nothing due."""
        self.calls += 1
        answer = self.answers.pop(0) if self.answers else Swept()
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]

    def tidy(self) -> None:
        """Nothing to tidy."""


@pytest.fixture
def swept(desk: Desk) -> Callable[..., tuple[Desk, Counted]]:
    """A desk whose sweep gives these answers."""

    def make(*answers: Any) -> tuple[Desk, Counted]:
        counted = Counted(*answers)
        return replace(desk, flow=counted, accounts=counted), counted  # type: ignore[arg-type]

    return make


def test_the_desk_opens_with_the_shipped_rules(engine: Engine) -> None:
    opened = open_desk(engine, Settings().desk_rules)
    assert opened.accounts.members() == []
    assert opened.flow.rules is opened.rules.flow
    assert opened.flow.trail.verify().entries == 1


def test_without_its_rules_it_does_not_open(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(ContentError):
        open_desk(engine, tmp_path / "desk.yml")


@pytest.mark.parametrize("fault", [StoreError("gone"), ContentError("no bank"), ValueError("odd")])
async def test_the_sweep_goes_on_after_trouble(swept: Callable[..., tuple[Desk, Counted]], fault: Exception) -> None:
    desk, counted = swept(fault)
    with capture_logs() as logs:
        task = asyncio.create_task(desk.keep_sweeping(every=0))
        await asyncio.wait_for(until(lambda: counted.calls > 2), 30)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert [line["event"] for line in logs] == ["sweep_failed"]
    assert logs[0]["reason"] == str(fault)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition another thread brings about."""
    while not condition():
        await asyncio.sleep(0.01)


def test_what_the_sweep_did_is_in_the_log_and_nothing_when_it_did_nothing(
    swept: Callable[..., tuple[Desk, Counted]],
) -> None:
    desk, _ = swept(Swept(), Swept(release=7, released=(("reply", "greet"),)))
    with capture_logs() as logs:
        desk.sweep()
        desk.sweep()
    assert [(line["event"], line["release"], line["released"]) for line in logs] == [("swept", 7, 1)]
