"""The audit trail: append-only, each entry carrying the hash of the one before, so that no change goes unnoticed."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.store.tables import AuditEntry, Piece, Release, ReleaseItem, Revision
from bot.store.transactions import transaction

GENESIS = "0" * 64  # what the first entry carries
PUBLISHED = "release.published"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trail: who did what to what, when. `subject` is `kind/key`, a login, or a release."""

    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification found. `head` is the hash of the newest entry: written down elsewhere, it proves the rest."""

    entries: int
    head: str
    faults: tuple[str, ...]


def canonical(value: Any) -> str:
    """The one way to write a JSON value down, whatever order a database gives its keys back in."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(value: Any) -> str:
    """SHA-256 of a JSON value."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def entry_hash(
    number: int, at: datetime, actor: str, action: str, subject: str, detail: dict[str, Any], previous: str
) -> str:
    """The hash an entry must carry. `at` is in UTC."""
    return digest([number, at.isoformat(timespec="microseconds"), actor, action, subject, detail, previous])


def append(session: Session, *, at: datetime, actor: str, action: str, subject: str = "", **detail: Any) -> None:
    """Add an entry, in a transaction of `turn`: two at once would follow the same entry."""
    append_all(session, at=at, actor=actor, action=action, details=[(subject, detail)])


def append_all(
    session: Session, *, at: datetime, actor: str, action: str, details: Iterable[tuple[str, dict[str, Any]]]
) -> None:
    """Add an entry for each (subject, detail), as `append` would one after the other."""
    newest = session.execute(
        select(AuditEntry.number, AuditEntry.hash).order_by(AuditEntry.number.desc()).limit(1)
    ).first()
    number, previous = (newest.number, newest.hash) if newest else (0, GENESIS)
    at = at.astimezone(UTC)
    for told, detail in details:
        number, subject = number + 1, told[:200]
        own = entry_hash(number, at, actor, action, subject, detail, previous)
        session.add(
            AuditEntry(
                number=number,
                at=at,
                actor=actor,
                action=action,
                subject=subject,
                detail=detail,
                previous=previous,
                hash=own,
            )
        )
        previous = own
    session.flush()


def release_digest(session: Session, number: int, digests: dict[int, str]) -> str:
    """SHA-256 over what release `number` holds; `digests` gives that of each revision's body."""
    rows = session.execute(
        select(Piece.kind, Piece.key, Revision.number, Revision.id)
        .join(Revision, Revision.piece_id == Piece.id)
        .join(ReleaseItem, ReleaseItem.revision_id == Revision.id)
        .where(ReleaseItem.release_number == number)
    )
    return digest(sorted([kind, key, revision, digests[id_]] for kind, key, revision, id_ in rows))


class AuditStore:
    """Reading the trail. Entries are added by who does the thing, in the same transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def entries(
        self, *, before: int | None = None, limit: int = 100, subject: str | None = None, actor: str | None = None
    ) -> list[Entry]:
        """Newest first; of one subject or one actor where given; `before` a number, to turn pages."""
        query = select(AuditEntry).order_by(AuditEntry.number.desc()).limit(limit)
        if before is not None:
            query = query.where(AuditEntry.number < before)
        if subject is not None:
            query = query.where(AuditEntry.subject == subject)
        if actor is not None:
            query = query.where(AuditEntry.actor == actor)
        with transaction(self._engine) as session:
            return [
                Entry(e.number, e.at, e.actor, e.action, e.subject, e.detail, e.hash) for e in session.scalars(query)
            ]

    def verify(self, *, head: str | None = None) -> Verified:
        """Walk the whole trail, and hold every release against what the trail says of it.

        Args:
            head: a hash noted earlier; that it is missing is a fault, as entries after the last known one can only be
                missed by who knows that there were any.
        """
        with transaction(self._engine) as session:
            found = _Walk()
            faults = list(found.walk(session))
            if head is not None and head not in found.hashes:
                faults.append(f"the hash {head} noted earlier is not in the trail: its end was cut off or rewritten")
            faults.extend(_releases(session, found.releases))
        return Verified(found.last, found.previous, tuple(faults))


class _Walk:
    """Where a walk through the trail has come to."""

    def __init__(self) -> None:
        self.last = 0
        self.previous = GENESIS
        self.hashes = {GENESIS}
        self.releases: dict[int, str] = {}

    def walk(self, session: Session) -> Iterator[str]:
        """The faults of the chain itself, each where it shows."""
        for e in session.scalars(select(AuditEntry).order_by(AuditEntry.number).execution_options(yield_per=500)):
            if e.number != self.last + 1:
                yield f"entry {self.last + 1} is missing"
            if e.previous != self.previous:
                yield f"entry {e.number} does not follow the one before it"
            if e.hash != entry_hash(e.number, e.at, e.actor, e.action, e.subject, e.detail, e.previous):
                yield f"entry {e.number} was changed"
            self.last, self.previous = e.number, e.hash
            self.hashes.add(e.hash)
            if e.action == PUBLISHED:
                self.releases[e.detail["release"]] = e.detail["digest"]
            elif e.action == "trail.opened":
                # what was released before there was a trail is known by its number only
                self.releases.update(dict.fromkeys(range(1, e.detail["releases"] + 1), ""))
        if self.last == 0:
            yield "the trail is empty: the upgrade of the database began it, so it was deleted"


def _releases(session: Session, told: dict[int, str]) -> Iterator[str]:
    digests = {id_: digest(body) for id_, body in session.execute(select(Revision.id, Revision.body))}
    there = set(session.scalars(select(Release.number)))
    for number in sorted(there | set(told)):
        if number not in told:
            yield f"release {number} is not in the trail"
        elif number not in there:
            yield f"release {number} is in the trail and nowhere else"
        elif told[number] and release_digest(session, number, digests) != told[number]:
            yield f"release {number} does not hold what was released: its pieces or their words were changed"
