"""One piece: its words, where it stands, what was said about it, and what can be done with it now."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from bot.core.errors import FlowError, NotAllowedError
from bot.core.publishing import STANDING, Right, State, Step, Verdict
from bot.store.views import RevisionLine
from bot.web.desk.catalogue import title_of
from bot.web.desk.faults import faults_of
from bot.web.desk.fields import fields_of, has_form
from bot.web.desk.looks import tab_of
from bot.web.desk.pieces import address, known_kind
from bot.web.desk.routes import Pages
from bot.web.desk.text import as_text
from bot.web.desk.visit import Visit

LOOKED = ("look", "words", "urgency", "panels", "size")


def add(pages: Pages) -> None:
    """Register the pages."""
    piece = "/desk/pieces/{kind}/{key}"
    pages.get(piece, Right.READ)(piece_page)
    pages.get(f"{piece}/difference", Right.READ)(difference_page)
    pages.post(f"{piece}/submit", Right.WRITE, again=piece_page)(submit)
    pages.post(f"{piece}/take-back", Right.WRITE, again=piece_page)(take_back)
    pages.post(f"{piece}/decide", Right.COMMENT, again=piece_page)(decide)
    pages.post(f"{piece}/schedule", Right.RELEASE, again=piece_page)(schedule)


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is in the review: the step, and why this editor cannot decide it, if he cannot."""

    step: Step | None
    reason: str


def piece_page(visit: Visit) -> Response:
    """Everything about a piece; `?revision=` shows an older one."""
    kind, key = known_kind(visit), visit.path("key")
    flow = visit.desk.flow
    line = flow.pieces.piece(kind, key)
    if line is None:
        raise FlowError(f"{kind}/{key}: no such piece", code="no_piece", piece=f"{kind}/{key}")
    revisions = flow.pieces.revisions(kind, key)
    number = int(visit.query("revision")) if visit.query("revision").isdecimal() else line.number
    shown = next((r for r in revisions if r.number == number), revisions[0])
    return visit.page(
        "piece.html",
        kind=kind,
        key=key,
        line=line,
        shown=shown,
        is_newest=shown.number == line.number,
        revisions=revisions,
        title=title_of(shown.body, visit.language) or key,
        fields=fields_of(kind) if has_form(kind) else (),
        text="" if has_form(kind) else as_text(shown.body),
        faults=faults_of(visit, kind, key, shown.body) if shown.state in {State.DRAFT, State.REVIEW} else [],
        turn=turn_of(visit, shown),
        family=key if kind == "case" else str(shown.body.get("from_case") or ""),
        steps=visit.desk.rules.flow.steps,
        here_path=address(kind, key),
        before=_before(revisions, shown.number, line.live),
        lock=flow.locks.holder(kind, key),
        showings=flow.showings.shown([(kind, key)]),
        can_schedule=visit.may(Right.RELEASE) and shown.state in STANDING,
        can_withdraw=visit.may(Right.WITHDRAW) and any(r.state in STANDING for r in revisions),
        comment=visit.form.text("comment"),
        why_apart=visit.form.text("apart"),
        tab=tab_of(visit, kind, shown.body),
        looked=_looked(visit, shown.number),
    )


def _looked(visit: Visit, number: int) -> Callable[..., str]:
    """The address of the same piece, looked at otherwise; what is not named stays as it was asked for."""
    asked = {name: visit.query(name) for name in LOOKED if visit.query(name)} | {"revision": str(number)}
    return lambda **changed: f"?{urlencode({**asked, **changed})}"


def _before(revisions: list[RevisionLine], number: int, live: int | None) -> int | None:
    """What a revision is best held against: what customers see, else the one before."""
    if live is not None and live != number:
        return live
    return next((r.number for r in revisions if r.number < number), None)


