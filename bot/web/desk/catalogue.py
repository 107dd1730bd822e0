"""What pieces are called: titles of everything released, kept for each release, and of single drafts."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.vocabulary import Language
from bot.store.releases import ContentStore

# The key whose words name a piece, the first that is there.
NAMING = ("names", "name", "title", "question", "text", "says")
LONGEST = 60
LANGUAGES = (Language.ZH_HANS, Language.EN)


def title_of(body: Mapping[str, Any], language: Language) -> str:
    """What a piece is called in a language; empty when nothing in it names it."""
    for key in NAMING:
        value = body.get(key)
        if isinstance(value, Mapping):
            value = value.get(language.value) or value.get(Language.ZH_HANS.value)
        if isinstance(value, str) and value.strip():
            line = " ".join(value.split())
            return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
    return ""


@dataclass(frozen=True)
class Catalogue:
    """The titles of one release. `methods` are the typologies that cross the others."""

    release: int
    titles: Mapping[tuple[str, str, Language], str]
    methods: frozenset[str]

    def title(self, kind: str, key: str, language: Language) -> str:
        """What a released piece is called; empty when it is not released or has no name."""
        return self.titles.get((kind, key, language), "")

    def names(self, kind: str, language: Language) -> list[tuple[str, str]]:
        """(key, title) of every released piece of a kind; `method` is the typologies that cross the others."""
        wanted = "typology" if kind == "method" else kind
        found = [(key, title) for (k, key, tag), title in self.titles.items() if k == wanted and tag is language]
        return [(key, title) for key, title in found if kind != "method" or key in self.methods]


class Cataloguer:
    """Makes the catalogue of the newest release, once for each."""

    def __init__(self, store: ContentStore) -> None:
        self._store = store
        self._guard = threading.Lock()
        self._newest: Catalogue | None = None

    def newest(self) -> Catalogue:
        """The catalogue of the newest release."""
        number = self._store.newest_release()
        with self._guard:
            if self._newest is None or self._newest.release != number:
                self._newest = _catalogue(number, self._store.pieces_of(number))
            return self._newest


def _catalogue(number: int, pieces: list[tuple[str, str, dict[str, Any]]]) -> Catalogue:
    titles = {(kind, key, tag): title_of(body, tag) for kind, key, body in pieces for tag in LANGUAGES}
    methods = frozenset(key for kind, key, body in pieces if kind == "typology" and body.get("kind") == "method")
    return Catalogue(number, titles, methods)
