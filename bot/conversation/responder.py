"""What to say at each step the dialogue can take. The engine's actions and the fallback both speak through this."""

import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.conversation.cards import asked, card, reply_buttons
from bot.conversation.memory import Conversation
from bot.conversation.messages import Message
from bot.conversation.snapshot import Snapshot
from bot.conversation.tappath import sharpened
from bot.conversation.wording import Wording
from bot.core.assessment import Assessment, nothing
from bot.core.errors import FangzhaError
from bot.core.measures import Event, Reason, Unresolved
from bot.core.vocabulary import Form, Language, Urgency
from bot.recognition.normalise import simplified

PAY_METHODS = (
    "atm",
    "phone_later",
    "phone_now",
    "counter",
    "qr",
    "card",
    "gift_card",
    "cash",
    "gold",
    "coin",
)
UNCLEAR_BEFORE_PERSON = 3
ASKED_AT_MOST = 2
SELF_HARM = "self_harm"
# "don't tell my son" names another and is told by who is in it himself
OF_ANOTHER = frozenset({Form.THIRD, Form.AFTER})
FeedbackSink = Callable[..., None]
CountSink = Callable[[str, str, str, str, str], None]
UnresolvedSink = Callable[[Unresolved], None]


@dataclass(frozen=True)
class Responder:
    """Speaks for one release. Methods read and update the conversation they are given."""

    snapshot: Snapshot
    keep_feedback: FeedbackSink = lambda **_: None
    count: CountSink = lambda *_: None
    keep_unresolved: UnresolvedSink = lambda _: None

    def wording(self, talk: Conversation) -> Wording:
        """The words for this customer."""
        return self.snapshot.wording(talk.language, talk.places)

    def reply(self, talk: Conversation, reply_id: str) -> list[Message]:
        """A published reply with its buttons."""
        wording, reply_id = self.wording(talk), fitting(talk, reply_id)
        text = wording.reply(reply_id)
        return [Message(text, reply_buttons(reply_id, wording))] if text else []

    def warn(self, talk: Conversation, *, ask_method: bool = True) -> list[Message]:
        """The card for what is known now, or a question when nothing is known yet."""
        known = talk.assessment
        if known is None or known.urgency is Urgency.NONE:
            return self.unclear(talk) if known is None else self.reply(talk, "describe_more")
        talk.unclear = talk.method_asked = 0
        message = card(known, self.wording(talk), ask_method=ask_method and not talk.paid_by)
        case = message.card["case"] if message.card else None
        self._shown(talk, ("typology", known.typology), *([("case", case["id"])] if case else []))
        messages = [message]
        if known.about_other and known.form in OF_ANOTHER and known.flagged:
            messages.extend(self.reply(talk, "for_other"))
        if known.question and known.question.id not in talk.asked:
            talk.asked.append(known.question.id)
        return messages

    def continued(self, talk: Conversation) -> list[Message]:
        """The first words to somebody who began elsewhere: where we are, and what comes first."""
        known = talk.assessment
        if known is None or known.urgency is Urgency.NONE:
            return self.reply(talk, "continued_fresh")
        return self.reply(talk, "continued") + self._next_step(talk, ask_method=True)

    def follow_up(self, talk: Conversation, question: str, answer: str, *, ask_method: bool = True) -> list[Message]:
        """The sharper card after an answer to a question."""
        known = talk.assessment or nothing(talk.language, content_version=self.snapshot.release.version)
        talk.assessment = sharpened(self.snapshot.recogniser, known, question, answer, talk.asked)
        return self.warn(talk, ask_method=ask_method)

    def paid(self, talk: Conversation, *, ask_method: bool = True) -> list[Message]:
        """The first-aid card for money that is gone, whatever the words were."""
        known = talk.assessment or nothing(talk.language, content_version=self.snapshot.release.version)
        typology = known.typology if known.typology != "none" else "unknown"
        talk.assessment = replace(known, urgency=Urgency.ALREADY_PAID, typology=typology, question=None)
        return self.warn(talk, ask_method=ask_method)

    def first_aid(self, talk: Conversation, method: str) -> list[Message]:
        """What can still be saved, by how it was paid."""
        if method not in PAY_METHODS:
            return self.reply(talk, "first_aid_common")
        talk.paid_by = method
        return self.reply(talk, f"first_aid_{method}") + self.reply(talk, "first_aid_common")

    def what_now(self, talk: Conversation, *, ask_method: bool = True) -> list[Message]:
        """The one thing to do next, said calmly; to somebody who told nothing yet, what to tell."""
        known = talk.assessment
        if talk.concern == SELF_HARM:
            return self.reply(talk, SELF_HARM)
        if known is None or known.urgency is Urgency.NONE:
            return self.reply(talk, "calm")
        return self.reply(talk, "steady") + self._next_step(talk, ask_method=ask_method)

    def did_it(self, talk: Conversation, *, ask_method: bool = True) -> list[Message]:
        """A nod to what was done or understood, and what comes next: the question that is open, or to stay awake."""
        known = talk.assessment
        if known is None or known.urgency is Urgency.NONE:
            return self.reply(talk, "all_right")
        if known.urgency is Urgency.ALREADY_PAID:
            if talk.paid_by:
                return self.reply(talk, "did_it_paid")
            return self.reply(talk, "did_it") + (self.reply(talk, "ask_pay_method") if ask_method else [])
        if known.question is None:
            return self.reply(talk, "did_it") + self.reply(talk, "stay_awake")
        return [*self.reply(talk, "did_it"), asked(known.question, self.wording(talk))]

    def _next_step(self, talk: Conversation, *, ask_method: bool) -> list[Message]:
        known = talk.assessment
        if known is not None and known.urgency is Urgency.ALREADY_PAID and talk.paid_by:
            return self.first_aid(talk, talk.paid_by)
        return self.warn(talk, ask_method=ask_method)

    def why(self, talk: Conversation) -> list[Message]:
        """The customer's own words that gave it away."""
        known = talk.assessment
        wording = self.wording(talk)
        if known is None or known.urgency is Urgency.NONE:
            return self.reply(talk, "why_nothing")
        reasons = [f"“{f.text}”：{f.says}" for f in known.red_flags if f.says]
        if not reasons:
            return self.reply(talk, "why_pattern")
        return [Message("\n".join([wording.reply("why_lead"), *reasons]))]

    def answer(self, talk: Conversation, text: str, *, ask_method: bool = True) -> list[Message]:
        """A published answer to a question, or an honest word that it was not understood."""
        found = self.snapshot.answers.best(text)
        if found is None:
            return self.unclear(talk, ask_method=ask_method)
        talk.unclear = 0
        self._shown(talk, ("answer", found[0].id))
        return [Message(self.wording(talk).say(found[0].text))]

    def hotline(self, talk: Conversation, place: str | None) -> list[Message]:
        """Who to call, by place."""
        known = place is not None and place in self.snapshot.release.places
        wording = self.snapshot.wording(talk.language, (place,) if place and known else talk.places)
        blocks = []
        for one in wording.places:
            rows = [row for role in ("police", "advice", "report") for row in wording.rows_at(one, role)]
            lines = [wording.reply("hotline_lead", place=wording.place_name(one))]
            stop = ". " if talk.language is Language.EN else "。"
            lines += [f"{h.number}  {h.name.in_(talk.language)}{stop}{h.caution.in_(talk.language)}" for h in rows]
            blocks.append("\n".join(lines))
        return [Message("\n".join([*blocks, wording.reply("hotline_bank")]))]

    def unclear(self, talk: Conversation, *, ask_method: bool = True) -> list[Message]:
        """Ask again twice, then offer a person (R18). In a danger, say once more what comes first instead of asking."""
        talk.unclear = min(talk.unclear + 1, UNCLEAR_BEFORE_PERSON)
        talk.not_understood = True
        if talk.assessment is None or not talk.assessment.flagged:
            return self.reply(talk, f"unclear_{talk.unclear}")
        if talk.unclear == UNCLEAR_BEFORE_PERSON:
            return self.reply(talk, "person")
        count = talk.unclear
        messages = self.reply(talk, "unclear_in_danger") + self._next_step(talk, ask_method=ask_method)
        talk.unclear = count
        return messages

    def change_language(self, talk: Conversation, language: Language | None) -> list[Message]:
        """Answer in another language from now on."""
        if language is None:
            return self.reply(talk, "unsupported_language")
        talk.language, talk.language_fixed = language, True
        return self.reply(talk, "language_changed")

    def restart(self, talk: Conversation) -> list[Message]:
        """Forget what was said."""
        talk.assessment, talk.texts, talk.asked, talk.unclear = None, [], [], 0
        talk.paid_by = talk.concern = ""
        talk.shown, talk.open = (), None
        return self.reply(talk, "restart")

    def feedback(self, talk: Conversation, *, helpful: bool) -> list[Message]:
        """Count a word of praise or complaint; of a complaint the masked text is kept for the publicity team."""
        known = talk.assessment
        self.happened(talk, Event.HELPFUL if helpful else Event.NOT_HELPFUL)
        if not helpful and talk.texts:
            self.keep_unresolved(self.unresolved(talk, talk.texts[-1], Reason.UNHELPFUL))
        # a thank-you is owed even when the count is lost
        with contextlib.suppress(FangzhaError):
            self.keep_feedback(
                helpful=helpful,
                urgency=known.urgency.value if known else Urgency.NONE.value,
                typology=known.typology if known else "none",
                content_version=self.snapshot.release.version,
            )
        return self.reply(talk, "helpful" if helpful else "not_helpful")

    def unresolved(self, talk: Conversation, masked: str, reason: Reason) -> Unresolved:
        """A masked text of this conversation, with what was made of it."""
        known = talk.assessment or nothing(talk.language, content_version=self.snapshot.release.version)
        return Unresolved(
            conversation=talk.id,
            text=masked,
            language=talk.language.value,
            form=known.form.value,
            urgency=known.urgency.value,
            typology=known.typology,
            reason=reason,
            release=self.snapshot.release.version,
        )

    def happened(self, talk: Conversation, event: Event) -> None:
        """Count that something happened to everything that was shown last."""
        for kind, key in talk.shown:
            self.count(kind, key, event, talk.channel, talk.place)

    def _shown(self, talk: Conversation, *pieces: tuple[str, str]) -> None:
        talk.shown = pieces
        self.happened(talk, Event.SHOWN)

    def concern(self, talk: Conversation, concern: str) -> list[Message]:
        """Life before money; a warning about the money follows it where there is one."""
        talk.concern = concern
        first = self.reply(talk, {"listened": "dictated"}.get(concern, concern))
        known = talk.assessment
        if concern == "held" and known and known.urgency.flagged:
            return first + self.warn(talk)
        return first