def turn_of(visit: Visit, shown: RevisionLine) -> Turn:
    """Whose turn it is with a revision."""
    if shown.state is not State.REVIEW:
        return Turn(None, "")
    rules, member = visit.desk.rules.flow, visit.visitor.member
    accepted = {d.step: d.who for d in shown.decisions if d.round == shown.round and d.verdict is Verdict.ACCEPT}
    try:
        step = rules.step(shown.step)
        # the store knows all who wrote and decides again; this is so that nobody fills in a form for nothing
        rules.check_decision(
            shown.step, member.login, member.roles, writers={shown.author, shown.submitted_by}, accepted=accepted
        )
    except NotAllowedError as error:
        return Turn(step, visit.t.error(error))
    except FlowError as error:
        return Turn(None, visit.t.error(error))
    return Turn(step, "")


def difference_page(visit: Visit) -> Response:
    """Any two revisions side by side."""
    kind, key = known_kind(visit), visit.path("key")
    numbers = [visit.query("old"), visit.query("new")]
    if not all(number.isdecimal() for number in numbers):
        raise FlowError("name two revisions", code="no_revision", piece=f"{kind}/{key}")
    old, new = (visit.desk.flow.revision(kind, key, int(number)) for number in numbers)
    return visit.page(
        "difference.html",
        kind=kind,
        key=key,
        old=old,
        new=new,
        rows=visit.desk.flow.difference(kind, key, old.number, new.number, same=visit.query("same") == "yes"),
        same=visit.query("same") == "yes",
        revisions=visit.desk.flow.pieces.revisions(kind, key),
        title=title_of(new.body, visit.language) or key,
        here_path=address(kind, key),
        turned=_turned(visit),
    )


def _turned(visit: Visit) -> str:
    """The same page with, or without, what is alike."""
    same = "" if visit.query("same") == "yes" else "yes"
    return f"?{urlencode({'old': visit.query('old'), 'new': visit.query('new'), 'same': same})}"


def submit(visit: Visit) -> Response:
    """Hand the draft to the first step."""
    kind, key, number = known_kind(visit), visit.path("key"), visit.form.number("revision")
    hand_over(visit, kind, key, number, visit.desk.flow.revision(kind, key, number).body)
    return visit.go(address(kind, key), "desk_said_submitted", step=_first(visit))


def hand_over(visit: Visit, kind: str, key: str, number: int, body: dict[str, Any]) -> None:
    """Submit a revision that has no faults but advice.

    Raises:
        FlowError: it has faults, or cannot be submitted.
    """
    faults = [fault for fault in faults_of(visit, kind, key, body) if not fault.advice]
    if faults:
        raise FlowError(f"{kind}/{key}: {len(faults)} faults", code="has_faults", count=str(len(faults)))
    visit.desk.flow.submit(visit.actor, kind, key, number)


def _first(visit: Visit) -> str:
    return visit.t.step(visit.desk.rules.flow.steps[0].id)


def take_back(visit: Visit) -> Response:
    """Make a draft of it again."""
    kind, key = known_kind(visit), visit.path("key")
    visit.desk.flow.take_back(visit.actor, kind, key, visit.form.number("revision"), comment=visit.form.text("comment"))
    return visit.go(address(kind, key), "desk_said_taken_back")


def decide(visit: Visit) -> Response:
    """Accept, return or comment."""
    kind, key = known_kind(visit), visit.path("key")
    wanted = visit.form.text("verdict")
    verdict = Verdict(wanted) if wanted in set(Verdict) else Verdict.COMMENT
    state = visit.desk.flow.decide(
        visit.actor,
        kind,
        key,
        visit.form.number("revision"),
        step=visit.form.text("step"),
        verdict=verdict,
        comment=visit.form.text("comment"),
    )
    said = "approved" if state is State.APPROVED else verdict.value
    return visit.go(address(kind, key), f"desk_said_decided_{said}")


def schedule(visit: Visit) -> Response:
    """Say when it goes out and when it is taken down."""
    kind, key = known_kind(visit), visit.path("key")
    visit.desk.flow.schedule(
        visit.actor,
        [(kind, key, visit.form.number("revision"))],
        release_at=visit.t.moment(visit.form.text("release_at")),
        ends_at=visit.t.moment(visit.form.text("ends_at")),
        apart=visit.form.text("apart"),
    )
    return visit.go(address(kind, key), "desk_said_scheduled")
