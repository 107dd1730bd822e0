"""Learning in a process of its own, whose memory goes with it: a gigabyte for a minute is not the app's to keep.

What is learned comes back as the file that the workshop keeps anyway (`bot.recognition.build`).
"""

import pickle
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from bot.core.content import Release
from bot.core.errors import FangzhaError

WORKER = (sys.executable, "-m", "bot.web.learning_worker")
log = structlog.get_logger()


class LearningError(FangzhaError):
    """The process that learned was ended from outside, most likely for want of memory."""


def learn_apart(
    release: Release,
    encoder: str,
    folder: Path,
    progress: Callable[[str], None],
    command: Sequence[str] = WORKER,
) -> bool:
    """Learn from a release in another process, into `folder`; whether it did.

    Args:
        release: what to learn from.
        encoder: the version of the sentence encoder.
        folder: where what was learned is kept.
        progress: told what the process says; what it raises ends the process.
        command: what to start; it speaks as `bot.web.learning_worker` does.

    Raises:
        LearningError: the process was ended from outside; to learn here instead could end the app.
    """
    with tempfile.TemporaryFile() as handed:
        pickle.dump(release, handed)
        handed.seek(0)
        try:
            process = subprocess.Popen([*command, encoder, str(folder)], stdin=handed, stdout=subprocess.PIPE)  # noqa: S603
        except OSError as error:
            log.warning("not_learned_apart", reason=type(error).__name__)
            return False
    with process:
        try:
            for line in process.stdout or ():
                progress(line.decode("utf-8", "replace").strip())
        except BaseException:
            process.kill()
            raise
    if process.returncode < 0:
        name = signal.Signals(-process.returncode).name
        raise LearningError(f"learning was ended by {name}: see to it that a gigabyte of memory is free, and try again")
    if process.returncode:
        log.warning("not_learned_apart", reason=f"exit code {process.returncode}")
    return process.returncode == 0
