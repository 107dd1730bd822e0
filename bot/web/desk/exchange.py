"""In and out: a file is read without saving anything, looked at, and then taken in whole or not at all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

from starlette.responses import Response

from bot.core.errors import CalledOff, DeskError, FlowError
from bot.core.publishing import Right
from bot.desk.exchange import Reader, release_zip, write
from bot.desk.exchange_columns import COLUMNS, Column, Kind
from bot.desk.exchange_files import FORMS, as_csv
from bot.desk.exchange_plan import Plan, RowFault, take_in
from bot.desk.products import Stored
from bot.store.views import Written
from bot.web.desk.jobs import Job, Stage
from bot.web.desk.pieces import address
from bot.web.desk.routes import Pages
from bot.web.desk.visit import LANGUAGES, Visit

KINDS: tuple[Kind, ...] = get_args(Kind)
READING, TAKING = "import", "take_in"
PAGE, PLAN = "/desk/exchange", "/desk/exchange/plan"
MOST_UPLOADED = 64 * 1024 * 1024
SHOWN = 200
MEDIA = {
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "csv": ("text/csv", "csv"),
    "jsonl": ("application/jsonl", "jsonl"),
    "nlu": ("application/yaml", "yml"),
}
BY_ENDING = {"xlsx": "xlsx", "csv": "csv", "txt": "csv", "tsv": "csv", "jsonl": "jsonl", "yml": "nlu", "yaml": "nlu"}
# One intent a line, and what it stands for: `ask_loan: fake_loan/warn`, the form behind another stroke.
INTENT = re.compile(r"^\s*([^:\s]+)\s*[:：]\s*([\w-]+)/([\w-]+)(?:/([\w-]+))?\s*$")


def add(pages: Pages) -> None:
    """Register the pages."""
    pages.get(PAGE, Right.READ)(exchange_page)
    pages.post(f"{PAGE}/read", Right.WRITE, again=exchange_page, most=MOST_UPLOADED)(read)
    pages.get(PLAN, Right.WRITE)(plan_page)
    pages.post(f"{PAGE}/take", Right.WRITE, again=exchange_page)(take)
    pages.get(f"{PAGE}/faults.csv", Right.WRITE)(faults_file)
    pages.get(f"{PAGE}/export", Right.READ)(export)
    pages.get("/desk/releases/{number}/content.zip", Right.READ)(folder)


@dataclass(frozen=True)
class Seen:
    """A file as it was read: its plan, its name, and which revisions its pieces were held against."""

    plan: Plan
    file: str
    bases: dict[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken in."""

    count: int
    kind: str


def exchange_page(visit: Visit) -> Response:
    """The form to hand a file in, and everything that can be taken out."""
    return visit.page(
        "exchange.html",
        kinds=KINDS,
        forms=FORMS,
        columns=COLUMNS,
        form=visit.form,
        has_plan=isinstance(_newest(visit, READING), Seen),
        newest=visit.house.services.store.newest_release(),
        most=MOST_UPLOADED // 1024 // 1024,
    )


def _newest(visit: Visit, kind: str) -> Any:
    """What this editor's last job of a kind came to."""
    job = visit.house.jobs.newest(visit.visitor.member.login, kind)
    return job.result if job is not None and job.stage is Stage.DONE else None


# ---- In ----


def read(visit: Visit) -> Response:
    """Read a file in the background; nothing is saved."""
    upload = visit.form.file("file")
    if upload is None:
        raise FlowError("choose a file", code="no_file")
    kind = _kind(visit.form.text("kind"))
    form = BY_ENDING.get(upload.name.rpartition(".")[2].lower(), "")
    if not form:
        raise DeskError(f"{upload.name}: of no known form", code="unknown_file", value=upload.name)
    name = visit.form.text("name") or "imported"
    intents, headings, reader = _intents(visit.form.text("intents")), _headings(visit), visit.desk.flow.pieces

    def work(job: Job) -> Seen:
        there = reader.newest(withdrawn=True)
        known = [(one.kind, one.key, one.body) for one in reader.newest()]
        reading = Reader(known, name, headings, intents, job.progress, job.called_off)
        plan = reading.read(upload.data, form, kind)
        named = {piece[:2] for piece in plan.pieces}
        return Seen(plan, upload.name, {(o.kind, o.key): o.base for o in there if (o.kind, o.key) in named})

    return _start(visit, READING, work)


def _start(visit: Visit, kind: str, work: Any) -> Response:
    job = visit.house.jobs.start(visit.visitor.member.login, kind, work, then=PLAN, steps="desk_import_step_")
    return visit.go(f"/desk/jobs/{job.id}")


def _kind(text: str) -> Kind:
    if text not in KINDS:
        raise DeskError(f"{text} is nothing that can be exchanged", code="wrong_form", name=text, value="")
    return text


