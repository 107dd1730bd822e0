"""What each part of the recogniser adds, and what it makes of kinds and forms it never saw.

`python -m benchmarks.ablation [FILE ...]`: on the examination, and on any other labelled files, each apart. One small
network a line instead of four, without thresholds, guard and rules: only what the readings themselves are worth.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits

from benchmarks.peers.__main__ import EXAMINATION
from benchmarks.run import shipped_release
from bot.core.vocabulary import NONE, Urgency
from bot.evaluation import Row, read_rows
from bot.recognition.build import Workshop
from bot.recognition.chunks import split
from bot.recognition.encoder import SentenceEncoder
from bot.recognition.evidence import EvidenceFinder
from bot.recognition.features import EvidenceFeatures
from bot.recognition.fitting import fit_head, fit_network
from bot.recognition.learn import Examples, importance_of, label, read_examples, words_unseen
from bot.recognition.model import ENCODER_SCALE, FORMS, URGENCIES, pooled, softmax
from bot.recognition.ngrams import Array, terms
from bot.settings import Settings

FLAGGED = [u.flagged for u in URGENCIES]
console = Console()


@dataclass(frozen=True)
class Bench:
    """Rows to learn from with their labels, columns by part, and rows to be judged by file."""

    rows: Array
    text: Array
    labels: Examples
    care: Array
    parts: dict[str, Array]
    files: dict[str, tuple[list[Row], Array, Array]]

    def urgency(self, columns: Array, chosen: Array) -> dict[str, Array]:
        """Probabilities for every file's rows by a network over these columns, learned from the chosen texts."""
        known = np.isin(self.text, np.flatnonzero(chosen))
        of = self.labels.urgency[self.text[known]]
        network = fit_network(self.rows[known][:, columns], of, len(URGENCIES), importance=self.care[known], networks=1)
        return {n: softmax(pooled(network.scores(r[:, columns]), at)) for n, (_, r, at) in self.files.items()}

    def typology(self, columns: Array) -> dict[str, Array]:
        """The typology of every file's rows by a linear reader over these columns."""
        of, size = self.labels.typology[self.text], len(self.labels.classes)
        head = fit_head(self.rows[:, columns], of, size, importance=np.ones(len(of)))
        return {n: pooled(head.scores(r[:, columns]), at).argmax(axis=1) for n, (_, r, at) in self.files.items()}


def prepare(paths: Sequence[Path]) -> Bench:
    """Read everything once; what is fitted differs only in columns and texts."""
    release = shipped_release()
    workshop = Workshop(SentenceEncoder(), Settings().learned, console.log)
    finder, features = EvidenceFinder(release), EvidenceFeatures(release)
    labels = label(release.examples)
    read = read_examples(release.examples, finder, features, lambda texts, one: np.array([one(t) for t in texts]))
    vectors = workshop.vectors.encode(read.chunks) * ENCODER_SCALE
    words = words_unseen(read, labels, len(labels.classes))
    rows = np.hstack([vectors, read.evidence[read.text], words]).astype(np.float32)
    ends = np.cumsum([vectors.shape[1], read.evidence.shape[1], words.shape[1]])
    parts = {
        "meaning": np.arange(ends[0]),
        "evidence": np.arange(ends[0], ends[1]),
        "words": np.arange(ends[1], ends[2]),
    }
    model = workshop.build(release).model
    files = {}
    for path in paths:
        judged, found, at = read_rows(path), [], []
        for index, row in enumerate(judged):
            text = finder.plain(row.text)
            evidence = features.vector(finder.find(finder.doc(text), text), text)
            chunks = split(text)
            for vector, chunk in zip(workshop.encoder.encode(chunks), chunks, strict=True):
                found.append(model.row(evidence, vector, terms(chunk)))
                at.append(index)
        files[path.stem] = (judged, np.stack(found), np.array(at))
    share = 1.0 / np.sqrt(np.bincount(read.text)[read.text])
    return Bench(rows, read.text, labels, share * importance_of(labels)[read.text], parts, files)


