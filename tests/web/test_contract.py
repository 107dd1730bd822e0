"""Whatever is sent to the API, its answers are as its own OpenAPI document says."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from bot.channels.pictures.reader import PictureError, PictureReader, Seen, Unread
from bot.web import pictures
from bot.web.app import create_app
from bot.web.services import Services
from tests.web.calling import Caller
from tests.web.conftest import MakeApp, served

# No two calls of this run are refused for being too many.
BOUNDLESS = {"sender_burst": 10**6, "address_burst": 10**6}
CALLS = [
    ("POST", "/api/v1/assess"),
    ("POST", "/api/v1/chat"),
    ("POST", "/api/v1/continue"),
    ("POST", "/api/v1/events"),
    ("POST", "/api/v1/devices/beat"),
    ("POST", "/api/v1/devices/codes"),
    ("GET", "/api/v1/devices/me"),
    ("POST", "/api/v1/help-calls"),
    ("POST", "/api/v1/picture"),
    ("GET", "/api/v1/typologies"),
    ("GET", "/api/v1/typologies/{typology_id}"),
    ("GET", "/api/v1/warnings"),
]
# A call that takes nothing, or any bytes, cannot be called otherwise.
TAKE_NOTHING = {"/api/v1/typologies", "/api/v1/devices/codes", "/api/v1/devices/me", "/api/v1/picture"}
# JSON schema leaves to words that a turn holds either text or payload: both, or neither, is refused.
# And 1.0 is a whole number to JSON schema, though not to a strict reading.
# Which bytes are a picture no schema says.
LEFT_TO_WORDS = {
    path: [positive_data_acceptance] for path in ("/api/v1/chat", "/api/v1/devices/beat", "/api/v1/picture")
}


class SeesNothing(PictureReader):
    """Takes no bytes for a picture."""

    async def read(self, picture: bytes) -> Seen:
        """Refuse it."""
        raise PictureError(Unread.NO_PICTURE)


@pytest.fixture(scope="module")
def schema(services: Services) -> Any:
    """The app's own document, called in process."""
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setattr(pictures, "BURST", 10**6)
    app = create_app(served(services, services.snapshot, **BOUNDLESS), SeesNothing())
    monkeypatch.undo()
    return schemathesis.openapi.from_asgi("/openapi.json", app)


@pytest.mark.parametrize(
    ("method", "path", "mode"),
    [(*call, GenerationMode.POSITIVE) for call in CALLS]
    + [(*call, GenerationMode.NEGATIVE) for call in CALLS if call[1] not in TAKE_NOTHING],
)
def test_every_answer_is_as_described(schema: Any, method: str, path: str, mode: GenerationMode) -> None:
    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    def call(case: Any) -> None:
        case.call_and_validate(excluded_checks=LEFT_TO_WORDS.get(path, []))

    call()


def test_every_call_of_the_contract_is_described(make_app: MakeApp) -> None:
    document = Caller(make_app()).get("/openapi.json").json()
    calls = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert calls == set(CALLS)


def test_every_refusal_is_described_as_problem_details(make_app: MakeApp) -> None:
    document = Caller(make_app()).get("/openapi.json").json()
    for methods in document["paths"].values():
        for operation in methods.values():
            refusals = {s: r for s, r in operation["responses"].items() if s.startswith(("4", "5"))}
            assert "429" in refusals
            for response in refusals.values():
                assert set(response["content"]) == {"application/problem+json"}
