"""Asking for warnings, changing what was asked, and leaving. Before the dialogue engine, so it works without it too."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from bot.conversation.cards import reply_buttons
from bot.conversation.memory import Conversation
from bot.conversation.messages import Choice, Incoming, Message
from bot.conversation.responder import Responder
from bot.conversation.wording import Wording
from bot.core.assessment import Assessment
from bot.core.errors import StoreError
from bot.core.subscriptions import EVERYTHING, INTERNAL, PUSHES, Frequency, Preferences, Quiet, Subscription
from bot.core.vocabulary import Form, Language, Urgency
from bot.recognition.language import detect
from bot.store.kept_texts import KeptTexts
from bot.store.subscriptions import SubscriptionStore
from bot.store.tables import now

log = structlog.get_logger()

ONLY_ANSWERS = frozenset({"wechat"})
# What a channel's menu of commands may offer, and the payload each stands for.
COMMANDS = {"subscribe": "sub:open", "settings": "sub:open", "unsubscribe": "sub:leave", "stop": "sub:leave"}
OPENING = frozenset({"订阅", "订阅提醒", "订阅预警", "我要订阅", "提醒设置", "订阅设置", "subscribe", "subscriptions"})
SHORT_CODES = frozenset({"td", "qx"})  # Chinese, though they look Latin
LEAVING = frozenset(
    {
        "退订",
        "取消订阅",
        "不再订阅",
        "停止订阅",
        "退订提醒",
        *SHORT_CODES,
        "stop",
        "unsubscribe",
        "optout",
        "cancelsubscription",
    }
)
TRADITIONAL = str.maketrans("訂閱預設", "订阅预设")
# Forms in which somebody else's words arrive.
PASTED = frozenset({Form.SMS, Form.CHAT, Form.CALL, Form.PITCH})
TAP = re.compile(r"sub:([a-z]+)(?::([A-Za-z0-9_-]{1,40}))?\Z")
CHOSEN = "✓ "


@dataclass(frozen=True, slots=True)
class Asked:
    """One tap or word about subscriptions, where it came from."""

    channel: str
    address: str
    talk: Conversation
    responder: Responder
    name: str
    value: str = ""
    typed: bool = False
    decides: bool = True

    @property
    def wording(self) -> Wording:
        """The words for whoever asks."""
        return self.responder.wording(self.talk)


class Subscribing:
    """The small dialogue on payloads of its own.

    Args:
        store: who is subscribed.
        kept: texts that are looked at once more.
        zone: the time zone of places that name none.
        clock: the time.
    """

    def __init__(
        self, store: SubscriptionStore, kept: KeptTexts, zone: str, clock: Callable[[], datetime] = now
    ) -> None:
        self._store = store
        self._kept = kept
        self._zone = zone
        self._clock = clock
        self._steps: dict[str, Callable[[Asked], list[Message]]] = {
            "open": self._open,
            "yes": self._agree,
            "no": lambda asked: asked.responder.reply(asked.talk, "sub_no"),
            "leave": self._leave,
            "audience": self._audience,
            "place": self._place,
            "language": self._language,
            "often": self._often,
            "quiet": self._quiet,
            "urgent": self._urgent,
            "clock": self._hour,
            "tell": lambda asked: asked.responder.reply(asked.talk, "sub_tell_consent"),
            "keep": self._keep,
            "drop": lambda asked: asked.responder.reply(asked.talk, "sub_tell_no"),
        }

    def asked(self, talk: Conversation, incoming: Incoming, responder: Responder) -> Asked | None:
        """What is asked about subscriptions; `None` for everything else. Looks nothing up."""
        tap = TAP.fullmatch(incoming.payload)
        name, value = (tap.group(1), tap.group(2) or "") if tap else (_wish(incoming.text), "")
        if name not in self._steps:
            return None
        if incoming.text and talk.turns == 1 and incoming.text.strip().casefold() not in SHORT_CODES:
            talk.language = detect(incoming.text)
        return Asked(
            incoming.channel,
            _address(incoming.conversation),
            talk,
            responder,
            name,
            value,
            bool(incoming.text),
            incoming.decides,
        )

    def answer(self, asked: Asked) -> list[Message] | None:
        """The answer; `None` where the word means something else after all."""
        try:
            # in the middle of a danger "stop" is a cry, unless there is something to leave for whoever may
            cry = asked.typed and asked.name == "leave" and _in_danger(asked.talk)
            if cry and not (asked.decides and self._subscribed(asked)):
                return None
            if not asked.decides:
                return asked.responder.reply(asked.talk, "sub_group_admins")
            return self._steps[asked.name](asked)
        except StoreError as error:
            log.warning("subscribing_failed", reason=str(error))
            return asked.responder.reply(asked.talk, "sub_resting")

    # ---- Coming and going ----

    def _open(self, asked: Asked) -> list[Message]:
        if asked.channel in ONLY_ANSWERS:
            return asked.responder.reply(asked.talk, "sub_only_answers")
        if asked.channel not in PUSHES:
            return asked.responder.reply(asked.talk, "sub_not_here")
        found = self._subscribed(asked)
        return self._shown(asked, found) if found else asked.responder.reply(asked.talk, "sub_consent")

    def _agree(self, asked: Asked) -> list[Message]:
        if asked.channel not in PUSHES:
            return self._open(asked)
        talk, release, place = asked.talk, asked.responder.snapshot.release, self._home(asked)
        wishes = Preferences(place=place, language=talk.language, zone=self._zone_of(asked, place))
        found = self._store.agree(asked.channel, asked.address, wishes, release.version)
        return asked.responder.reply(talk, "sub_welcome") + self._shown(asked, found)

    def _leave(self, asked: Asked) -> list[Message]:
        left = self._store.leave(asked.channel, asked.address)
        return asked.responder.reply(asked.talk, "sub_left" if left else "sub_nothing")

    def _subscribed(self, asked: Asked) -> Subscription | None:
        return self._store.find(asked.channel, asked.address)

    # ---- To be told when more becomes known ----

    @staticmethod
    def offer(talk: Conversation, known: Assessment, channel: str, responder: Responder) -> list[Message]:
        """Offered once in a conversation, under a text that could not be judged, or that somebody else wrote."""
        doubtful = known.urgency is Urgency.ASK or (known.urgency is Urgency.NONE and known.form in PASTED)
        if talk.offered or not doubtful or channel not in PUSHES or talk.id.partition(":-")[1]:
            return []
        talk.offered = True
        return responder.reply(talk, "sub_tell_offer")

    def _keep(self, asked: Asked) -> list[Message]:
        talk, known = asked.talk, asked.talk.assessment
        if asked.channel not in PUSHES:
            return self._open(asked)
        if not talk.texts or known is None:
            return asked.responder.reply(talk, "sub_tell_gone")
        place = self._home(asked)
        wishes = Preferences(frozenset(), place, talk.language, zone=self._zone_of(asked, place))
        version = asked.responder.snapshot.release.version
        self._kept.keep(asked.channel, asked.address, wishes, talk.texts[-1], known.urgency, version)
        return asked.responder.reply(talk, "sub_tell_kept")

    # ---- Choosing ----

    def _audience(self, asked: Asked) -> list[Message]:
        known = asked.responder.snapshot.release.products.audiences
        choosable = set(known) - INTERNAL

        def toggled(wishes: Preferences) -> Preferences:
            if asked.value == EVERYTHING:
                return replace(wishes, audiences=frozenset({EVERYTHING}))
            return replace(
                wishes, audiences=(wishes.audiences ^ {asked.value}) - {EVERYTHING} or frozenset({EVERYTHING})
            )

        found = self._changed(asked, toggled) if asked.value in {EVERYTHING, *choosable} else self._subscribed(asked)
        if found is None:
            return self._open(asked)
        names = {a.id: a.name.in_(asked.talk.language) for a in known.values() if a.id in choosable}
        options = {EVERYTHING: asked.wording.reply("sub_every_audience"), **names}
        done = Choice(asked.wording.reply("sub_done"), "sub:open")
        return [_choosing(asked, "sub_audience", options, found.wishes.audiences, done)]

    def _place(self, asked: Asked) -> list[Message]:
        places = asked.responder.snapshot.release.places
        if asked.value in {EVERYTHING, *places}:
            return self._set(asked, place=asked.value, zone=self._zone_of(asked, asked.value))
        options = {EVERYTHING: asked.wording.reply("sub_every_place")}
        options |= {p.id: p.name.in_(asked.talk.language) for p in places.values()}
        return self._ask(asked, "sub_place", options, lambda wishes: {wishes.place})

    def _language(self, asked: Asked) -> list[Message]:
        language = Language.parse(asked.value)
        if language is None:
            options = {tag.value: asked.wording.reply(_named("sub_language", tag.value)) for tag in Language}
            return self._ask(asked, "sub_language", options, lambda wishes: {wishes.language.value})
        if self._subscribed(asked):
            asked.talk.language, asked.talk.language_fixed = language, True
        return self._set(asked, language=language)

    def _often(self, asked: Asked) -> list[Message]:
        if asked.value in set(Frequency):
            return self._set(asked, frequency=Frequency(asked.value))
        options = {often.value: asked.wording.reply(f"sub_often_{often}") for often in Frequency}
        return self._ask(asked, "sub_often", options, lambda wishes: {wishes.frequency.value})

    def _quiet(self, asked: Asked) -> list[Message]:
        if asked.value == "none":
            return self._set(asked, quiet=None)
        quiet = _hours(asked.value)
        if quiet is not None and self._changed(asked, lambda wishes: replace(wishes, quiet=quiet)):
            return self._urgent(replace(asked, name="urgent", value=""))
        options = {"none": asked.wording.reply("sub_quiet_none")}
        options |= {h: _clock_hours(h) for h in ("21-7", "22-7", "23-8", "12-14")}
        return self._ask(asked, "sub_quiet", options, lambda wishes: {_told(wishes.quiet)})

    def _urgent(self, asked: Asked) -> list[Message]:
        if asked.value in {"yes", "no"}:
            return self._set(asked, urgent_anyway=asked.value == "yes")
        options = {answer: asked.wording.reply(f"sub_urgent_{answer}") for answer in ("yes", "no")}
        return self._ask(asked, "sub_urgent", options, lambda wishes: {"yes" if wishes.urgent_anyway else "no"})

    def _hour(self, asked: Asked) -> list[Message]:
        if asked.value.isdecimal() and int(asked.value) < 24:
            ahead = (int(asked.value) - self._clock().hour + 12) % 24 - 12
            # the names of these zones count westward
            return self._set(asked, zone=f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT")
        options = {str(hour): f"{hour}:00" for hour in range(24)}
        return self._ask(asked, "sub_clock", options, lambda _: set())

    # ---- What they share ----

    def _changed(self, asked: Asked, change: Callable[[Preferences], Preferences]) -> Subscription | None:
        return self._store.change(asked.channel, asked.address, change)

    def _set(self, asked: Asked, **wishes: object) -> list[Message]:
        found = self._changed(asked, lambda old: replace(old, **wishes))  # type: ignore[arg-type]
        return self._shown(asked, found) if found else self._open(asked)

    def _ask(
        self, asked: Asked, reply_id: str, options: dict[str, str], chosen: Callable[[Preferences], set[str]]
    ) -> list[Message]:
        found = self._subscribed(asked)
        return [_choosing(asked, reply_id, options, chosen(found.wishes))] if found else self._open(asked)

    def _shown(self, asked: Asked, found: Subscription) -> list[Message]:
        wishes, wording = found.wishes, asked.wording
        products = asked.responder.snapshot.release.products
        names = [
            products.audiences[a].name.in_(wording.language)
            for a in sorted(wishes.audiences)
            if a in products.audiences
        ]
        every = EVERYTHING in wishes.audiences or not names
        text = wording.reply(
            "sub_settings",
            audiences=wording.reply("sub_every_audience") if every else " · ".join(names),
            place=wording.reply("sub_every_place") if wishes.place == EVERYTHING else wording.place_name(wishes.place),
            language=wording.reply(_named("sub_language", wishes.language.value)),
            often=wording.reply(f"sub_often_{wishes.frequency}"),
            quiet=_clock_hours(_told(wishes.quiet)) if wishes.quiet else wording.reply("sub_quiet_none"),
            urgent=wording.reply("sub_urgent_yes" if wishes.urgent_anyway else "sub_urgent_no"),
            clock=f"{self._clock().astimezone(ZoneInfo(wishes.zone)):%H:%M}",
        )
        return [Message(text, reply_buttons("sub_settings", wording))]

    @staticmethod
    def _home(asked: Asked) -> str:
        homes = asked.responder.snapshot.release.home_places.get(asked.talk.language, ())
        return next(iter(asked.talk.places or homes), EVERYTHING)

    def _zone_of(self, asked: Asked, place: str) -> str:
        known = asked.responder.snapshot.release.places.get(place)
        return known.timezone if known and known.timezone else self._zone


def about_subscriptions(text: str, payload: str) -> bool:
    """Whether a word or a tap asks about them, as far as can be told without looking anything up."""
    return bool(TAP.fullmatch(payload) or _wish(text))


def _wish(text: str) -> str:
    """What a whole message of one or two known words asks for; nothing for any other."""
    if len(text) > 40:
        return ""
    plain = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold().translate(TRADITIONAL)
    return "leave" if plain in LEAVING else "open" if plain in OPENING else ""


def _address(conversation: str) -> str:
    """Where a conversation is written to: in a group, whoever speaks there, the group."""
    return ":".join(conversation.split(":")[:3]) if conversation.startswith("tg:") else conversation


def _in_danger(talk: Conversation) -> bool:
    return talk.assessment is not None and talk.assessment.flagged


def _choosing(
    asked: Asked, reply_id: str, options: dict[str, str], chosen: set[str] | frozenset[str], *more: Choice
) -> Message:
    buttons = [
        Choice(f"{CHOSEN if value in chosen else ''}{title}", f"sub:{asked.name}:{value}")
        for value, title in options.items()
    ]
    return Message(asked.wording.reply(reply_id), (*buttons, *more))


def _named(prefix: str, tag: str) -> str:
    return f"{prefix}_{tag.lower().replace('-', '_')}"


def _hours(value: str) -> Quiet | None:
    match = re.fullmatch(r"(\d{1,2})-(\d{1,2})", value)
    try:
        return Quiet(int(match.group(1)), int(match.group(2))) if match else None
    except ValueError:
        return None


def _told(quiet: Quiet | None) -> str:
    return f"{quiet.start}-{quiet.end}" if quiet else "none"


def _clock_hours(value: str) -> str:
    start, _, end = value.partition("-")
    return f"{start}:00–{end}:00"
