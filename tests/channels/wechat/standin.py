"""A stand-in for WeChat's interface: tokens that end, messages that are checked, media."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

APP_ID, SECRET = "wx0000000000000000", "not-a-real-secret"
Message = MutableMapping[str, Any]


class WeChat:
    """WeChat. `errors` are given to the next calls of a path, the first first."""

    def __init__(self) -> None:
        self.tokens = 0
        self.expires_in = 7200
        self.said: list[tuple[str, str]] = []
        self.bodies: list[bytes] = []
        self.media: dict[str, bytes] = {}
        self.errors: dict[str, list[int]] = {}

    @property
    def token(self) -> str:
        """The one that is good now."""
        return f"token-{self.tokens}"

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """ASGI."""
        body = b""
        more = True
        while more:
            part = await receive()
            body += part.get("body", b"")
            more = part.get("more_body", False)
        query = {name: values[0] for name, values in parse_qs(scope["query_string"].decode()).items()}
        kind, content = self._answer(scope["path"], query, body)
        headers = [(b"content-type", kind), (b"content-length", b"%d" % len(content))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _answer(self, path: str, query: dict[str, str], body: bytes) -> tuple[bytes, bytes]:
        if self.errors.get(path):
            return _json(errcode=self.errors[path].pop(0), errmsg="told to")
        if path == "/cgi-bin/stable_token":
            return self._new_token(json.loads(body))
        if query.get("access_token") != self.token:
            return _json(errcode=40001, errmsg="invalid credential, access_token is invalid or not latest")
        if path == "/cgi-bin/message/custom/send":
            return self._sent(body)
        if path == "/cgi-bin/media/get":
            content = self.media.get(query["media_id"])
            return (b"image/jpeg", content) if content is not None else _json(errcode=40007, errmsg="invalid media_id")
        return _json(errcode=404, errmsg=path)

    def _new_token(self, asked: dict[str, str]) -> tuple[bytes, bytes]:
        if asked != {"grant_type": "client_credential", "appid": APP_ID, "secret": SECRET}:
            return _json(errcode=40125, errmsg="invalid appsecret")
        self.tokens += 1
        return _json(access_token=self.token, expires_in=self.expires_in)

    def _sent(self, body: bytes) -> tuple[bytes, bytes]:
        message = json.loads(body)
        content = message["text"]["content"]
        if message["msgtype"] != "text" or not content:
            return _json(errcode=40008, errmsg="invalid message type")
        if len(content.encode()) > 2048:
            return _json(errcode=45002, errmsg="content size out of limit")
        self.bodies.append(body)
        self.said.append((message["touser"], content))
        return _json(errcode=0, errmsg="ok")


def _json(**fields: Any) -> tuple[bytes, bytes]:
    return b"application/json; encoding=utf-8", json.dumps(fields).encode()
