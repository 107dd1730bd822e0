"""Reading desk.yml: roles, the chain of approval, validity, and how accounts are guarded."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.content.bodies import Id, WordsBody
from bot.content.files import load_yaml
from bot.content.wording import words
from bot.core.errors import ContentError
from bot.core.publishing import Right, Role, Rules, Step, Validity

Days = Annotated[int, Field(ge=1, le=3650)]


@dataclass(frozen=True, slots=True)
class Policy:
    """How accounts are guarded. After `failures` wrong passwords a name pauses, each time twice as long."""

    password_length: int = 12
    password_kinds: int = 1
    failures: int = 5
    pause: timedelta = timedelta(minutes=1)
    longest_pause: timedelta = timedelta(hours=1)
    idle: timedelta = timedelta(hours=1)
    session: timedelta = timedelta(hours=12)

    def pause_after(self, failures: int) -> timedelta | None:
        """How long a name pauses after so many failures in a row; `None` while it need not."""
        if failures < self.failures:
            return None
        # the power is bounded before it is taken: a machine may fail for days
        return min(self.pause * (1 << min(failures - self.failures, 20)), self.longest_pause)


@dataclass(frozen=True)
class DeskRules:
    """What desk.yml says."""

    flow: Rules
    accounts: Policy


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Role(_Part):
    id: Id
    names: WordsBody
    rights: tuple[Right, ...]


class _Step(_Part):
    id: Id
    names: WordsBody
    roles: tuple[Id, ...]
    not_by: tuple[Id, ...] = ()


class _Validity(_Part):
    id: Id
    kinds: tuple[Id, ...]
    days: Days
    ahead: Days
    leaves: bool = False


class _Accounts(_Part):
    password_length: int = Field(default=12, ge=8, le=64)
    password_kinds: int = Field(default=1, ge=1, le=4)
    failures: int = Field(default=5, ge=1, le=20)
    pause_seconds: int = Field(default=60, ge=1)
    longest_pause_seconds: int = Field(default=3600, ge=1)
    idle_minutes: int = Field(default=60, ge=1)
    session_hours: int = Field(default=12, ge=1)


class _File(_Part):
    roles: tuple[_Role, ...]
    steps: tuple[_Step, ...]
    validity: tuple[_Validity, ...] = ()
    accounts: _Accounts = _Accounts()


def read_rules(path: Path) -> DeskRules:
    """The rules of the desk.

    Raises:
        ContentError: the file is absent, or not as docs/operations.md describes it; the message names the place.
    """
    if not path.is_file():
        raise ContentError(f"{path}: no such file. The rules of the desk are kept there; the project brings desk.yml")
    data, lines = load_yaml(path)
    try:
        file = _File.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        place: tuple[Any, ...] = first["loc"]
        while place and place not in lines:
            place = place[:-1]
        where = ".".join(str(p) for p in first["loc"])
        raise ContentError(f"{path}:{lines.get(place, 1)}: {where}: {first['msg']}") from error
    try:
        return DeskRules(_flow(file), _policy(file.accounts))
    except ContentError as error:
        raise ContentError(f"{path}: {error}") from error


def _flow(file: _File) -> Rules:
    ids = [role.id for role in file.roles]
    if len(set(ids)) != len(ids):
        raise ContentError("a role stands twice: keep one")
    return Rules(
        roles={r.id: Role(r.id, words(r.names), frozenset(r.rights)) for r in file.roles},
        steps=tuple(Step(s.id, words(s.names), s.roles, s.not_by) for s in file.steps),
        validity=tuple(Validity(v.id, v.kinds, v.days, v.ahead, v.leaves) for v in file.validity),
    )


def _policy(part: _Accounts) -> Policy:
    return Policy(
        password_length=part.password_length,
        password_kinds=part.password_kinds,
        failures=part.failures,
        pause=timedelta(seconds=part.pause_seconds),
        longest_pause=timedelta(seconds=part.longest_pause_seconds),
        idle=timedelta(minutes=part.idle_minutes),
        session=timedelta(hours=part.session_hours),
    )
