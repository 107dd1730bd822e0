"""Every way in which Telegram is documented to fail, and the ways a network adds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class Refusal(Exception):  # noqa: N818  # an answer, not a fault of the stand-in
    """`{"ok": false}`, as the real server words it."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """The JSON of the answer."""
        body = {"ok": False, "error_code": self.code, "description": self.description}
        return {**body, "parameters": self.parameters} if self.parameters else body


@dataclass(frozen=True)
class Trouble:
    """What is not a refusal: `html` is an error page of a proxy, `hang` and `reset` are of the line."""

    kind: str
    status: int = 502


FAILURES: Mapping[str, Refusal | Trouble] = {
    "chat_not_found": Refusal(400, "Bad Request: chat not found"),
    "unauthorized": Refusal(401, "Unauthorized"),
    "blocked": Refusal(403, "Forbidden: bot was blocked by the user"),
    "deactivated": Refusal(403, "Forbidden: user is deactivated"),
    "kicked": Refusal(403, "Forbidden: bot was kicked from the supergroup chat"),
    "cannot_initiate": Refusal(403, "Forbidden: bot can't initiate conversation with a user"),
    "no_rights": Refusal(400, "Bad Request: not enough rights to send text messages to the chat"),
    "not_found": Refusal(404, "Not Found"),
    "conflict": Refusal(
        409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    ),
    "webhook_active": Refusal(
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    ),
    "too_many": Refusal(429, "Too Many Requests: retry after 1", retry_after=1),
    "internal": Refusal(500, "Internal Server Error"),
    "bad_gateway": Trouble("html", 502),
    "unavailable": Trouble("html", 503),
    "broken_json": Trouble("broken_json", 200),
    "hang": Trouble("hang"),
    "reset": Trouble("reset"),
}


def too_many(seconds: int) -> Refusal:
    """429 with the seconds to wait."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def migrated(to: int) -> Refusal:
    """A group that became a supergroup."""
    return Refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=to)


@dataclass
class Plan:
    """Fails the next `times` calls that fit; without limit when `times` is None."""

    failure: Refusal | Trouble
    method: str | None = None
    chat: int | None = None
    times: int | None = 1

    def fits(self, method: str, chat: int | None) -> bool:
        """Whether it is meant for this call and not used up; uses it."""
        if self.times == 0 or self.method not in {None, method} or self.chat not in {None, chat}:
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass
class Plans:
    """What was asked to fail, the oldest first."""

    _plans: list[Plan] = field(default_factory=list)

    def add(self, plan: Plan) -> None:
        """One more."""
        self._plans.append(plan)

    def clear(self) -> None:
        """Nothing fails any more."""
        self._plans.clear()

    def next(self, method: str, chat: int | None) -> Refusal | Trouble | None:
        """How this call fails, if it does."""
        return next((p.failure for p in self._plans if p.fits(method, chat)), None)
