"""Accounts of the desk: signing in and out, lock-out, passwords, sessions, and what administrators do."""

import re
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from bot.core.errors import AccountError
from bot.core.publishing import RESERVED, Actor, Right
from bot.desk.passwords import Hasher, check_password, first_password
from bot.desk.rules import DeskRules
from bot.store.sessions import SessionLine, SessionStore, hashed
from bot.store.staff import Member, StaffStore
from bot.store.tables import now

LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,31}")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session. `token` goes into the cookie and is kept nowhere else; `must_change` asks for a new password."""

    token: str
    member: Member
    must_change: bool


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who makes a request. Without the change of a first password there are no rights."""

    member: Member
    session: SessionLine
    rights: frozenset[Right]
    csrf: str

    @property
    def actor(self) -> Actor:
        """As the flow knows him."""
        return Actor(self.member.login)

    @property
    def must_change(self) -> bool:
        """Whether the first password is still to be changed."""
        return self.member.must_change


def csrf_of(token: str) -> str:
    """The token every form of a session carries. It follows from the session's own and is kept nowhere."""
    return hashed(f"csrf:{token}")


class Accounts:
    """Everything about accounts. Methods of an administrator check his right again, inside their transaction.

    Args:
        engine: the database.
        rules: desk.yml.
        clock: the time.
        hasher: of passwords.
    """

    def __init__(
        self,
        engine: Engine,
        rules: DeskRules,
        clock: Callable[[], datetime] = now,
        hasher: Hasher | None = None,
    ) -> None:
        self._rules = rules
        self._clock = clock
        self._staff = StaffStore(engine, rules.flow, clock)
        self._sessions = SessionStore(engine, clock)
        self._hasher = hasher or Hasher()

    # ---- Signing in and out ----

    def sign_in(self, login: str, password: str, *, address: str = "", agent: str = "") -> SignedIn:
        """A session for whoever knows the password.

        Wrong name, wrong password and disabled account are one answer, after the same time. After a few failures the
        name pauses, each time twice as long, whether there is such a name or not; a right password does not help then.

        Raises:
            AccountError: `wrong_sign_in`, or `locked_out` with the `seconds` to wait.
        """
        login = login.strip().casefold()[:64]
        self._try(login)
        member = self._staff.find(login)
        kept = self._staff.password_of(login)
        if not self._hasher.proves(password, kept) or member is None or not member.active:
            self._sessions.failed(login)
            raise AccountError("the name or the password is wrong", code="wrong_sign_in")
        if self._hasher.is_outdated(kept):
            self._staff.renew_hash(login, self._hasher.hash(password))
        return self._open(member, "password", address, agent)

    def sign_in_external(self, issuer: str, subject: str, *, address: str = "", agent: str = "") -> SignedIn:
        """A session for whom an identity provider has named: the door for OIDC.

        Call it only after the provider's answer was verified. Who he is there was said when the account was added, as
        `issuer#subject`; nobody gets an account by signing in elsewhere.

        Raises:
            AccountError: `wrong_sign_in`: nobody active is known by that name.
        """
        member = self._staff.find_external(f"{issuer}#{subject}")
        if member is None or not member.active:
            raise AccountError("nobody here is known by that name: an administrator can add him", code="wrong_sign_in")
        return self._open(member, "external", address, agent)

    def visitor(self, token: str) -> Visitor | None:
        """Whose token this is, while the session is valid; `None` otherwise. Looks at roles as they are now."""
        found = self._sessions.find(token, idle=self._rules.accounts.idle) if token else None
        if found is None:
            return None
        member, session = found
        rights = frozenset() if member.must_change else self._rules.flow.rights(member.roles)
        return Visitor(member, session, rights, csrf_of(token))

    def sign_out(self, visitor: Visitor) -> None:
        """End the session."""
        self._sessions.end(visitor.member.login, visitor.session.id)

    def sessions(self, visitor: Visitor) -> list[SessionLine]:
        """His sessions, the last used first."""
        return self._sessions.of(visitor.member.login, idle=self._rules.accounts.idle)

    def end_session(self, visitor: Visitor, session_id: int) -> None:
        """End another of his own sessions."""
        self._sessions.end(visitor.member.login, session_id)

    def change_password(self, token: str, old: str, new: str) -> None:
        """A new password; his other sessions end. Also how a first password is changed.

        Raises:
            AccountError: not signed in, the old password is wrong, the new one is refused or is the old one.
        """
        visitor = self.visitor(token)
        if visitor is None:
            raise AccountError("sign in first", code="not_signed_in")
        login = visitor.member.login
        self._try(login)
        if not self._hasher.proves(old, self._staff.password_of(login)):
            self._sessions.failed(login)
            raise AccountError("the old password is wrong", code="wrong_password")
        self._sessions.forgive(login)
        if old == new:
            raise AccountError("the new password is the old one: choose another", code="password_same")
        check_password(new, self._rules.accounts, login=login, name=visitor.member.name)
        self._staff.change_password(login, self._hasher.hash(new), keep=hashed(token))

    # ---- For administrators, and for operators at the command line ----

    def members(self) -> list[Member]:
        """Everybody who has an account, by login."""
        return self._staff.members()

    def add(self, actor: Actor, login: str, *, name: str, roles: Collection[str], external: str | None = None) -> str:
        """A new account; its first password, shown this once. With `external`, as `issuer#subject`, it has none.

        Raises:
            AccountError: the login cannot be one, or is taken; no such role.
            NotAllowedError: no right to it.
        """
        if not LOGIN.fullmatch(login) or login in RESERVED:
            raise AccountError(
                f"{login!r} cannot be a login: 2 to 32 of a-z, 0-9, dot, dash, a letter first, not a name of ours",
                code="bad_login",
            )
        password = "" if external else first_password()
        self._staff.add(
            actor,
            login,
            name=name.strip() or login,
            roles=roles,
            password=self._hasher.hash(password) if password else "",
            external=external,
        )
        return password

    def reset(self, actor: Actor, login: str) -> str:
        """Another first password, shown this once; it ends the sessions and lifts a lock-out.

        Raises:
            AccountError: no such account.
            NotAllowedError: no right to it.
        """
        password = first_password()
        self._staff.reset_password(actor, login, self._hasher.hash(password))
        self._sessions.forgive(login)
        return password

    def set_roles(self, actor: Actor, login: str, roles: Collection[str]) -> None:
        """Give other roles; they count from the next request on.

        Raises:
            AccountError: no such account or role; nobody would be left who looks after accounts.
            NotAllowedError: no right to it.
        """
        self._staff.set_roles(actor, login, roles)

    def disable(self, actor: Actor, login: str) -> None:
        """Close an account and end its sessions. What it did stays.

        Raises:
            AccountError: no such account; nobody would be left who looks after accounts.
            NotAllowedError: no right to it.
        """
        self._staff.set_active(actor, login, False)

    def enable(self, actor: Actor, login: str) -> None:
        """Open a closed account again.

        Raises:
            AccountError: no such account.
            NotAllowedError: no right to it.
        """
        self._staff.set_active(actor, login, True)

    def tidy(self) -> None:
        """Forget sessions and failures that are over; the sweep calls it."""
        self._sessions.forget_old(idle=self._rules.accounts.idle)

    def _try(self, login: str) -> None:
        # counted before it is tried: of a hundred guesses at once only the first few are looked at
        until = self._sessions.attempt(login, self._rules.accounts.pause_after)
        if until is not None:
            seconds = max(1, round((until - self._clock()).total_seconds()))
            raise AccountError(
                f"too many failed sign-ins: wait {seconds} seconds, or ask an administrator for a new password",
                code="locked_out",
                seconds=str(seconds),
            )

    def _open(self, member: Member, way: str, address: str, agent: str) -> SignedIn:
        token = secrets.token_urlsafe(32)
        self._sessions.open(
            member.login, token, lasts=self._rules.accounts.session, address=address, agent=agent, way=way
        )
        return SignedIn(token, member, member.must_change)
