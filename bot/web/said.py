"""Published words in every language at once, for pages that switch without asking again."""

from typing import Any

from bot.conversation.snapshot import Snapshot
from bot.conversation.wording import Wording
from bot.core.vocabulary import Language
from bot.core.words import Words


class Said:
    """Words in every language with the numbers of each language's home places."""

    def __init__(self, wordings: dict[Language, Wording]) -> None:
        self._wordings = wordings

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Said":
        """The words of a release as they are said today."""
        return cls({tag: snapshot.wording(tag) for tag in Language})

    def __call__(self, words: Words) -> dict[str, Any]:
        return {tag.value: wording.say(words) for tag, wording in self._wordings.items()}

    def reply(self, reply_id: str) -> dict[str, str]:
        """A published reply."""
        return {tag.value: wording.reply(reply_id) for tag, wording in self._wordings.items()}
