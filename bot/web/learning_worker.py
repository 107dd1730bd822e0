"""The process that learns: a pickled release on standard input, its progress on standard output, a model in a folder.

`python -m bot.web.learning_worker ENCODER FOLDER`. It is only ever started by `bot.web.learning`, which is where the
release comes from. It gives way to whoever answers customers on the same cores.
"""

import os
import pickle
import sys
from collections.abc import Callable
from pathlib import Path

from bot.recognition.build import Workshop
from bot.recognition.encoder import Encoder, NgramEncoder, SentenceEncoder

ENCODERS: dict[str, Callable[[], Encoder]] = {e.version: e for e in (SentenceEncoder, NgramEncoder)}
GIVES_WAY = 5


def main() -> None:
    """Learn."""
    version, folder = sys.argv[1:3]
    os.nice(GIVES_WAY)
    release = pickle.load(sys.stdin.buffer)  # noqa: S301  # from the process that started this one
    Workshop(ENCODERS[version](), Path(folder), lambda said: print(said, flush=True)).build(release)


if __name__ == "__main__":
    main()
