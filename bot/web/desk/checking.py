"""The gate before a release, run in the background, and what it found for exactly what would be released."""

from dataclasses import dataclass

from starlette.responses import Response

from bot.core.publishing import Right
from bot.desk.gate import examination_rows, run_gate
from bot.desk.gate_report import GateReport
from bot.web.desk.jobs import Job, Stage
from bot.web.desk.routes import Pages
from bot.web.desk.visit import Visit

KIND = "gate"


def add(pages: Pages) -> None:
    """Register what starts it; its findings in full are a page of their own."""
    pages.post("/desk/release/gate", Right.RELEASE)(start)


@dataclass(frozen=True, slots=True)
class Checked:
    """What the gate found for one set of revisions, named by its fingerprint."""

    fingerprint: str
    report: GateReport


def start(visit: Visit) -> Response:
    """Run the gate on what would be released now."""
    services = visit.house.services
    rows = examination_rows(services.settings.examinations)

    def work(job: Job) -> Checked:
        upcoming = visit.desk.flow.upcoming()
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
        )
        return Checked(upcoming.fingerprint, report)

    job = visit.house.jobs.start(visit.visitor.member.login, KIND, work, then="/desk/release", steps="desk_gate_step_")
    return visit.go(f"/desk/jobs/{job.id}")


def checked(visit: Visit, fingerprint: str) -> Checked | None:
    """What this editor's last run of the gate found, if it was for exactly these revisions."""
    job = visit.house.jobs.newest(visit.visitor.member.login, KIND)
    if job is None or job.stage is not Stage.DONE or not isinstance(job.result, Checked):
        return None
    return job.result if job.result.fingerprint == fingerprint else None
