"""The gate before a release, run in the background, and what it found for exactly what would be released."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.responses import Response

from bot.core.publishing import Right
from bot.desk.gate import examination_rows, run_gate
from bot.desk.gate_report import GateReport, Recall
from bot.desk.gate_words import Finding
from bot.web.desk.jobs import Job, Stage
from bot.web.desk.pieces import address
from bot.web.desk.routes import Pages
from bot.web.desk.scope import Scope, scope_of
from bot.web.desk.visit import Visit

KIND = "gate"


def add(pages: Pages) -> None:
    """Register what starts it, and the page with all it found."""
    pages.get("/desk/release/gate", Right.RELEASE)(gate_page)
    pages.post("/desk/release/gate", Right.RELEASE)(start)


@dataclass(frozen=True, slots=True)
class Checked:
    """What the gate found for one set of revisions, named by its fingerprint."""

    fingerprint: str
    report: GateReport
    scope: Scope = field(default_factory=Scope)


def start(visit: Visit) -> Response:
    """Run the gate on what would be released now."""
    services, scope = visit.house.services, scope_of(visit)
    only = scope.names(visit)
    rows = examination_rows(services.settings.examinations)

    def work(job: Job) -> Checked:
        upcoming = visit.desk.flow.upcoming(only=only)
        number = services.store.newest_release()
        snapshot = services.snapshot
        report = run_gate(
            services.store.pieces_of(number),
            upcoming.pieces,
            rows,
            workshop_for=services.workshop,
            today=snapshot.today(),
            progress=job.progress,
            called_off=job.called_off,
            in_force=snapshot.recogniser if snapshot.release.version == number else None,
            known=visit.house.readings,
        )
        return Checked(upcoming.fingerprint, report, scope)

    job = visit.house.jobs.start(visit.visitor.member.login, KIND, work, then=scope.address, steps="desk_gate_step_")
    return visit.go(f"/desk/jobs/{job.id}")


def checked(visit: Visit, fingerprint: str) -> Checked | None:
    """What this editor's last run of the gate found, if it was for exactly these revisions."""
    job = visit.house.jobs.newest(visit.visitor.member.login, KIND)
    if job is None or job.stage is not Stage.DONE or not isinstance(job.result, Checked):
        return None
    return job.result if job.result.fingerprint == fingerprint else None


def gate_page(visit: Visit) -> Response:
    """Everything the gate found when it ran last for this editor."""
    job = visit.house.jobs.newest(visit.visitor.member.login, KIND)
    found = job.result if job is not None and isinstance(job.result, Checked) else None
    if found is None:
        return visit.go("/desk/release")
    report = found.report
    return visit.page(
        "gate.html",
        report=report,
        scope=found.scope,
        reasons=reasons_of(visit, report),
        is_old=found.fingerprint != visit.desk.flow.upcoming(only=found.scope.names(visit)).fingerprint,
        moved=[r for r in report.recall if _moved(r)],
        still=[r for r in report.recall if not _moved(r)],
        findings=[(f, address(f.kind, f.key), _said_of(visit, f)) for f in report.findings],
        kind_of=lambda typology: _name(visit, typology),
    )


def reasons_of(visit: Visit, report: GateReport) -> list[tuple[bool, str]]:
    """(blocks, sentence) of everything the gate has to say."""

    def said(code: str, values: Mapping[str, str]) -> str:
        return visit.t(f"desk_gate_{code}", **{**values, "name": _name(visit, values.get("name", ""))})

    return [(r.blocks, said(r.code, r.values)) for r in report.reasons]


def _name(visit: Visit, typology: str) -> str:
    return visit.house.catalogue.newest().title("typology", typology, visit.language) or typology


def _moved(recall: Recall) -> bool:
    return (recall.caught_before, recall.named_before) != (recall.caught_after, recall.named_after)


def _said_of(visit: Visit, finding: Finding) -> str:
    rule = finding.code.removeprefix("sign_")
    said = visit.t(f"desk_sign_{rule}", **finding.values) if finding.code.startswith("sign_") else ""
    return said or visit.t(f"desk_fault_{finding.code}", **finding.values) or finding.message
