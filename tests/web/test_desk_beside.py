"""The desk's sweep runs as long as the app does."""

import asyncio
import dataclasses

from bot.web.app import create_app
from bot.web.services import Services
from tests.web.conftest import served


class Sweeping:
    """Stands where the desk does and notes when it begins and ends to sweep."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.begun = asyncio.Event()

    async def keep_sweeping(self) -> None:
        """Sweep until cancelled."""
        self.steps.append("begin")
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.steps.append("end")


async def test_the_desk_is_swept_while_the_app_runs_and_no_longer(services: Services) -> None:
    desk = Sweeping()
    own = dataclasses.replace(served(services, services.snapshot), desk=desk)  # type: ignore[arg-type]
    app = create_app(own)
    async with app.router.lifespan_context(app):
        await asyncio.wait_for(desk.begun.wait(), 30)
        assert desk.steps == ["begin"]
    assert desk.steps == ["begin", "end"]


def test_a_running_app_has_a_desk_over_its_own_database(services: Services) -> None:
    assert services.desk.flow.trail.verify().faults == ()
    assert services.desk.flow.upcoming().changes == ()
