"""Which published answer fits a question."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.core.content import Answer
from bot.recognition.encoder import Encoder, Vectors
from bot.recognition.ngrams import terms
from bot.recognition.normalise import normalise

Encode = Callable[[Sequence[str]], Vectors]
CLOSE_ENOUGH = 0.62
WORDS_WEIGHT = 0.35


@dataclass(frozen=True)
class AnswerIndex:
    """The published answers by the ways people ask for them."""

    answers: tuple[Answer, ...]
    owners: tuple[int, ...]
    vectors: Vectors
    words: tuple[frozenset[str], ...]
    encoder: Encoder

    @classmethod
    def of(cls, answers: Sequence[Answer], encoder: Encoder, encode: Encode | None = None) -> "AnswerIndex":
        """Index every way of asking, and the title."""
        asks: list[str] = []
        owners: list[int] = []
        for index, answer in enumerate(answers):
            for ask in (*answer.asks, answer.title.zh_hans, answer.title.en):
                asks.append(normalise(ask).text)
                owners.append(index)
        encoded = (encode or encoder.encode)(asks) if asks else None
        vectors = encoded if encoded is not None else np.zeros((0, encoder.size), dtype=np.float32)
        return cls(tuple(answers), tuple(owners), vectors, tuple(frozenset(terms(a)) for a in asks), encoder)

    def best(self, text: str) -> tuple[Answer, float] | None:
        """The closest answer and how close (0 to 1), or none that is close enough."""
        if not self.owners:
            return None
        plain = normalise(text).text
        asked = frozenset(terms(plain))
        meaning = self.vectors @ self.encoder.encode([plain])[0]
        shared = np.array([_overlap(asked, w) for w in self.words], dtype=np.float32)
        score = (1 - WORDS_WEIGHT) * meaning + WORDS_WEIGHT * shared
        at = int(score.argmax())
        if score[at] < CLOSE_ENOUGH:
            return None
        return self.answers[self.owners[at]], float(score[at])


def _overlap(left: frozenset[str], right: frozenset[str]) -> float:
    return len(left & right) / (len(left | right) or 1)
