"""Who may come in: what a route asks for at least, and the cookies that carry a session."""

import re
import secrets
from enum import StrEnum

from starlette.requests import Request
from starlette.responses import Response

from bot.core.publishing import Right

HOME = "/desk"
SESSION, BEFORE = "desk_session", "desk_before"
# a path of the desk and nothing a browser could read as another address
INSIDE = re.compile(r"/desk(?:[/?][\w./?=&%~:@+,!-]*)?")


class Door(StrEnum):
    """What a route may ask for that is no right of a role."""

    ANYBODY = "anybody"  # signing in
    SIGNED_IN = "signed-in"  # changing the first password, signing out


Least = Right | Door


def inside(path: str, default: str = HOME) -> str:
    """The path when it is one of the desk's own, so that no address of a stranger is ever gone to."""
    return path if INSIDE.fullmatch(path) and "//" not in path else default


def set_cookie(request: Request, response: Response, name: str, value: str, *, seconds: int | None = None) -> None:
    """A cookie of the desk: never for scripts or other sites, and only over a safe line where there is one."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=HOME,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


def drop_cookie(request: Request, response: Response, name: str) -> None:
    """Take a cookie of the desk back."""
    response.delete_cookie(name, path=HOME, httponly=True, samesite="strict", secure=request.url.scheme == "https")


def new_token() -> str:
    """A random name for a browser that has no session yet: the forms it is given carry what follows from it."""
    return secrets.token_urlsafe(24)
