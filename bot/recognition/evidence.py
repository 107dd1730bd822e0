"""Evidence frames and red flags in one Doc: what was found, where, negated or not, in which tense."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from bot.core.content import Release
from bot.recognition.normalise import Normalised, normalise
from bot.recognition.patterns import CharTokenizer, PatternSet

# How language itself works, not what a scam looks like: these stay in code.
NEGATION = re.compile(
    r"(?:没有|没|未|不要|别|勿|不会|不用|不能|无需|从不|绝不|不得|不需要|不可|\bnever|\bnot|n't|\bno|\bwithout|\bcannot)"
    r"[^,。!?;\n的]{0,6}$"
)
NOT_NEGATION = re.compile(
    r"(?:要不要|是不是|能不能|会不会|有没有|该不该|用不用|可不可以|不得不|没办法|why not|或者不)[^,。!?;\n]{0,6}$"
)
FUTURE = re.compile(r"(?:要|让|叫|准备|打算|想|需|请|得|去|再|will|to|should|must|asked|asking|wants?)\W?\w{0,3}$")
PAST = re.compile(r"^\w{0,2}(?:了|过|完)")
SHIELD = "shield"
NEGATABLE = frozenset({"act", "door", "moved", "gave", "who", "pressure"})


@dataclass(frozen=True, slots=True)
class Rule:
    """What a pattern belongs to: a frame, or a red flag of a typology."""

    id: str
    group: str
    typology: str = ""
    strength: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule found; `start` and `end` are offsets into the normalised text."""

    rule: Rule
    start: int
    end: int
    negated: bool
    tense: str


def make_nlp() -> Language:
    """The spaCy pipeline everything here reads with: one token a Chinese character, one stem an English word."""
    nlp = spacy.blank("xx")
    nlp.tokenizer = CharTokenizer(nlp.vocab)
    return nlp


def patterns_name(release: Release) -> str:
    """Names all patterns of a release and their order: two releases of one name find the same in every text."""
    digest = hashlib.sha256()
    for part in (
        sorted(release.variants.items()),
        [(f.id, f.group, f.patterns) for f in release.frames],
        [(t.id, [(f.id, f.strength, f.patterns) for f in t.red_flags]) for t in release.typologies.values()],
    ):
        digest.update(repr(part).encode())
    return digest.hexdigest()[:16]


class EvidenceFinder:
    """All frames and red flags of a release, compiled once; `made_from` is the name of its patterns."""

    def __init__(self, release: Release) -> None:
        self.made_from = patterns_name(release)
        self._nlp = make_nlp()
        self._variants = dict(release.variants)
        rules: list[Rule] = []
        patterns: list[str] = []
        for frame in release.frames:
            for pattern in frame.patterns:
                rules.append(Rule(frame.id, frame.group))
                patterns.append(plain(pattern))
        for typology in release.typologies.values():
            for flag in typology.red_flags:
                for pattern in flag.patterns:
                    rules.append(Rule(flag.id, "flag", typology.id, flag.strength))
                    patterns.append(plain(pattern))
        self._rules = rules
        self._patterns = PatternSet(self._nlp, patterns)

    def read(self, text: str) -> tuple[Normalised, Doc]:
        """The text as the recogniser reads it."""
        normalised = normalise(text, self._variants)
        return normalised, self.doc(normalised.text)

    def plain(self, text: str) -> str:
        """Only its normalised words."""
        return normalise(text, self._variants).text

    def doc(self, normalised: str) -> Doc:
        """The Doc that `find` looks in."""
        return self._nlp.make_doc(normalised)

    def find(self, doc: Doc, text: str) -> list[Finding]:
        """Every rule found in `doc`, which was made from the normalised `text`; one finding a rule and place."""
        offsets: Sequence[tuple[int, int]] = doc.user_data["offsets"]
        found: dict[tuple[Rule, int], Finding] = {}
        for match in self._patterns.find(doc):
            rule = self._rules[match.pattern]
            start, end = offsets[match.start][0], offsets[match.end - 1][1]
            known = found.get((rule, start))
            if known is None or end > known.end:
                negated = (rule.group in NEGATABLE or rule.group == "flag") and _negated(text, start)
                found[(rule, start)] = Finding(rule, start, end, negated, _tense(text, start, end))
        return _shielded(list(found.values()))


def _shielded(findings: list[Finding]) -> list[Finding]:
    """What stands inside words that protect ("do not tell anyone the code") is not asked for: it counts as negated."""
    shields = [(f.start, f.end) for f in findings if f.rule.group == SHIELD]
    if not shields:
        return findings
    return [
        replace(f, negated=True)
        if (f.rule.group in NEGATABLE or f.rule.group == "flag")
        and any(f.start < end and start < f.end for start, end in shields)
        else f
        for f in findings
    ]


def plain(pattern: str) -> str:
    """A pattern folded like the texts it must match: width, script and case; gaps and brackets kept."""
    parts = unicodedata.normalize("NFC", pattern).split("…")
    return "…".join(normalise(part).text.strip() for part in parts)


def _negated(text: str, start: int) -> bool:
    before = text[max(0, start - 12) : start]
    return bool(NEGATION.search(before)) and not NOT_NEGATION.search(before)


def _tense(text: str, start: int, end: int) -> str:
    if PAST.search(text[end : end + 3]):
        return "past"
    return "future" if FUTURE.search(text[max(0, start - 10) : start]) else ""
