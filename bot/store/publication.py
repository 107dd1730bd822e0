"""From approval to customers and back: scheduling, releasing, withdrawing, rolling back."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, or_, select, update
from sqlalchemy.orm import Session

from bot.core.errors import FlowError
from bot.core.publishing import STANDING, Actor, Right, Rules, State
from bot.store import audit, pieces, releasing
from bot.store.releasing import Check
from bot.store.tables import Piece, Release, ReleaseItem, Revision, RevisionState, now
from bot.store.transactions import turn
from bot.store.views import Name


@dataclass(frozen=True, slots=True)
class RolledBack:
    """What a roll-back did. `kept` stand as they stood; `left_out` show no more, as their old words were withdrawn."""

    release: int
    kept: tuple[Name, ...]
    left_out: tuple[Name, ...]


class PublicationStore:
    """Releases made by people. Every method is one transaction, in turn.

    Args:
        engine: the database.
        rules: who may.
        clock: the time.
        check: told every release before it is one; what it raises keeps it from becoming one.
    """

    def __init__(
        self,
        engine: Engine,
        rules: Rules,
        clock: Callable[[], datetime] = now,
        check: Check | None = None,
    ) -> None:
        self._engine = engine
        self._rules = rules
        self._clock = clock
        self._check = check

    def schedule(
        self,
        actor: Actor,
        kind: str,
        key: str,
        number: int,
        *,
        release_at: datetime | None = None,
        ends_at: datetime | None = None,
    ) -> State:
        """Say when an approved revision goes out by itself, and when it is taken down again; the state it has then.

        Neither given takes a schedule off. What is released already can only be given an end.

        Raises:
            FlowError: it is not approved, a time has passed, or the end is before the beginning.
            NotAllowedError: no right to release.
        """
        with turn(self._engine) as session:
            moment = self._clock()
            pieces.authorise(session, self._rules, actor, Right.RELEASE)
            found = pieces.find(session, kind, key, number)
            if found.is_at not in STANDING:
                raise FlowError(
                    f"{found.name} revision {number} is {found.is_at}, not approved",
                    code="not_approved",
                    state=found.is_at,
                )
            _check_times(moment, release_at, ends_at)
            if found.is_at is State.RELEASED:
                if release_at is not None:
                    raise FlowError(f"{found.name} is released already", code="released_already")
                found.state.changed_at, found.state.changed_by = moment, actor.login
            else:
                found.move(State.SCHEDULED if release_at else State.APPROVED, actor, moment)
            found.state.release_at, found.state.ends_at = release_at, ends_at
            audit.append(
                session,
                at=moment,
                actor=actor.login,
                action="piece.scheduled",
                subject=found.name,
                revision=number,
                release_at=release_at.isoformat() if release_at else None,
                ends_at=ends_at.isoformat() if ends_at else None,
            )
            return found.is_at

    def release(
        self, actor: Actor, *, note: str = "", expect: str = "", override: str = "", findings: Any = None
    ) -> int:
        """Release for each piece the newest approved revision; the new number.

        Args:
            actor: who releases.
            note: what is new.
            expect: the fingerprint of what is meant to be released (`bot.store.reading.Upcoming`).
            override: why the gate is overruled; it needs the right to.
            findings: what the gate found, for the trail; a JSON value.

        Raises:
            FlowError: nothing new is approved, or something else than expected.
            NotAllowedError: no right to release, or to override.
        """
        with turn(self._engine) as session:
            moment = self._clock()
            pieces.authorise(session, self._rules, actor, Right.RELEASE)
            if override:
                pieces.authorise(session, self._rules, actor, Right.OVERRIDE)
            chosen = dict(session.execute(releasing.chosen(moment)).all())
            if chosen == releasing.held(session, releasing.newest_release(session)):
                raise FlowError("nothing new is approved: there is nothing to release", code="nothing_new")
            if expect and expect != releasing.fingerprint(chosen.values()):
                raise FlowError(
                    "something was approved, withdrawn or became due meanwhile: look at the release again",
                    code="changed_meanwhile",
                )
            return self._freeze(session, chosen.values(), actor, note, moment, override=override, findings=findings)

    def withdraw(self, actor: Actor, names: Sequence[Name], *, reason: str) -> int:
        """Take pieces away from customers at once; the release without them, or the newest if they were in none.

        That release is otherwise the one in force: what is approved and not released stays so.

        Raises:
            FlowError: there is no such piece, or no reason is given.
            NotAllowedError: no right to withdraw.
        """
        if not reason.strip():
            raise FlowError("say why it is withdrawn: the trail keeps it", code="reason_missing")
        with turn(self._engine) as session:
            moment = self._clock()
            pieces.authorise(session, self._rules, actor, Right.WITHDRAW)
            standing = releasing.held(session, releasing.newest_release(session))
            left = dict(standing)
            for kind, key in names:
                piece = pieces.piece_of(session, kind, key)
                if piece is None:
                    raise FlowError(f"{kind}/{key}: no such piece", code="no_piece", piece=f"{kind}/{key}")
                self._withdraw(session, piece, actor, moment, reason)
                left.pop(piece.id, None)
            if left == standing:
                return releasing.newest_release(session)
            shown = ", ".join(f"{kind}/{key}" for kind, key in names)
            return self._freeze(session, left.values(), actor, f"withdrawn: {shown}. {reason}", moment)

    def roll_back(self, actor: Actor, number: int, *, reason: str) -> RolledBack:
        """Make a new release with what release `number` held.

        Words that were withdrawn or have expired since do not come back: such a piece stands as it stands now, or is
        left out. What is approved and not released yet stays so; it goes out with the next release.

        Raises:
            FlowError: there is no such release, it is the one in force, or no reason is given.
            NotAllowedError: no right to release.
        """
        if not reason.strip():
            raise FlowError("say why you go back: the trail keeps it", code="reason_missing")
        with turn(self._engine) as session:
            moment = self._clock()
            pieces.authorise(session, self._rules, actor, Right.RELEASE)
            if session.get(Release, number) is None:
                raise FlowError(f"there is no release {number}", code="no_release", release=str(number))
            standing = releasing.held(session, releasing.newest_release(session))
            old = releasing.held(session, number)
            barred = self._barred(session, number, moment)
            kept = {p: standing[p] for p in old if old[p] in barred and p in standing}
            left_out = [p for p in old if old[p] in barred and p not in standing]
            chosen = {p: r for p, r in old.items() if r not in barred} | kept
            if chosen == standing:
                raise FlowError(f"what release {number} held is in force already", code="nothing_new")
            made = self._freeze(session, chosen.values(), actor, reason, moment, rolled_back_to=number)
            names = _names(session)
            return RolledBack(made, tuple(names[p] for p in kept), tuple(names[p] for p in left_out))

    def _freeze(
        self, session: Session, revisions: Iterable[int], actor: Actor, note: str, moment: datetime, **detail: Any
    ) -> int:
        return releasing.freeze(
            session, list(revisions), author=actor.login, note=note, now=moment, check=self._check, **detail
        )

    @staticmethod
    def _withdraw(session: Session, piece: Piece, actor: Actor, moment: datetime, reason: str) -> None:
        standing = select(Revision.id).where(Revision.piece_id == piece.id)
        session.execute(
            update(RevisionState)
            .where(RevisionState.revision_id.in_(standing), RevisionState.state.in_(STANDING))
            .values(state=State.WITHDRAWN, release_at=None, changed_at=moment, changed_by=actor.login)
            .execution_options(synchronize_session=False)
        )
        session.expire_all()
        piece.withdrawn = True
        audit.append(
            session,
            at=moment,
            actor=actor.login,
            action="piece.withdrawn",
            subject=f"{piece.kind}/{piece.key}",
            reason=reason,
        )

    @staticmethod
    def _barred(session: Session, number: int, moment: datetime) -> set[int]:
        """Revisions of a release that must not come back."""
        query = (
            select(Revision.id)
            .join(RevisionState, RevisionState.revision_id == Revision.id)
            .join(Piece, Piece.id == Revision.piece_id)
            .where(
                Revision.id.in_(select(ReleaseItem.revision_id).where(ReleaseItem.release_number == number)),
                or_(
                    Piece.withdrawn.is_(True),
                    RevisionState.state.in_([State.WITHDRAWN, State.EXPIRED]),
                    releasing.ended(moment),
                ),
            )
        )
        return set(session.scalars(query))


def _names(session: Session) -> dict[int, Name]:
    return {id_: (kind, key) for id_, kind, key in session.execute(select(Piece.id, Piece.kind, Piece.key))}


def _check_times(moment: datetime, release_at: datetime | None, ends_at: datetime | None) -> None:
    if release_at is not None and release_at <= moment:
        raise FlowError("the time to release has passed: name a later one, or release now", code="time_passed")
    if ends_at is not None and ends_at <= (release_at or moment):
        raise FlowError("the end is before the beginning: name a later one", code="end_before_beginning")
