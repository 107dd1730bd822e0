"""`Recognizer.assess(text) -> Assessment`."""

import re
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.core.assessment import Assessment, Evidence, FoundFlag, SimilarCase, nothing
from bot.core.content import Case, Release
from bot.core.vocabulary import Language, Urgency
from bot.core.words import Words
from bot.recognition import decision
from bot.recognition.chunks import split
from bot.recognition.encoder import Encoder, Vectors
from bot.recognition.evidence import EvidenceFinder, Finding
from bot.recognition.features import STRENGTH, EvidenceFeatures
from bot.recognition.guard import Guarded, read_guarded
from bot.recognition.indicators import ApprovedTable, find_indicators
from bot.recognition.language import detect, is_supported
from bot.recognition.model import FORMS, Model, softmax
from bot.recognition.ngrams import Array, terms
from bot.recognition.normalise import Normalised
from bot.recognition.questions import answered, next_question
from bot.recognition.thresholds import key as threshold_key

MAX_CHARS = 8000
MAX_FLAGS = 6
MAX_CASES = 3
LIKE_ENOUGH = 0.35


@dataclass(frozen=True, slots=True)
class _Reading:
    """Probabilities of one text, its meaning, and the weight of each finding."""

    typology: Array
    urgency: Array
    form: Array
    meaning: Array
    weights: list[float]


