"""Waiting for long work: a page that shows how far a job is, what a script asks for, and calling it off."""

from starlette.responses import Response

from bot.core.errors import DeskError
from bot.core.publishing import Right
from bot.web.desk.jobs import Job, Stage
from bot.web.desk.routes import Pages
from bot.web.desk.visit import Visit


def add(pages: Pages) -> None:
    """Register the pages."""
    pages.get("/desk/jobs/{id}", Right.READ)(waiting_page)
    pages.get("/desk/jobs/{id}/state", Right.READ)(state)
    pages.post("/desk/jobs/{id}/off", Right.READ)(call_off)


def _job(visit: Visit) -> Job:
    job = visit.house.jobs.get(visit.visitor.member.login, visit.path("id"))
    if job is None:
        raise DeskError("this process knows no such job", code="no_job")
    return job


def waiting_page(visit: Visit) -> Response:
    """How far the job is; on to its page when it has ended well."""
    job = _job(visit)
    if job.stage is Stage.DONE:
        return visit.go(job.then)
    return visit.page("waiting.html", job=job, step=_step(visit, job), reason=_reason(visit, job))


def state(visit: Visit) -> Response:
    """The same for a script."""
    job = _job(visit)
    return visit.data(
        {
            "stage": job.stage.value,
            "over": job.stage.over,
            "step": _step(visit, job),
            "done": job.done,
            "total": job.total,
        }
    )


def call_off(visit: Visit) -> Response:
    """Ask the job to stop."""
    job = _job(visit)
    job.call_off()
    return visit.go(f"/desk/jobs/{job.id}")


def _step(visit: Visit, job: Job) -> str:
    if job.stage is Stage.WAITING or not job.step:
        return visit.t("desk_job_waiting")
    return visit.t.or_else(f"{job.steps}{job.step}", job.step, done=job.done, total=job.total)


def _reason(visit: Visit, job: Job) -> str:
    return visit.t.error(job.error) if job.error else ""
