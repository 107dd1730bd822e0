"""One message walked through: mask, assess, let the dialogue engine decide, and warn without it when it fails."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Protocol

import structlog

from bot.conversation.memory import Conversation, Memory
from bot.conversation.messages import Incoming, Message, Outgoing
from bot.conversation.redaction import redact
from bot.conversation.responder import (
    PAY_METHODS,
    SELF_HARM,
    CountSink,
    Responder,
    UnresolvedSink,
    carried,
    how_was_it_paid_is_open,
    place_mentioned,
)
from bot.conversation.snapshot import Snapshot
from bot.conversation.subscribing import Subscribing
from bot.core.assessment import Assessment
from bot.core.errors import EngineError
from bot.core.measures import Event, Reason, Unresolved
from bot.core.vocabulary import NONE, UNKNOWN, Language, Urgency

log = structlog.get_logger()

PAYLOAD = re.compile(r"(answer|pay|do|lang):([A-Za-z0-9_-]{1,40})(?::(yes|no|unsure))?\Z")
# What a button may ask the dialogue for; anything else in a payload is ignored.
INTENTS = frozenset(
    {
        "already_paid",
        "ask_hotline",
        "dictated",
        "frozen",
        "helpful",
        "lent_card",
        "not_helpful",
        "person",
        "start_over",
        "what_are_you",
        "why",
    }
)
OWN_PRODUCT = "own_product_question"
CONCERNS = (SELF_HARM, "held", "child", "listened")
# To the engine a command, to the reader of texts a riddle; customers have no commands.
LEADING_SLASH = re.compile(r"^[\s/／]+")
SESSION_TURNS = 20
JOINED_CHARS = 1500
SHORT_CHARS = 60
LONGEST_FOR_ENGINE = 4000


class DialogueEngine(Protocol):
    """What a turn needs of the engine."""

    async def send(self, sender: str, text: str, metadata: dict[str, Any]) -> list[Message]:
        """Messages for one turn; raises EngineError."""
        ...

    async def forget(self, sender: str) -> None:
        """Keep nothing of a conversation; raises EngineError."""
        ...

    async def begin_session(self, sender: str, metadata: dict[str, Any]) -> None:
        """Start a new session; raises EngineError."""
        ...


@dataclass(frozen=True, slots=True)
class Tap:
    """A button's payload, understood."""

    kind: str
    name: str
    value: str = ""

    @classmethod
    def read(cls, payload: str) -> "Tap | None":
        """The payload if it is one of ours."""
        match = PAYLOAD.fullmatch(payload)
        if match is None:
            return None
        kind, name, value = match.groups()
        known = {
            "answer": value is not None,
            "pay": name in PAY_METHODS,
            "do": name in INTENTS,
            "lang": Language.parse(name) is not None,
        }
        return cls(kind, name, value or "") if known[kind] and (kind == "answer") is (value is not None) else None

    def for_engine(self) -> str:
        """As the engine's own direct-intent message."""
        if self.kind == "answer":
            return f"/answer{json.dumps({'question': self.name, 'answer': self.value})}"
        if self.kind == "pay":
            return f"/pay_method{json.dumps({'pay_method': self.name})}"
        if self.kind == "lang":
            return f"/change_language{json.dumps({'language': self.name})}"
        return f"/{self.name}"