def _headings(visit: Visit) -> dict[str, list[str]]:
    """Every column's heading in both languages of the desk: a file goes from one editor to another."""
    speeches = [visit.house.speech(tag, visit.who) for tag in LANGUAGES]
    ids = {column.id for columns in COLUMNS.values() for column in columns}
    return {one: [said(f"desk_column_{one}") for said in speeches] for one in ids}


def _intents(text: str) -> dict[str, dict[str, str]]:
    found = {}
    for line in text.split("\n"):
        if not line.strip():
            continue
        told = INTENT.match(line)
        if told is None:
            raise DeskError(f"{line}: write intent: kind/urgency", code="bad_intent", value=line.strip()[:60])
        labels = {"typology": told.group(2), "urgency": told.group(3), "form": told.group(4) or ""}
        found[told.group(1)] = {name: value for name, value in labels.items() if value}
    return found


def plan_page(visit: Visit) -> Response:
    """What the file would bring, or what was taken in."""
    taken = _newest(visit, TAKING)
    seen = _newest(visit, READING)
    if not isinstance(seen, Seen):
        if isinstance(taken, Taken):
            return visit.go(f"/desk/pieces/{taken.kind}?state=draft", "desk_said_taken_in", count=taken.count)
        return visit.go(PAGE)
    plan = seen.plan
    wrong = [f for f in plan.faults if not f.advice]
    return visit.page(
        "exchange_plan.html",
        seen=seen,
        plan=plan,
        wrong=len(wrong),
        rows_wrong=len({f.row for f in wrong}),
        advice=len(plan.faults) - len(wrong),
        faults=[(f, _told(visit, f)) for f in plan.faults[:SHOWN]],
        duplicates=plan.duplicates[:SHOWN],
        pieces=[(kind, key, address(kind, key), (kind, key) in seen.bases) for kind, key, _ in plan.pieces[:SHOWN]],
        shown=SHOWN,
        heading=lambda column: _heading(visit, column),
    )


def _told(visit: Visit, fault: RowFault) -> str:
    return visit.t.or_else(fault.reply, fault.reply, **fault.values)


def _heading(visit: Visit, column: str) -> str:
    return visit.t.or_else(f"desk_column_{column}", column)


def take(visit: Visit) -> Response:
    """Save everything of the plan as drafts, at once."""
    seen = _newest(visit, READING)
    if not isinstance(seen, Seen):
        raise FlowError("read the file again", code="no_plan")
    flow, actor, comment = visit.desk.flow, visit.actor, visit.t("desk_exchange_comment", name=seen.file)
    reading = visit.house.jobs.newest(visit.visitor.member.login, READING)

    def work(job: Job) -> Taken:
        total = len(seen.plan.pieces)

        def done(count: int) -> None:
            if job.called_off():
                raise CalledOff("the import was called off: nothing was saved", code="called_off")
            job.progress("saving", count, total)

        def save(pieces: Sequence[Stored]) -> None:
            drafts = [Written(kind, key, body, seen.bases.get((kind, key), 0)) for kind, key, body in pieces]
            flow.save_all(actor, drafts, comment=comment, done=done)

        job.progress("saving", 0, total)
        count = take_in(seen.plan, save)
        if reading is not None:
            reading.result = None
        return Taken(count, seen.plan.kind)

    return _start(visit, TAKING, work)


def faults_file(visit: Visit) -> Response:
    """Every fault with its row and column, to be worked through beside the spreadsheet."""
    seen = _newest(visit, READING)
    if not isinstance(seen, Seen):
        raise FlowError("read the file again", code="no_plan")
    columns = [Column(name) for name in ("row", "column", "text")]
    words = {c.id: visit.t(f"desk_exchange_fault_{c.id}") for c in columns}
    rows = [{"row": str(f.row), "column": _heading(visit, f.column), "text": _told(visit, f)} for f in seen.plan.faults]
    return visit.file(as_csv(columns, rows, words), MEDIA["csv"][0], "faults.csv")


# ---- Out ----


def export(visit: Visit) -> Response:
    """A kind as a file: what customers see, with drafts the newest words of each, or an empty table to fill in."""
    kind, form, what = _kind(visit.query("kind")), visit.query("form"), visit.query("what", "released")
    pieces: list[Stored] = []
    if what == "drafts":
        pieces = [(one.kind, one.key, one.body) for one in visit.desk.flow.pieces.newest(kind)]
    elif what == "released":
        store = visit.house.services.store
        pieces = store.pieces_of(store.newest_release())
    headings = {c.id: visit.t(f"desk_column_{c.id}") for c in COLUMNS[kind]}
    data = write(kind, pieces, form, headings)
    media, ending = MEDIA[form]
    return visit.file(data, media, f"{kind}.{ending}")


def folder(visit: Visit) -> Response:
    """A release as a zipped content folder."""
    asked = visit.path("number")
    number = int(asked) if asked.isdecimal() and len(asked) < 10 else 0
    pieces = visit.house.services.store.pieces_of(number)
    if not pieces:
        raise FlowError(f"there is no release {asked}", code="no_release", release=asked)
    return visit.file(release_zip(pieces), "application/zip", f"content-{number}.zip")
