"""The identity provider's door, held against a small provider of our own on a loopback port."""

import re
from collections.abc import Iterator

import httpx
import pytest

from bot.core.errors import AccountError
from bot.desk.identity import MINUTES, Provider
from tests.desk.provider import CLIENT, SECRET, SmallProvider

BACK = "https://desk.bank.example/desk/oidc/back"


class Time:
    """Seconds that pass when told to."""

    now = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def small() -> Iterator[SmallProvider]:
    """A provider that knows lin."""
    provider = SmallProvider(BACK)
    provider.start()
    yield provider
    provider.stop()


@pytest.fixture
def time() -> Time:
    """The time of our side."""
    return Time()


@pytest.fixture
def door(small: SmallProvider, time: Time) -> Provider:
    """Our side."""
    return Provider(small.issuer, CLIENT, SECRET, BACK, time)


def gone_there(address: str) -> tuple[str, str]:
    """What the provider sends back to us: state and code."""
    answer = httpx.get(address, follow_redirects=False, trust_env=False)
    assert answer.status_code == 302, answer.text
    where = httpx.URL(answer.headers["location"])
    assert str(where).startswith(BACK)
    return where.params["state"], where.params["code"]


def refused(door: Provider, state: str, brought: str, code: str) -> str:
    """The code of the error it ends with."""
    with pytest.raises(AccountError) as raised:
        door.finish(state, brought, code)
    return raised.value.code


def test_whom_the_provider_names_is_told_with_where_he_wanted_to_go(door: Provider, small: SmallProvider) -> None:
    began = door.begin("/desk/release")
    assert re.search(r"code_challenge_method=S256", began.address)
    state, code = gone_there(began.address)
    named = door.finish(state, began.state, code)
    assert (named.issuer, named.subject, named.following) == (small.issuer, "lin-4711", "/desk/release")


def test_an_answer_is_good_once_and_for_the_browser_that_asked(door: Provider) -> None:
    began = door.begin("/desk")
    state, code = gone_there(began.address)
    assert refused(door, state, "another", code) == "provider_refused"
    assert refused(door, state, began.state, code) == "provider_refused"


def test_an_answer_to_nobody_or_after_too_long_is_refused(door: Provider, time: Time) -> None:
    assert refused(door, "made-up", "made-up", "code") == "provider_refused"
    began = door.begin("/desk")
    state, code = gone_there(began.address)
    time.now = MINUTES * 60 + 1
    assert refused(door, state, began.state, code) == "provider_refused"


@pytest.mark.parametrize(
    "wrong",
    [{"iss": "https://else.example"}, {"aud": "another"}, {"nonce": "old"}, {"exp": 1}, {"sub": None}],
    ids=lambda w: next(iter(w)),
)
def test_a_token_that_says_otherwise_is_refused(door: Provider, small: SmallProvider, wrong: dict[str, object]) -> None:
    small.claims = wrong
    began = door.begin("/desk")
    state, code = gone_there(began.address)
    assert refused(door, state, began.state, code) == "provider_refused"


@pytest.mark.parametrize("how", ["other_key", "unsigned", "shared_secret"])
def test_a_token_that_the_provider_did_not_sign_is_refused(door: Provider, small: SmallProvider, how: str) -> None:
    small.signs = how
    began = door.begin("/desk")
    state, code = gone_there(began.address)
    assert refused(door, state, began.state, code) == "provider_refused"


def test_a_provider_that_is_away_or_talks_nonsense_is_told(door: Provider, small: SmallProvider) -> None:
    small.calls_itself = "https://else.example"
    with pytest.raises(AccountError) as raised:
        door.begin("/desk")
    assert raised.value.code == "provider_silent"
    small.stop()
    with pytest.raises(AccountError) as raised:
        door.begin("/desk")
    assert raised.value.code == "provider_silent"
