"""The editorial flow as pure rules: states, rights, the chain of steps, who may decide, how long a text stays valid.

Roles, steps and validity are data (`Rules`), read from a file the bank may change. What no bank may change is here:
which states follow each other, and that no release rests on one person.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.errors import ContentError, FlowError, NotAllowedError
from bot.core.words import Words

AUTHOR = "author"  # in `Step.not_by`: whoever wrote or submitted the revision


class State(StrEnum):
    """Where a revision stands. In `REVIEW` the step tells with whom."""

    DRAFT = "draft"
    REVIEW = "review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    RELEASED = "released"
    REPLACED = "replaced"  # a newer revision, or a roll-back, took its place
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({State.DRAFT, State.REVIEW})
STANDING = frozenset({State.APPROVED, State.SCHEDULED, State.RELEASED})

_APPROVED = STANDING | {State.REPLACED, State.EXPIRED, State.WITHDRAWN}
# The words of a revision never change; after approval the only way on is a new revision.
MOVES: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.REVIEW, State.REPLACED}),
    State.REVIEW: frozenset({State.REVIEW, State.DRAFT, State.APPROVED}),
    State.APPROVED: _APPROVED,
    State.SCHEDULED: _APPROVED,
    State.RELEASED: frozenset({State.RELEASED, State.REPLACED, State.EXPIRED, State.WITHDRAWN}),
    State.REPLACED: frozenset({State.RELEASED}),  # by a roll-back
    State.EXPIRED: frozenset(),
    State.WITHDRAWN: frozenset(),
}


def check_move(old: State, new: State) -> None:
    """Whether a revision may go from `old` to `new`.

    Raises:
        FlowError: it may not.
    """
    if new not in MOVES[old]:
        raise FlowError(
            f"what is {old} cannot become {new}: save a new revision", code="no_such_move", old=old, new=new
        )


class Verdict(StrEnum):
    """What a reviewer says of a step. A comment moves nothing."""

    ACCEPT = "accept"
    RETURN = "return"
    COMMENT = "comment"


class Right(StrEnum):
    """What a role may do. Deciding a step is not among them: the step names its roles."""

    READ = "read"
    COMMENT = "comment"
    WRITE = "write"  # save, lock, submit, take back
    RELEASE = "release"  # release, schedule, roll back
    WITHDRAW = "withdraw"
    OVERRIDE = "override"  # release against the gate, with a reason
    AUDIT = "audit"  # read the trail
    STAFF = "staff"  # accounts
    DEVICES = "devices"  # pair and revoke kiosks, screens and signs
    LOBBY = "lobby"  # answer calls for help from a branch


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a member of staff by login, or an operator with the machine in his hands (no roles asked)."""

    login: str
    operator: bool = False


SWEEP = Actor("sweep", operator=True)
# Names of ours in the same columns as logins; nobody may be called so.
RESERVED = frozenset({"seed", "sweep", "cli", "import", AUTHOR})


