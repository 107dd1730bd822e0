"""Trying it: a chat with the newest words of everything, drafts too, learned in the background and kept by nobody."""

from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from bot.content.build import parse
from bot.conversation.snapshot import SnapshotBuilder
from bot.core.errors import ContentError, FlowError
from bot.core.publishing import Right
from bot.core.vocabulary import Language
from bot.store.views import Written
from bot.web.desk.jobs import Job
from bot.web.desk.routes import Pages
from bot.web.desk.trials import Trial
from bot.web.desk.visit import Visit

PAGE, KIND = "/desk/try", "try"
LONGEST = 2000


def add(pages: Pages) -> None:
    """Register the pages."""
    pages.get(PAGE, Right.WRITE)(try_page)
    pages.post(f"{PAGE}/start", Right.WRITE, again=try_page)(start)
    pages.post(f"{PAGE}/say", Right.WRITE, again=try_page)(say)
    pages.post(f"{PAGE}/over", Right.WRITE)(over)


@dataclass(frozen=True)
class Drafts:
    """Everything as it stands: the newest words, or those released where the newest are not whole."""

    pieces: list[tuple[str, str, dict[str, Any]]]
    left_out: tuple[tuple[str, str], ...]


def try_page(visit: Visit) -> Response:
    """The chat, or how to begin one."""
    trial = visit.house.trials.of(visit.visitor.member.login)
    return visit.page("try.html", trial=trial, languages_of_words=tuple(Language), chosen=_language(visit))


def start(visit: Visit) -> Response:
    """Learn from the drafts in the background."""
    services, owner, trials = visit.house.services, visit.visitor.member.login, visit.house.trials
    newest = services.store.newest_release()
    drafts = _drafts(visit.desk.flow.pieces.newest(), services.store.pieces_of(newest))

    def work(job: Job) -> None:
        job.progress("reading")
        workshop = services.workshop(lambda _: job.progress("learning"))
        builder = SnapshotBuilder(services.store.pieces_of, workshop, services.snapshot.today)
        trials.keep(owner, Trial(builder.of(drafts.pieces, services.snapshot), drafts.left_out))

    job = visit.house.jobs.start(owner, KIND, work, then=PAGE, steps="desk_try_step_")
    return visit.go(f"/desk/jobs/{job.id}")


def _drafts(newest: list[Written], released: list[tuple[str, str, dict[str, Any]]]) -> Drafts:
    before = {(kind, key): body for kind, key, body in released}
    pieces, left_out = [], []
    for one in newest:
        name = (one.kind, one.key)
        try:
            parse(one.kind, one.key, one.body)
        except ContentError:
            left_out.append(name)
            if name in before:
                pieces.append((*name, before[name]))
        else:
            pieces.append((*name, one.body))
    return Drafts(pieces, tuple(left_out))


def say(visit: Visit) -> Response:
    """One turn of the chat."""
    trial = visit.house.trials.of(visit.visitor.member.login)
    if trial is None:
        raise FlowError("the trial is gone: begin again", code="no_trial")
    payload = visit.form.text("payload")
    title, text = visit.form.text("title")[:LONGEST], visit.form.text("text")[:LONGEST]
    if text or payload:
        trial.say("" if payload else text, payload, _language(visit).value, title if payload else "")
    return visit.go(f"{PAGE}?words={_language(visit).value}#newest")


def _language(visit: Visit) -> Language:
    asked = visit.form.text("words") or visit.query("words")
    return Language.parse(asked) or visit.language


def over(visit: Visit) -> Response:
    """Begin the chat anew, or with `all` forget what was learned for it."""
    owner = visit.visitor.member.login
    trial = visit.house.trials.of(owner)
    if visit.form.text("all") == "yes":
        visit.house.trials.drop(owner)
    elif trial is not None:
        trial.begin_anew()
    return visit.go(PAGE)
