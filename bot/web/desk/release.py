"""Releasing: what would change, what the gate says of it, and the release itself."""

from dataclasses import dataclass

from starlette.responses import Response

from bot.core.errors import FlowError, NotAllowedError
from bot.core.publishing import Right
from bot.desk.gate import override
from bot.store.views import Change
from bot.web.desk.catalogue import title_of
from bot.web.desk.checking import checked, reasons_of
from bot.web.desk.family import behind
from bot.web.desk.pieces import address
from bot.web.desk.routes import Pages
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
    """What the next release would change."""
    upcoming = visit.desk.flow.upcoming()
    found = checked(visit, upcoming.fingerprint) if visit.may(Right.RELEASE) else None
    return visit.page(
        "release.html",
        changes=told(visit, upcoming.changes),
        fingerprint=upcoming.fingerprint,
        newest=visit.house.services.store.newest_release(),
        gate=found.report if found else None,
        reasons=reasons_of(visit, found.report) if found else [],
        behind=behind(visit, {(c.kind, c.key) for c in upcoming.changes if c.new is not None}),
        note=visit.form.text("note"),
        override=visit.form.text("override"),
    )


def release(visit: Visit) -> Response:
    """Release exactly what the gate has looked at."""
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
        note=visit.form.text("note"),
        expect=expected,
        override=reason if report.blocked else "",
        findings=report.as_dict(),
    )
    return visit.go(f"/desk/releases/{number}", "desk_said_released", number=number)
