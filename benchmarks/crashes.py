"""How many are skipped and how many told twice when workers are killed: `python -m benchmarks.crashes [KILLS] [URL]`.

Without the address of a PostgreSQL the outbox is a SQLite file.
"""

import dataclasses
import json
import sys
import tempfile
from pathlib import Path

from tests.delivery.crashing import killed_at_random, prepare, stand_in

RATE = 120.0


def main() -> None:
    """Kill, count, print."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{folder}/store.db"
        subscribers = kills * 100
        prepare(url, subscribers, Path(folder) / "content")
        with stand_in("--no-limits") as api:
            done = killed_at_random(url, api, subscribers=subscribers, kills=kills, rate=RATE, told=_told)
    print(json.dumps(dataclasses.asdict(done)))


def _told(line: str) -> None:
    print(line, file=sys.stderr)


if __name__ == "__main__":
    main()
