"""The release in force, held in memory and swapped whole when a newer one appears, whoever published it."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
POLL_SECONDS = 0.5


Built = tuple[T, Callable[[], T] | None]


class Live(Generic[T]):
    """Watches the store and keeps `current` built from its newest release.

    Args:
        newest: number of the newest release.
        build: from a release number and the value in force, the next value, and how to finish it if that takes long.
        on_error: told when watching or building failed; the old value stays in force.
        on_whole: told when a newer value is in force with all that was to be learned.
    """

    def __init__(
        self,
        newest: Callable[[], int],
        build: Callable[[int, T | None], Built[T]],
        on_error: Callable[[Exception], None],
        on_whole: Callable[[], None] = lambda: None,
    ) -> None:
        self._newest = newest
        self._build = build
        self._on_error = on_error
        self._on_whole = on_whole
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.version = newest()
        self.current: T = build(self.version, None)[0]
        self.whole = self.version  # the newest that is in force with all that was to be learned

    def start(self) -> None:
        """Watch from a thread of its own until `stop`."""
        self._thread = threading.Thread(target=self._watch, name="live-release", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop watching; returns when the thread has ended."""
        self._stop.set()
        if self._thread:
            self._thread.join()

    def refresh(self) -> bool:
        """Look once; whether something newer is now in force."""
        newest = self._newest()
        if newest == self.version:
            return False
        self.current, finish = self._build(newest, self.current)
        self.version = newest
        if finish is not None:
            self.current = finish()
        self.whole = newest
        self._on_whole()
        return True

    def _watch(self) -> None:
        while not self._stop.wait(POLL_SECONDS):
            try:
                self.refresh()
            except Exception as error:  # whatever it was, the old release stays in force and the watch goes on
                self._on_error(error)
