"""From a first draft to approval. The rules of `bot.core.publishing` are held here, inside the transaction."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.core.errors import FlowError, MergeNeeded
from bot.core.publishing import Actor, Right, Rules, State, Verdict
from bot.store import audit, bulk, locks, pieces
from bot.store.pieces import Found
from bot.store.tables import Decision, Piece, Revision, now
from bot.store.transactions import turn
from bot.store.views import Written

LONGEST_KIND, LONGEST_KEY = 32, 128


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
        _check_name(kind, key)
        with turn(self._engine) as session:
            pieces.authorise(session, self._rules, actor, Right.WRITE)
            return self._save(session, actor, Written(kind, key, body, base), comment, self._clock())

    def save_all(self, actor: Actor, drafts: Sequence[Written], *, comment: str = "") -> None:
        """Many drafts at once: all of them, or none. What is wrong with one is told as `save` tells it.

        Raises:
            MergeNeeded, LockedError, FlowError, NotAllowedError: see `save`.
        """
        for one in drafts:
            _check_name(one.kind, one.key)
        with turn(self._engine) as session:
            moment = self._clock()
            pieces.authorise(session, self._rules, actor, Right.WRITE)
            there = set(session.execute(select(Piece.kind, Piece.key)))
            for one in drafts:
                if (one.kind, one.key) in there or one.base:
                    self._save(session, actor, one, comment, moment)
            new = [one for one in drafts if (one.kind, one.key) not in there and not one.base]
            bulk.add_new(session, actor, new, comment, moment)

    def _save(self, session: Session, actor: Actor, draft: Written, comment: str, moment: datetime) -> int:
        kind, key, body = draft.kind, draft.key, draft.body
        locks.respect(session, kind, key, actor, moment)
        piece = pieces.piece_of(session, kind, key)
        newest = pieces.newest(session, piece) if piece else None
        _check_base(session, f"{kind}/{key}", newest, draft.base, body)
        if newest and newest.is_at is State.REVIEW:
            raise FlowError(
                f"{kind}/{key} is with {newest.state.step}: take it back, or wait for the decision",
                code="in_review",
                step=newest.state.step,
            )
        if newest and newest.is_at is State.DRAFT:
            if newest.revision.body == body:
                return newest.revision.number
            newest.move(State.REPLACED, actor, moment)
        if piece is None:
            piece = Piece(kind=kind, key=key)
            session.add(piece)
        found = pieces.add_revision(
            session,
            piece,
            body,
            number=newest.revision.number + 1 if newest else 1,
            who=actor,
            comment=comment,
            now=moment,
        )
        self._note(session, found, actor, moment, "piece.saved", digest=found.state.digest, comment=comment)
        return found.revision.number

    def submit(self, actor: Actor, kind: str, key: str, number: int) -> None:
        """Hand a draft to the first step of the chain.

        Raises:
            FlowError: it is no draft, or not the newest revision.
            NotAllowedError: no right to write.
        """
        with turn(self._engine) as session:
            moment = self._clock()
            pieces.authorise(session, self._rules, actor, Right.WRITE)
            found = self._newest(session, kind, key, number)
            first = self._rules.steps[0]
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
            moment = self._clock()
            roles = pieces.roles_of(session, actor)
            found = pieces.find(session, kind, key, number)
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


def _check_name(kind: str, key: str) -> None:
    if not (0 < len(kind) <= LONGEST_KIND and 0 < len(key) <= LONGEST_KEY):
        raise FlowError(
            f"a piece needs a kind of at most {LONGEST_KIND} and a key of at most {LONGEST_KEY} characters",
            code="bad_name",
        )


def _check_base(session: Session, name: str, newest: Found | None, base: int, own: dict[str, Any]) -> None:
    number = newest.revision.number if newest else 0
    if base == number:
        return
    if newest is None or base > number:
        raise FlowError(f"{name}: there is no revision {base} to begin from", code="no_revision", piece=name)
    began: Revision | None = None
    if base:
        began = pieces.find(session, newest.piece.kind, newest.piece.key, base).revision
    raise MergeNeeded(
        name,
        base_number=base,
        newest_number=number,
        newest_author=newest.revision.author,
        base=began.body if began else {},
        newest=newest.revision.body,
        own=own,
    )
