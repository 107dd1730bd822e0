"""What the desk's repositories look up first, inside their transaction: who asks, which piece, which revision."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.errors import FlowError, NotAllowedError
from bot.core.publishing import OPEN, Actor, Right, Rules, State, Verdict, check_move
from bot.store import audit
from bot.store.tables import Decision, Piece, Revision, RevisionState, Staff


@dataclass(frozen=True, slots=True)
class Found:
    """One revision of one piece, with where it stands."""

    piece: Piece
    revision: Revision
    state: RevisionState

    @property
    def name(self) -> str:
        """`kind/key`, as people and the trail call a piece."""
        return f"{self.piece.kind}/{self.piece.key}"

    @property
    def is_at(self) -> State:
        """The state."""
        return State(self.state.state)

    def move(self, new: State, who: Actor, now: datetime) -> None:
        """Put the revision into another state.

        Raises:
            FlowError: no such move.
        """
        check_move(self.is_at, new)
        self.state.state = new
        self.state.changed_at = now
        self.state.changed_by = who.login


def roles_of(session: Session, actor: Actor) -> list[str]:
    """The roles somebody has now, whatever he had when he signed in.

    Raises:
        NotAllowedError: there is no such account, it is disabled, or its first password was never changed.
    """
    staff = session.scalar(select(Staff).where(Staff.login == actor.login))
    if staff is None or not staff.active:
        raise NotAllowedError(
            f"{actor.login} has no active account: `fangzha staff list` shows who has", code="no_account"
        )
    if staff.must_change:
        raise NotAllowedError(
            f"{actor.login} has to change the first password before anything else", code="must_change"
        )
    return list(staff.roles)


def authorise(session: Session, rules: Rules, actor: Actor, right: Right) -> None:
    """Whether somebody may do a thing; operators may.

    Raises:
        NotAllowedError: he may not.
    """
    if not actor.operator:
        rules.require(right, actor.login, roles_of(session, actor))


def piece_of(session: Session, kind: str, key: str) -> Piece | None:
    """The piece, if there is one."""
    return session.scalar(select(Piece).where(Piece.kind == kind, Piece.key == key))


def newest(session: Session, piece: Piece) -> Found | None:
    """The newest revision of a piece; `None` for a piece that has none yet."""
    row = session.execute(
        select(Revision, RevisionState)
        .join(RevisionState, RevisionState.revision_id == Revision.id)
        .where(Revision.piece_id == piece.id)
        .order_by(Revision.number.desc())
        .limit(1)
    ).first()
    return Found(piece, row[0], row[1]) if row else None


def find(session: Session, kind: str, key: str, number: int) -> Found:
    """One revision.

    Raises:
        FlowError: there is none.
    """
    row = session.execute(
        select(Piece, Revision, RevisionState)
        .join(Revision, Revision.piece_id == Piece.id)
        .join(RevisionState, RevisionState.revision_id == Revision.id)
        .where(Piece.kind == kind, Piece.key == key, Revision.number == number)
    ).first()
    if row is None:
        raise FlowError(f"{kind}/{key}: there is no revision {number}", code="no_revision", piece=f"{kind}/{key}")
    return Found(row[0], row[1], row[2])


def add_revision(
    session: Session, piece: Piece, body: dict[str, Any], *, number: int, who: Actor, comment: str, now: datetime
) -> Found:
    """A new draft of a piece; nobody sees it until a release."""
    revision = Revision(piece=piece, number=number, body=body, author=who.login, comment=comment, created_at=now)
    session.add(revision)
    session.flush()
    state = RevisionState(
        revision_id=revision.id,
        state=State.DRAFT,
        digest=audit.digest(body),
        changed_at=now,
        changed_by=who.login,
    )
    session.add(state)
    session.flush()
    return Found(piece, revision, state)


def writers(session: Session, found: Found) -> set[str]:
    """In whose words a revision stands: who wrote it, or any draft since the last approval, or submitted one."""
    query = (
        select(Revision.author, RevisionState.submitted_by, RevisionState.approved_at)
        .join(RevisionState, RevisionState.revision_id == Revision.id)
        .where(Revision.piece_id == found.piece.id, Revision.number <= found.revision.number)
        .order_by(Revision.number.desc())
    )
    people: set[str] = set()
    for author, submitted_by, approved_at in session.execute(query):
        if approved_at is not None:
            break
        people |= {author, submitted_by} - {""}
    return people


def accepted(session: Session, found: Found) -> dict[str, str]:
    """Step id -> who accepted it, in this round."""
    query = select(Decision.step, Decision.who).where(
        Decision.revision_id == found.revision.id,
        Decision.round == found.state.round,
        Decision.verdict == Verdict.ACCEPT,
    )
    return dict(session.execute(query).all())


def is_open(found: Found | None) -> bool:
    """Whether somebody is still working on it."""
    return found is not None and found.is_at in OPEN