class Turns:
    """Handles turns of all conversations; those of one conversation one after another."""

    def __init__(
        self,
        current: Callable[[], Snapshot],
        engine: DialogueEngine | None,
        memory: Memory,
        *,
        keep_feedback: Callable[..., None] = lambda **_: None,
        subscribing: Subscribing | None = None,
        count: CountSink = lambda *_: None,
        keep_unresolved: UnresolvedSink = lambda _: None,
    ) -> None:
        self._current = current
        self._engine = engine
        self._memory = memory
        self._keep_feedback = keep_feedback
        self._subscribing = subscribing
        self._count = count
        self._keep_unresolved = keep_unresolved
        self._queues: dict[str, tuple[asyncio.Lock, int]] = {}

    async def handle(self, incoming: Incoming) -> Outgoing:
        """The answer to what arrived. Never raises for anything a customer can send."""
        async with self._alone(incoming.conversation):
            return await self._handle(incoming)

    async def forget(self, conversation: str) -> None:
        """Wipe a conversation here and in the engine, after the turn that may be under way."""
        async with self._alone(conversation):
            self._memory.forget(conversation)
            if self._engine is not None:
                try:
                    await self._engine.forget(conversation)
                except EngineError as error:
                    log.warning("engine_failed", reason=str(error))

    @asynccontextmanager
    async def _alone(self, conversation: str) -> AsyncIterator[None]:
        lock, waiting = self._queues.get(conversation, (asyncio.Lock(), 0))
        self._queues[conversation] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._queues[conversation]
            if waiting <= 1:
                del self._queues[conversation]
            else:
                self._queues[conversation] = (lock, waiting - 1)

    def responder(self) -> Responder:
        """Speaks for the release in force now."""
        return Responder(self._current(), self._keep_feedback, self._count, self._keep_unresolved)

    async def _handle(self, incoming: Incoming) -> Outgoing:
        responder = self.responder()
        talk = self._memory.open(incoming.conversation)
        talk.turns += 1
        talk.channel, talk.place = incoming.channel, incoming.place
        _set_language(talk, incoming)
        asked = self._subscribing.asked(talk, incoming, responder) if self._subscribing else None
        if self._subscribing and asked:
            about = await asyncio.to_thread(self._subscribing.answer, asked)
            if about is not None:
                return Outgoing(tuple(about), None, "direct")
        tap = Tap.read(incoming.payload) if incoming.payload else None
        if tap is not None:
            return await self._tapped(talk, tap, responder)
        if not incoming.text.strip():
            return Outgoing(tuple(responder.reply(talk, "empty")))
        return await self._said(talk, incoming, responder)

    async def _tapped(self, talk: Conversation, tap: Tap, responder: Responder) -> Outgoing:
        try:
            messages = await self._ask_engine(talk, tap.for_engine(), {"language": talk.language.value})
            source = "rasa"
        except EngineError as error:
            log.warning("engine_failed", reason=str(error))
            messages, source = tapped_without_engine(talk, tap, responder), "fallback"
        known = talk.assessment and replace(talk.assessment, language=talk.language)
        return Outgoing(tuple(messages), known, source)

    async def _said(self, talk: Conversation, incoming: Incoming, responder: Responder) -> Outgoing:
        snapshot = responder.snapshot
        # "ATM" or "OK" in the middle of a conversation is no change of language
        one_word = talk.turns > 1 and incoming.text.isascii() and len(incoming.text.split()) == 1
        keeps = one_word or (talk.language_fixed and len(incoming.text) <= SHORT_CHARS)
        language = talk.language if keeps else None
        assessment = await asyncio.to_thread(self._assess, talk, incoming.text, snapshot, language)
        talk.language = assessment.language
        # the customer's own words are shown and kept as reasons: masked there too
        flags = tuple(replace(f, text=redact(f.text).text) for f in assessment.red_flags)
        if SELF_HARM in assessment.concerns:
            flags = ()  # nobody who thinks of dying is shown which of his words were conspicuous
        assessment = replace(assessment, red_flags=flags)
        masked = redact(incoming.text)
        place = place_mentioned(incoming.text, snapshot)
        if place:
            talk.places = (place,)
        own = assessment
        before = talk.assessment.urgency if talk.assessment else Urgency.NONE
        talk.assessment = carried(assessment, talk.assessment)
        talk.remember(masked.text)
        responder.happened(talk, Event.QUESTIONS)
        talk.shown, talk.not_understood, talk.open = (), False, None
        self._count_kind(talk, own)
        if not assessment.supported_language:
            messages, source = responder.reply(talk, "unsupported_language"), "direct"
        else:
            messages, source = await self._answer(talk, own, before, masked.text, responder)
            self._note_unresolved(talk, own, masked.text, responder)
        if self._subscribing:
            messages = [*messages, *self._subscribing.offer(talk, own, incoming.channel, responder)]
        if masked.sensitive and own.form.value not in {"sms", "chat", "call"}:
            notice = responder.reply(talk, "masked_notice")
            messages = [*messages, *notice] if own.flagged else [*notice, *messages]
        return Outgoing(tuple(messages), replace(own, language=talk.language), source)

    def _count_kind(self, talk: Conversation, own: Assessment) -> None:
        """Each kind of scam once a conversation, so that what is counted are people who asked."""
        if own.urgency is not Urgency.NONE and own.typology not in talk.asked_of:
            talk.asked_of |= {own.typology}
            self._count("typology", own.typology, Event.ASKED, talk.channel, talk.place)

    def _note_unresolved(self, talk: Conversation, own: Assessment, masked: str, responder: Responder) -> None:
        """Keep what taught something. Whoever fears for a life is nobody's lesson."""
        if own.concerns or talk.concern:
            return
        if talk.not_understood:
            self._keep_unresolved(responder.unresolved(talk, masked, Reason.UNCLEAR))
        elif own.flagged and own.typology == UNKNOWN:
            self._keep_unresolved(responder.unresolved(talk, masked, Reason.UNKNOWN))
        elif own.urgency is Urgency.ASK:
            talk.open = responder.unresolved(talk, masked, Reason.OPEN)

    async def _answer(
        self, talk: Conversation, own: Assessment, before: Urgency, masked: str, responder: Responder
    ) -> tuple[list[Message], str]:
        try:
            return await self._ask_engine(talk, _without_commands(masked), _metadata(own, before)), "rasa"
        except EngineError as error:
            log.warning("engine_failed", reason=str(error))
            return said_without_engine(talk, own, masked, responder), "fallback"

    def _assess(self, talk: Conversation, text: str, snapshot: Snapshot, language: Language | None) -> Assessment:
        """Of this text; when it goes on from a story told before, of both together, the graver counts."""
        text = LEADING_SLASH.sub(lambda found: " " * len(found.group()), text)
        alone = snapshot.recogniser.assess(text, language, default=talk.language)
        before = talk.assessment
        goes_on = before is not None and before.urgency is not Urgency.NONE and bool(talk.texts)
        if not goes_on or len(text) > SHORT_CHARS or alone.urgency is Urgency.NONE:
            return alone
        joined = snapshot.recogniser.assess("\n".join([*talk.texts, text])[-JOINED_CHARS:], language=alone.language)
        if joined.urgency.rank <= alone.urgency.rank:
            # "already sent it" says how urgent it is, the story before says which kind
            vague = alone.typology in {UNKNOWN, NONE}
            return replace(alone, typology=joined.typology, ranking=joined.ranking) if vague else alone
        return replace(joined, red_flags=alone.red_flags, evidence=alone.evidence, indicators=alone.indicators)

    async def _ask_engine(self, talk: Conversation, text: str, metadata: dict[str, Any]) -> list[Message]:
        if self._engine is None:
            raise EngineError("no dialogue engine is configured")
        talk.session_turns += 1
        if talk.session_turns > SESSION_TURNS and not how_was_it_paid_is_open(talk):
            # a turn's cost grows with the history of the session, and a new one forgets which question is open
            await self._engine.begin_session(talk.id, metadata)
            talk.session_turns = 1
        return await self._engine.send(talk.id, text, metadata)


