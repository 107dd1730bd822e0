"""Numbers a linear model reads: evidence and its products, meaning, n-grams, and the outer shape of a text."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.core.content import Release
from bot.recognition.evidence import Finding

Array = NDArray[np.float32]

FULL_WEIGHT_CHARS = 300
STRENGTH = {"weak": 0.4, "strong": 1.0, "certain": 2.0}
GROUP_CROSSES = (
    ("who", "act"),
    ("who", "pressure"),
    ("who", "door"),
    ("who", "promise"),
    ("act", "pressure"),
    ("act", "promise"),
    ("act", "door"),
    ("door", "promise"),
    ("door", "pressure"),
    ("talk", "act"),
    ("talk", "suspicion"),
    ("harmless", "act"),
    ("harmless", "pressure"),
    ("harmless", "door"),
    ("harmless", "promise"),
    ("shield", "act"),
    ("shield", "door"),
    ("suspicion", "act"),
    ("about_to", "act"),
    ("about_to", "promise"),
    ("moved", "act"),
    ("moved", "about_to"),
    ("moved", "hold"),
    ("gave", "moved"),
    ("gave", "act"),
    ("other", "moved"),
    ("other", "about_to"),
    ("hold", "act"),
    ("hold", "about_to"),
    ("result", "act"),
    ("result", "who"),
    ("result", "moved"),
    ("result", "about_to"),
    ("flag", "who"),
    ("flag", "act"),
    ("flag", "talk"),
    ("flag", "harmless"),
    ("flag", "pressure"),
    ("flag", "suspicion"),
    ("flag", "moved"),
    ("flag", "about_to"),
)
# Groups whose evidence is of danger, never of its absence.
DANGEROUS = frozenset({"who", "act", "door", "promise", "pressure", "moved", "about_to", "gave", "concern", "flag"})
SHAPE = (
    "log_length",
    "lines",
    "turns",
    "signature",
    "link",
    "question",
    "first_person",
    "you",
    "digits",
    "masked",
    "time",
    "quoted",
    "bracket_stub",
    "short",
    "latin",
    "ends_question",
    "spaces",
    "amount",
)
TURN = re.compile(r"(?m)^\s*[—-]?\s*[^\s:：]{1,12}\s*[:：]|(?:^|\s)[ab甲乙]\s*[:：]|[—]{1,2}")
AMOUNT = re.compile(
    r"\d+(?:\.\d+)?\s*(?:万|千|元|块|w|k|刀|u\b|usdt|rmb)|[$£€¥]\s?\d|[一二两三四五六七八九十]+(?:万|千块|百块)"
)


class EvidenceFeatures:
    """Names and order of the evidence features of one release; the same for training and reading."""

    def __init__(self, release: Release) -> None:
        self.frames = tuple(f.id for f in release.frames)
        self.typologies = tuple(release.typologies)
        self.groups = tuple(dict.fromkeys([*(f.group for f in release.frames), "flag"]))
        self.names = (
            *(f"frame:{f}" for f in self.frames),
            *(f"not:{f}" for f in self.frames),
            *(f"group:{g}" for g in self.groups),
            *(f"{a}*{b}" for a, b in GROUP_CROSSES),
            *(f"flags:{t}" for t in self.typologies),
            *(f"strongest:{t}" for t in self.typologies),
            "flags",
            "certain",
            "act_future",
            "act_past",
            *(f"shape:{s}" for s in SHAPE),
        )
        group_of = {f.id: f.group for f in release.frames}
        self.dangerous = tuple(i for i, name in enumerate(self.names) if _is_dangerous(name, group_of))
        self._frame_at = {f: i for i, f in enumerate(self.frames)}
        self._typology_at = {t: i for i, t in enumerate(self.typologies)}

    def vector(self, findings: Sequence[Finding], text: str) -> Array:
        """One row, all values between 0 and about 3."""
        frames = np.zeros(len(self.frames), dtype=np.float32)
        negated = np.zeros(len(self.frames), dtype=np.float32)
        by_typology: dict[str, dict[str, float]] = {}
        groups: Counter[str] = Counter()
        tenses: Counter[str] = Counter()
        for finding in findings:
            rule = finding.rule
            if rule.group == "flag":
                if not finding.negated:
                    by_typology.setdefault(rule.typology, {})[rule.id] = STRENGTH[rule.strength]
                    groups["flag"] += 1
                continue
            target = negated if finding.negated else frames
            target[self._frame_at[rule.id]] += 1
            if not finding.negated:
                groups[rule.group] += 1
                if rule.group == "act" and finding.tense:
                    tenses[finding.tense] += 1
        present = {g: min(1.0, groups[g]) for g in self.groups}
        sums = np.zeros(len(self.typologies), dtype=np.float32)
        peaks = np.zeros(len(self.typologies), dtype=np.float32)
        for typology, flags in by_typology.items():
            sums[self._typology_at[typology]] = math.log1p(sum(flags.values()))
            peaks[self._typology_at[typology]] = max(flags.values())
        # a long talk touches on many things: there each of them tells less
        share = min(1.0, math.sqrt(FULL_WEIGHT_CHARS / max(1, len(text))))
        strong = [s for flags in by_typology.values() for s in flags.values() if s >= 1.0]
        evidence = np.concatenate(
            [
                np.minimum(frames, 2) ** 0.5,
                np.minimum(negated, 1),
                np.array([present[g] for g in self.groups], dtype=np.float32),
                np.array([present.get(a, 0) * present.get(b, 0) for a, b in GROUP_CROSSES], dtype=np.float32),
                sums,
                peaks,
                np.array(
                    [
                        math.log1p(len(strong)),
                        float(any(s >= 2 for s in strong)),
                        math.log1p(tenses["future"]),
                        math.log1p(tenses["past"]),
                    ],
                    dtype=np.float32,
                ),
            ]
        )
        row: Array = np.concatenate([evidence * share, np.array(shape(text), dtype=np.float32)]).astype(np.float32)
        return row

    def weights(self, findings: Sequence[Finding], values: Array, slopes: Array) -> list[float]:
        """For each finding its share of what the evidence adds: own column, and a part of its group's.

        `values` is the evidence of the text, `slopes` how much each of its columns moves the reading.
        """
        added = values * slopes
        group_at = len(self.frames) * 2
        said = Counter(f.rule.group for f in findings if not f.negated)
        alike = Counter((f.rule.group, f.rule.id, f.negated) for f in findings)
        shares = []
        for finding in findings:
            rule = finding.rule
            own = 0.0
            if rule.group != "flag":
                own = float(added[self._frame_at[rule.id] + (len(self.frames) if finding.negated else 0)])
            share = own / alike[rule.group, rule.id, finding.negated]
            if not finding.negated:
                share += float(added[group_at + self.groups.index(rule.group)]) / said[rule.group]
            shares.append(share)
        return shares


def _is_dangerous(name: str, group_of: Mapping[str, str]) -> bool:
    """Whether a column tells of danger, by its name."""
    kind, _, what = name.partition(":")
    if kind == "frame":
        return group_of[what] in DANGEROUS
    if kind == "group":
        return what in DANGEROUS
    if "*" in name:
        return DANGEROUS.issuperset(name.split("*"))
    return kind in {"flags", "strongest", "certain"}


def shape(text: str) -> list[float]:
    """The outer form of a normalised text, in the order of `SHAPE`."""
    size = max(1, len(text))
    latin = sum(c.isascii() and c.isalpha() for c in text) / size
    return [
        math.log1p(size) / 5,
        min(1.5, text.count("\n") / 6),
        min(1.5, len(TURN.findall(text)) / 4),
        float(bool(re.match(r"\s*[【\[]", text)) or bool(re.search(r"】\s*$", text))),
        float("http" in text or "www." in text or ".cn/" in text or ".com" in text),
        float("?" in text or "吗" in text or "咋" in text),
        min(1.0, (text.count("我") + len(re.findall(r"\b(?:i|my|me)\b", text))) / 3),
        min(1.0, (text.count("您") + text.count("你") + len(re.findall(r"\byour?\b", text))) / 3),
        min(1.0, 4 * sum(c.isdigit() for c in text) / size),
        float("**" in text or "xxx" in text),
        float(bool(re.search(r"\d{1,2}:\d{2}", text))),
        float('"' in text or "“" in text),
        float("[" in text),
        float(size <= 25),
        latin,
        float(bool(re.search(r"[?吗么呢]\s*$", text))),
        min(1.0, 6 * text.count(" ") / size) * (1 - latin),
        min(1.0, len(AMOUNT.findall(text)) / 2),
    ]
