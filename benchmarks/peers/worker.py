"""One peer in a process of its own, so that its memory is its own: `python -m benchmarks.peers.worker NAME IN OUT`."""

import json
import resource
import sys
import time
from pathlib import Path

from threadpoolctl import threadpool_limits

from benchmarks.peers.readers import READERS


def main(name: str, given: Path, out: Path) -> None:
    """Learn, read every row, and write what was read and what it took."""
    threadpool_limits(limits=1)
    task = json.loads(given.read_text())
    reader = READERS[name]()
    started = time.perf_counter()
    reader.learn([e["text"] for e in task["train"]], [(e["typology"], e["urgency"]) for e in task["train"]])
    learning = time.perf_counter() - started
    for text in task["read"][:10]:
        reader.read(text)
    found, times = [], []
    for text in task["read"]:
        started = time.perf_counter()
        found.append(reader.read(text))
        times.append((time.perf_counter() - started) * 1000)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    out.write_text(json.dumps({"found": found, "times": times, "learning": learning, "megabytes": megabytes}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
