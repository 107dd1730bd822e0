"""The editorial flow as the desk uses it: from a first draft to customers, and back.

Every rule is held in the store, inside the transaction (`bot.store.flow`, `bot.store.publication`). What is added here
needs to know what a piece means: its shape, what belongs to it, what a release of it would be.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from bot.content.build import build_release, parse
from bot.core.errors import FlowError
from bot.core.publishing import Actor, Rules, State, Verdict
from bot.desk.difference import Row, difference
from bot.store.audit import AuditStore
from bot.store.flow import FlowStore
from bot.store.locks import LockStore
from bot.store.publication import PublicationStore, RolledBack
from bot.store.reading import PieceReader
from bot.store.showings import ShowingStore, Shown
from bot.store.sweeping import Sweeper, Swept
from bot.store.tables import now
from bot.store.views import Name, Numbered, RevisionLine, Upcoming, Written


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What a withdrawal did: the release without the pieces, what went, and the places that still show it."""

    release: int
    pieces: tuple[Name, ...]
    still_showing: tuple[Shown, ...]


class Flow:
    """The flow over one database.

    Beside its own methods: `pieces` to read, `locks` to open pieces, `showings` for the place register, `trail` for the
    audit trail.

    Args:
        engine: the database.
        rules: roles, chain and validity.
        clock: the time.
    """

    def __init__(self, engine: Engine, rules: Rules, clock: Callable[[], datetime] = now) -> None:
        self.rules = rules
        self.pieces = PieceReader(engine, clock)
        self.locks = LockStore(engine, rules, clock)
        self.showings = ShowingStore(engine, rules, clock)
        self.trail = AuditStore(engine)
        self._drafts = FlowStore(engine, rules, clock)
        # a release that cannot be built must not become the newest
        self._publication = PublicationStore(engine, rules, clock, check=build_release)
        self._sweeper = Sweeper(engine, rules, clock, check=build_release)

    # ---- Writing ----

    def save(self, actor: Actor, kind: str, key: str, body: dict[str, Any], *, base: int, comment: str = "") -> int:
        """A new draft, made from revision `base` (0 for a new piece); its number. A draft may still be incomplete.

        Raises:
            MergeNeeded: somebody saved in between; it carries his words, yours, and those you both began from.
            LockedError: somebody else has the piece open.
            FlowError: it is being reviewed.
            NotAllowedError: no right to write.
        """
        return self._drafts.save(actor, kind, key, body, base=base, comment=comment)

    def save_all(
        self,
        actor: Actor,
        drafts: Sequence[Written],
        *,
        comment: str = "",
        done: Callable[[int], None] = lambda _count: None,
    ) -> None:
        """Many drafts at once: all of them or none; `done` is told how many, and what it raises undoes all of it.

        Raises:
            MergeNeeded, LockedError, FlowError, NotAllowedError: as `save`.
        """
        self._drafts.save_all(actor, drafts, comment=comment, done=done)

    def submit(self, actor: Actor, kind: str, key: str, number: int) -> None:
        """Hand a complete draft to the first step of the chain.

        Raises:
            ContentError: it has not the shape of its kind; the message names the place.
            FlowError: it is no draft, not the newest revision, or there is none.
            NotAllowedError: no right to write.
        """
        parse(kind, key, self.revision(kind, key, number).body)
        self._drafts.submit(actor, kind, key, number)

    def submit_all(self, actor: Actor, revisions: Sequence[Numbered]) -> None:
        """Hand complete drafts to the first step together: all of them, or none.

        Raises:
            ContentError, FlowError, NotAllowedError: as `submit`.
        """
        for kind, key, number in revisions:
            parse(kind, key, self.revision(kind, key, number).body)
        self._drafts.submit_all(actor, revisions)

    def take_back(self, actor: Actor, kind: str, key: str, number: int, *, comment: str = "") -> None:
        """Make a draft again of what is being reviewed.

        Raises:
            FlowError: it is not being reviewed.
            NotAllowedError: no right to write.
        """
        self._drafts.take_back(actor, kind, key, number, comment=comment)

    def decide(
        self, actor: Actor, kind: str, key: str, number: int, *, step: str, verdict: Verdict, comment: str = ""
    ) -> State:
        """Accept a step, return the piece with a comment, or only comment; where the revision stands then.

        Raises:
            FlowError: it is not at that step any more, or the comment is missing.
            NotAllowedError: not his step, or the words were in his hands already.
        """
        return self._drafts.decide(actor, kind, key, number, step=step, verdict=verdict, comment=comment)

    def accept_all(self, actor: Actor, revisions: Sequence[tuple[Numbered, str]], *, comment: str = "") -> None:
        """Accept revisions together, each at the step that stands beside it: all of them, or none.

        Raises:
            FlowError, NotAllowedError: as `decide`.
        """
        self._drafts.accept_all(actor, revisions, comment=comment)

    # ---- Reading ----

    def revision(self, kind: str, key: str, number: int) -> RevisionLine:
        """One revision with what was decided about it.

        Raises:
            FlowError: there is none.
        """
        found = self.pieces.revision(kind, key, number)
        if found is None:
            raise FlowError(f"{kind}/{key}: there is no revision {number}", code="no_revision", piece=f"{kind}/{key}")
        return found

    def difference(self, kind: str, key: str, old: int, new: int, *, same: bool = False) -> list[Row]:
        """Any two revisions side by side; with `same` also what is alike in both.

        Raises:
            FlowError: there is no such revision.
        """
        return difference(self.revision(kind, key, old).body, self.revision(kind, key, new).body, same=same)

    def upcoming(self, at: datetime | None = None, *, only: Collection[Name] | None = None) -> Upcoming:
        """What a release made now, or at a later time, would hold, change and leave behind, with its fingerprint.

        With `only`, a release in which just these may change.
        """
        return self.pieces.upcoming(at, only=only)

    def belonging(self, kind: str, key: str) -> list[Name]:
        """(kind, key) of what is withdrawn along with a piece."""
        if kind == "case":
            return self.pieces.made_from(key)
        if kind != "typology":
            return []
        own = self.pieces.belonging(key)
        made = [name for of, case in own if of == "case" for name in self.pieces.made_from(case)]
        return [*own, *made]

    # ---- Publishing ----

    def schedule(
        self,
        actor: Actor,
        revisions: Sequence[Numbered],
        *,
        release_at: datetime | None = None,
        ends_at: datetime | None = None,
        apart: str = "",
    ) -> State:
        """When approved revisions go out by themselves, and when they are taken down; neither takes a schedule off.

        Raises:
            FlowError: one is not approved, the times cannot be, or what was made from a case would be torn apart and
                no reason is given in `apart`.
            NotAllowedError: no right to release.
        """
        return self._publication.schedule(actor, revisions, release_at=release_at, ends_at=ends_at, apart=apart)

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
        """Release everything approved, or with `only` just these; the new number.

        Args:
            actor: who releases.
            only: what may change; the rest stays as it is.
            note: what is new.
            expect: the fingerprint the gate has looked at; anything else is not released.
            apart: why a part of what was made from a case goes out without the rest.
            override: why he releases against the gate; needs the right to it.
            findings: what the gate found, for the trail; a JSON value.

        Raises:
            ContentError: the release cannot be built.
            FlowError: nothing new is approved, or something else than `expect` is, or what was made from a case would
                be torn apart and no reason is given.
            NotAllowedError: no right to release, or to override.
        """
        return self._publication.release(
            actor, only=only, note=note, expect=expect, apart=apart, override=override, findings=findings
        )

    def withdraw(self, actor: Actor, names: Sequence[Name], *, reason: str, with_belongings: bool = True) -> Withdrawn:
        """Take pieces away from customers at once, by a release that is otherwise the one in force.

        With a typology go its cases and examples: without it they would warn of something nobody can explain. With a
        case goes everything that was made from it.

        Raises:
            ContentError: the release without them cannot be built.
            FlowError: no such piece, or no reason.
            NotAllowedError: no right to withdraw.
        """
        every = dict.fromkeys(names)
        if with_belongings:
            for kind, key in names:
                every.update(dict.fromkeys(self.belonging(kind, key)))
        release = self._publication.withdraw(actor, list(every), reason=reason)
        return Withdrawn(release, tuple(every), tuple(self.showings.shown(list(every))))

    def roll_back(self, actor: Actor, number: int, *, reason: str) -> RolledBack:
        """A new release with what release `number` held; what was withdrawn or expired since does not come back.

        Raises:
            ContentError: the release cannot be built.
            FlowError: no such release, it is in force already, or no reason.
            NotAllowedError: no right to release.
        """
        return self._publication.roll_back(actor, number, reason=reason)

    def sweep(self) -> Swept:
        """What time does: scheduled releases, ends, and drafts of what grows old. Safe to call from several processes.

        Raises:
            ContentError: what is due cannot be released; nothing of the sweep is done then.
        """
        return self._sweeper.sweep()