class Recognizer:
    """Reads texts by one release. Holds no state between texts; safe to call from several threads."""

    def __init__(
        self,
        release: Release,
        model: Model,
        finder: EvidenceFinder,
        features: EvidenceFeatures,
        encoder: Encoder,
        case_vectors: Vectors,
        *,
        learned_from: str = "",
    ) -> None:
        self.release = release
        self.learned_from = learned_from
        self.model = model
        self.finder = finder
        self.features = features
        self._encoder = encoder
        self._cases = _by_typology(release.cases, case_vectors)
        self._methods = frozenset(t.id for t in release.typologies.values() if t.kind == "method")
        self._named_from = {t.id: t.named_from / 100 for t in release.typologies.values()}
        self._frame_words = {f.id: f.says for f in release.frames if f.says}
        self._flag_words = {(f.typology, f.id): f.says for t in release.typologies.values() for f in t.red_flags}
        self._table = ApprovedTable(
            domains=frozenset(h.number.removeprefix("www.") for h in release.hotlines if h.kind == "web"),
            numbers=_dialled(release.bank.number, *(h.number for h in release.hotlines if h.kind in {"phone", "sms"})),
        )

    def reworded(self, release: Release, case_vectors: Vectors) -> "Recognizer":
        """The same reading with the words, questions and cases of another release."""
        return Recognizer(
            release,
            self.model,
            self.finder,
            self.features,
            self._encoder,
            case_vectors,
            learned_from=self.learned_from,
        )

    def assess(
        self, text: str, language: Language | None = None, *, default: Language = Language.ZH_HANS
    ) -> Assessment:
        """What this text is, how urgent, and why.

        Args:
            text: as the customer wrote it; only the first 8,000 characters are read.
            language: force the language of the words in the answer; otherwise the script of the text decides.
            default: the language of a text that could be in several (digits, shared characters).
        """
        started = time.perf_counter()
        text = text[:MAX_CHARS]
        language = language or detect(text, default=default)
        normalised, doc = self.finder.read(text)
        if not normalised.text.strip():
            return replace(nothing(language, content_version=self.release.version), elapsed_ms=_since(started))
        findings = self.finder.find(doc, normalised.text)
        assessment = self._decide(text, language, normalised, findings)
        question = next_question(self.release, assessment)
        return replace(assessment, question=question, elapsed_ms=_since(started))

    def update(
        self, assessment: Assessment, question_id: str, answer: str, *, asked: Collection[str] = ()
    ) -> Assessment:
        """The assessment sharpened by the answer `yes`, `no` or `unsure`; other answers change nothing."""
        sharper = answered(self.release, assessment, question_id, answer)
        return sharper.with_question(next_question(self.release, sharper, asked={*asked, question_id}))

    def _decide(self, text: str, language: Language, normalised: Normalised, findings: Sequence[Finding]) -> Assessment:
        read = self._read(normalised.text, findings)
        by_typology, by_urgency, by_form = read.typology, read.urgency, read.form
        indicators = find_indicators(text, self._table)
        signs = decision.Signs.of(findings, indicators)
        form = FORMS[int(by_form.argmax())]
        sure = self.model.thresholds.get(threshold_key(form, english=language is Language.EN), 0.5)
        decided = decision.decide(by_urgency, sure, signs)
        urgency = decided.urgency
        ranked = decision.ranking(self.model.classes, by_typology)
        lead = decision.leading(ranked, urgency, self._named_from)
        shown = urgency is not Urgency.NONE
        return Assessment(
            language=language,
            urgency=urgency,
            typology=lead,
            ranking=ranked,
            methods=decision.methods(ranked, findings, self._methods, lead) if shown else (),
            stage=decision.stage(urgency, signs),
            red_flags=self._red_flags(text, normalised, findings, lead, language) if shown else (),
            similar_cases=self._similar(read.meaning, lead, language) if shown else (),
            indicators=indicators,
            content_version=self.release.version,
            form=form,
            scam_probability=float(sum(by_urgency[[u.flagged for u in Urgency]])),
            urgency_probabilities={u.value: float(p) for u, p in zip(Urgency, by_urgency, strict=True)},
            needed_probability=decided.needed,
            decided_by=decided.rules,
            evidence=tuple(
                Evidence(f.rule.id, *normalised.span(f.start, f.end), negated=f.negated, tense=f.tense, weight=weight)
                for f, weight in zip(findings, read.weights, strict=True)
                if f.rule.group != "flag"
            ),
            concerns=tuple(sorted({f.rule.id.removeprefix("concern_") for f in findings if f.rule.group == "concern"})),
            about_other="other" in signs.groups,
            supported_language=is_supported(text),
        )

    def _read(self, text: str, findings: Sequence[Finding]) -> _Reading:
        """The whole text; a long one is read in chunks with its evidence pooled."""
        evidence = self.features.vector(findings, text)
        chunks = split(text)
        vectors = self._encoder.encode(chunks)
        rows = np.stack([self.model.row(evidence, v, terms(c)) for v, c in zip(vectors, chunks, strict=True)])
        guarded = read_guarded(self.model.urgency, rows, np.zeros(len(rows), dtype=np.int64), self.model.dangerous)
        return _Reading(
            typology=softmax(self.model.typology.scores(rows).mean(axis=0)),
            urgency=softmax(guarded.scores[0]),
            form=softmax(self.model.form.scores(rows).mean(axis=0)),
            meaning=vectors.mean(axis=0),
            weights=self._weights(findings, guarded, len(evidence)),
        )

    def _weights(self, findings: Sequence[Finding], guarded: Guarded, size: int) -> list[float]:
        """How much each finding spoke for danger here, by the slope of the reading at this text."""
        if not findings:
            return []
        start = guarded.counted.shape[1] - self.model.words - size
        counted, slopes = guarded.counted[0, start : start + size], guarded.slopes[0, start : start + size]
        return self.features.weights(findings, counted, slopes)

    def _red_flags(
        self, text: str, normalised: Normalised, findings: Sequence[Finding], lead: str, language: Language
    ) -> tuple[FoundFlag, ...]:
        chosen: list[tuple[float, FoundFlag]] = []
        for finding in findings:
            if finding.negated:
                continue
            start, end = normalised.span(finding.start, finding.end)
            words, weight = self._words_of(finding, lead)
            if words:
                flag = FoundFlag(
                    finding.rule.id, start, end, text[start:end], finding.rule.typology, words.in_(language)
                )
                chosen.append((weight, flag))
        chosen.sort(key=lambda c: (-c[0], c[1].start, -c[1].end))
        kept: list[FoundFlag] = []
        for _, flag in chosen:
            free = all(flag.end <= k.start or flag.start >= k.end for k in kept)
            if free and flag.id not in {k.id for k in kept} and len(kept) < MAX_FLAGS:
                kept.append(flag)
        return tuple(sorted(kept, key=lambda f: f.start))

    def _words_of(self, finding: Finding, lead: str) -> tuple[Words | None, float]:
        """What the customer is told about a finding, and how much it matters: the leading typology's flags first."""
        rule = finding.rule
        if rule.group != "flag":
            return self._frame_words.get(rule.id), 1.5
        says = self._flag_words.get((rule.typology, rule.id))
        own = 2.0 if rule.typology == lead else 0.0
        strength = STRENGTH[rule.strength]
        return (says, own + strength) if own or strength >= 1 else (None, 0.0)

    def _similar(self, meaning: Array, lead: str, language: Language) -> tuple[SimilarCase, ...]:
        cases, vectors = self._cases.get(lead, ((), None))
        if vectors is None:
            return ()
        likeness = vectors @ (meaning / (float(np.linalg.norm(meaning)) or 1.0))
        order = np.argsort(-likeness)[:MAX_CASES]
        return tuple(
            SimilarCase(cases[i].id, cases[i].title.in_(language), float(likeness[i]))
            for i in order
            if likeness[i] >= LIKE_ENOUGH
        )


def _dialled(*numbers: str) -> frozenset[str]:
    """Numbers as indicators compare them: digits only."""
    return frozenset(digits for n in numbers if (digits := re.sub(r"\D", "", n)))


def _by_typology(cases: Sequence[Case], vectors: Vectors) -> dict[str, tuple[tuple[Case, ...], Vectors]]:
    places: dict[str, list[int]] = {}
    for index, case in enumerate(cases):
        places.setdefault(case.typology, []).append(index)
    return {t: (tuple(cases[i] for i in at), vectors[at]) for t, at in places.items()}


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
