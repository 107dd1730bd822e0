"""Which piece of a case lacks what before all of them can go out together."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.publishing import State
from bot.store.views import Left
from bot.web.desk.catalogue import title_of
from bot.web.desk.faults import faults_of
from bot.web.desk.pieces import address
from bot.web.desk.visit import Visit


@dataclass(frozen=True, slots=True)
class Lack:
    """One piece that would stay behind, and in words what it waits for."""

    kind: str
    title: str
    path: str
    waits: str


def lacking(visit: Visit, left: Iterable[Left]) -> list[Lack]:
    """What each of these lacks."""
    found = []
    for one in left:
        revision = visit.desk.flow.revision(one.kind, one.key, one.number)
        title = title_of(revision.body, visit.language) or one.key
        found.append(Lack(one.kind, title, address(one.kind, one.key), _waits(visit, one, revision.body)))
    return found


def _waits(visit: Visit, one: Left, body: dict[str, object]) -> str:
    if one.state is State.REVIEW:
        return visit.t("desk_lacks_step", step=visit.t.step(one.step))
    if one.state is State.SCHEDULED:
        return visit.t("desk_lacks_time", when=visit.t.when(one.release_at))
    if one.state is State.APPROVED:
        return visit.t("desk_lacks_release")
    faults = sum(not fault.advice for fault in faults_of(visit, one.kind, one.key, body))
    return visit.t("desk_lacks_mending", count=faults) if faults else visit.t("desk_lacks_submission")
