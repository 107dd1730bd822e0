"""One case and everything made from it: drafted by templates, seen side by side, handed over and accepted together."""

from dataclasses import dataclass

from starlette.responses import Response

from bot.core.errors import FlowError
from bot.core.publishing import OPEN, STANDING, Right, State
from bot.desk.products import Draft, drafts
from bot.store.views import Left, Numbered, PieceLine, RevisionLine, Written
from bot.web.desk.catalogue import title_of
from bot.web.desk.faults import Told, faults_of
from bot.web.desk.fields import Field, fields_of
from bot.web.desk.lacking import lacking
from bot.web.desk.piece import turn_of
from bot.web.desk.pieces import address
from bot.web.desk.routes import Pages
from bot.web.desk.visit import Visit

PAGE = "/desk/cases/{key}"


def add(pages: Pages) -> None:
    """Register the pages."""
    pages.get(PAGE, Right.READ)(family_page)
    pages.post(f"{PAGE}/draft", Right.WRITE, again=family_page)(draft)
    pages.post(f"{PAGE}/submit", Right.WRITE, again=family_page)(submit)
    pages.post(f"{PAGE}/accept", Right.COMMENT, again=family_page)(accept)
    pages.post(f"{PAGE}/schedule", Right.RELEASE, again=family_page)(schedule)


@dataclass(frozen=True, slots=True)
class Member:
    """A piece of the family as it stands; `mine` says that this editor may accept it now."""

    line: PieceLine
    shown: RevisionLine
    title: str
    path: str
    fields: tuple[Field, ...]
    faults: list[Told]
    mine: bool

    @property
    def numbered(self) -> Numbered:
        """Its newest revision."""
        return self.line.kind, self.line.key, self.line.number

    @property
    def waits_for_release(self) -> bool:
        """Whether it is approved and not out yet."""
        return self.line.state in {State.APPROVED, State.SCHEDULED}


@dataclass(frozen=True, slots=True)
class Offer:
    """What a template would make."""

    draft: Draft
    name: str
    fields: tuple[Field, ...]
    faults: list[Told]


def family_page(visit: Visit) -> Response:
    """The case, what there is of it, and what templates would make."""
    members = _members(visit)
    case, products = members[0], members[1:]
    states = [m.line.state for m in members]
    return visit.page(
        "family.html",
        case=case,
        products=products,
        offers=_offers(visit) if visit.may(Right.WRITE) else [],
        made={m.line.key for m in members},
        ticked=visit.form.texts("make"),
        to_submit=[m for m in members if m.line.state is State.DRAFT and _is_ready(m)],
        to_mend=[m for m in members if m.line.state is State.DRAFT and not _is_ready(m)],
        to_accept=[m for m in members if m.mine],
        may_withdraw=visit.may(Right.WITHDRAW) and any(state in STANDING for state in states),
        waiting=[m for m in members if m.waits_for_release],
        lacks=lacking(visit, [_left(m) for m in members if m.line.state in OPEN]),
        release_at=visit.form.text("release_at"),
        why_apart=visit.form.text("apart"),
        showings=visit.desk.flow.showings.shown([(m.line.kind, m.line.key) for m in members]),
        here_path=f"/desk/cases/{visit.path('key')}",
    )


def _members(visit: Visit) -> list[Member]:
    """The case first, then what was made from it.

    Raises:
        FlowError: there is no such case.
    """
    key, reader = visit.path("key"), visit.desk.flow.pieces
    case = reader.piece("case", key)
    if case is None:
        raise FlowError(f"case/{key}: no such piece", code="no_piece", piece=f"case/{key}")
    lines = [line for name in reader.made_from(key) if (line := reader.piece(*name)) is not None]
    return [_member(visit, line) for line in [case, *sorted(lines, key=lambda found: found.key)]]


