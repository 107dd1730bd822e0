"""Registering pages. Each says what it asks for at least, and the guard stands before all of them."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.core.errors import (
    AccountError,
    CodedError,
    FangzhaError,
    LockedError,
    MergeNeeded,
    NotAllowedError,
    StoreError,
)
from bot.core.publishing import Right
from bot.web.desk.access import HOME, SESSION, Door, Least, inside
from bot.web.desk.forms import MOST_BYTES, TooLargeError, read_form
from bot.web.desk.house import House
from bot.web.desk.visit import Visit

Work = Callable[[Visit], Response]

log = structlog.get_logger()


class Pages:
    """Where modules of pages register what they have.

    A page is a plain function of a `Visit`, run in a thread after the guard has let it in. What it raises of the
    project's own errors becomes a message in the editor's language, with the status that fits it.
    """

    def __init__(self, house: House) -> None:
        self.house = house
        self.routes: list[Route] = []

    def get(self, path: str, least: Least, *, again: Work | None = None) -> Callable[[Work], Work]:
        """Register a page that shows something; `path` begins with /desk, `again` is as for `post`."""
        return partial(self._add, "GET", path, least, MOST_BYTES, again)

    def post(
        self, path: str, least: Least, *, again: Work | None = None, most: int = MOST_BYTES
    ) -> Callable[[Work], Work]:
        """Register what changes something. Its form must carry the session's token.

        Args:
            path: begins with /desk.
            least: what whoever sends it must have.
            again: the page to show once more, with the message, when it raises one of our errors; else a page that
                shows nothing but the message.
            most: how many bytes the form may have.
        """
        return partial(self._add, "POST", path, least, most, again)

    def _add(self, method: str, path: str, least: Least, most: int, again: Work | None, work: Work) -> Work:
        async def answer(request: Request) -> Response:
            return await self._answer(request, least, most, again, work)

        answer.least = least  # type: ignore[attr-defined]  # read by the test that walks the routes
        self.routes.append(Route(path, answer, methods=[method], include_in_schema=False))
        return work

    def close(self) -> None:
        """Call off what still runs."""
        self.house.jobs.close()

    async def _answer(self, request: Request, least: Least, most: int, again: Work | None, work: Work) -> Response:
        try:
            visit = await run_in_threadpool(self._open, request)
            refused = _refusal(visit, least)
            if refused is not None:
                return refused
            if request.method == "POST":
                visit.form = await read_form(request, most)
                if not visit.form_is_ours():
                    return message(visit, visit.t("desk_error_csrf"), 403)
            return await run_in_threadpool(_do, work, again, visit)
        except ClientDisconnect:  # he went away while he sent it: nobody waits for an answer
            return Response(status_code=400)
        except TooLargeError:
            return message(visit, visit.t("desk_error_body_too_large", count=most // 1024 // 1024), 413)
        except Exception as error:  # whatever it was, an editor gets a page
            _tell(request, error)
            return await run_in_threadpool(self._broken, request)

    def _open(self, request: Request) -> Visit:
        return Visit(self.house, request, self.house.desk.accounts.visitor(request.cookies.get(SESSION, "")))

    def _broken(self, request: Request) -> Response:
        visit = Visit(self.house, request, None)
        return message(visit, visit.t("desk_error_broken"), 500)


def _do(work: Work, again: Work | None, visit: Visit) -> Response:
    try:
        return work(visit)
    except FangzhaError as error:
        status = status_of(error)
        if again is None or visit.wants_data:
            return message(visit, visit.t.error(error), status)
        visit.trouble = visit.t.error(error)
        return _once_more(again, visit, status)


def _once_more(again: Work, visit: Visit, status: int) -> Response:
    """The page a form was on, with what went wrong; only the message where that page cannot be shown either."""
    try:
        response = again(visit)
    except FangzhaError:
        return message(visit, visit.trouble, status)
    response.status_code = status
    return response


def status_of(error: FangzhaError) -> int:
    """The HTTP status of an error."""
    if isinstance(error, NotAllowedError):
        return 403
    if isinstance(error, LockedError | MergeNeeded):
        return 409
    if isinstance(error, AccountError):
        return {"not_signed_in": 401, "locked_out": 429}.get(error.code, 400)
    if isinstance(error, StoreError):
        return 503
    if isinstance(error, CodedError) and error.code in {
        "no_piece",
        "no_revision",
        "no_release",
        "no_device",
        "no_help_call",
    }:
        return 404
    return 400


def message(visit: Visit, text: str, status: int) -> Response:
    """A page with one message, or the message as data where a script asked."""
    if visit.wants_data:
        return visit.data({"message": text}, status)
    return visit.page("message.html", status=status, text=text, code=status)


def _refusal(visit: Visit, least: Least) -> Response | None:
    """Why somebody may not come in, as an answer; `None` when he may."""
    if least is Door.ANYBODY:
        return None
    if not visit.is_signed_in:
        return _elsewhere(visit, f"/desk/sign-in?next={quote(_here(visit))}", "desk_error_not_signed_in", 401)
    if least is Door.SIGNED_IN:
        return None
    if visit.visitor.must_change:
        return _elsewhere(visit, "/desk/password", "desk_error_must_change", 403)
    if not visit.may(least):
        return _without_right(visit, least)
    return None


def _without_right(visit: Visit, least: Right) -> Response:
    if visit.request.url.path == HOME and visit.may(Right.LOBBY):
        return visit.go("/desk/lobby")  # whoever only answers calls begins there
    right = visit.t.or_else(f"desk_right_{least}", least)
    return message(visit, visit.t("desk_error_no_right", right=right), 403)


def _elsewhere(visit: Visit, path: str, reply_id: str, status: int) -> Response:
    """Whoever looks at a page is taken to `path`; whoever sent something is told, so that he can send it again."""
    if visit.request.method == "GET" and not visit.wants_data:
        return visit.go(path)
    return message(visit, visit.t(reply_id), status)


def _here(visit: Visit) -> str:
    url: Any = visit.request.url
    return inside(f"{url.path}?{url.query}" if url.query else url.path)


def _tell(request: Request, error: Exception) -> None:
    log.error("desk_failed", path=request.url.path, kind=type(error).__name__, reason=str(error))
