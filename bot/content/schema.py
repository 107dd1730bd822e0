"""The shape of every kind of piece. Unknown keys are refused, so a typing slip is found where it stands."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bot.content.bodies import Body, CaseId, Id, Text, TimeZone, WordsBody
from bot.content.kiosk_bodies import KIOSK_KINDS
from bot.content.plan_bodies import PLAN_KINDS
from bot.content.product_bodies import PRODUCT_KINDS, AudienceBody, NoneOrId, TemplateBody
from bot.core.vocabulary import Form, Stage, Urgency

Act = Literal[
    "transfer",
    "pay_fee",
    "read_code",
    "share_screen",
    "install_app",
    "click_link",
    "scan_qr",
    "move_messenger",
    "give_card",
    "give_id",
    "hand_cash",
    "hand_gold",
    "borrow",
    "keep_secret",
    "tap_card",
    "call_back",
    "none",
]


class StepBody(WordsBody):
    """One step of the modus operandi."""

    stage: Stage


class PatternsBody(Body):
    """Patterns by language: literal words, `(a|b)`, and `…` for a gap."""

    zh: tuple[Text, ...] = ()
    en: tuple[Text, ...] = ()


class RedFlagBody(Body):
    """Words that give a scam away."""

    id: Id
    act: Act
    strength: Literal["weak", "strong", "certain"]
    says: WordsBody
    patterns: PatternsBody


class ActionBody(Body):
    """One command and what follows it."""

    command: WordsBody
    steps: tuple[WordsBody, ...] = Field(min_length=1, max_length=5)


class ActionsBody(Body):
    """What to do at each urgency."""

    ask: ActionBody
    warn: ActionBody
    stop_now: ActionBody = Field(alias="stop-now")
    already_paid: ActionBody = Field(alias="already-paid")


class EffectBody(Body):
    """What an answer makes likelier."""

    toward: tuple[Id, ...] = ()
    urgency: Urgency | None = None


class QuestionBody(Body):
    """A question answered with one tap."""

    id: Id
    text: WordsBody
    yes: EffectBody = EffectBody()
    no: EffectBody = EffectBody()


class TypologyBody(Body):
    """content/typologies/<id>.yml."""

    id: Id
    kind: Literal["typology", "method"]
    names: WordsBody
    summary: WordsBody
    steps: tuple[StepBody, ...] = Field(min_length=1)
    victims: WordsBody
    methods: tuple[Id, ...] = ()
    red_flags: tuple[RedFlagBody, ...] = Field(min_length=1)
    never: tuple[WordsBody, ...] = Field(min_length=1)
    actions: ActionsBody
    questions: tuple[QuestionBody, ...] = ()
    named_from: int = Field(default=12, ge=0, le=100)


class CaseBody(Body):
    """One case; in content/cases/<typology>.yml under `cases`."""

    id: CaseId
    typology: Id
    title: WordsBody
    stage: Stage
    methods: tuple[Id, ...] = ()
    story: WordsBody
    lesson: WordsBody


class ExamplesBody(Body):
    """content/examples/<typology>.yml and content/benign/<topic>.yml: language -> form -> urgency -> texts."""

    zh: dict[Form, dict[Urgency, tuple[Text, ...]]] = Field(default_factory=dict)
    en: dict[Form, dict[Urgency, tuple[Text, ...]]] = Field(default_factory=dict)
    typology: Id = "none"


class AnswerBody(Body):
    """One question and answer; in content/answers/<topic>.yml under `answers`."""

    id: Id
    topic: Id
    kind: Literal["answer", "bank", "hotline"] = "answer"
    asks: PatternsBody
    title: WordsBody
    text: WordsBody
    sources: tuple[Text, ...] = ()


class ButtonBody(Body):
    """A choice under a message."""

    title: WordsBody
    payload: Text


class ReplyBody(Body):
    """Any other sentence the bot says; in content/replies/<topic>.yml under `replies`."""

    id: Id
    text: WordsBody
    buttons: tuple[ButtonBody, ...] = ()


class FrameBody(Body):
    """A kind of evidence; in content/frames/<group>.yml under `frames`."""

    id: Id
    group: Id
    patterns: PatternsBody
    says: WordsBody | None = None


class HotlineBody(Body):
    """One row of the approved table; in content/hotlines.yml."""

    id: Id
    place: Id
    role: Id
    number: Text
    kind: Literal["phone", "sms", "web", "app"] = "phone"
    href: str = ""
    name: WordsBody
    caution: WordsBody
    valid_until: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    source: str = ""


class PlaceBody(Body):
    """A place with its own numbers, or a branch within one; in content/hotlines.yml under `places`."""

    id: Id
    name: WordsBody
    mentions: tuple[Text, ...] = ()
    timezone: TimeZone = ""
    within: NoneOrId = ""


class BankBody(Body):
    """The bank that runs this installation; in content/bank.yml."""

    id: Literal["bank"] = "bank"
    name: WordsBody
    number: str = ""
    number_words: WordsBody
    home_places: dict[Literal["zh-Hans", "zh-Hant", "en"], tuple[Id, ...]]


class VariantsBody(Body):
    """content/variants.yml: an evasion, as people type it, and the plain word it stands for."""

    id: Literal["variants"] = "variants"
    variants: dict[str, Text]


KINDS: dict[str, type[Body]] = {
    "typology": TypologyBody,
    "case": CaseBody,
    "examples": ExamplesBody,
    "answer": AnswerBody,
    "reply": ReplyBody,
    "frame": FrameBody,
    "question": QuestionBody,
    "hotline": HotlineBody,
    "place": PlaceBody,
    "bank": BankBody,
    "variants": VariantsBody,
    "audience": AudienceBody,
    "template": TemplateBody,
    **PRODUCT_KINDS,
    **KIOSK_KINDS,
    **PLAN_KINDS,
}