def is_too_much(talk: Conversation, reply_id: str) -> bool:
    """Whether a question was put twice since the card: who does not answer it then is not pressed."""
    if reply_id != "ask_pay_method":
        return False
    talk.method_asked += 1
    return talk.method_asked > ASKED_AT_MOST


def how_was_it_paid_is_open(talk: Conversation) -> bool:
    """Whether that was asked, and asking again would not be too much."""
    return 0 < talk.method_asked <= ASKED_AT_MOST and not talk.paid_by


def fitting(talk: Conversation, reply_id: str) -> str:
    """The reply that suits who is spoken to: life before money, and what is still to be done before a goodbye."""
    if talk.concern == SELF_HARM and reply_id in {"thanks", "goodbye"}:
        return "here_for_you"
    paid = talk.assessment is not None and talk.assessment.urgency is Urgency.ALREADY_PAID
    return "goodbye_paid" if paid and reply_id == "goodbye" else reply_id


def place_mentioned(text: str, snapshot: Snapshot) -> str | None:
    """The place a customer says he is in ("我在伦敦", "I'm in London"), if it is one of the table."""
    lowered = "".join(simplified(c) for c in text.lower())
    for place in snapshot.release.places.values():
        for mention in place.mentions:
            if re.search(
                rf"(?:我|人|住|们)在[^,，。]{{0,2}}{re.escape(mention)}|\bin (?:the )?{re.escape(mention)}\b", lowered
            ):
                return place.id
    return None


def carried(current: Assessment, before: Assessment | None) -> Assessment:
    """A calmer sentence in the middle of a danger does not end the danger."""
    if before is None or before.urgency.rank <= current.urgency.rank:
        return current
    return replace(
        before,
        language=current.language,
        indicators=current.indicators,
        concerns=current.concerns,
        elapsed_ms=current.elapsed_ms,
    )