def _member(visit: Visit, line: PieceLine) -> Member:
    shown = visit.desk.flow.revision(line.kind, line.key, line.number)
    is_open = line.state in {State.DRAFT, State.REVIEW}
    turn = turn_of(visit, shown)
    return Member(
        line=line,
        shown=shown,
        title=title_of(shown.body, visit.language) or line.key,
        path=address(line.kind, line.key),
        fields=_told_fields(line.kind),
        faults=faults_of(visit, line.kind, line.key, shown.body) if is_open else [],
        mine=turn.step is not None and not turn.reason,
    )


def _left(member: Member) -> Left:
    line = member.line
    return Left(line.kind, line.key, line.number, line.state, line.step, line.release_at)


def _told_fields(kind: str) -> tuple[Field, ...]:
    """What is worth reading side by side: not where it comes from and how long it is valid."""
    aside = {"id", "from_case", "typology", "start", "end", "source", "audiences", "places", "ai_made", "methods"}
    return tuple(f for f in fields_of(kind) if f.name not in aside)


def _is_ready(member: Member) -> bool:
    return all(f.advice for f in member.faults)


def _offers(visit: Visit) -> list[Offer]:
    templates = {one.key: one.body for one in visit.desk.flow.pieces.newest("template")}
    return [
        Offer(
            draft=one,
            name=title_of(templates[one.template], visit.language) or one.template,
            fields=_told_fields(one.kind),
            faults=faults_of(visit, one.kind, one.key, one.body),
        )
        for one in _drafts(visit)
    ]


def _drafts(visit: Visit, only: list[str] | None = None) -> tuple[Draft, ...]:
    known = [(one.kind, one.key, one.body) for one in visit.desk.flow.pieces.newest()]
    return drafts(visit.path("key"), known, today=visit.house.services.snapshot.today(), only=only)


# ---- Doing something with all of them ----


def draft(visit: Visit) -> Response:
    """Save what the ticked templates make, all at once."""
    ticked = visit.form.texts("make")
    if not ticked:
        raise FlowError("tick what to draft", code="nothing_ticked")
    bases = {(one.kind, one.key): one.base for one in visit.desk.flow.pieces.newest(withdrawn=True)}
    made = [Written(one.kind, one.key, one.body, bases.get((one.kind, one.key), 0)) for one in _drafts(visit, ticked)]
    visit.desk.flow.save_all(visit.actor, made, comment=visit.t("desk_family_comment"))
    return visit.go(f"/desk/cases/{visit.path('key')}", "desk_said_drafted", count=len(made))


def schedule(visit: Visit) -> Response:
    """Give everything that is approved the same time; without one, take the schedule off all of it."""
    chosen = [m for m in _members(visit) if m.waits_for_release]
    if not chosen:
        raise FlowError("nothing new is approved", code="nothing_new")
    at = visit.t.moment(visit.form.text("release_at"))
    visit.desk.flow.schedule(visit.actor, [m.numbered for m in chosen], release_at=at, apart=visit.form.text("apart"))
    said = "desk_said_family_scheduled" if at else "desk_said_family_unscheduled"
    return visit.go(f"/desk/cases/{visit.path('key')}", said, count=len(chosen))


def submit(visit: Visit) -> Response:
    """Hand over every draft of the family; with a faulty one, none."""
    chosen = [m for m in _members(visit) if m.line.state is State.DRAFT]
    faulty = [m for m in chosen if not _is_ready(m)]
    if faulty:
        raise FlowError(f"{len(faulty)} have faults", code="family_faults", count=str(len(faulty)))
    visit.desk.flow.submit_all(visit.actor, [m.numbered for m in chosen])
    return visit.go(f"/desk/cases/{visit.path('key')}", "desk_said_family_submitted", count=len(chosen))


def accept(visit: Visit) -> Response:
    """Accept what this editor may, each at its step."""
    chosen = [m for m in _members(visit) if m.mine and m.line.key in visit.form.texts("accept")]
    if not chosen:
        raise FlowError("tick what to accept", code="nothing_ticked")
    visit.desk.flow.accept_all(
        visit.actor, [(m.numbered, m.line.step) for m in chosen], comment=visit.form.text("comment")
    )
    return visit.go(f"/desk/cases/{visit.path('key')}", "desk_said_family_accepted", count=len(chosen))
