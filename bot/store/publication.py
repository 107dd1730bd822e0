"""From approval to customers and back: scheduling, releasing, withdrawing, rolling back."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, or_, select, update
from sqlalchemy.orm import Session

from bot.core.errors import FlowError
from bot.core.publishing import STANDING, Actor, Right, Rules, State
from bot.store import audit, pieces, releasing, scheduling, together
from bot.store.releasing import Check
from bot.store.tables import Piece, Release, ReleaseItem, Revision, RevisionState, now
from bot.store.transactions import turn
from bot.store.views import Name, Numbered


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
        revisions: Sequence[Numbered],
        *,
        release_at: datetime | None = None,
        ends_at: datetime | None = None,
        apart: str = "",
    ) -> State:
        """Say when approved revisions go out by themselves, and when they are taken down again; their state then.

        All of them, or none. Neither time given takes a schedule off. What is released already can only be given an
        end.

        Raises:
            FlowError: one is not approved, a time has passed, the end is before the beginning, or others of the same
                case would not be out by then and no reason is given in `apart`.
            NotAllowedError: no right to release.
        """
        with turn(self._engine) as session:
            moment = self._clock()
            pieces.authorise(session, self._rules, actor, Right.RELEASE)
            state = State.APPROVED
            for numbered in revisions:
                found = pieces.find(session, *numbered)
                state = scheduling.schedule(session, found, actor, moment, release_at=release_at, ends_at=ends_at)
            if release_at is not None:
                left = scheduling.left_behind(session, revisions, release_at)
                together.require_together(left, apart)
                together.note_apart(
                    session,
                    left,
                    at=moment,
                    actor=actor.login,
                    reason=apart.strip(),
                    release_at=release_at.isoformat(),
                )
            return state

    def release(
        self,
        actor: Actor,
        *,
        only: Collection[Name] | None = None,
        note: str = "",
        expect: str = "",
        apart: str = "",
        override: str = "",
        findings: Any = None,
    ) -> int:
        """Release for each piece the newest approved revision; the new number.

        Args:
            actor: who releases.
            only: what may change: the release is the one in force with just these. All of it when left out.
            note: what is new.
            expect: the fingerprint of what is meant to be released (`bot.store.reading.Upcoming`).
            apart: why a part of what was made from a case goes out without the rest; the trail keeps it.
            override: why the gate is overruled; it needs the right to.
            findings: what the gate found, for the trail; a JSON value.

        Raises:
            FlowError: nothing new is approved, or something else than expected, or pieces of the same case would stay
                behind and no reason is given.
            NotAllowedError: no right to release, or to override.
        """
        with turn(self._engine) as session:
            moment = self._clock()
            pieces.authorise(session, self._rules, actor, Right.RELEASE)
            if override:
                pieces.authorise(session, self._rules, actor, Right.OVERRIDE)
            standing = releasing.held(session, releasing.newest_release(session))
            chosen = releasing.next_release(session, moment, only)
            if chosen == standing:
                raise FlowError("nothing new is approved: there is nothing to release", code="nothing_new")
            if expect and expect != releasing.fingerprint(chosen.values()):
                raise FlowError(
                    "something was approved, withdrawn or became due meanwhile: look at the release again",
                    code="changed_meanwhile",
                )
            left = together.left_behind(session, standing, chosen)
            together.require_together(left, apart)
            number = self._freeze(session, chosen.values(), actor, note, moment, override=override, findings=findings)
            together.note_apart(session, left, at=moment, actor=actor.login, reason=apart.strip(), release=number)
            return number

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
