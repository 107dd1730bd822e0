"""The publicity team's patterns, found by spaCy.

A pattern is literal words with `(a|b)` alternatives and `…` for a gap inside one sentence. Every literal goes into
one PhraseMatcher (a single pass over the Doc, however many patterns there are); sequences are joined afterwards.
"""

import itertools
import re
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import snowballstemmer
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.core.errors import ContentError

TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+(?:[.,]\d+)*|\n|[^\sa-z\d]")
ASCII_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
SENTENCE_END = frozenset("。!?;\n…")
SEPARATOR = "\x00"
GAP_CHARS = 8
GAP_WORDS = 5
MAX_EXPANSIONS = 4000
# A stemmer keeps the word it works on in itself: each thread has its own, for customers are read side by side.
_stemmers = threading.local()


@lru_cache(maxsize=16384)
def _stem(word: str) -> str:
    if not hasattr(_stemmers, "english"):
        _stemmers.english = snowballstemmer.stemmer("english")
    stemmed: str = _stemmers.english.stemWord(word)
    return stemmed


def tokens(text: str) -> list[tuple[str, int, int]]:
    """(token, start, end) of a normalised text: one token a Chinese character, a stem for an English word."""
    return [(_stem(m.group()) if m.group()[0].isalpha() else m.group(), *m.span()) for m in TOKEN.finditer(text)]


class CharTokenizer:
    """spaCy tokenizer: characters for Chinese, stems for English; offsets are kept in `doc.user_data`."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Offsets: `doc.user_data["offsets"][i]` is (start, end) of token i in `text`, `words` its text."""
        found = tokens(text)
        doc = Doc(self.vocab, words=[t[0] for t in found], spaces=[False] * len(found))
        doc.user_data["offsets"] = [(t[1], t[2]) for t in found]
        doc.user_data["words"] = [t[0] for t in found]
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
    if any("(" in p for choice in choices for p in choice):
        raise ContentError(f"pattern {pattern!r}: brackets inside brackets: write it as two patterns")
    return [alt.strip() for combo in itertools.product(*choices) for alt in "".join(combo).split("|")]


class PatternSet:
    """All patterns of a release, compiled once; `find` is read-only and may be called from any thread."""

    def __init__(self, nlp: Language, patterns: Sequence[str]) -> None:
        self._matcher = PhraseMatcher(nlp.vocab)
        self._parts: list[int] = []
        self._numbers: list[int] = []
        users: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for number, pattern in enumerate(patterns):
            for parts in expand(pattern.lower()):
                reading = len(self._parts)
                self._parts.append(len(parts))
                self._numbers.append(number)
                for position, literals in enumerate(parts):
                    for literal in literals:
                        users[literal].add((reading, position))
        # by the tokens of a literal: patterns it is the whole of, and (reading, bit of the part) it is a part of
        self._whole: dict[str, list[int]] = {}
        self._part_of: dict[str, list[tuple[int, int]]] = {}
        strings = nlp.vocab.strings
        phrases = []
        for literal, used in users.items():
            words = [token for token, _, _ in tokens(literal)]
            phrases.append([strings.add(word) for word in words])
            key = SEPARATOR.join(words)
            whole = {self._numbers[r] for r, _ in used if self._parts[r] == 1}
            parts_of = {(r, 1 << position) for r, position in used if self._parts[r] > 1}
            self._whole[key] = sorted(whole.union(self._whole.get(key, ())))
            self._part_of[key] = sorted(parts_of.union(self._part_of.get(key, ())))
        # One key for all: spaCy would make a vocabulary entry of each. And the hashes themselves, as its own unpickling
        # gives them, for thirty thousand Docs take two seconds and two hundred megabytes to say the same.
        self._matcher.add("literal", cast("list[Doc]", phrases))

    def find(self, doc: Doc) -> list[Match]:
        """Every pattern found, shortest stretch for a sequence, in no particular order."""
        words: Sequence[str] = doc.user_data["words"]
        places: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for _, start, end in self._matcher(doc):
            places[SEPARATOR.join(words[start:end])].append((start, end))
        found = [
            Match(n, start, end) for key, spots in places.items() for n in self._whole[key] for start, end in spots
        ]
        seen: dict[int, int] = {}
        for key in places:
            for reading, bit in self._part_of[key]:
                seen[reading] = seen.get(reading, 0) | bit
        complete = {r for r, bits in seen.items() if bits == (1 << self._parts[r]) - 1}
        if complete:
            found.extend(self._joined(complete, places, words))
        return found

    def _joined(
        self, complete: set[int], places: Mapping[str, list[tuple[int, int]]], words: Sequence[str]
    ) -> Iterator[Match]:
        bounds = _sentence_ids(words)
        by_part: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        for key, spots in places.items():
            for reading, bit in self._part_of[key]:
                if reading in complete:
                    by_part[reading, bit].extend(spots)
        for reading in complete:
            chains = by_part[reading, 1]
            for position in range(1, self._parts[reading]):
                chains = _chained(chains, by_part[reading, 1 << position], bounds, words)
            for start, end in chains:
                yield Match(self._numbers[reading], start, end)


def _chained(
    chains: Sequence[tuple[int, int]], nexts: Sequence[tuple[int, int]], bounds: list[int], words: Sequence[str]
) -> list[tuple[int, int]]:
    """Each chain continued by the first next part within reach in the same sentence."""
    longer: list[tuple[int, int]] = []
    for start, end in chains:
        reach = _reach(words, end)
        for next_start, next_end in nexts:
            if 0 <= next_start - end <= reach and bounds[start] == bounds[next_end - 1]:
                longer.append((start, next_end))
                break
    return longer


def _reach(words: Sequence[str], index: int) -> int:
    return GAP_WORDS if index < len(words) and words[index][0] in ASCII_LETTERS else GAP_CHARS


def _sentence_ids(words: Sequence[str]) -> list[int]:
    ids: list[int] = []
    current = 0
    for word in words:
        ids.append(current)
        current += word in SENTENCE_END
    return ids
