"""The gate over the shipped content: `python -m benchmarks.gate [words] [typology]`, on a store of its own.

`words`: one answer was reworded, nothing is learned. `typology`: one new kind of scam with two cases and ten examples,
so that everything is learned anew. Each is a process of its own that stands for the app: the release in force is loaded
as the app loads it, the gate runs as the desk runs it, and the memory of the process is read before, at the most, and
after. What was learned and encoded of the shipped content is taken along, as an app has it; the first run learns it.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from benchmarks.run import shipped_release
from bot.cli.common import read_pieces
from bot.content.files import read_folder
from bot.desk.gate import examination_rows, run_gate
from bot.recognition.build import Workshop
from bot.recognition.encoder import SentenceEncoder
from bot.settings import PROJECT, Settings
from bot.store.database import open_engine, upgrade
from bot.store.releases import ContentStore
from bot.web.services import open_services
from tests.tiny import write_tiny

CHANGES = ("words", "typology")
NEW, CASES, EXAMPLES = "pet_ransom", 2, 10
console = Console()
Pieces = list[tuple[str, str, dict[str, Any]]]


def reworded(pieces: Pieces) -> Pieces:
    """The first answer with other words."""
    kind, key, body = next(piece for piece in pieces if piece[0] == "answer")
    return [(kind, key, {**body, "text": {**body["text"], "zh-Hans": f"{body['text']['zh-Hans']}先停一停。"}})]


def one_kind_more(folder: Path) -> Pieces:
    """An invented kind of scam with a few cases and examples."""
    pieces, _ = read_folder(write_tiny(folder / "tiny"))
    own = [p for p in pieces if p.key == NEW or p.body.get("typology") == NEW]
    cases = [(p.kind, p.key, p.body) for p in own if p.kind == "case"][:CASES]
    rest = [(p.kind, p.key, _few(p.body) if p.kind == "examples" else p.body) for p in own if p.kind != "case"]
    return [*rest, *cases]


def _few(body: dict[str, Any]) -> dict[str, Any]:
    """Ten of the examples."""
    left = EXAMPLES
    kept: dict[str, Any] = {}

    def few(value: Any) -> Any:
        nonlocal left
        if isinstance(value, dict):
            return {name: found for name, inner in value.items() if (found := few(inner))}
        taken, left = value[:left], left - len(value[:left])
        return taken

    for name, value in body.items():
        kept[name] = few(value) if isinstance(value, dict | list) else value
    return {name: value for name, value in kept.items() if value != {}}


def megabytes(what: str) -> float:
    """VmRSS or VmHWM of this process."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{what}:")) / 1024


def run(change: str) -> dict[str, Any]:
    """In the process that stands for the app: load, run the gate, and tell what it took."""
    services = open_services(Settings(), with_engine=False)
    with tempfile.TemporaryDirectory() as folder:
        known = services.store.pieces_of(services.store.newest_release())
        services.store.seed(reworded(known) if change == "words" else one_kind_more(Path(folder)))
    rows = examination_rows(services.settings.examinations)
    before = megabytes("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # the highest is counted from here
    began, worked = time.perf_counter(), _processor_seconds()
    upcoming, snapshot = services.desk.flow.upcoming(), services.snapshot
    steps: dict[str, float] = {}

    def told(step: str, _done: int, _total: int) -> None:
        steps[step] = round(time.perf_counter() - began, 1)

    report = run_gate(
        known,
        upcoming.pieces,
        rows,
        workshop_for=services.workshop,
        today=snapshot.today(),
        progress=told,
        in_force=snapshot.recogniser,
        known={},
    )
    return {
        "change": change,
        "seconds": time.perf_counter() - began,
        "processor": _processor_seconds() - worked,
        "steps": steps,
        "before": before,
        "most": megabytes("VmHWM"),
        "after": megabytes("VmRSS"),
        "rows": report.rows,
        "changed": len(report.changes),
        "open": report.open,
    }


def _processor_seconds() -> float:
    """Of this process and of its children that have ended."""
    used = psutil.Process().cpu_times()
    return used.user + used.system + used.children_user + used.children_system


def seeded(folder: Path) -> dict[str, str]:
    """A store with the shipped content released, and what was learned from it; the environment that names them."""
    shutil.copytree(Settings().learned, folder / "var" / "learned")
    url = f"sqlite:///{folder / 'gate.db'}"
    engine = open_engine(url)
    upgrade(engine)
    store = ContentStore(engine)
    store.seed(read_pieces(PROJECT / "content"))
    store.publish(author="seed", note="shipped content")
    engine.dispose()
    return {**os.environ, "DATABASE_URL": url, "FANGZHA_VAR": str(folder / "var"), "FANGZHA_LOG_LEVEL": "WARNING"}


def main(changes: list[str]) -> None:
    """Measure and print."""
    Workshop(SentenceEncoder(), Settings().learned, console.log).build(shipped_release())
    table = Table("change", "seconds", "processor", "before", "at the most", "after", "otherwise", "gate")
    for change in changes:
        with tempfile.TemporaryDirectory() as name:
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.gate", "--run", change],
                cwd=PROJECT,
                env=seeded(Path(name)),
                check=True,
                stdout=subprocess.PIPE,
                text=True,
            )
        got = json.loads(done.stdout.splitlines()[-1])
        memory = (f"{got[when]:.0f} MB" for when in ("before", "most", "after"))
        otherwise = f"{got['changed']} of {got['rows']}"
        told = f"{got['seconds']:.0f} s", f"{got['processor']:.0f} s"
        table.add_row(change, *told, *memory, otherwise, "open" if got["open"] else "shut")
        console.print(f"{change}: each step ended after so many seconds", got["steps"])
    console.print(table)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        print(json.dumps(run(sys.argv[2])))
    else:
        main(sys.argv[1:] or list(CHANGES))
