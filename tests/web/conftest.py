"""The app over the session's services, with a memory and limits of its own."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI

from bot.conversation.handover import Handover
from bot.conversation.memory import Memory
from bot.conversation.snapshot import Snapshot
from bot.conversation.turn import Turns
from bot.web.app import create_app
from bot.web.services import Services
from tests.web.calling import Caller


class Watch:
    """Stands where the app watches for releases: one snapshot, and a note of what was asked of it."""

    version = 1

    def __init__(self, current: Snapshot) -> None:
        self.current = current
        self.steps: list[str] = []

    def start(self) -> None:
        """Begin to watch."""
        self.steps.append("start")

    def stop(self) -> None:
        """Stop watching."""
        self.steps.append("stop")


def served(services: Services, snapshot: Snapshot, *, engine: Any = None, **settings: Any) -> Services:
    """Services over `snapshot` that share nothing with other tests but what was learned."""
    memory = Memory()
    return dataclasses.replace(
        services,
        settings=services.settings.model_copy(update=settings),
        live=Watch(snapshot),
        memory=memory,
        handover=Handover(memory),
        turns=Turns(lambda: snapshot, engine, memory),
    )


MakeApp = Callable[..., FastAPI]


@pytest.fixture
def make_app(services: Services) -> MakeApp:
    """An app; an engine and any setting may be given."""

    def make(**more: Any) -> FastAPI:
        return create_app(served(services, services.snapshot, **more))

    return make


@pytest.fixture
def client(make_app: MakeApp) -> Caller:
    """A caller of the app."""
    return Caller(make_app())
