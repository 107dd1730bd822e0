"""From a first draft to approval. The rules of `bot.core.publishing` are held here, inside the transaction."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.core.errors import FlowError
from bot.core.publishing import Actor, Right, Rules, State, Verdict
from bot.store import audit, bulk, drafting, pieces
from bot.store.pieces import Found
from bot.store.tables import Decision, Piece, now
from bot.store.transactions import turn
from bot.store.views import Numbered, Written


class FlowStore:
    """Drafts, reviews and decisions. Every method is one transaction, in turn."""

    def __init__(self, engine: Engine, rules: Rules, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._rules = rules
        self._clock = clock

    def save(self, actor: Actor, kind: str, key: str, body: dict[str, Any], *, base: int, comment: str = "") -> int:
        """A new draft of a piece, made if absent; its revision number. The words before it are kept as they were.

        Args:
            actor: who writes.
            kind: what kind of piece.
            key: which.
            body: the words, as `bot.content.schema` has them; a draft may still be incomplete.
            base: the revision the editor began from, 0 for a new piece.
            comment: why.

        Raises:
            MergeNeeded: `base` is not the newest revision any more; it carries both bodies.
            LockedError: somebody else has the piece open.
            FlowError: it is being reviewed, or the words are those of the newest draft.
            NotAllowedError: no right to write.
        """
        drafting.check_name(kind, key)
        with turn(self._engine) as session:
            pieces.authorise(session, self._rules, actor, Right.WRITE)
            return drafting.save(session, actor, Written(kind, key, body, base), comment, self._clock())

    def save_all(
        self,
        actor: Actor,
        drafts: Sequence[Written],
        *,
        comment: str = "",
        done: Callable[[int], None] = lambda _count: None,
    ) -> None:
        """Many drafts at once: all of them, or none. What is wrong with one is told as `save` tells it.

        Args:
            actor: who writes.
            drafts: what.
            comment: why.
            done: told how many are done; what it raises undoes all of it.

        Raises:
            MergeNeeded, LockedError, FlowError, NotAllowedError: see `save`.
        """
        for one in drafts:
            drafting.check_name(one.kind, one.key)
        with turn(self._engine) as session:
            moment = self._clock()
            pieces.authorise(session, self._rules, actor, Right.WRITE)
            there = set(session.execute(select(Piece.kind, Piece.key)))
            old = [one for one in drafts if (one.kind, one.key) in there or one.base]
            for count, one in enumerate(old):
                done(count)
                drafting.save(session, actor, one, comment, moment)
            new = [one for one in drafts if (one.kind, one.key) not in there and not one.base]
            bulk.add_new(session, actor, new, comment, moment, lambda count: done(len(old) + count))

    def submit(self, actor: Actor, kind: str, key: str, number: int) -> None:
        """Hand a draft to the first step of the chain.

        Raises:
            FlowError: it is no draft, or not the newest revision.
            NotAllowedError: no right to write.
        """
        self.submit_all(actor, [(kind, key, number)])

    def submit_all(self, actor: Actor, revisions: Sequence[Numbered]) -> None:
        """Hand drafts to the first step together: all of them, or none.

        Raises:
            FlowError, NotAllowedError: see `submit`.
        """
        with turn(self._engine) as session:
            moment = self._clock()
            pieces.authorise(session, self._rules, actor, Right.WRITE)
            first = self._rules.steps[0]
            for kind, key, number in revisions:
                found = self._newest(session, kind, key, number)
                if found.is_at is State.REVIEW:  # the chain moves within the review; handing in again would begin anew
                    raise FlowError(f"{found.name} is being reviewed already", code="in_review", step=found.state.step)
                found.move(State.REVIEW, actor, moment)
                found.state.step = first.id
                found.state.round += 1
                found.state.submitted_by = actor.login
                self._note(session, found, actor, moment, "piece.submitted", step=first.id)

    def take_back(self, actor: Actor, kind: str, key: str, number: int, *, comment: str = "") -> None:
        """Make a draft again of what is being reviewed; what was decided so far no longer counts.

        Raises:
            FlowError: it is not being reviewed.
            NotAllowedError: no right to write.
        """
        with turn(self._engine) as session:
            moment = self._clock()
            pieces.authorise(session, self._rules, actor, Right.WRITE)
            found = self._newest(session, kind, key, number)
            if found.is_at is not State.REVIEW:
                raise FlowError(f"{found.name} is not being reviewed", code="not_in_review", state=found.state.state)
            step = found.state.step
            found.move(State.DRAFT, actor, moment)
            found.state.step = ""
            self._note(session, found, actor, moment, "piece.taken_back", step=step, comment=comment)

    def decide(
        self, actor: Actor, kind: str, key: str, number: int, *, step: str, verdict: Verdict, comment: str = ""
    ) -> State:
        """Accept a step, return the piece to draft with a comment, or only comment; where it stands then.

        Args:
            actor: who decides; only staff can.
            kind: the piece,
            key: as everywhere.
            number: the revision.
            step: the step he means to decide.
            verdict: accept, return or comment.
            comment: needed for return and comment.

        Raises:
            FlowError: the revision is not at that step any more, or the comment is missing.
            NotAllowedError: not his step, or the words have been in his hands already.
        """
        if verdict is not Verdict.ACCEPT and not comment.strip():
            raise FlowError("say why: the author has to know what to change", code="comment_missing")
        with turn(self._engine) as session:
            roles = pieces.roles_of(session, actor)
            found = pieces.find(session, kind, key, number)
            return self._decide(session, found, actor, roles, step=step, verdict=verdict, comment=comment)

    def accept_all(self, actor: Actor, revisions: Sequence[tuple[Numbered, str]], *, comment: str = "") -> None:
        """Accept revisions together, each at the step that stands beside it: all of them, or none.

        Raises:
            FlowError, NotAllowedError: see `decide`.
        """
        with turn(self._engine) as session:
            roles = pieces.roles_of(session, actor)
            for numbered, step in revisions:
                found = pieces.find(session, *numbered)
                self._decide(session, found, actor, roles, step=step, verdict=Verdict.ACCEPT, comment=comment)

    def _decide(
        self,
        session: Session,
        found: Found,
        actor: Actor,
        roles: list[str],
        *,
        step: str,
        verdict: Verdict,
        comment: str,
    ) -> State:
        moment = self._clock()
        if found.is_at is not State.REVIEW or found.state.step != step:
            raise FlowError(
                f"{found.name} is not at {step} any more: open it again",
                code="moved_on",
                step=step,
                state=found.state.state,
            )
        if verdict is Verdict.COMMENT:
            self._rules.require(Right.COMMENT, actor.login, roles)
        else:
            self._rules.check_decision(
                step,
                actor.login,
                roles,
                writers=pieces.writers(session, found),
                accepted=pieces.accepted(session, found),
            )
        session.add(
            Decision(
                revision_id=found.revision.id,
                round=found.state.round,
                step=step,
                verdict=verdict,
                who=actor.login,
                comment=comment,
                at=moment,
            )
        )
        session.flush()
        self._follow(session, found, actor, moment, verdict)
        self._note(session, found, actor, moment, f"step.{verdict}", step=step, comment=comment)
        return found.is_at

    def _follow(self, session: Session, found: Found, actor: Actor, moment: datetime, verdict: Verdict) -> None:
        if verdict is Verdict.RETURN:
            found.move(State.DRAFT, actor, moment)
            found.state.step = ""
        elif verdict is Verdict.ACCEPT:
            following = self._rules.next_step(pieces.accepted(session, found))
            if following is None:
                self._approve(found, actor, moment)
            else:
                found.move(State.REVIEW, actor, moment)
                found.state.step = following.id

    def _approve(self, found: Found, actor: Actor, moment: datetime) -> None:
        found.move(State.APPROVED, actor, moment)
        found.state.step = ""
        found.state.approved_at = moment
        validity = self._rules.validity_of(found.piece.kind)
        if validity is not None:
            found.state.valid_until = validity.until(moment)
            found.state.leaves = validity.leaves
        # words that were withdrawn do not come back by this: they keep their state, only newer ones are approved
        found.piece.withdrawn = False

    @staticmethod
    def _newest(session: Session, kind: str, key: str, number: int) -> Found:
        found = pieces.find(session, kind, key, number)
        newest = pieces.newest(session, found.piece)
        if newest is not None and newest.revision.number != number:
            raise FlowError(
                f"{found.name}: revision {number} is not the newest any more, {newest.revision.number} is",
                code="not_newest",
                newest=str(newest.revision.number),
            )
        return found

    @staticmethod
    def _note(session: Session, found: Found, actor: Actor, moment: datetime, action: str, **detail: Any) -> None:
        audit.append(
            session,
            at=moment,
            actor=actor.login,
            action=action,
            subject=found.name,
            revision=found.revision.number,
            **detail,
        )
