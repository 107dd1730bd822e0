"""The shape of campaigns and checklists, and what a release holds of them."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from bot.content.bodies import Body, CaseId, Day, Id, WordsBody
from bot.content.wording import words
from bot.core.plans import Campaign, CheckItem, Checklist, Plans

CampaignChannel = Literal["chat", "kiosk", "screen", "led", "print", "event", "telegram", "sms", "web"]
PieceName = Annotated[str, StringConstraints(pattern=r"^[a-z_]+/[A-Za-z0-9][A-Za-z0-9._-]*$")]


class CampaignBody(Body):
    """A campaign; in content/calendar.yml under `campaigns`. A yearly one comes again on the same days."""

    id: CaseId
    title: WordsBody
    theme: WordsBody
    audiences: Annotated[tuple[Id, ...], Field(min_length=1)] = ("all",)
    channels: tuple[CampaignChannel, ...] = Field(min_length=1)
    start: Day
    end: Day
    repeats: Literal["once", "yearly"] = "once"
    pieces: tuple[PieceName, ...] = ()
    source: str = ""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        start, end = date.fromisoformat(self.start), date.fromisoformat(self.end)
        if end < start:
            raise ValueError("the end lies before the start: swap them or move one")
        if self.repeats == "yearly" and (end - start).days > 364:
            raise ValueError("a yearly campaign lasts less than a year: move its end")
        return self


class CheckItemBody(Body):
    """One item; an odd answer to one that says `stop` stops the business until a second person has looked."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Z]\d{1,2}$")]
    text: WordsBody
    record: WordsBody | None = None
    when_odd: Literal["review", "stop"] = "review"


class ChecklistBody(Body):
    """A checklist of the counter; in content/checklists/<any>.yml under `checklists`."""

    id: CaseId
    title: WordsBody
    purpose: WordsBody
    checks: tuple[CheckItemBody, ...] = Field(min_length=1)
    rule: WordsBody
    source: str = ""

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        ids = [item.id for item in self.checks]
        if len(set(ids)) < len(ids):
            raise ValueError("two items have the same id: number them anew")
        return self


PLAN_KINDS: dict[str, type[Body]] = {"campaign": CampaignBody, "checklist": ChecklistBody}


def campaign(body: CampaignBody) -> Campaign:
    """As a release holds it."""
    days = date.fromisoformat(body.start), date.fromisoformat(body.end)
    titles = words(body.title), words(body.theme)
    return Campaign(body.id, *titles, body.audiences, body.channels, *days, body.repeats == "yearly", body.pieces)


def plans(bodies: Iterable[Body]) -> Plans:
    """The campaigns and checklists among the bodies."""
    listed = list(bodies)
    return Plans(
        tuple(campaign(b) for b in listed if isinstance(b, CampaignBody)),
        tuple(_checklist(b) for b in listed if isinstance(b, ChecklistBody)),
    )


def _checklist(body: ChecklistBody) -> Checklist:
    items = tuple(
        CheckItem(i.id, words(i.text), words(i.record) if i.record else None, i.when_odd == "stop") for i in body.checks
    )
    return Checklist(body.id, words(body.title), words(body.purpose), items, words(body.rule))
