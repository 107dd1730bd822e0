"""Conversations through HTTP with the real dialogue engine. Every answer in them is held against section 6."""

import uuid
from collections.abc import Callable, Iterator

import pytest

from bot.core.vocabulary import Language
from tests.conversations import running
from tests.conversations.running import Stack
from tests.conversations.section_six import breaches
from tests.conversations.talking import Published, Reply, Talk


def pytest_configure(config: pytest.Config) -> None:
    """Share one running stack with the other folders."""
    running.share(config)


class GuardedTalk(Talk):
    """A conversation that fails the moment an answer breaks a rule of section 6."""

    published: Published
    places: tuple[str, ...] = ()
    language = Language.ZH_HANS
    # set by a test that knows better than the last text in which language the answers must be
    agreed: Language | None = None

    def _send(self, body: dict[str, str], seconds: float) -> Reply:
        reply = super()._send(body, seconds)
        if "text" in body:
            self.language = Language(reply.assessment["language"])
        self.language = self.agreed or self.language
        wording = self.published.wording(self.language, *self.places)
        assert breaches(reply, wording, self.typed) == [], reply.text
        return reply


@pytest.fixture(scope="session")
def published(stack: Stack) -> Published:
    """The published words."""
    return Published(stack)


@pytest.fixture
def talk(stack: Stack, published: Published) -> Iterator[Callable[..., GuardedTalk]]:
    """Begins a conversation; at the end the engine must have decided every turn that was not plain."""
    before = stack.decided_by("fallback")

    def begin(*, places: tuple[str, ...] = ()) -> GuardedTalk:
        talk = GuardedTalk(stack, str(uuid.uuid4()))
        talk.published, talk.places = published, places
        return talk

    yield begin
    assert stack.decided_by("fallback") == before, f"a turn was answered without the engine\n{stack.log()}"
