"""The door of an identity provider: OpenID Connect, the code flow with PKCE, and an ID token that is verified.

Whom the provider names is found among the accounts an administrator made; nobody gets an account by this.
"""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bot.core.errors import AccountError

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
PATIENCE = 10.0
# How long somebody may take at the provider, and how many may be on their way at once.
MINUTES, MOST_WAITING = 10, 1000
LEEWAY = 60


@dataclass(frozen=True, slots=True)
class Began:
    """Somebody sent to the provider: where to, and what his browser must bring back."""

    address: str
    state: str


@dataclass(frozen=True, slots=True)
class Named:
    """Whom the provider named, and where he wanted to go."""

    issuer: str
    subject: str
    following: str


@dataclass(frozen=True, slots=True)
class _Waiting:
    nonce: str
    verifier: str
    following: str
    until: float


class Provider:
    """One identity provider, asked when somebody comes.

    Args:
        issuer: its address, exactly as its tokens name it.
        client: what we are called there.
        secret: ours.
        back: the address of ours it sends people back to.
        clock: seconds that pass.
    """

    def __init__(
        self, issuer: str, client: str, secret: str, back: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._issuer = issuer
        self._client = client
        self._secret = secret
        self._back = back
        self._clock = clock
        self._guard = threading.Lock()
        self._waiting: OrderedDict[str, _Waiting] = OrderedDict()

    def begin(self, following: str) -> Began:
        """Where to send somebody who wants to come in.

        Raises:
            AccountError: `provider_silent`: it did not answer, or not as a provider does.
        """
        places = self._places()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        with self._guard:
            self._waiting[state] = _Waiting(nonce, verifier, following, self._clock() + MINUTES * 60)
            while len(self._waiting) > MOST_WAITING:
                self._waiting.popitem(last=False)
        query = {
            "response_type": "code",
            "client_id": self._client,
            "redirect_uri": self._back,
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        return Began(f"{_text(places, 'authorization_endpoint')}?{urlencode(query)}", state)

    def finish(self, state: str, brought: str, code: str) -> Named:
        """Whom the provider named, once its answer is verified. An answer is good once.

        Args:
            state: what the provider sent back,
            brought: what the browser kept; it must be the same.
            code: for which the provider gives the token.

        Raises:
            AccountError: `provider_refused`, or `provider_silent`.
        """
        with self._guard:
            waiting = self._waiting.pop(state, None)
        if waiting is None or waiting.until < self._clock() or not secrets.compare_digest(state, brought) or not code:
            raise _refused("nobody waits for this answer")
        places = self._places()
        token = self._token(_text(places, "token_endpoint"), code, waiting.verifier)
        subject = self._subject(token, _ask("GET", _text(places, "jwks_uri")), waiting.nonce)
        return Named(self._issuer, subject, waiting.following)

    def _places(self) -> dict[str, Any]:
        found = _ask("GET", f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self._issuer:
            raise _silent("it calls itself otherwise")
        return found

    def _token(self, address: str, code: str, verifier: str) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._back,
            "code_verifier": verifier,
        }
        return _text(_ask("POST", address, data=form, auth=(self._client, self._secret)), "id_token")

    def _subject(self, token: str, keys: Any, nonce: str) -> str:
        must = jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._client},
            exp={"essential": True},
            nonce={"essential": True, "value": nonce},
            sub={"essential": True},
        )
        try:
            read = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS)
            must.validate(read.claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise _refused(type(error).__name__) from error
        return str(read.claims["sub"])


def _ask(method: str, address: str, **more: Any) -> dict[str, Any]:
    try:
        answer = httpx.request(method, address, timeout=PATIENCE, headers={"accept": "application/json"}, **more)
        answer.raise_for_status()
        found = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise _silent(type(error).__name__) from error
    if not isinstance(found, dict):
        raise _silent("no object")
    return found


def _text(found: dict[str, Any], name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str):
        raise _silent(f"no {name}")
    return value


def _refused(why: str) -> AccountError:
    return AccountError(f"the identity provider's answer was refused: {why}. Sign in again", code="provider_refused")


def _silent(why: str) -> AccountError:
    return AccountError(f"the identity provider did not answer as it should: {why}", code="provider_silent")
