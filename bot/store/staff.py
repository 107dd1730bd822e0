"""The desk's people. Nobody is deleted: a login in the audit trail stays one person's."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from bot.core.errors import AccountError
from bot.core.publishing import Actor, Right, Rules
from bot.store import audit, pieces
from bot.store.tables import Staff, StaffSession, now
from bot.store.transactions import transaction, turn


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the desk, as anybody may see him."""

    login: str
    name: str
    roles: tuple[str, ...]
    active: bool
    must_change: bool
    external: str | None
    created_at: datetime


class StaffStore:
    """Accounts. What administrators do needs the right `staff`, checked here; everything is in the audit trail."""

    def __init__(self, engine: Engine, rules: Rules, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._rules = rules
        self._clock = clock

    def members(self) -> list[Member]:
        """Everybody, by login."""
        with transaction(self._engine) as session:
            return [member_of(s) for s in session.scalars(select(Staff).order_by(Staff.login))]

    def find(self, login: str) -> Member | None:
        """Who has this login."""
        with transaction(self._engine) as session:
            staff = session.scalar(select(Staff).where(Staff.login == login))
            return member_of(staff) if staff else None

    def find_external(self, external: str) -> Member | None:
        """Who is known to an identity provider by this name."""
        with transaction(self._engine) as session:
            staff = session.scalar(select(Staff).where(Staff.external == external))
            return member_of(staff) if staff else None

    def password_of(self, login: str) -> str:
        """The password's hash; empty when there is none, or nobody of that login."""
        with transaction(self._engine) as session:
            return session.scalar(select(Staff.password).where(Staff.login == login)) or ""

    def add(
        self,
        actor: Actor,
        login: str,
        *,
        name: str,
        roles: Collection[str],
        password: str = "",
        external: str | None = None,
    ) -> Member:
        """A new account. `password` is a hash; whoever has one must change it at the first sign-in.

        Raises:
            AccountError: the login, or the name at the identity provider, is taken; a role is none of the rules.
            NotAllowedError: no right to it.
        """
        with turn(self._engine) as session:
            self._administer(session, actor)
            self._check_roles(roles)
            if session.scalar(select(Staff).where(Staff.login == login)):
                raise AccountError(f"there is an account {login} already", code="login_taken", login=login)
            if external and session.scalar(select(Staff).where(Staff.external == external)):
                raise AccountError(
                    f"{external} belongs to an account already", code="external_taken", external=external
                )
            staff = Staff(
                login=login,
                name=name,
                roles=sorted(roles),
                password=password,
                external=external,
                active=True,
                must_change=bool(password),
                created_at=self._clock(),
            )
            session.add(staff)
            session.flush()
            self._note(session, actor, "staff.added", login, name=name, roles=sorted(roles), external=external)
            return member_of(staff)

    def set_roles(self, actor: Actor, login: str, roles: Collection[str]) -> None:
        """Give other roles. They count from the next thing the member does.

        Raises:
            AccountError: no such account or role; nobody would be left who looks after accounts.
            NotAllowedError: no right to it.
        """
        with turn(self._engine) as session:
            self._administer(session, actor)
            self._check_roles(roles)
            staff = _get(session, login)
            before = list(staff.roles)
            with self._keeping_one(session):
                staff.roles = sorted(roles)
            self._note(session, actor, "staff.roles", login, before=before, roles=sorted(roles))

    def set_active(self, actor: Actor, login: str, active: bool) -> None:
        """Disable an account, which ends its sessions, or enable it again.

        Raises:
            AccountError: no such account; nobody would be left who looks after accounts.
            NotAllowedError: no right to it.
        """
        with turn(self._engine) as session:
            self._administer(session, actor)
            staff = _get(session, login)
            with self._keeping_one(session):
                staff.active = active
            if not active:
                session.execute(delete(StaffSession).where(StaffSession.staff_id == staff.id))
            self._note(session, actor, "staff.enabled" if active else "staff.disabled", login)

    def reset_password(self, actor: Actor, login: str, password: str) -> None:
        """Put another first password, as a hash; it ends the sessions and must be changed.

        Raises:
            AccountError: no such account.
            NotAllowedError: no right to it.
        """
        with turn(self._engine) as session:
            self._administer(session, actor)
            staff = _get(session, login)
            staff.password, staff.must_change = password, True
            session.execute(delete(StaffSession).where(StaffSession.staff_id == staff.id))
            self._note(session, actor, "staff.reset", login)

    def change_password(self, login: str, password: str, *, keep: str = "") -> None:
        """A member's own new password, as a hash; his other sessions end, that with the token hash `keep` goes on."""
        with turn(self._engine) as session:
            staff = _get(session, login)
            staff.password, staff.must_change = password, False
            session.execute(
                delete(StaffSession).where(StaffSession.staff_id == staff.id, StaffSession.token_hash != keep)
            )
            self._note(session, Actor(login), "staff.password_changed", login)

    def renew_hash(self, login: str, password: str) -> None:
        """The same password hashed anew, as the cost of hashing was raised; nobody notices."""
        with turn(self._engine) as session:
            _get(session, login).password = password

    def _administer(self, session: Session, actor: Actor) -> None:
        pieces.authorise(session, self._rules, actor, Right.STAFF)

    def _check_roles(self, roles: Collection[str]) -> None:
        unknown = set(roles) - set(self._rules.roles)
        if unknown or not roles:
            raise AccountError(
                f"roles are {', '.join(self._rules.roles)}; not {', '.join(sorted(unknown)) or 'none at all'}",
                code="no_such_role",
                role=", ".join(sorted(unknown)),
            )

    @contextmanager
    def _keeping_one(self, session: Session) -> Iterator[None]:
        """A change after which somebody still looks after accounts, if somebody did before."""
        before = self._administrators(session)
        yield
        session.flush()
        if before and not self._administrators(session):
            raise AccountError(
                "nobody would be left who looks after accounts: give somebody else the role first",
                code="last_administrator",
            )

    def _administrators(self, session: Session) -> int:
        active = session.scalars(select(Staff).where(Staff.active.is_(True)))
        return sum(Right.STAFF in self._rules.rights(s.roles) for s in active)

    def _note(self, session: Session, actor: Actor, action: str, login: str, **detail: object) -> None:
        audit.append(session, at=self._clock(), actor=actor.login, action=action, subject=login, **detail)


def _get(session: Session, login: str) -> Staff:
    staff = session.scalar(select(Staff).where(Staff.login == login))
    if staff is None:
        raise AccountError(f"there is no account {login}: `fangzha staff list` shows them", code="no_account")
    return staff


def member_of(staff: Staff) -> Member:
    """What may be seen of an account."""
    return Member(
        login=staff.login,
        name=staff.name,
        roles=tuple(staff.roles),
        active=staff.active,
        must_change=staff.must_change,
        external=staff.external,
        created_at=staff.created_at,
    )
