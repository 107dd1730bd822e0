"""Calls for help from a branch: ringing until one person takes them, closed with a word on what happened."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from bot.core.errors import FlowError
from bot.core.publishing import Actor, Right, Rules
from bot.store import pieces
from bot.store.branch_tables import HelpCall
from bot.store.tables import now
from bot.store.transactions import transaction, turn

KEPT = timedelta(days=180)
LONGEST_OUTCOME = 200


class HelpKind(StrEnum):
    """What somebody asks for."""

    QUIET = "quiet"  # he is watched or listened to: come, but do not show it
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Call:
    """A call that is not closed. `taken_by` is empty while it rings."""

    id: int
    kind: HelpKind
    place: str
    device: str
    at: datetime
    rung: int
    taken_by: str
    taken_at: datetime | None


class HelpCalls:
    """The calls of all branches. One rings at most for each device and kind, however often somebody presses."""

    def __init__(self, engine: Engine, rules: Rules, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._rules = rules
        self._clock = clock

    def ring(self, kind: HelpKind, *, place: str = "", device: str = "") -> int:
        """Call; the number of the call that now rings. What was closed long ago is forgotten on the way."""
        with turn(self._engine) as session:
            moment = self._clock()
            session.execute(delete(HelpCall).where(HelpCall.closed_at <= moment - KEPT))
            ringing = session.scalar(
                select(HelpCall).where(
                    HelpCall.kind == kind,
                    HelpCall.place == place,
                    HelpCall.device == device,
                    HelpCall.taken_at.is_(None),
                )
            )
            if ringing is not None:
                ringing.rung += 1
                return ringing.id
            call = HelpCall(kind=kind, place=place, device=device, at=moment)
            session.add(call)
            session.flush()
            return call.id

    def open(self) -> list[Call]:
        """Calls that are not closed: those that ring first, each group by its age."""
        query = select(HelpCall).where(HelpCall.closed_at.is_(None)).order_by(HelpCall.at, HelpCall.id)
        with transaction(self._engine) as session:
            found = [_call(c) for c in session.scalars(query)]
        return sorted(found, key=lambda call: bool(call.taken_by))

    def take(self, actor: Actor, call_id: int) -> None:
        """Go to somebody who called. The first who takes a call has it.

        Raises:
            FlowError: there is no such call, or somebody took it before.
            NotAllowedError: no right to answer calls.
        """
        with turn(self._engine) as session:
            call = self._find(session, actor, call_id)
            if call.taken_at is not None:
                raise FlowError(f"{call.taken_by} took it", code="help_taken", who=call.taken_by)
            call.taken_at, call.taken_by = self._clock(), actor.login

    def close(self, actor: Actor, call_id: int, outcome: str) -> None:
        """Say what came of it. Anybody with the right may, and one who closes a ringing call has taken it.

        Raises:
            FlowError: there is no such call, it is closed already, or no word was said.
            NotAllowedError: no right to answer calls.
        """
        with turn(self._engine) as session:
            call = self._find(session, actor, call_id)
            if call.closed_at is not None:
                raise FlowError(f"{call.closed_by} closed it", code="help_closed", who=call.closed_by)
            if not outcome.strip():
                raise FlowError("say in a word what happened", code="help_word_missing")
            moment = self._clock()
            if call.taken_at is None:
                call.taken_at, call.taken_by = moment, actor.login
            call.closed_at, call.closed_by, call.outcome = moment, actor.login, outcome.strip()[:LONGEST_OUTCOME]

    def _find(self, session: Session, actor: Actor, call_id: int) -> HelpCall:
        pieces.authorise(session, self._rules, actor, Right.LOBBY)
        call = session.get(HelpCall, call_id)
        if call is None:
            raise FlowError(f"there is no call {call_id}", code="no_help_call")
        return call


def _call(found: HelpCall) -> Call:
    return Call(
        found.id,
        HelpKind(found.kind),
        found.place,
        found.device,
        found.at,
        found.rung,
        found.taken_by,
        found.taken_at,
    )
