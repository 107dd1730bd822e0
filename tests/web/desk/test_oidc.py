"""Coming in by an identity provider, through the desk's own pages."""

from collections.abc import Iterator

import httpx
import pytest
from pydantic import SecretStr

from bot.desk.service import Desk
from bot.web.app import create_app
from bot.web.services import Services
from tests.desk.provider import CLIENT, SECRET, SmallProvider
from tests.editorial import OPERATOR
from tests.web.desk.conftest import Editor, Enter, alerts

HOME = "http://bank.example"


@pytest.fixture
def small() -> Iterator[SmallProvider]:
    """A provider that sends people back to the desk."""
    provider = SmallProvider(f"{HOME}/desk/oidc/back")
    provider.start()
    yield provider
    provider.stop()


@pytest.fixture
def browser(services: Services, small: SmallProvider) -> Editor:
    """A browser of nobody, at a desk with that provider."""
    told = {"oidc_issuer": small.issuer, "oidc_client": CLIENT, "oidc_secret": SecretStr(SECRET), "public_url": HOME}
    services.settings = services.settings.model_copy(update=told)
    return Editor(create_app(services))


def come_in(browser: Editor, following: str = "/desk/releases") -> httpx.Response:
    """From the sign-in page to the provider and back."""
    page = browser.get(f"/desk/sign-in?next={following}")
    assert f'href="/desk/oidc?next={following.replace("/", "%2F")}"' in page.text or "/desk/oidc?next=" in page.text
    there = browser.get(f"/desk/oidc?next={following}", follow=False)
    kept = there.headers["set-cookie"]
    assert "HttpOnly" in kept
    assert "SameSite=lax" in kept
    sent_back = httpx.get(there.headers["location"], trust_env=False).headers["location"]
    return browser.get(sent_back.removeprefix(HOME), follow=False)


def test_an_account_that_was_made_for_somebody_lets_him_in(browser: Editor, desk: Desk, small: SmallProvider) -> None:
    desk.accounts.add(OPERATOR, "out", name="From outside", roles=["viewer"], external=f"{small.issuer}#lin-4711")
    page = come_in(browser)
    assert page.status_code == 200
    assert 'content="0; url=/desk/releases"' in page.text
    assert browser.get("/desk/releases").url.path == "/desk/releases"
    assert desk.flow.trail.entries(subject="out")


def test_nobody_gets_an_account_by_signing_in_elsewhere(browser: Editor) -> None:
    page = come_in(browser)
    assert (page.status_code, bool(alerts(page))) == (400, True)
    assert browser.get("/desk", follow=False).headers["location"].startswith("/desk/sign-in")


def test_a_disabled_account_stays_out(browser: Editor, desk: Desk, small: SmallProvider) -> None:
    desk.accounts.add(OPERATOR, "out", name="From outside", roles=["viewer"], external=f"{small.issuer}#lin-4711")
    desk.accounts.disable(OPERATOR, "out")
    assert come_in(browser).status_code == 400


def test_where_one_is_led_afterwards_is_never_a_stranger_s(browser: Editor, desk: Desk, small: SmallProvider) -> None:
    desk.accounts.add(OPERATOR, "out", name="From outside", roles=["viewer"], external=f"{small.issuer}#lin-4711")
    page = come_in(browser, "https://evil.example/")
    assert "evil.example" not in page.text
    assert 'content="0; url=/desk"' in page.text


def test_a_provider_that_is_away_leaves_the_other_way_in(browser: Editor, small: SmallProvider) -> None:
    small.stop()
    page = browser.get("/desk/oidc")
    assert "does not answer as it should" in alerts(page)
    assert 'name="password"' in page.text
    assert browser.sign_in("lin").url.path == "/desk"


def test_without_a_provider_there_is_no_such_door(enter: Enter) -> None:
    stranger = enter()
    assert "/desk/oidc" not in stranger.get("/desk/sign-in").text
    assert stranger.get("/desk/oidc", follow=False).headers["location"].startswith("/desk/sign-in")
