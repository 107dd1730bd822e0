"""From pieces (of files or of the store) to the release the app holds in memory."""

from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import ValidationError

from bot.content.bodies import Body
from bot.content.build_kiosk import kiosk
from bot.content.build_products import products
from bot.content.plan_bodies import plans
from bot.content.schema import (
    KINDS,
    ActionBody,
    AnswerBody,
    BankBody,
    CaseBody,
    EffectBody,
    ExamplesBody,
    FrameBody,
    HotlineBody,
    PatternsBody,
    PlaceBody,
    QuestionBody,
    ReplyBody,
    TypologyBody,
    VariantsBody,
)
from bot.content.wording import words
from bot.core import content
from bot.core.errors import ContentError
from bot.core.vocabulary import Language, Urgency
from bot.recognition.language import detect

B = TypeVar("B", bound=Body)


def parse(kind: str, key: str, body: dict[str, Any]) -> Body:
    """The typed body of a piece.

    Raises:
        ContentError: it does not have the shape of its kind.
    """
    schema = KINDS.get(kind)
    if schema is None:
        raise ContentError(f"{kind}/{key}: no such kind of content; one of {', '.join(KINDS)}")
    try:
        return schema.model_validate(body)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(p) for p in first["loc"])
        raise ContentError(f"{kind}/{key}: {where}: {first['msg']}") from error


def build_release(version: int, pieces: Iterable[tuple[str, str, dict[str, Any]]]) -> content.Release:
    """A release from (kind, key, body) of every piece in it.

    Raises:
        ContentError: a body has not the shape of its kind, or the bank's own piece is missing.
    """
    bodies: dict[str, list[Body]] = {kind: [] for kind in KINDS}
    examples: list[content.Example] = []
    for kind, key, body in pieces:
        parsed = parse(kind, key, body)
        bodies[kind].append(parsed)
        if isinstance(parsed, ExamplesBody):
            examples.extend(_examples(parsed, source=key))
    banks = _of(bodies, "bank", BankBody)
    if not banks:
        raise ContentError("content/bank.yml is missing: it names the bank and the places its customers live in")
    bank = banks[0]
    typologies = {t.id: typology_of(t) for t in _of(bodies, "typology", TypologyBody)}
    general = tuple(_question(q, "") for q in _of(bodies, "question", QuestionBody))
    specific = tuple(q for t in typologies.values() for q in t.questions)
    return content.Release(
        version=version,
        bank=content.Bank(words(bank.name), bank.number, words(bank.number_words)),
        typologies=typologies,
        cases=tuple(_case(c) for c in _of(bodies, "case", CaseBody)),
        examples=tuple(examples),
        answers=tuple(_answer(a) for a in _of(bodies, "answer", AnswerBody)),
        replies={r.id: _reply(r) for r in _of(bodies, "reply", ReplyBody)},
        frames=tuple(
            content.Frame(f.id, f.group, _patterns(f.patterns), words(f.says) if f.says else None)
            for f in _of(bodies, "frame", FrameBody)
        ),
        questions=general + specific,
        hotlines=tuple(_hotline(h) for h in _of(bodies, "hotline", HotlineBody)),
        places={
            p.id: content.Place(p.id, words(p.name), p.mentions, p.timezone, p.within)
            for p in _of(bodies, "place", PlaceBody)
        },
        home_places={Language(tag): places for tag, places in bank.home_places.items()},
        variants={k: v for b in _of(bodies, "variants", VariantsBody) for k, v in b.variants.items()},
        products=products(body for listed in bodies.values() for body in listed),
        kiosk=kiosk(body for listed in bodies.values() for body in listed),
        plans=plans(body for listed in bodies.values() for body in listed),
    )


def _of(bodies: dict[str, list[Body]], kind: str, schema: type[B]) -> list[B]:
    return [body for body in bodies[kind] if isinstance(body, schema)]


def _patterns(body: PatternsBody) -> tuple[str, ...]:
    return body.zh + body.en


def _effect(body: EffectBody) -> content.Effect:
    return content.Effect(body.toward, body.urgency)


def _question(body: QuestionBody, typology: str) -> content.Question:
    return content.Question(body.id, words(body.text), _effect(body.yes), _effect(body.no), typology)


def _action(body: ActionBody) -> content.Action:
    return content.Action(words(body.command), tuple(words(s) for s in body.steps))


def typology_of(body: TypologyBody) -> content.Typology:
    """A typology as recognition and cards use it."""
    actions = {
        Urgency.ASK: _action(body.actions.ask),
        Urgency.WARN: _action(body.actions.warn),
        Urgency.STOP_NOW: _action(body.actions.stop_now),
        Urgency.ALREADY_PAID: _action(body.actions.already_paid),
    }
    return content.Typology(
        id=body.id,
        kind=body.kind,
        names=words(body.names),
        summary=words(body.summary),
        steps=tuple(content.Step(s.stage, words(s)) for s in body.steps),
        victims=words(body.victims),
        methods=body.methods,
        red_flags=tuple(
            content.RedFlag(f.id, f.act, f.strength, words(f.says), _patterns(f.patterns), body.id)
            for f in body.red_flags
        ),
        never=tuple(words(n) for n in body.never),
        actions=actions,
        questions=tuple(_question(q, body.id) for q in body.questions),
        named_from=body.named_from,
    )


def _case(body: CaseBody) -> content.Case:
    return content.Case(
        body.id, body.typology, words(body.title), body.stage, body.methods, words(body.story), words(body.lesson)
    )


def _examples(body: ExamplesBody, *, source: str) -> Iterable[content.Example]:
    for tag, forms in (("zh", body.zh), ("en", body.en)):
        for form, urgencies in forms.items():
            for urgency, texts in urgencies.items():
                for text in texts:
                    language = Language.EN if tag == "en" else detect(text)
                    yield content.Example(text, body.typology, urgency, form, language, source)


def _answer(body: AnswerBody) -> content.Answer:
    return content.Answer(
        body.id, body.topic, _patterns(body.asks), words(body.title), words(body.text), body.sources, body.kind
    )


def _reply(body: ReplyBody) -> content.Reply:
    return content.Reply(
        body.id, words(body.text), tuple(content.Button(words(b.title), b.payload) for b in body.buttons)
    )


def _hotline(body: HotlineBody) -> content.Hotline:
    return content.Hotline(
        body.id,
        body.place,
        body.role,
        body.number,
        words(body.name),
        words(body.caution),
        body.valid_until,
        body.href,
        body.kind,
    )
