"""Lists of pieces: by kind, by where they stand, by what is in them."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from starlette.responses import Response

from bot.content.schema import KINDS
from bot.core.errors import FlowError
from bot.core.publishing import Right, State
from bot.store.views import PieceLine
from bot.web.desk.catalogue import title_of
from bot.web.desk.routes import Pages
from bot.web.desk.visit import Visit

PER_PAGE = 40
# A state to filter by, and what it is called in an address: a step of the review is `review:<step>`.
STATES = tuple(state for state in State if state is not State.REPLACED)


def add(pages: Pages) -> None:
    """Register the pages."""
    pages.get("/desk/pieces", Right.READ)(everything)
    pages.get("/desk/pieces/{kind}", Right.READ)(of_kind)


@dataclass(frozen=True, slots=True)
class Listed:
    """A piece in a list, with what it is called."""

    line: PieceLine
    title: str
    path: str


def address(kind: str, key: str, *more: str) -> str:
    """Where a piece is found at the desk, or with `more` something of it."""
    return "/".join(["/desk/pieces", *(quote(part, safe="") for part in (kind, key, *more))])


def known_kind(visit: Visit) -> str:
    """The kind an address names.

    Raises:
        FlowError: there is no such kind.
    """
    kind = visit.path("kind")
    if kind not in KINDS:
        raise FlowError(f"there is no kind {kind}", code="no_piece", piece=kind)
    return kind


def listed(visit: Visit, lines: list[PieceLine]) -> list[Listed]:
    """Pieces with what they are called: as released, or as their newest draft is."""
    catalogue = visit.house.catalogue.newest()
    found = []
    for line in lines:
        title = catalogue.title(line.kind, line.key, visit.language)
        if not title and line.live is None:
            revision = visit.desk.flow.pieces.revision(line.kind, line.key, line.number)
            title = title_of(revision.body, visit.language) if revision else ""
        found.append(Listed(line, title or line.key, address(line.kind, line.key)))
    return found


def everything(visit: Visit) -> Response:
    """Pieces of any kind that contain something."""
    return _list(visit, None)


def of_kind(visit: Visit) -> Response:
    """Pieces of one kind; the bank and the disguised words are one piece each."""
    kind = known_kind(visit)
    if kind in {"bank", "variants"}:
        return visit.go(address(kind, kind))
    return _list(visit, kind)


def _list(visit: Visit, kind: str | None) -> Response:
    asked, text, page = visit.query("state"), visit.query("q").strip(), visit.page_number()
    state, _, step = asked.partition(":")
    lines = visit.desk.flow.pieces.pieces(
        kind=kind,
        state=State(state) if state in set(State) else None,
        step=step or None,
        text=text,
        limit=PER_PAGE + 1,
        offset=(page - 1) * PER_PAGE,
    )
    path = f"/desk/pieces/{kind}" if kind else "/desk/pieces"

    def turned(number: int) -> str:
        return f"{path}?{urlencode({'q': text, 'state': asked, 'page': number})}"

    return visit.page(
        "pieces.html",
        kind=kind,
        pieces=listed(visit, lines[:PER_PAGE]),
        more=len(lines) > PER_PAGE,
        page=page,
        turned=turned,
        path=path,
        text=text,
        asked=asked,
        states=_states(visit, kind),
    )


def _states(visit: Visit, kind: str | None) -> list[tuple[str, str, int]]:
    """(value, name, how many) of every state a list can be narrowed to."""
    counts: dict[str, int] = {}
    for (of, state, step), number in visit.desk.flow.pieces.counts().items():
        if kind in {None, of}:
            value = f"{state}:{step}" if state is State.REVIEW else state.value
            counts[value] = counts.get(value, 0) + number
    found: list[tuple[str, str, int]] = []
    for state in STATES:
        if state is State.REVIEW:
            steps = visit.desk.rules.flow.steps
            found += [(f"review:{s.id}", visit.t.step(s.id), counts.get(f"review:{s.id}", 0)) for s in steps]
        else:
            found.append((state.value, visit.t(f"desk_state_{state}"), counts.get(state.value, 0)))
    return found
