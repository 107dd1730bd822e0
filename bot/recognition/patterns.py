"""The publicity team's patterns, found by spaCy.

A pattern is literal words with `(a|b)` alternatives and `…` for a gap inside one sentence. Every literal goes into
one PhraseMatcher (a single pass over the Doc, however many patterns there are); sequences are joined afterwards.
"""

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.core.errors import ContentError

TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+(?:[.,]\d+)*|\n|[^\sa-z\d]")
SENTENCE_END = frozenset("。!?;\n…")
GAP_CHARS = 8
GAP_WORDS = 5
MAX_EXPANSIONS = 4000
_stemmer = snowballstemmer.stemmer("english")


@lru_cache(maxsize=16384)
def _stem(word: str) -> str:
    stemmed: str = _stemmer.stemWord(word)
    return stemmed


def tokens(text: str) -> list[tuple[str, int, int]]:
    """(token, start, end) of a normalised text: one token a Chinese character, a stem for an English word."""
    return [(_stem(m.group()) if m.group()[0].isalpha() else m.group(), *m.span()) for m in TOKEN.finditer(text)]


class CharTokenizer:
    """spaCy tokenizer: characters for Chinese, stems for English; offsets are kept in `doc.user_data`."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Offsets: `doc.user_data["offsets"][i]` is (start, end) of token i in `text`."""
        found = tokens(text)
        doc = Doc(self.vocab, words=[t[0] for t in found], spaces=[False] * len(found))
        doc.user_data["offsets"] = [(t[1], t[2]) for t in found]
        return doc


@dataclass(frozen=True, slots=True)
class Match:
    """Tokens `start` to `end` (exclusive) matched pattern number `pattern`."""

    pattern: int
    start: int
    end: int


GAP_IN_BRACKETS = re.compile(r"\(([^()]*…[^()]*)\)")


def expand(pattern: str) -> list[list[list[str]]]:
    """Every way to read a pattern, each as its parts between gaps, each part as its literal alternatives.

    Raises:
        ContentError: unbalanced brackets, an empty part, or too many alternatives.
    """
    inner = GAP_IN_BRACKETS.search(pattern)
    if inner:
        readings = [pattern[: inner.start()] + one + pattern[inner.end() :] for one in inner.group(1).split("|")]
        return [parts for reading in readings for parts in expand(reading)]
    readings_so_far: list[list[list[str]]] = [[]]
    for part in pattern.strip("… ").split("…"):
        literals = _expand_part(part.strip(), pattern)
        said = [literal for literal in literals if literal]
        if not said:
            raise ContentError(f"pattern {pattern!r}: a part between gaps may not be empty")
        longer = [[*reading, said] for reading in readings_so_far]
        readings_so_far = [*readings_so_far, *longer] if len(said) < len(literals) else longer
    return [reading for reading in readings_so_far if reading]


def _expand_part(part: str, pattern: str) -> list[str]:
    if part.count("(") != part.count(")"):
        raise ContentError(f"pattern {pattern!r}: brackets do not pair")
    pieces = re.split(r"\(([^()]*)\)", part)
    choices = [[p] if i % 2 == 0 else p.split("|") for i, p in enumerate(pieces)]
    size = 1
    for choice in choices:
        size *= len(choice)
    if size > MAX_EXPANSIONS:
        raise ContentError(f"pattern {pattern!r}: more than {MAX_EXPANSIONS} alternatives, split it")
    return [alt.strip() for combo in itertools.product(*choices) for alt in "".join(combo).split("|")]


class PatternSet:
    """All patterns of a release, compiled once; `find` is read-only and may be called from any thread."""

    def __init__(self, nlp: Language, patterns: Sequence[str]) -> None:
        self._matcher = PhraseMatcher(nlp.vocab)
        self._parts: list[int] = []
        self._numbers: list[int] = []
        self._users: dict[int, list[tuple[int, int]]] = defaultdict(list)
        literal_users: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for number, pattern in enumerate(patterns):
            for parts in expand(pattern.lower()):
                reading = len(self._parts)
                self._parts.append(len(parts))
                self._numbers.append(number)
                for position, literals in enumerate(parts):
                    for literal in literals:
                        literal_users[literal].add((reading, position))
        for literal, users in literal_users.items():
            self._matcher.add(literal, [nlp.make_doc(literal)])
            self._users[nlp.vocab.strings[literal]].extend(sorted(users))

    def find(self, doc: Doc) -> list[Match]:
        """Every pattern found, shortest stretch for a sequence, each pattern at most once a start."""
        hits: dict[int, dict[int, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
        found: set[Match] = set()
        for key, start, end in self._matcher(doc):
            for reading, position in self._users[key]:
                if self._parts[reading] == 1:
                    found.add(Match(self._numbers[reading], start, end))
                else:
                    hits[reading][position].append((start, end))
        if hits:
            bounds = _sentence_ids(doc)
            for reading, by_position in hits.items():
                if len(by_position) == self._parts[reading]:
                    found.update(self._join(reading, by_position, bounds, doc))
        return sorted(found, key=lambda m: (m.start, m.end, m.pattern))

    def _join(
        self, reading: int, by_position: dict[int, list[tuple[int, int]]], bounds: list[int], doc: Doc
    ) -> Iterable[Match]:
        chains = by_position[0]
        for position in range(1, self._parts[reading]):
            longer: list[tuple[int, int]] = []
            for start, end in chains:
                for next_start, next_end in by_position[position]:
                    in_reach = 0 <= next_start - end <= _reach(doc, end)
                    if in_reach and bounds[start] == bounds[next_end - 1]:
                        longer.append((start, next_end))
                        break
            chains = longer
        return [Match(self._numbers[reading], start, end) for start, end in chains]


def _reach(doc: Doc, index: int) -> int:
    return GAP_WORDS if index < len(doc) and doc[index].is_alpha and doc[index].is_ascii else GAP_CHARS


def _sentence_ids(doc: Doc) -> list[int]:
    ids: list[int] = []
    current = 0
    for token in doc:
        ids.append(current)
        current += token.text in SENTENCE_END
    return ids
