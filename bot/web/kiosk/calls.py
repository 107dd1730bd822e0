"""What the kiosk's page sends."""

from typing import Annotated

from pydantic import Field

from bot.web.schemas import Strict, Tag

ConversationId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:-]+$")]
Name = Annotated[str, Field(max_length=64, pattern=r"^[a-z0-9_]*$")]
Answer = Annotated[str, Field(pattern=r"^(yes|no|unsure)$")]


class Way(Strict):
    """How far a visitor has come by tapping: enough to know what he knows, and nothing of who he is."""

    conversation: ConversationId
    language: Tag
    tap: Name = ""
    answers: Annotated[list[Answer], Field(max_length=4, default_factory=list)]
    paid: bool = False
    paid_by: Name = ""


class Wipe(Strict):
    """The visitor has gone."""

    conversation: ConversationId


class Asked(Strict):
    """A card was shown, of this kind."""

    conversation: ConversationId
    typology: Name
