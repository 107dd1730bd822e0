"""A desk with people, for tests of everything below its pages."""

from datetime import UTC, datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import Engine

from bot.core.publishing import Actor, Rules, State, Verdict
from bot.desk.passwords import Hasher
from bot.desk.rules import read_rules
from bot.settings import PROJECT
from bot.store.flow import FlowStore
from bot.store.publication import PublicationStore
from bot.store.staff import StaffStore

DESK_RULES = read_rules(PROJECT / "desk.yml")
RULES = DESK_RULES.flow
OPERATOR = Actor("cli:test", operator=True)
# An author who may publish too, two who review, another publisher, one who only looks, one for the accounts.
LIN, MEI, HUA, WU = Actor("lin"), Actor("mei"), Actor("hua"), Actor("wu")
VIC, ADA = Actor("vic"), Actor("ada")
PEOPLE = {
    LIN: ["author", "publisher"],
    MEI: ["reviewer"],
    HUA: ["reviewer"],
    WU: ["publisher"],
    VIC: ["viewer"],
    ADA: ["administrator"],
}
QUICK = Hasher(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


class Clock:
    """A time that passes when told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time."""
        return self.now

    def passes(self, **much: float) -> None:
        """Let time pass, as `timedelta` takes it."""
        self.now += timedelta(**much)


def employ(engine: Engine, rules: Rules = RULES) -> None:
    """Give everybody an account that needs no password."""
    staff = StaffStore(engine, rules)
    for person, roles in PEOPLE.items():
        staff.add(OPERATOR, person.login, name=person.login.title(), roles=roles, external=f"test#{person.login}")


class Editorial:
    """The stores of the flow over one database, and short ways through them."""

    def __init__(self, engine: Engine, clock: Clock | None = None, rules: Rules = RULES) -> None:
        self.engine = engine
        self.clock = clock or Clock()
        self.flow = FlowStore(engine, rules, self.clock)
        self.publication = PublicationStore(engine, rules, self.clock)

    def draft(self, kind: str, key: str, body: dict[str, Any], *, base: int = 0, who: Actor = LIN) -> int:
        """A new draft."""
        return self.flow.save(who, kind, key, body, base=base)

    def submitted(self, kind: str, key: str, body: dict[str, Any], *, base: int = 0, who: Actor = LIN) -> int:
        """A draft that is with the fact check."""
        number = self.draft(kind, key, body, base=base, who=who)
        self.flow.submit(who, kind, key, number)
        return number

    def approved(self, kind: str, key: str, body: dict[str, Any], *, base: int = 0, who: Actor = LIN) -> int:
        """A revision that went through the whole chain."""
        number = self.submitted(kind, key, body, base=base, who=who)
        self.decide(MEI, kind, key, number, "fact_check")
        self.decide(HUA, kind, key, number, "compliance")
        assert self.decide(WU, kind, key, number, "approval") is State.APPROVED
        return number

    def decide(
        self,
        who: Actor,
        kind: str,
        key: str,
        number: int,
        step: str,
        verdict: Verdict = Verdict.ACCEPT,
        comment: str = "",
    ) -> State:
        """One decision."""
        return self.flow.decide(who, kind, key, number, step=step, verdict=verdict, comment=comment)
