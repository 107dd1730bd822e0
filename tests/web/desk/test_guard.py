"""The guard: nothing under /desk answers without a session, or without its right, and no form without its token."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.routing import Route

from bot.core.publishing import Right
from bot.desk.service import Desk
from bot.web.desk.access import Door, Least
from tests.editorial import ADA, DESK_RULES, HUA, LIN, PEOPLE, VIC, WU
from tests.web.desk.conftest import Enter


def routes(app: FastAPI) -> Iterator[tuple[str, str, Least]]:
    """(method, path with its gaps filled, what it asks for) of every route under /desk."""
    for route in app.routes:
        if isinstance(route, Route) and (route.path == "/desk" or route.path.startswith("/desk/")):
            for method in (route.methods or set()) - {"HEAD"}:
                yield method, re.sub(r"\{\w+(?::\w+)?\}", "1", route.path), route.endpoint.least


def test_every_route_under_desk_says_what_it_asks_for(app: FastAPI) -> None:
    found = list(routes(app))
    assert len(found) > 10
    assert {least for _, _, least in found} <= {*Right, *Door}
    # only these may be open, and nothing may be added to them without thinking
    assert {(m, p) for m, p, least in found if least is Door.ANYBODY} == {
        ("GET", "/desk/sign-in"),
        ("POST", "/desk/sign-in"),
    }
    assert {(m, p) for m, p, least in found if least is Door.SIGNED_IN} == {
        ("POST", "/desk/sign-out"),
        ("GET", "/desk/password"),
        ("POST", "/desk/password"),
    }


def test_no_route_under_desk_answers_without_a_session(app: FastAPI, enter: Enter) -> None:
    stranger = enter()
    stranger.get("/desk/sign-in")
    for method, path, least in routes(app):
        if least is Door.ANYBODY:
            continue
        answer = stranger.request(method, path, follow=False, data={"csrf": stranger.csrf})
        if method == "GET":
            assert answer.status_code == 303, path
            assert answer.headers["location"].startswith("/desk/sign-in?next=/desk"), path
            assert answer.text == "", path
        else:
            assert answer.status_code == 401, path
        told = stranger.request(method, path, follow=False, headers={"accept": "application/json"})
        assert told.status_code == 401, path
        assert list(told.json()) == ["message"], path


def test_no_route_under_desk_answers_without_its_right(app: FastAPI, enter: Enter) -> None:
    people = {person.login: enter(person.login) for person in (LIN, HUA, WU, VIC, ADA)}
    refused = 0
    for method, path, least in routes(app):
        if isinstance(least, Door):
            continue
        for person, roles in PEOPLE.items():
            editor = people.get(person.login)
            if editor is None or least in DESK_RULES.flow.rights(roles):
                continue
            answer = editor.request(method, path, follow=False, data={"csrf": editor.csrf})
            assert answer.status_code == 403, (person.login, method, path)
            refused += 1
    assert refused > 0


def test_no_form_is_taken_without_the_token_of_its_session(app: FastAPI, enter: Enter) -> None:
    lin, ada = enter("lin"), enter("ada")
    for method, path, least in routes(app):
        if method != "POST":
            continue
        editor, other = (ada, lin) if least is Right.STAFF else (lin, ada)
        for token in ("", "x" * 64, other.csrf):
            answer = editor.request(method, path, follow=False, data={"csrf": token})
            assert answer.status_code == 403, (path, token)
            assert "not opened in this session" in answer.text, path


def test_whoever_has_a_first_password_can_do_nothing_but_change_it(app: FastAPI, enter: Enter, desk: Desk) -> None:
    first = desk.accounts.add(ADA, "new.one", name="New", roles=["publisher", "administrator"])
    new = enter()
    answer = new.sign_in("new.one", first)
    assert answer.url.path == "/desk/password"
    for method, path, least in routes(app):
        if isinstance(least, Door):
            continue
        answer = new.request(method, path, follow=False, data={"csrf": new.csrf})
        if method == "GET":
            assert (answer.status_code, answer.headers["location"]) == (303, "/desk/password"), path
        else:
            assert answer.status_code == 403, path
    new.get("/desk/password")
    answer = new.post("/desk/password", {"old": first, "new": "a heron on one leg", "again": "a heron on one leg"})
    assert answer.url.path == "/desk"
    assert new.get("/desk").status_code == 200


@pytest.mark.parametrize("answer", ["/desk/sign-in", "/desk", "/desk/static", "/desk/nowhere"])
def test_every_answer_of_the_desk_carries_the_strict_headers(enter: Enter, answer: str) -> None:
    for editor in (enter(), enter("lin")):
        headers = editor.get(answer, follow=False).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
