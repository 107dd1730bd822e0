"""What is sent, in the words of a release: for every language, with the numbers of every place."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from bot.content.build import build_release
from bot.conversation.messages import Choice, Message
from bot.conversation.wording import Wording
from bot.core.content import Release
from bot.core.products import PublicWarning
from bot.core.subscriptions import EVERYTHING
from bot.core.vocabulary import Language
from bot.store.outbox import Words
from bot.store.releases import ContentStore

# What is sent needs neither the texts that recognition learns from nor the rest of the products.
KINDS = frozenset({"bank", "reply", "hotline", "place", "audience", "warning"})
Spoken = dict[tuple[str, str], Words]


class Published:
    """The newest release, as far as it is sent; read once for each number."""

    def __init__(self, store: ContentStore) -> None:
        self._store = store
        self._release: Release | None = None

    def newest(self) -> Release:
        """The newest release.

        Raises:
            StoreError, ContentError: it cannot be read.
        """
        number = self._store.newest_release()
        if self._release is None or self._release.version != number:
            pieces = self._store.pieces_of(number)
            self._release = build_release(number, [p for p in pieces if p[0] in KINDS])
        return self._release


def spoken(release: Release, today: date, say: Callable[[Wording], str], *, foot: str = "sub_foot") -> Spoken:
    """What `say` says in every language, with the numbers of every place; the reply `foot` stands below."""
    return {
        (wording.language.value, place): Words(wording.reply("sub_digest_lead"), say(wording), wording.reply(foot), ())
        for place, wording in _wordings(release, today)
    }


def warning_text(warning: PublicWarning) -> Callable[[Wording], str]:
    """How a warning is said: its title, then its text, and a note where a machine helped to write it."""

    def say(wording: Wording) -> str:
        lines = [wording.say(warning.title), wording.say(warning.text)]
        if warning.head.ai_made:
            lines.append(wording.reply("desk_print_ai"))
        return "\n".join(line for line in lines if line)

    return say


def digest_of(warning: PublicWarning) -> str:
    """Names the words of a warning and the day it begins: who had these does not get them again."""
    named = [warning.title.as_dict(), warning.text.as_dict(), warning.head.showing.start.isoformat()]
    return hashlib.sha256(json.dumps(named, ensure_ascii=False).encode()).hexdigest()


def message(parts: Sequence[Words]) -> Message:
    """One message of one broadcast, or of several under a line that leads in."""
    first = parts[0]
    if len(parts) == 1:
        text = "\n\n".join(t for t in (first.text, first.foot) if t)
        return Message(text, tuple(Choice(title, payload) for title, payload in first.buttons))
    return Message("\n\n".join(t for t in (first.lead, *(p.text for p in parts), first.foot) if t))


def _wordings(release: Release, today: date) -> Iterator[tuple[str, Wording]]:
    for language in Language:
        yield EVERYTHING, Wording(release, language, release.home_places.get(language, ("cn",)), today)
        for place in release.places:
            yield place, Wording(release, language, (place,), today)
