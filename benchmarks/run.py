"""`make bench`: one table. Everything is measured in this run, on this machine, one after another.

Training the stock Rasa takes most of it: `python -m benchmarks.run --without-stock` leaves it out.
"""

import json
import platform
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from benchmarks.stack import fangzha, stock_rasa
from benchmarks.timing import Times, timed
from bot.content.build import build_release
from bot.content.files import read_folder
from bot.core.collecting import making_what_stays
from bot.core.content import Release
from bot.recognition.build import Workshop
from bot.recognition.encoder import SentenceEncoder
from bot.settings import PROJECT, Settings

console = Console()
TURNS = 120
LONG = 300
PEOPLE = 8


def shipped_release() -> Release:
    """The content of this tree, as a release."""
    pieces, _ = read_folder(PROJECT / "content")
    return build_release(0, [(p.kind, p.key, p.body) for p in pieces])


def texts() -> list[str]:
    """Examples of the content in a fixed shuffle: what customers send."""
    found = [e.text for e in shipped_release().examples if len(e.text) < 400]
    random.Random(0).shuffle(found)
    return found


def assess_by_length(table: Table) -> None:
    """One assessment in process, by length of the text."""
    release = shipped_release()
    started = time.perf_counter()
    with making_what_stays():  # as `fangzha up` does
        recogniser = Workshop(SentenceEncoder(), Settings().learned, console.log).build(release)
    table.add_row("recogniser ready (loaded)", f"{time.perf_counter() - started:.1f} s")
    story = "。".join(texts()[:400])
    for length in (20, 100, 500, 2000, 8000):
        starts = [i * 37 % (len(story) - length) for i in range(200 if length <= 500 else 30)]
        calls = [lambda s=s, n=length: recogniser.assess(story[s : s + n]) for s in starts]
        timed(calls[:10])
        table.add_row(f"assess, {length} characters", str(timed(calls)))


def _turns(send, count: int) -> Times:  # type: ignore[no-untyped-def]
    words = texts()[:count]
    for i, word in enumerate(words[:10]):
        send(f"warm-{i}", word)
    return timed([lambda w=w, i=i: send(f"talk-{i // 5}", w) for i, w in enumerate(words)])


def _rows(table: Table, name: str, send) -> Times:  # type: ignore[no-untyped-def]
    short = _turns(send, TURNS)
    table.add_row(f"{name}: a turn over HTTP", str(short))
    words = texts()[:LONG]
    long = timed([lambda w=w: send("long", w) for w in words])
    first, last = Times(long.values[:50]), Times(long.values[-50:])
    ratio = last.p50 / first.p50
    table.add_row(
        f"{name}: {LONG} turns of one conversation",
        f"first 50 {first.p50:.1f}, last 50 {last.p50:.1f} ms ({ratio:.2f}x)",
    )
    started = time.perf_counter()
    with ThreadPoolExecutor(PEOPLE) as people:
        list(people.map(lambda pair: send(f"crowd-{pair[0] % PEOPLE}", pair[1]), enumerate(words[:160])))
    table.add_row(f"{name}: {PEOPLE} people at once", f"{160 / (time.perf_counter() - started):.0f} turns/s")
    return short


def main() -> None:
    """Measure and print."""
    table = Table(title=f"Fangzha, {platform.machine()}, {platform.python_version()}")
    table.add_column("what")
    table.add_column("figure")
    assess_by_length(table)
    with httpx.Client(timeout=30, trust_env=False) as client:
        with fangzha() as stack:

            def ours(sender: str, text: str) -> None:
                client.post(f"{stack.url}/api/v1/chat", json={"conversation": sender, "text": text}).raise_for_status()

            table.add_row(
                "app ready / dialogue engine ready", f"{stack.app_seconds:.1f} s / {stack.engine_seconds:.1f} s"
            )
            our_turns = _rows(table, "fangzha", ours)
            decided = client.get(f"{stack.url}/metrics").text
            fallback = [
                line for line in decided.splitlines() if 'decided_by="fallback"' in line and "created" not in line
            ]
            table.add_row("turns answered without the engine", fallback[0].split()[-1] if fallback else "0")
            memory = stack.memory()
            table.add_row("resident memory", f"app {memory['app']:.0f} MB, engine {memory['engine']:.0f} MB")
        if "--without-stock" in sys.argv:
            _finish(table)
            return
        with stock_rasa() as (url, training, ready):

            def stock(sender: str, text: str) -> None:
                body = {"sender": sender, "message": text}
                client.post(f"{url}/webhooks/rest/webhook", json=body).raise_for_status()

            table.add_row("stock Rasa: training / ready", f"{training:.0f} s / {ready:.1f} s")
            stock_turns = _rows(table, "stock Rasa", stock)
    table.add_row("our turn against stock Rasa's, p50", f"{our_turns.p50 / stock_turns.p50:.2f}x")
    _finish(table)


def _finish(table: Table) -> None:
    """Print it, and keep it for who compares."""
    console.print(table)
    results = PROJECT / "results"
    results.mkdir(exist_ok=True)
    rows = list(zip(*(list(column.cells) for column in table.columns), strict=True))
    Path(results / "benchmarks.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
