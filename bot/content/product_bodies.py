"""The shape of everything that is made of a case, and of the templates it is made by."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from bot.content.bodies import Body, CaseId, Day, Id, Text, WordsBody

Channel = Literal["chat", "kiosk", "screen", "telegram", "sms", "web"]
ProductKind = Literal["warning", "screen", "led", "prompt_card", "leaflet", "handbook", "quiz"]
NoneOrCaseId = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9][A-Za-z0-9_-]*)?$")]
NoneOrId = Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9_]*)?$")]


class AudienceBody(Body):
    """A group that is spoken to in a way of its own; in content/audiences.yml."""

    id: Id
    name: WordsBody


class ProductBody(Body):
    """What every product carries."""

    id: CaseId
    from_case: NoneOrCaseId = ""
    typology: NoneOrId = ""
    audiences: Annotated[tuple[Id, ...], Field(min_length=1)] = ("all",)
    places: Annotated[tuple[Id, ...], Field(min_length=1)] = ("all",)
    start: Day
    end: Day
    source: str = ""
    ai_made: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if date.fromisoformat(self.end) < date.fromisoformat(self.start):
            raise ValueError("the end lies before the start: swap them or move one")
        return self


def _hours(text: str) -> str:
    begin, _, end = text.partition("-")
    if begin >= end:
        raise ValueError("ends before it begins: write it as 09:00-11:30; over midnight takes two")
    return text


Daypart = Annotated[
    str,
    StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$"),
    AfterValidator(_hours),
]


class ScreenedBody(ProductBody):
    """What a screen or a sign may show only at some hours; at all of them when none are named."""

    dayparts: tuple[Daypart, ...] = ()


class WarningBody(ScreenedBody):
    """A warning; in content/warnings/<any>.yml under `warnings`."""

    title: WordsBody
    text: WordsBody
    channels: tuple[Channel, ...] = Field(min_length=1)
    priority: int = Field(default=2, ge=1, le=3)
    interrupt_minutes: int = Field(default=30, ge=0, le=720)
    quiz: NoneOrCaseId = ""


class ScreenBody(ScreenedBody):
    """One item of a screen's loop; in content/screens/<any>.yml under `screens`."""

    title: WordsBody
    lines: tuple[WordsBody, ...] = Field(min_length=1, max_length=3)
    seconds: int = Field(default=12, ge=5, le=60)


class FilmBody(ScreenedBody):
    """A film of the bank's own, shown without sound; in content/films/<any>.yml under `films`.

    `file` is the name it was given when it was added at the desk; `lines` are read while it runs.
    """

    title: WordsBody
    lines: tuple[WordsBody, ...] = Field(min_length=1, max_length=2)
    file: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}\.(mp4|webm)$")]
    seconds: int = Field(default=30, ge=5, le=180)


class LedBody(ScreenedBody):
    """One line of a ticker; in content/led/<any>.yml under `led`."""

    text: Text


class PromptCardBody(ProductBody):
    """The card on the counter; in content/prompt_cards/<any>.yml under `prompt_cards`."""

    title: WordsBody
    points: tuple[WordsBody, ...] = Field(min_length=1, max_length=3)
    foot: WordsBody


class LeafletBody(ProductBody):
    """A page to take home; in content/leaflets/<any>.yml under `leaflets`."""

    title: WordsBody
    lead: WordsBody
    story: WordsBody
    signs: tuple[WordsBody, ...] = Field(min_length=1, max_length=4)
    do: tuple[WordsBody, ...] = Field(min_length=1, max_length=5)
    never: tuple[WordsBody, ...] = Field(min_length=1, max_length=3)
    foot: WordsBody


class HandbookBody(ProductBody):
    """A page of the handbook; in content/handbook/<any>.yml under `handbook`."""

    title: WordsBody
    summary: WordsBody
    how: tuple[WordsBody, ...] = Field(min_length=1)
    signs: tuple[WordsBody, ...] = Field(min_length=1)
    do: tuple[WordsBody, ...] = Field(min_length=1)
    never: tuple[WordsBody, ...] = Field(min_length=1)


class QuizBody(ProductBody):
    """One question; in content/quiz/<any>.yml under `quiz`."""

    question: WordsBody
    options: tuple[WordsBody, ...] = Field(min_length=2, max_length=4)
    right: int = Field(ge=1)
    why: WordsBody

    @model_validator(mode="after")
    def _one_is_right(self) -> Self:
        if self.right > len(self.options):
            raise ValueError(f"right is {self.right}, and there are {len(self.options)} options: count from 1")
        return self


def _readable(body: dict[str, Any]) -> dict[str, Any]:
    if not body:
        raise ValueError("is empty: write the fields of the product it makes")
    return body


class TemplateBody(Body):
    """How one product is drafted from a case; content/templates/<id>.yml. `days` is how long a draft is valid."""

    id: Id
    name: WordsBody
    makes: ProductKind
    days: int = Field(default=90, ge=1, le=365)
    body: Annotated[dict[str, Any], AfterValidator(_readable)]


PRODUCT_KINDS: dict[str, type[ProductBody]] = {
    "warning": WarningBody,
    "screen": ScreenBody,
    "film": FilmBody,
    "led": LedBody,
    "prompt_card": PromptCardBody,
    "leaflet": LeafletBody,
    "handbook": HandbookBody,
    "quiz": QuizBody,
}
