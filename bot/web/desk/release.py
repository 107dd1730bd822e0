"""Releasing: what would change, what the gate says of it, and the release itself."""

from dataclasses import dataclass

from starlette.responses import Response

from bot.core.errors import FlowError, NotAllowedError
from bot.core.publishing import Right
from bot.desk.gate import override
from bot.store.views import Change, Upcoming
from bot.web.desk.catalogue import title_of
from bot.web.desk.checking import checked, reasons_of
from bot.web.desk.lacking import lacking
from bot.web.desk.pieces import address, listed
from bot.web.desk.routes import Pages
from bot.web.desk.scope import Scope, scope_of
from bot.web.desk.visit import Visit


def add(pages: Pages) -> None:
    """Register the pages."""
    pages.get("/desk/release", Right.READ)(release_page)
    pages.post("/desk/release", Right.RELEASE, again=release_page)(release)


@dataclass(frozen=True, slots=True)
class Changed:
    """One line of what a release changes."""

    change: Change
    title: str
    path: str

    @property
    def how(self) -> str:
        """`added`, `changed` or `removed`."""
        if self.change.old is None:
            return "added"
        return "removed" if self.change.new is None else "changed"

    @property
    def difference(self) -> str:
        """Where both revisions stand side by side; empty when there is only one."""
        if self.change.old is None or self.change.new is None:
            return ""
        return f"{self.path}/difference?old={self.change.old}&new={self.change.new}"


def told(visit: Visit, changes: tuple[Change, ...]) -> list[Changed]:
    """Changes with what the pieces are called."""
    catalogue = visit.house.catalogue.newest()
    found = []
    for change in changes:
        title = catalogue.title(change.kind, change.key, visit.language)
        if not title:
            number = change.new if change.new is not None else change.old
            revision = visit.desk.flow.pieces.revision(change.kind, change.key, number or 0)
            title = title_of(revision.body, visit.language) if revision else ""
        found.append(Changed(change, title or change.key, address(change.kind, change.key)))
    return found


def release_page(visit: Visit) -> Response:
    """What the next release would change, of everything or of one case, and what it would leave behind."""
    scope = scope_of(visit)
    upcoming = visit.desk.flow.upcoming(only=scope.names(visit))
    found = checked(visit, upcoming.fingerprint) if visit.may(Right.RELEASE) else None
    return visit.page(
        "release.html",
        scope=scope,
        scoped=_called(visit, scope),
        changes=told(visit, upcoming.changes),
        fingerprint=upcoming.fingerprint,
        newest=visit.house.services.store.newest_release(),
        gate=found.report if found else None,
        reasons=reasons_of(visit, found.report) if found else [],
        left=[(case, _name(visit, "case", case), lacking(visit, pieces)) for case, pieces in upcoming.left.items()],
        cases=[(c, _name(visit, "case", c)) for c in _whole_cases(upcoming)] if scope == Scope() else [],
        note=visit.form.text("note"),
        apart=visit.form.text("apart"),
        override=visit.form.text("override"),
    )


def _called(visit: Visit, scope: Scope) -> str:
    """What the case or the piece is called."""
    kind, _, key = scope.piece.partition("/") if scope.piece else ("case", "", scope.case)
    return _name(visit, kind, key) if key else ""


def _name(visit: Visit, kind: str, key: str) -> str:
    """What a piece is called, as released or as its newest draft is."""
    line = visit.desk.flow.pieces.piece(kind, key)
    return listed(visit, [line])[0].title if line else key


def _whole_cases(upcoming: Upcoming) -> list[str]:
    """Cases of which something goes out and nothing stays behind: each could be released by itself."""
    bodies = {(kind, key): body for kind, key, body in upcoming.pieces}
    going = [(c.kind, c.key) for c in upcoming.changes if c.new is not None]
    found = {key if kind == "case" else str(bodies[kind, key].get("from_case") or "") for kind, key in going}
    return sorted(found - {""} - set(upcoming.left))


def release(visit: Visit) -> Response:
    """Release exactly what the gate has looked at; a part of a case only with a reason."""
    scope = scope_of(visit)
    expected, reason = visit.form.text("expect"), visit.form.text("override")
    found = checked(visit, expected)
    if found is None:
        raise FlowError("the gate has not looked at this", code="gate_missing")
    report = found.report
    if report.blocked:
        if not visit.may(Right.OVERRIDE):
            raise NotAllowedError("the gate is shut", code="gate_shut")
        report = override(report, publisher=visit.visitor.member.login, reason=reason)
    number = visit.desk.flow.release(
        visit.actor,
        only=scope.names(visit),
        note=visit.form.text("note"),
        expect=expected,
        apart=visit.form.text("apart"),
        override=reason if report.blocked else "",
        findings=report.as_dict(),
    )
    return visit.go(f"/desk/releases/{number}", "desk_said_released", number=number)
