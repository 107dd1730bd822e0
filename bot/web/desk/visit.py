"""One request at the desk: who makes it, what it sent, and the ways to answer it."""

import json
import secrets
from typing import Any
from urllib.parse import quote, unquote, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from bot.core.errors import AccountError
from bot.core.publishing import Actor, Right
from bot.core.vocabulary import Language
from bot.desk.accounts import Visitor, csrf_of
from bot.desk.service import Desk
from bot.web.desk.access import BEFORE, HOME, SESSION, drop_cookie, new_token, set_cookie
from bot.web.desk.forms import Form
from bot.web.desk.house import House
from bot.web.desk.navigation import MENU, current

LANGUAGES = (Language.ZH_HANS, Language.EN)
LANGUAGE, SAID = "desk_language", "desk_said"
YEAR = 365 * 24 * 3600
LONGEST_FILL = 200


class Visit:
    """A request, as a page handles it. Pages run in a thread: they may call services that take their time.

    Attributes:
        form: what was sent; empty until the guard has let it in.
        trouble: what went wrong, shown at the top of the page as an alert.
    """

    def __init__(self, house: House, request: Request, visitor: Visitor | None) -> None:
        self.house = house
        self.request = request
        self.form = Form()
        self.trouble = ""
        self.language = _language(request)
        self.t = house.speech(self.language, self.who)
        self._visitor = visitor
        self._before = request.cookies.get(BEFORE, "")
        self._new_before = ""
        self._names: dict[str, str] = {}

    # ---- Who ----

    @property
    def is_signed_in(self) -> bool:
        """Whether there is a session."""
        return self._visitor is not None

    @property
    def visitor(self) -> Visitor:
        """Who makes the request.

        Raises:
            AccountError: nobody is signed in.
        """
        if self._visitor is None:
            raise AccountError("sign in first", code="not_signed_in")
        return self._visitor

    @property
    def actor(self) -> Actor:
        """As the flow knows him."""
        return self.visitor.actor

    @property
    def token(self) -> str:
        """The session's token, as the browser has it."""
        return self.request.cookies.get(SESSION, "")

    def may(self, right: Right | str) -> bool:
        """Whether he has a right."""
        return self._visitor is not None and Right(right) in self._visitor.rights

    def who(self, login: str) -> str:
        """Whom a login stands for: a member's name, or what one of ours is called."""
        if login not in self._names:
            members = {m.login: m.name for m in self.desk.accounts.members()}
            ours = self.t.or_else(f"desk_who_{login.partition(':')[0]}", login)
            self._names |= {login: ours, **members}
        return self._names[login]

    # ---- What ----

    @property
    def desk(self) -> Desk:
        """Accounts and flow."""
        return self.house.desk

    def path(self, name: str) -> str:
        """A part of the address that the route names."""
        return str(self.request.path_params[name])

    def query(self, name: str, default: str = "") -> str:
        """A value behind the question mark."""
        return self.request.query_params.get(name, default)

    def page_number(self) -> int:
        """Which page of a list is asked for, from 1."""
        asked = self.query("page", "1")
        return max(1, int(asked)) if asked.isdecimal() and len(asked) < 7 else 1

    @property
    def csrf(self) -> str:
        """The token of every form on this visit's pages; of the session, or of the browser before there is one."""
        if self._visitor is not None:
            return self._visitor.csrf
        if not self._before:
            self._before = self._new_before = new_token()
        return csrf_of(self._before)

    def form_is_ours(self) -> bool:
        """Whether the form came from a page that this session, or this browser, was given."""
        if self._visitor is None and not self._before:
            return False
        return secrets.compare_digest(self.form.text("csrf").encode(), self.csrf.encode())

    @property
    def wants_data(self) -> bool:
        """Whether a script asks, not a person."""
        return "application/json" in self.request.headers.get("accept", "")

    # ---- Answers ----

    def page(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """A page of `templates/desk/`."""
        said = self._said()
        text = self.house.templates.get_template(f"desk/{template}").render(
            {
                "visit": self,
                "t": self.t,
                "may": self.may,
                "who": self.who,
                "me": self._visitor.member if self._visitor else None,
                "bank": self.house.services.snapshot.release.bank.name.in_(self.language),
                "csrf": self.csrf,
                "said": said,
                "menu": MENU,
                "here": current(self.request.url.path),
                "languages": [(tag.value, self.t(f"desk_language_{tag.value.lower().replace('-', '_')}"),
                               self._in_language(tag)) for tag in LANGUAGES],
                **values,
            }
        )  # fmt: skip
        response = HTMLResponse(text, status)
        if said:
            drop_cookie(self.request, response, SAID)
        return self._keep(response)

    def go(self, path: str, said: str = "", **fills: object) -> Response:
        """To another page of the desk, which says the reply `said` once."""
        response = RedirectResponse(path, 303)
        if said:
            note = {"id": said, "fills": {k: str(v)[:LONGEST_FILL] for k, v in fills.items()}}
            set_cookie(self.request, response, SAID, quote(json.dumps(note, ensure_ascii=False)))
        return self._keep(response)

    def go_outside(self, address: str, cookie: str, value: str, seconds: int) -> Response:
        """To somebody else's page, with a cookie that is there when he is sent back from it."""
        response = RedirectResponse(address, 303)
        response.set_cookie(
            cookie,
            value,
            max_age=seconds,
            path=HOME,
            httponly=True,
            samesite="lax",
            secure=self.request.url.scheme == "https",
        )
        return response

    def data(self, value: Any, status: int = 200) -> Response:
        """An answer to a script."""
        return JSONResponse(value, status)

    def file(self, content: bytes, media: str, name: str, *, inline: bool = False) -> Response:
        """A file to keep, or with `inline` to look at in the browser."""
        way = "inline" if inline else "attachment"
        return Response(
            content, media_type=media, headers={"content-disposition": f"{way}; filename*=utf-8''{quote(name)}"}
        )

    def sign_in(self, response: Response, token: str) -> Response:
        """Give the browser a session."""
        set_cookie(self.request, response, SESSION, token)
        drop_cookie(self.request, response, BEFORE)
        return response

    def sign_out(self, response: Response) -> Response:
        """Take the session from the browser."""
        drop_cookie(self.request, response, SESSION)
        return response

    @property
    def address(self) -> str:
        """Where the request comes from."""
        return self.request.client.host if self.request.client else ""

    def _in_language(self, tag: Language) -> str:
        query = [(k, v) for k, v in self.request.query_params.multi_items() if k != "lang"]
        path = self.request.url.path if self.request.method == "GET" else HOME
        return f"{path}?{urlencode([*query, ('lang', tag.value)])}"

    def _said(self) -> str:
        """The note of the page before, as a sentence."""
        try:
            note = json.loads(unquote(self.request.cookies.get(SAID, "")))
            return self.t(str(note["id"]), **{str(k): str(v) for k, v in note["fills"].items()})
        except (ValueError, KeyError, TypeError, AttributeError):
            return ""

    def _keep(self, response: Response) -> Response:
        if self._new_before:
            set_cookie(self.request, response, BEFORE, self._new_before)
        if "lang" in self.request.query_params:
            set_cookie(self.request, response, LANGUAGE, self.language.value, seconds=YEAR)
        return response


def _language(request: Request) -> Language:
    """From `?lang=`, else as chosen before, else as the browser asks; the desk speaks two."""
    asked = request.headers.get("accept-language", "").split(",")[0].split(";")[0]
    for tag in (request.query_params.get("lang"), request.cookies.get(LANGUAGE), asked):
        found = Language.parse(tag)
        if found is not None:
            return found if found in LANGUAGES else Language.ZH_HANS
    return Language.ZH_HANS
