"""Talking to a running stack over HTTP, and the published words to hold its answers against."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import httpx

from bot.content.build import build_release
from bot.content.files import read_folder
from bot.conversation.cards import reply_buttons
from bot.conversation.wording import Wording
from bot.core.content import Release
from bot.core.vocabulary import Language, Urgency
from tests.conftest import WHEN_WRITTEN
from tests.conversations.running import Stack

# Not a promise of speed: only a turn that hangs must end the test.
PATIENCE_SECONDS = 15.0


@dataclass(frozen=True)
class Reply:
    """The answer to one turn, as the API gives it."""

    body: dict[str, Any]

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The messages, in order."""
        found: list[dict[str, Any]] = self.body["messages"]
        return found

    @property
    def texts(self) -> list[str]:
        """What each message says."""
        return [m["text"] for m in self.messages]

    @property
    def text(self) -> str:
        """All that was said."""
        return "\n".join(self.texts)

    @property
    def cards(self) -> list[dict[str, Any]]:
        """The messages that carry a card."""
        return [m for m in self.messages if m.get("card")]

    @property
    def card(self) -> dict[str, Any]:
        """The one card of the answer."""
        assert len(self.cards) == 1, f"expected one card: {self.texts}"
        card: dict[str, Any] = self.cards[0]["card"]
        return card

    @property
    def urgency(self) -> Urgency:
        """Of the card."""
        return Urgency(self.card["urgency"])

    @property
    def payloads(self) -> list[str]:
        """The payload of every button, in order."""
        return [b["payload"] for m in self.messages for b in m["buttons"]]

    @property
    def assessment(self) -> dict[str, Any]:
        """Of the text that was answered."""
        found: dict[str, Any] = self.body["assessment"]
        return found


@dataclass
class Published:
    """The words of the stack's content."""

    stack: Stack

    @cached_property
    def release(self) -> Release:
        """The content the stack was seeded with."""
        pieces, faults = read_folder(self.stack.content)
        assert faults == []
        return build_release(1, [(p.kind, p.key, p.body) for p in pieces])

    def wording(self, language: Language = Language.ZH_HANS, *places: str) -> Wording:
        """Published words for a customer; without a place, those of the language's home."""
        return Wording(self.release, language, places or self.release.home_places[language], WHEN_WRITTEN)

    def reply(self, reply_id: str, language: Language = Language.ZH_HANS, *places: str) -> str:
        """A published reply, which must exist."""
        text = self.wording(language, *places).reply(reply_id)
        assert text, f"no reply {reply_id} is published"
        return text

    def buttons(self, reply_id: str) -> list[str]:
        """The payloads of a reply's buttons."""
        return [b.payload for b in reply_buttons(reply_id, self.wording())]

    def answer(self, answer_id: str, language: Language = Language.ZH_HANS) -> str:
        """A published answer."""
        found = next(a for a in self.release.answers if a.id == answer_id)
        return self.wording(language).say(found.text)

    def question(self, question_id: str, language: Language = Language.ZH_HANS) -> str:
        """The published words of a question."""
        found = self.release.question(question_id)
        assert found is not None, question_id
        return self.wording(language).say(found.text)


@dataclass
class Talk:
    """One conversation."""

    stack: Stack
    conversation: str
    typed: list[str] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)

    def say(self, text: str, *, seconds: float = PATIENCE_SECONDS) -> Reply:
        """What the customer writes."""
        self.typed.append(text)
        return self._send({"text": text}, seconds)

    def tap(self, payload: str, *, seconds: float = PATIENCE_SECONDS) -> Reply:
        """A button the last answer offered."""
        return self._send({"payload": payload}, seconds)

    def _send(self, body: dict[str, str], seconds: float) -> Reply:
        call = {"conversation": self.conversation, **body}
        answer = httpx.post(f"{self.stack.url}/api/v1/chat", json=call, timeout=seconds, trust_env=False)
        assert answer.status_code == httpx.codes.OK, answer.text
        reply = Reply(answer.json())
        assert reply.messages, f"nothing was answered to {body}"
        self.replies.append(reply)
        return reply
