"""The shape of what the kiosk shows: choices, pictures and drills; in content/kiosk."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from bot.content.bodies import Body, Id, WordsBody
from bot.content.product_bodies import NoneOrId
from bot.core.vocabulary import Urgency

# Path data and nothing else: it goes into the page as it stands.
PathData = Annotated[str, StringConstraints(pattern=r"^[MmLlHhVvCcSsQqTtAaZz0-9 ,.\-]+$", max_length=2000)]
PayMethod = Literal["", "atm", "phone_later", "phone_now", "counter", "qr", "card", "gift_card", "cash", "gold", "coin"]


class PictureBody(Body):
    """A drawing on a 64-unit grid; an entry of `pictures`."""

    id: Id
    line: tuple[PathData, ...] = ()
    fill: tuple[PathData, ...] = ()
    soft: tuple[PathData, ...] = ()

    @model_validator(mode="after")
    def _drawn(self) -> Self:
        if not (self.line or self.fill or self.soft):
            raise ValueError("is empty: draw at least one line")
        return self


class TapBody(Body):
    """A choice; an entry of `choices`. Without `plain` the plain words are those of the title."""

    id: Id
    title: WordsBody
    plain: WordsBody | None = None
    picture: Id
    under: NoneOrId = ""
    order: int = Field(default=50, ge=1, le=99)
    typology: NoneOrId = ""
    urgency: Urgency = Urgency.ASK
    reads: str = ""
    pays: PayMethod = ""
    opens: Literal["", "paid", "learn"] = ""
    known: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if sum(map(bool, (self.typology, self.pays, self.opens))) > 1:
            raise ValueError("leads to several things: give one of typology, pays, opens")
        if self.typology and not self.reads.strip():
            raise ValueError("reads is missing: write what a customer would say, for the recogniser to read")
        return self


class DrillLineBody(WordsBody):
    """One line; `flag` says what gives it away."""

    flag: WordsBody | None = None


class DrillBody(Body):
    """A drill; an entry of `drills`."""

    id: Id
    typology: Id
    title: WordsBody
    lines: tuple[DrillLineBody, ...] = Field(min_length=3, max_length=6)
    question: WordsBody
    options: tuple[WordsBody, ...] = Field(min_length=2, max_length=3)
    right: int = Field(ge=1)
    why: WordsBody

    @model_validator(mode="after")
    def _can_be_done(self) -> Self:
        if self.right > len(self.options):
            raise ValueError(f"right is {self.right}, and there are {len(self.options)} options: count from 1")
        flagged = [line for line in self.lines if line.flag]
        if len(flagged) < 2 or len(flagged) == len(self.lines):
            raise ValueError("give at least two lines a flag, and leave one without")
        return self


KIOSK_KINDS: dict[str, type[Body]] = {"tap": TapBody, "picture": PictureBody, "drill": DrillBody}
