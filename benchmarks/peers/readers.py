"""Peers that live in the app's environment. Each learns from (text, typology, urgency) and reads one text at a time."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import spacy
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from spacy.training import Example as SpacyExample
from spacy.util import minibatch

from benchmarks.run import shipped_release
from bot.recognition.build import Workshop
from bot.recognition.encoder import SentenceEncoder

Labels = tuple[str, str]
SPACY_ROUNDS = 4
BATCH = 512


class Reader(Protocol):
    """What is compared."""

    def learn(self, texts: Sequence[str], labels: Sequence[Labels]) -> None:
        """From training texts and their (typology, urgency)."""
        ...

    def read(self, text: str) -> Labels:
        """(typology, urgency) of one text."""
        ...


class Fangzha:
    """The recogniser of the project, learned afresh: nothing that was kept is used."""

    def learn(self, texts: Sequence[str], labels: Sequence[Labels]) -> None:
        """From the same examples, which carry their form and source too."""
        self._recogniser = Workshop(SentenceEncoder()).build(shipped_release())

    def read(self, text: str) -> Labels:
        """By `assess`."""
        found = self._recogniser.assess(text)
        return found.typology, found.urgency.value


class Linear:
    """TF-IDF of character n-grams with logistic regression, one for each label."""

    def learn(self, texts: Sequence[str], labels: Sequence[Labels]) -> None:
        """Log loss by stochastic gradient: the same model as logistic regression, in seconds on one core."""
        self._terms = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True)
        rows = self._terms.fit_transform(texts)
        self._heads = [
            SGDClassifier(loss="log_loss", alpha=1e-6, random_state=0).fit(rows, [pair[i] for pair in labels])
            for i in (0, 1)
        ]

    def read(self, text: str) -> Labels:
        """The likelier label of each kind."""
        row = self._terms.transform([text])
        typology, urgency = (str(head.predict(row)[0]) for head in self._heads)
        return typology, urgency


class Nearest:
    """The label of the nearest training text by the same sentence encoder."""

    def learn(self, texts: Sequence[str], labels: Sequence[Labels]) -> None:
        """Keeps the vectors."""
        self._encoder = SentenceEncoder()
        parts = [self._encoder.encode(texts[i : i + BATCH]) for i in range(0, len(texts), BATCH)]
        self._vectors = np.concatenate(parts)
        self._labels = list(labels)

    def read(self, text: str) -> Labels:
        """Exact search."""
        return self._labels[int((self._vectors @ self._encoder.encode([text])[0]).argmax())]


class TextCat:
    """spaCy's text categorizer over a bag of characters, one for each label."""

    def learn(self, texts: Sequence[str], labels: Sequence[Labels]) -> None:
        """A few rounds over the examples."""
        self._pipes = [self._fit(texts, [pair[i] for pair in labels]) for i in (0, 1)]

    def _fit(self, texts: Sequence[str], labels: Sequence[str]) -> Any:
        nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": "char"}}})
        bag = {"@architectures": "spacy.TextCatBOW.v3", "exclusive_classes": True, "ngram_size": 3}
        bag |= {"length": 262144, "no_output_layer": False}
        nlp.add_pipe("textcat", config={"model": bag})
        kinds = sorted(set(labels))
        examples = [
            SpacyExample.from_dict(nlp.make_doc(text), {"cats": {kind: float(kind == label) for kind in kinds}})
            for text, label in zip(texts, labels, strict=True)
        ]
        optimizer = nlp.initialize(lambda: examples)
        order = np.random.default_rng(0)
        for _ in range(SPACY_ROUNDS):
            shuffled = [examples[i] for i in order.permutation(len(examples))]
            for batch in minibatch(shuffled, 128):
                nlp.update(batch, sgd=optimizer)
        return nlp

    def read(self, text: str) -> Labels:
        """The likeliest label of each kind."""
        typology, urgency = (max(nlp(text).cats.items(), key=lambda c: c[1])[0] for nlp in self._pipes)
        return typology, urgency


READERS: dict[str, type[Reader]] = {
    "this recogniser": Fangzha,
    "TF-IDF, logistic regression": Linear,
    "encoder, nearest neighbour": Nearest,
    "spaCy textcat": TextCat,
}
