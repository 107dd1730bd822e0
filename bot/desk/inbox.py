"""The inbox: what was not understood, grouped by likeness, and only where several people wrote alike."""

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from bot.content.wording import simplified
from bot.core.errors import FlowError
from bot.core.measures import Reason
from bot.core.vocabulary import NONE, UNKNOWN, Language
from bot.recognition.encoder import Encoder, Vectors
from bot.store.inbox import InboxLine, InboxStore

# Fewer people than this could be found out by somebody who knows one of them.
LEAST_PEOPLE = 3
ALIKE = 0.45
SHOWN_TEXTS = 6
READ_AT_MOST = 2000
DISMISSED = "dismissed"


@dataclass(frozen=True)
class Group:
    """Texts that are alike, the most typical first."""

    texts: tuple[InboxLine, ...]
    people: int

    @property
    def id(self) -> int:
        """Of its oldest text: the same as long as nobody deals with the group."""
        return min(line.id for line in self.texts)

    @property
    def ids(self) -> list[int]:
        """Of all its texts."""
        return [line.id for line in self.texts]

    @property
    def shown(self) -> tuple[InboxLine, ...]:
        """The most typical texts, each wording once."""
        return tuple({line.text: line for line in reversed(self.texts)}.values())[::-1][:SHOWN_TEXTS]

    @property
    def typology(self) -> str:
        """What most of them were read as."""
        return Counter(line.typology for line in self.texts).most_common(1)[0][0]

    @property
    def reasons(self) -> list[tuple[Reason, int]]:
        """Why they are here, the most frequent first."""
        return Counter(line.reason for line in self.texts).most_common()

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last."""
        days = [line.day for line in self.texts]
        return min(days), max(days)


@dataclass(frozen=True, slots=True)
class Overview:
    """What may be shown, the most people first; and how many texts may not, because too few wrote like them."""

    groups: tuple[Group, ...]
    withheld: int


class Inbox:
    """The inbox over its store. Vectors are kept in memory and nowhere else; they go with the texts."""

    def __init__(self, store: InboxStore, encoder: Encoder) -> None:
        self._store = store
        self._encoder = encoder
        self._vectors: dict[int, Vectors] = {}
        self._guard = threading.Lock()

    def overview(self) -> Overview:
        """Every group of at least three people."""
        lines = self._store.waiting()[-READ_AT_MOST:]
        groups = [g for g in _grouped(lines, self._encoded(lines)) if g.people >= LEAST_PEOPLE]
        groups.sort(key=lambda g: (-g.people, g.id))
        return Overview(tuple(groups), len(lines) - sum(len(g.texts) for g in groups))

    def group(self, group_id: int) -> Group:
        """A group that may be shown.

        Raises:
            FlowError: there is none: somebody has dealt with it, or its texts grew too old.
        """
        for group in self.overview().groups:
            if group.id == group_id:
                return group
        raise FlowError(f"no group {group_id} in the inbox", code="no_group")

    def dismiss(self, group: Group) -> None:
        """Take a group out: nothing comes of it."""
        self._store.settle(group.ids, DISMISSED)

    def became(self, group: Group, kind: str, key: str) -> None:
        """Take a group out: a piece comes of it."""
        self._store.settle(group.ids, f"{kind}/{key}")

    def _encoded(self, lines: Sequence[InboxLine]) -> Vectors:
        with self._guard:
            wanted = {line.id for line in lines}
            self._vectors = {id_: vector for id_, vector in self._vectors.items() if id_ in wanted}
            new = [line for line in lines if line.id not in self._vectors]
            if new:
                encoded = self._encoder.encode([simplified(line.text) for line in new])
                self._vectors |= dict(zip((line.id for line in new), encoded, strict=True))
            empty = np.zeros((0, self._encoder.size), dtype=np.float32)
            return np.array([self._vectors[line.id] for line in lines], dtype=np.float32) if lines else empty


def _grouped(lines: Sequence[InboxLine], vectors: Vectors) -> list[Group]:
    """Each text joins the group whose middle is nearest, if it is near enough; else it begins one."""
    sums, middles = np.zeros_like(vectors), np.zeros_like(vectors)
    members: list[list[int]] = []
    for at, vector in enumerate(vectors):
        begun = len(members)
        near = middles[:begun] @ vector
        best = int(near.argmax()) if begun else 0
        if not begun or near[best] < ALIKE:
            members.append([])
            best = begun
        members[best].append(at)
        sums[best] += vector
        middles[best] = sums[best] / max(float(np.linalg.norm(sums[best])), 1e-9)
    groups = []
    for number, inside in enumerate(members):
        typical = sorted(inside, key=lambda at: -float(vectors[at] @ sums[number]))
        texts = tuple(lines[at] for at in typical)
        groups.append(Group(texts, len({line.sender for line in texts})))
    return groups


# ---- What may come of a group: drafts that somebody has to write anew ----


def draft_key(group: Group, kind: str) -> str:
    """What the draft is called until an editor gives it a better name."""
    return f"{_kind_of(group) or NONE}.inbox{group.id}" if kind == "examples" else f"inbox_{group.id}"


def draft_of(group: Group, kind: str) -> dict[str, Any]:
    """The body a draft begins with: what people wrote, in the place where it has to be written anew.

    What is missing in it, such as the other language, keeps it from being submitted as it stands.
    """
    key, typology = draft_key(group, kind), _kind_of(group)
    texts = [line.text for line in group.shown]
    tag = "en" if group.shown[0].language == Language.EN else "zh-Hans"
    if kind == "case":
        return {"id": key, "typology": typology, "stage": "contact", "title": {}, "story": {tag: "\n".join(texts)}}
    if kind == "answer":
        asks = {"en" if tag == "en" else "zh": texts}
        return {"id": key, "topic": "inbox", "asks": asks, "title": {}, "text": {}}
    return {"typology": typology or NONE, **_examples(group)}


def _kind_of(group: Group) -> str:
    return "" if group.typology in {NONE, UNKNOWN} else group.typology


def _examples(group: Group) -> dict[str, Any]:
    found: dict[str, dict[str, dict[str, list[str]]]] = {}
    for line in group.shown:
        tag = "en" if line.language == Language.EN else "zh"
        found.setdefault(tag, {}).setdefault(line.form, {}).setdefault(line.urgency, []).append(line.text)
    return found
