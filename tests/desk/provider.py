"""A small identity provider on a real loopback port. It checks what it is sent as a real one does."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "desk", "a secret of the desk that is long enough to sign with"
KEY, OTHER = RSAKey.generate_key(2048, {"kid": "k1"}), RSAKey.generate_key(2048, {"kid": "k1"})


class SmallProvider:
    """Knows one person, who is always signed in. `claims` and `signs` make its tokens wrong."""

    def __init__(self, back: str) -> None:
        self.back = back
        self.claims: dict[str, Any] = {}
        self.signs = ""
        self.calls_itself = ""
        self._codes: dict[str, dict[str, str]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> None:
        """Answer from a thread of its own."""
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()

    # ---- What it answers ----

    def places(self) -> dict[str, str]:
        """The document of where it does what."""
        return {
            "issuer": self.calls_itself or self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        assert asked["client_id"] == CLIENT
        assert asked["redirect_uri"] == self.back
        assert asked["response_type"] == "code"
        assert "openid" in asked["scope"].split()
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self._codes)}"
        self._codes[code] = asked
        return f"{self.back}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, str]:
        """The token for a code, once."""
        assert base64.b64decode(authorization.removeprefix("Basic ")).decode() == f"{CLIENT}:{SECRET}"
        assert form["grant_type"] == "authorization_code"
        assert form["redirect_uri"] == self.back
        asked = self._codes.pop(form["code"])
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == asked["code_challenge"]
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "lin-4711",
            "exp": int(time.time()) + 300,
            "nonce": asked["nonce"],
            **self.claims,
        }
        return {"token_type": "Bearer", "access_token": "unused", "id_token": self._signed(claims)}

    def _signed(self, claims: dict[str, Any]) -> str:
        told = {name: value for name, value in claims.items() if value is not None}
        if self.signs == "unsigned":
            parts = (json.dumps(part).encode() for part in ({"alg": "none"}, told))
            return ".".join([*(base64.urlsafe_b64encode(p).decode().rstrip("=") for p in parts), ""])
        if self.signs == "shared_secret":
            return jwt.encode({"alg": "HS256"}, told, OctKey.import_key(SECRET))
        return jwt.encode({"alg": "RS256", "kid": "k1"}, told, OTHER if self.signs == "other_key" else KEY)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            """One request."""

            def do_GET(self) -> None:  # as the base class has it
                """Discovery, keys, and the page people are sent to."""
                where = urlsplit(self.path)
                if where.path == "/authorize":
                    asked = {name: values[0] for name, values in parse_qs(where.query).items()}
                    self.send_response(302)
                    self.send_header("location", provider.authorize(asked))
                    self.end_headers()
                elif where.path == "/keys":
                    self._tell({"keys": [KEY.as_dict(private=False)]})
                else:
                    self._tell(provider.places())

            def do_POST(self) -> None:
                """The token."""
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                self._tell(provider.token(form, self.headers.get("authorization", "")))

            def _tell(self, value: Any) -> None:
                data = json.dumps(value).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        return Handler
