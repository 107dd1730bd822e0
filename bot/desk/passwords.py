"""Passwords: what is refused, how a first one is made, how they are hashed."""

import itertools
import secrets
import string
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.core.errors import AccountError
from bot.desk.rules import Policy

LONGEST = 256  # hashing more costs the same to nobody but us
LEAST_DIFFERENT = 6
# What people begin with when they are made to invent one; taken away before what is left is judged.
WORN_OUT = (
    "password", "passw0rd", "p@ssw0rd", "mima", "woaini", "qwertyuiop", "qwerty", "asdfghjkl", "asdfgh", "zxcvbnm",
    "1qaz2wsx", "letmein", "welcome", "iloveyou", "admin", "fangzha", "zhapian", "yinhang", "bank", "fraud",
)  # fmt: skip
FIRST_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # nothing that is mistaken for something else on paper
FIRST_GROUPS, FIRST_GROUP = 4, 5


def first_password() -> str:
    """A password to hand over once: twenty characters in four groups, a hundred bits."""
    groups = ("".join(secrets.choice(FIRST_ALPHABET) for _ in range(FIRST_GROUP)) for _ in range(FIRST_GROUPS))
    return "-".join(groups)


def check_password(password: str, policy: Policy, *, login: str, name: str) -> None:
    """Whether somebody may choose this password.

    Raises:
        AccountError: he may not; the message says what to do.
    """
    if len(password) < policy.password_length:
        raise AccountError(
            f"a password needs at least {policy.password_length} characters: a short sentence is easy to keep",
            code="password_short",
            length=str(policy.password_length),
        )
    if len(password) > LONGEST:
        raise AccountError(f"a password has at most {LONGEST} characters", code="password_long", length=str(LONGEST))
    if _kinds(password) < policy.password_kinds:
        raise AccountError(
            f"a password needs {policy.password_kinds} of: small letters, capitals, digits, other characters",
            code="password_kinds",
            kinds=str(policy.password_kinds),
        )
    if _is_worn_out(password, (login, name)):
        raise AccountError(
            "this password is one of the first somebody would try: choose words that do not belong together",
            code="password_weak",
        )


def _kinds(password: str) -> int:
    small = any(c in string.ascii_lowercase for c in password)
    capital = any(c in string.ascii_uppercase for c in password)
    digit = any(c.isdigit() for c in password)
    other = any(not c.isascii() or not c.isalnum() for c in password)
    return small + capital + digit + other


def _is_worn_out(password: str, own: tuple[str, ...]) -> bool:
    left = unicodedata.normalize("NFKC", password).casefold()
    for word in (*(o.casefold() for o in own if len(o) > 1), *WORN_OUT):
        left = left.replace(word, "")
    steps = sum(abs(ord(b) - ord(a)) <= 1 for a, b in itertools.pairwise(left))
    return len(set(left)) < LEAST_DIFFERENT or steps * 2 > len(left)


class Hasher:
    """Argon2id with the library's parameters. Proving a password of nobody takes as long as of somebody."""

    def __init__(self, argon2: PasswordHasher | None = None) -> None:
        self._argon2 = argon2 or PasswordHasher()
        self._nobody = ""

    def hash(self, password: str) -> str:
        """The hash to keep."""
        return self._argon2.hash(_bounded(password))

    def proves(self, password: str, kept: str) -> bool:
        """Whether this is the password of a hash; an empty hash is nobody's."""
        if not kept:
            self._nobody = self._nobody or self._argon2.hash(secrets.token_hex())
        try:
            return self._argon2.verify(kept or self._nobody, _bounded(password))
        except (VerificationError, InvalidHashError):
            return False

    def is_outdated(self, kept: str) -> bool:
        """Whether a hash was made with other parameters than today's."""
        return self._argon2.check_needs_rehash(kept)


def _bounded(password: str) -> str:
    # the same password typed on two keyboards may differ in how its characters are composed
    return unicodedata.normalize("NFKC", password)[: LONGEST * 4]
