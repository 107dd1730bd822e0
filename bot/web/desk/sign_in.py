"""Coming in and going out: signing in, the first password, one's own sessions."""

import math

from starlette.responses import Response

from bot.core.errors import AccountError
from bot.core.publishing import Right
from bot.web.desk.access import Door, inside
from bot.web.desk.oidc import GO, provider_of
from bot.web.desk.routes import Pages, status_of
from bot.web.desk.visit import Visit


def add(pages: Pages) -> None:
    """Register the pages."""
    pages.get("/desk/sign-in", Door.ANYBODY)(sign_in_page)
    pages.post("/desk/sign-in", Door.ANYBODY, most=8192)(sign_in)
    pages.post("/desk/sign-out", Door.SIGNED_IN)(sign_out)
    pages.get("/desk/password", Door.SIGNED_IN)(password_page)
    pages.post("/desk/password", Door.SIGNED_IN, again=password_page)(password)
    pages.get("/desk/sessions", Right.READ)(sessions_page)
    pages.post("/desk/sessions/end", Right.READ, again=sessions_page)(end_session)


def sign_in_page(visit: Visit) -> Response:
    """Name and password; whoever is in already goes on."""
    if visit.is_signed_in:
        return visit.go(inside(visit.query("next")))
    return visit.page("sign_in.html", next=inside(visit.query("next")), login="", oidc=_oidc(visit))


def _oidc(visit: Visit) -> str:
    """Where the identity provider's door is; empty without one."""
    return GO if provider_of(visit.house.services.settings) else ""


def sign_in(visit: Visit) -> Response:
    """Open a session."""
    login, following = visit.form.text("login"), inside(visit.form.text("next"))
    try:
        _count(visit)
        found = visit.desk.accounts.sign_in(
            login,
            visit.form.secret("password"),
            address=visit.address,
            agent=visit.request.headers.get("user-agent", ""),
        )
    except AccountError as error:
        visit.trouble = visit.t.error(error)
        return visit.page("sign_in.html", status=status_of(error), next=following, login=login, oidc=_oidc(visit))
    return visit.sign_in(visit.go("/desk/password" if found.must_change else following), found.token)


def _count(visit: Visit) -> None:
    wait = visit.house.tries.wait(visit.address)
    if wait:
        raise AccountError("too many sign-ins from here", code="locked_out", seconds=str(math.ceil(wait)))


def sign_out(visit: Visit) -> Response:
    """End the session."""
    visit.desk.accounts.sign_out(visit.visitor)
    return visit.sign_out(visit.go("/desk/sign-in", "desk_said_signed_out"))


def password_page(visit: Visit) -> Response:
    """The old password and a new one."""
    return visit.page(
        "password.html", policy=visit.desk.rules.accounts, external=visit.visitor.member.external is not None
    )


def password(visit: Visit) -> Response:
    """Change the password; other sessions end."""
    new = visit.form.secret("new")
    if new != visit.form.secret("again"):
        raise AccountError("the two new passwords differ", code="password_differs")
    visit.desk.accounts.change_password(visit.token, visit.form.secret("old"), new)
    return visit.go("/desk", "desk_said_password_changed")


def sessions_page(visit: Visit) -> Response:
    """Where one is signed in."""
    return visit.page(
        "sessions.html", sessions=visit.desk.accounts.sessions(visit.visitor), own=visit.visitor.session.id
    )


def end_session(visit: Visit) -> Response:
    """End one of one's own sessions."""
    session_id = visit.form.number("session")
    if session_id == visit.visitor.session.id:
        return sign_out(visit)
    visit.desk.accounts.end_session(visit.visitor, session_id)
    return visit.go("/desk/sessions", "desk_said_session_ended")