@dataclass(frozen=True, slots=True)
class Role:
    """A role and what it may do."""

    id: str
    names: Words
    rights: frozenset[Right]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the chain. `not_by` names earlier steps, or `author`, whose people may not decide this one."""

    id: str
    names: Words
    roles: tuple[str, ...]
    not_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Validity:
    """How long approved words of some kinds hold.

    `ahead` days before the end the piece is back in draft. What `leaves` is then taken out of the next release; the
    rest goes on being used, marked as overdue, because a warning grown old still warns.
    """

    id: str
    kinds: tuple[str, ...]
    days: int
    ahead: int
    leaves: bool = False

    def until(self, approved_at: datetime) -> datetime:
        """The moment after which words approved at `approved_at` hold no longer."""
        return approved_at + timedelta(days=self.days)


@dataclass(frozen=True)
class Rules:
    """Roles, the chain and validity. Whatever a bank writes, two people stand behind every approval."""

    roles: Mapping[str, Role]
    steps: tuple[Step, ...]
    validity: tuple[Validity, ...] = ()

    def __post_init__(self) -> None:
        """Refuse rules under which nobody could work, or one person could release alone.

        Raises:
            ContentError: they are such rules; the message says what to change.
        """
        for right in (Right.WRITE, Right.RELEASE, Right.STAFF):
            if not any(right in role.rights for role in self.roles.values()):
                raise ContentError(f"no role has the right {right!r}: give it to one")
        if not self.steps:
            raise ContentError("the chain has no steps: name at least one")
        _once((step.id for step in self.steps), "step")
        _once((kind for v in self.validity for kind in v.kinds), "kind under validity")
        for place, step in enumerate(self.steps):
            self._check_step(step, {s.id for s in self.steps[:place]})
        last = self.steps[-1]
        apart = set(last.not_by) if len(self.steps) == 1 else set(last.not_by) - {AUTHOR}
        if not apart:
            other = AUTHOR if len(self.steps) == 1 else self.steps[0].id
            raise ContentError(f"the last step, {last.id}, needs another person: write not_by: [{other}]")

    def _check_step(self, step: Step, earlier: set[str]) -> None:
        if step.id == AUTHOR or step.id in set(State):
            raise ContentError(f"a step cannot be called {step.id}: choose another id")
        unknown = set(step.roles) - set(self.roles)
        if unknown or not step.roles:
            raise ContentError(f"step {step.id}: roles must name roles of this file, not {sorted(unknown) or 'none'}")
        strange = set(step.not_by) - earlier - {AUTHOR}
        if strange:
            raise ContentError(f"step {step.id}: not_by may name {AUTHOR} and earlier steps, not {sorted(strange)}")

    # ---- Who ----

    def rights(self, roles: Iterable[str]) -> frozenset[Right]:
        """Everything these roles may do together; a role the rules no longer know gives nothing."""
        return frozenset(right for id_ in roles if id_ in self.roles for right in self.roles[id_].rights)

    def require(self, right: Right, who: str, roles: Iterable[str]) -> None:
        """Whether `who` with these roles has a right.

        Raises:
            NotAllowedError: no role of his gives it.
        """
        if right not in self.rights(roles):
            raise NotAllowedError(
                f"{who} has not the right {right!r}: an administrator can give a role that has it",
                code="no_right",
                who=who,
                right=right,
            )

    # ---- The chain ----

    def step(self, step_id: str) -> Step:
        """The step of that id.

        Raises:
            FlowError: the chain has none, as when it was changed meanwhile.
        """
        for step in self.steps:
            if step.id == step_id:
                return step
        raise FlowError(
            f"the chain has no step {step_id}: take the piece back and submit it again", code="no_step", step=step_id
        )

    def next_step(self, accepted: Collection[str]) -> Step | None:
        """The first step nobody has accepted; `None` when all are, and the revision is approved."""
        return next((step for step in self.steps if step.id not in accepted), None)

    def check_decision(
        self, step_id: str, who: str, roles: Collection[str], *, writers: Collection[str], accepted: Mapping[str, str]
    ) -> None:
        """Whether `who` may accept or return a revision at a step.

        Args:
            step_id: the step.
            who: the login of the one who decides, and his `roles`.
            roles: ids of his roles.
            writers: logins of everybody who wrote these words since they were last approved, or submitted them.
            accepted: step id -> who accepted it in this round.

        Raises:
            NotAllowedError: his roles do not decide this step, or the words have been in his hands already.
        """
        step = self.step(step_id)
        if not set(roles) & set(step.roles):
            raise NotAllowedError(
                f"{who} has no role that decides {step_id}: {', '.join(step.roles)}",
                code="not_his_step",
                who=who,
                step=step_id,
            )
        if AUTHOR in step.not_by and who in writers:
            raise NotAllowedError(
                f"{who} wrote this and cannot decide {step_id}: ask somebody else", code="wrote_it", step=step_id
            )
        for other_id, other in accepted.items():
            # either order, so that a chain that was changed half way parts them all the same
            parted = other_id in step.not_by or any(s.id == other_id and step_id in s.not_by for s in self.steps)
            if other == who and parted:
                raise NotAllowedError(
                    f"{who} decided {other_id} and cannot decide {step_id} too: two different people are needed",
                    code="decided_before",
                    step=step_id,
                    other=other_id,
                )
        last = self.next_step({*accepted, step_id}) is None
        if last and {who, *accepted.values(), *writers} == {who}:
            raise NotAllowedError(f"{who} would release this alone: ask somebody else", code="alone", step=step_id)

    # ---- Validity ----

    def validity_of(self, kind: str) -> Validity | None:
        """How long words of a kind hold; `None` when they do not grow old."""
        return next((v for v in self.validity if kind in v.kinds), None)


def _once(names: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ContentError(f"the {what} {name} stands twice: keep one")
        seen.add(name)