def f1(rows: Sequence[Row], chances: Array) -> float:
    """Of flagging at even odds."""
    flagged = chances[:, FLAGGED].sum(axis=1) >= 0.5
    scams = np.array([bool(r.is_scam) for r in rows])
    return float(2 * (flagged & scams).sum() / max(1, flagged.sum() + scams.sum()))


def parts_table(bench: Bench) -> Table:
    """Every part alone, every part left out, and all together."""
    table = Table("parts", "file", "urgency", "typology", "scam F1", "AUC", title="What each part adds")
    everything = set(bench.parts)
    variants = [everything, *({p} for p in bench.parts), *(everything - {p} for p in bench.parts)]
    chosen = np.ones(len(bench.labels.urgency), dtype=bool)
    for variant in variants:
        console.log(sorted(variant))
        columns = np.concatenate([bench.parts[p] for p in bench.parts if p in variant])
        urgencies, kinds = bench.urgency(columns, chosen), bench.typology(columns)
        for name, (rows, _, _) in bench.files.items():
            told = [URGENCIES[i].value for i in urgencies[name].argmax(axis=1)]
            named = [bench.labels.classes[i] for i in kinds[name]]
            typed = [r.typology == k for r, k in zip(rows, named, strict=True) if r.typology not in {None, NONE}]
            right = [r.urgency == u for r, u in zip(rows, told, strict=True) if r.urgency]
            table.add_row(
                " + ".join(p for p in bench.parts if p in variant),
                name,
                f"{np.mean(right):.3f}" if right else "-",
                f"{np.mean(typed):.3f}" if typed else "-",
                f"{f1(rows, urgencies[name]):.3f}",
                _auc(rows, urgencies[name]),
            )
        table.add_section()
    return table


def _auc(rows: Sequence[Row], chances: Array) -> str:
    """How often a scam is said to be likelier than a harmless text."""
    scams = np.array([bool(r.is_scam) for r in rows])
    score = chances[:, FLAGGED].sum(axis=1)
    if scams.all() or not scams.any():
        return "-"
    wins = (score[scams][:, None] > score[~scams][None, :]).mean()
    return f"{wins:.3f}"


def left_out_table(bench: Bench) -> Table:
    """Recall of each kind and each form by readers that never saw it."""
    table = Table("never seen", "rows", "flagged, seen", "flagged, never seen", title="Kinds and forms left out")
    columns = np.concatenate(list(bench.parts.values()))
    whole = bench.urgency(columns, np.ones(len(bench.labels.urgency), dtype=bool))
    for place, name in enumerate(bench.labels.classes):
        if name != NONE:
            chances = bench.urgency(columns, bench.labels.typology != place)
            _left_out(table, bench, name, [r.typology == name for r in _all_rows(bench)], whole, chances)
    table.add_section()
    for place, form in enumerate(FORMS):
        chances = bench.urgency(columns, bench.labels.form != place)
        _left_out(table, bench, form.value, [r.form == form.value for r in _all_rows(bench)], whole, chances)
    return table


def _all_rows(bench: Bench) -> list[Row]:
    return [row for rows, _, _ in bench.files.values() for row in rows]


def _left_out(
    table: Table, bench: Bench, name: str, own: list[bool], whole: dict[str, Array], without: dict[str, Array]
) -> None:
    console.log(name)
    rows = _all_rows(bench)
    dangerous = np.array([o and bool(r.urgency and Urgency(r.urgency).flagged) for o, r in zip(own, rows, strict=True)])
    seen, unseen = (
        np.concatenate([found[n][:, FLAGGED].sum(axis=1) for n in bench.files])[dangerous] >= 0.5
        for found in (whole, without)
    )
    if dangerous.any():
        table.add_row(name, str(dangerous.sum()), f"{seen.mean():.2f}", f"{unseen.mean():.2f}")


def main(paths: Sequence[Path]) -> None:
    """Measure and print."""
    threadpool_limits(limits=1)
    bench = prepare(paths)
    console.print(parts_table(bench))
    console.print(left_out_table(bench))


if __name__ == "__main__":
    main([Path(a) for a in sys.argv[1:]] or EXAMINATION)
