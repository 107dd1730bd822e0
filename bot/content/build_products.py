"""From the bodies of products to what a release holds of them."""

from collections.abc import Iterable
from datetime import date

from bot.content.bodies import Body, WordsBody
from bot.content.product_bodies import (
    AudienceBody,
    FilmBody,
    HandbookBody,
    LeafletBody,
    LedBody,
    ProductBody,
    PromptCardBody,
    QuizBody,
    ScreenBody,
    ScreenedBody,
    WarningBody,
)
from bot.content.wording import words
from bot.core import products as made
from bot.core.errors import ContentError
from bot.core.words import Words


def products(bodies: Iterable[Body]) -> made.Products:
    """The products among the bodies, each kind in the order given; everything else is passed over."""
    listed = list(bodies)
    each = [product(b) for b in listed if isinstance(b, ProductBody)]
    return made.Products(
        warnings=tuple(p for p in each if isinstance(p, made.PublicWarning)),
        screens=tuple(p for p in each if isinstance(p, made.Screen)),
        films=tuple(p for p in each if isinstance(p, made.Film)),
        leds=tuple(p for p in each if isinstance(p, made.LedLine)),
        prompt_cards=tuple(p for p in each if isinstance(p, made.PromptCard)),
        leaflets=tuple(p for p in each if isinstance(p, made.Leaflet)),
        handbook=tuple(p for p in each if isinstance(p, made.HandbookEntry)),
        quizzes=tuple(p for p in each if isinstance(p, made.Quiz)),
        audiences={b.id: made.Audience(b.id, words(b.name)) for b in listed if isinstance(b, AudienceBody)},
    )


def product(body: ProductBody) -> made.Product:  # noqa: PLR0911  # one return a kind reads best
    """One product.

    Raises:
        ContentError: the body is of no kind that is made here.
    """
    head = _head(body)
    match body:
        case WarningBody():
            title, text = words(body.title), words(body.text)
            return made.PublicWarning(
                head, title, text, tuple(body.channels), body.priority, body.quiz, body.interrupt_minutes
            )
        case ScreenBody():
            return made.Screen(head, words(body.title), _each(body.lines), body.seconds)
        case FilmBody():
            return made.Film(head, words(body.title), _each(body.lines), body.file, body.seconds)
        case LedBody():
            return made.LedLine(head, body.text)
        case PromptCardBody():
            return made.PromptCard(head, words(body.title), _each(body.points), words(body.foot))
        case LeafletBody():
            opening = words(body.title), words(body.lead), words(body.story)
            lists = _each(body.signs), _each(body.do), _each(body.never)
            return made.Leaflet(head, *opening, *lists, words(body.foot))
        case HandbookBody():
            how, lists = _each(body.how), (_each(body.signs), _each(body.do), _each(body.never))
            return made.HandbookEntry(head, words(body.title), words(body.summary), how, *lists)
        case QuizBody():
            return made.Quiz(head, words(body.question), _each(body.options), body.right, words(body.why))
    raise ContentError(f"{type(body).__name__} is no product: add it to bot/content/build_products.py")


def _each(bodies: Iterable[WordsBody]) -> tuple[Words, ...]:
    return tuple(words(b) for b in bodies)


def _head(body: ProductBody) -> made.Head:
    days = date.fromisoformat(body.start), date.fromisoformat(body.end)
    dayparts = tuple(_daypart(d) for d in body.dayparts) if isinstance(body, ScreenedBody) else ()
    showing = made.Showing(body.audiences, body.places, *days, dayparts)
    return made.Head(body.id, body.from_case, body.typology, showing, body.ai_made)


def _daypart(text: str) -> tuple[str, str]:
    begin, _, end = text.partition("-")
    return begin, end
