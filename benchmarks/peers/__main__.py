"""`python -m benchmarks.peers [--without-diet] [FILE ...]`: one table of all peers over labelled files.

Without files the examination. DIET takes as long as all others together, several times over.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.peers.readers import READERS
from benchmarks.run import shipped_release
from benchmarks.timing import Times
from bot.core.vocabulary import NONE, Urgency
from bot.engine.training import environment
from bot.evaluation import Row, read_rows
from bot.settings import PROJECT

EXAMINATION = [PROJECT / "tests/recognition" / name for name in ("exam_zh.jsonl", "exam_en.jsonl", "hard_lines.jsonl")]
DIET = "stock Rasa, DIET"
console = Console()


def judged(rows: list[Row], found: list[tuple[str, str]]) -> list[str]:
    """Typology accuracy, urgency accuracy, scam F1 and false alarms, as cells."""
    flagged = [Urgency(urgency).flagged for _, urgency in found]
    typed = [r.typology == t for r, (t, _) in zip(rows, found, strict=True) if r.typology and r.typology != NONE]
    urgent = [r.urgency == u for r, (_, u) in zip(rows, found, strict=True) if r.urgency]
    labelled = [(r.is_scam, f) for r, f in zip(rows, flagged, strict=True) if r.is_scam is not None]
    caught = sum(bool(scam and flag) for scam, flag in labelled)
    both = sum(bool(scam) for scam, _ in labelled) + sum(flag for _, flag in labelled)
    harmless = [flag for scam, flag in labelled if not scam]

    def share(hits: list[bool]) -> str:
        return f"{sum(hits) / len(hits):.3f}" if hits else "-"

    return [share(typed), share(urgent), f"{2 * caught / both:.3f}" if both else "-", share(harmless)]


def run(name: str, given: Path, out: Path) -> dict[str, Any]:
    """One peer, in its own process and environment."""
    if name == DIET:
        script = Path(__file__).with_name("diet.py")
        command = [str(PROJECT / ".venv-rasa/bin/python"), str(script), str(given), str(out)]
        subprocess.run(command, env=environment(), check=True, stdout=sys.stderr)
    else:
        subprocess.run([sys.executable, "-m", "benchmarks.peers.worker", name, str(given), str(out)], check=True)
    result: dict[str, Any] = json.loads(out.read_text())
    return result


def main(files: list[Path], peers: list[str]) -> None:
    """Measure and print."""
    by_file = {path.stem: read_rows(path) for path in files}
    texts = [row.text for rows in by_file.values() for row in rows]
    train = [{"text": e.text, "typology": e.typology, "urgency": e.urgency.value} for e in shipped_release().examples]
    costs = Table("peer", "learning", "memory", "a text")
    quality = Table("file", "peer", "typology", "urgency", "scam F1", "false alarms")
    cells: dict[str, dict[str, list[str]]] = {name: {} for name in by_file}
    with tempfile.TemporaryDirectory() as folder:
        given, out = Path(folder) / "task.json", Path(folder) / "found.json"
        given.write_text(json.dumps({"train": train, "read": texts}))
        for peer in peers:
            console.log(peer)
            got = run(peer, given, out)
            times = Times(tuple(got["times"]))
            costs.add_row(peer, f"{got['learning']:.0f} s", f"{got['megabytes']:.0f} MB", str(times))
            read = iter([tuple(pair) for pair in got["found"]])
            for name, rows in by_file.items():
                cells[name][peer] = judged(rows, [next(read) for _ in rows])
    for name, by_peer in cells.items():
        for peer, row in by_peer.items():
            quality.add_row(f"{name} ({len(by_file[name])})", peer, *row)
        quality.add_section()
    console.print(quality)
    console.print(costs)


if __name__ == "__main__":
    given = [a for a in sys.argv[1:] if a != "--without-diet"]
    compared = [*READERS] if "--without-diet" in sys.argv else [*READERS, DIET]
    main([Path(a) for a in given] or EXAMINATION, compared)
