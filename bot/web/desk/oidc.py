"""Coming in by the bank's identity provider, where one is set."""

from starlette.responses import Response

from bot.core.errors import AccountError
from bot.desk.identity import Provider
from bot.settings import Settings
from bot.web.desk.access import Door, inside
from bot.web.desk.routes import Pages, status_of
from bot.web.desk.visit import Visit

COOKIE, SECONDS = "desk_oidc", 600
GO, BACK = "/desk/oidc", "/desk/oidc/back"


def add(pages: Pages) -> None:
    """Register the door, if there is a provider."""
    provider = provider_of(pages.house.services.settings)
    if provider is None:
        return

    def go(visit: Visit) -> Response:
        """To the provider."""
        following = inside(visit.query("next"))
        try:
            began = provider.begin(following)
        except AccountError as error:
            return _refused(visit, error, following)
        return visit.go_outside(began.address, COOKIE, began.state, SECONDS)

    def back(visit: Visit) -> Response:
        """From the provider, with its answer."""
        try:
            named = provider.finish(visit.query("state"), visit.request.cookies.get(COOKIE, ""), visit.query("code"))
            found = visit.desk.accounts.sign_in_external(
                named.issuer,
                named.subject,
                address=visit.address,
                agent=visit.request.headers.get("user-agent", ""),
            )
        except AccountError as error:
            return _refused(visit, error, "/desk")
        # not a redirect: to one that began at the provider's the browser would not give the new cookie along
        return visit.sign_in(visit.page("come_in.html", following=named.following), found.token)

    pages.get(GO, Door.ANYBODY)(go)
    pages.get(BACK, Door.ANYBODY)(back)


def provider_of(settings: Settings) -> Provider | None:
    """The provider, where issuer, client and the public address are set."""
    if not (settings.oidc_issuer and settings.oidc_client and settings.public_url):
        return None
    back = f"{settings.public_url.rstrip('/')}{BACK}"
    return Provider(settings.oidc_issuer, settings.oidc_client, settings.oidc_secret.get_secret_value(), back)


def _refused(visit: Visit, error: AccountError, following: str) -> Response:
    visit.trouble = visit.t.error(error)
    return visit.page("sign_in.html", status=status_of(error), next=following, login="", oidc=GO)
