"""What every kind of piece is made of: strict keys, sentences in every language, ids."""

from datetime import date
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints


def _day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValueError("is no day: write it as 2027-06-30") from None
    return text


def _zone(name: str) -> str:
    if name and name not in available_timezones():
        raise ValueError("is no time zone: write it as Asia/Shanghai")
    return name


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
CaseId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(_day)]
TimeZone = Annotated[str, AfterValidator(_zone)]


class Body(BaseModel):
    """Base of every body: strict keys, immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class WordsBody(Body):
    """One sentence; Traditional is derived when it is left out."""

    zh_hans: Text = Field(alias="zh-Hans")
    en: Text
    zh_hant: Text | None = Field(default=None, alias="zh-Hant")
