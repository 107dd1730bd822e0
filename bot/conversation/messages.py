"""What goes to a customer, whatever the messenger."""

from dataclasses import dataclass, field
from typing import Any

from bot.core.assessment import Assessment


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: what it says and what comes back when it is tapped."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `card` is the same thing structured, for channels that can draw it."""

    text: str
    buttons: tuple[Choice, ...] = ()
    card: dict[str, Any] | None = None

    def as_dict(self) -> dict[str, Any]:
        """The JSON shape of the contract; `card` only where there is one."""
        body: dict[str, Any] = {
            "text": self.text,
            "buttons": [{"title": b.title, "payload": b.payload} for b in self.buttons],
        }
        return body if self.card is None else {**body, "card": self.card}


@dataclass(frozen=True, slots=True)
class Incoming:
    """Whatever arrived, as a channel hands it over. `payload` is a tapped button and never typed text.

    `place` is the branch a kiosk stands in, where there is one; only counts know it. `decides` tells whether whoever
    speaks may decide for the chat: in a group not every member may.
    """

    conversation: str
    text: str = ""
    payload: str = ""
    language: str | None = None
    channel: str = "web"
    place: str = ""
    decides: bool = True


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The answer to one `Incoming`."""

    messages: tuple[Message, ...]
    assessment: Assessment | None = None
    engine: str = field(default="rasa")

    def as_dict(self) -> dict[str, Any]:
        """The JSON shape of the contract."""
        return {
            "messages": [m.as_dict() for m in self.messages],
            "assessment": self.assessment.as_dict() if self.assessment else None,
        }