def _set_language(talk: Conversation, incoming: Incoming) -> None:
    wanted = Language.parse(incoming.language)
    if wanted and (talk.turns == 1 or wanted is not talk.language):
        talk.language = wanted
        # picked on the page: kept until a longer text in another script says otherwise
        talk.language_fixed = talk.turns > 1


def _without_commands(text: str) -> str:
    """The engine reads a leading slash as a command; customers have none."""
    return LEADING_SLASH.sub("", text)[:4000] or "?"


def _metadata(assessment: Assessment, before: Urgency) -> dict[str, Any]:
    """The Assessment as the engine needs it: what decides the next step, no text. `before` was known already.

    In a danger that is known, a text without any evidence is no story told anew: what it wants is heard.
    """
    found = assessment.evidence or assessment.red_flags or assessment.indicators
    goes_on = before.flagged and not found and assessment.urgency.rank <= before.rank
    return {
        "urgency": Urgency.NONE.value if goes_on else assessment.urgency.value,
        "before": before.value,
        "typology": assessment.typology,
        "methods": list(assessment.methods),
        "form": assessment.form.value,
        "concerns": list(assessment.concerns),
        "about_other": assessment.about_other,
        "language": assessment.language.value,
        "question": assessment.question.id if assessment.question else None,
    }


def said_without_engine(talk: Conversation, own: Assessment, masked: str, responder: Responder) -> list[Message]:
    """The urgency card from the Assessment alone; an answer when the text is only a question."""
    for concern in CONCERNS:
        if concern in own.concerns:
            return responder.concern(talk, concern)
    if own.urgency is not Urgency.NONE:
        return responder.warn(talk)
    found = responder.snapshot.answers.best(masked)
    if found:
        return responder.answer(talk, masked)
    if talk.assessment is not None and talk.assessment.flagged:
        return responder.what_now(talk)
    ordinary = any(e.frame == OWN_PRODUCT and not e.negated for e in own.evidence)
    talk.not_understood = not ordinary
    return responder.reply(talk, "bank_question" if ordinary else "engine_resting")


def left_open(talk: Conversation) -> Unresolved | None:
    """What a conversation that fell silent leaves unresolved: it was asked something, and nothing settled it."""
    settled = talk.assessment is None or talk.assessment.urgency is not Urgency.ASK
    return None if settled or talk.concern else talk.open


def tapped_without_engine(talk: Conversation, tap: Tap, responder: Responder) -> list[Message]:
    """What a button means, without the engine."""
    if tap.kind == "answer":
        return responder.follow_up(talk, tap.name, tap.value)
    if tap.kind == "pay":
        return responder.first_aid(talk, tap.name)
    if tap.kind == "lang":
        return responder.change_language(talk, Language.parse(tap.name))
    direct: dict[str, Callable[[], list[Message]]] = {
        "already_paid": lambda: responder.paid(talk),
        "ask_hotline": lambda: responder.hotline(talk, None),
        "why": lambda: responder.why(talk),
        "start_over": lambda: responder.restart(talk),
        "helpful": lambda: responder.feedback(talk, helpful=True),
        "not_helpful": lambda: responder.feedback(talk, helpful=False),
    }
    return direct.get(tap.name, lambda: responder.reply(talk, tap.name))()
