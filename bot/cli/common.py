"""What several commands need: settings, progress, a seeded store."""

from pathlib import Path

import typer
from rich.console import Console

from bot.content.build import build_release
from bot.content.files import read_folder
from bot.core.errors import ContentError
from bot.settings import Settings
from bot.store.database import open_engine, upgrade
from bot.store.releases import ContentStore, Seeded

errors = Console(stderr=True, highlight=False)
console = Console(highlight=False)


def say(line: str) -> None:
    """One line of progress, on stderr."""
    errors.print(f"  {line}", style="dim", markup=False)


def open_store(settings: Settings) -> ContentStore:
    """The store at its newest migration.

    Raises:
        StoreError: it cannot be reached or upgraded.
    """
    engine = open_engine(settings.database_url)
    upgrade(engine)
    return ContentStore(engine)


def seed(store: ContentStore, folder: Path) -> Seeded:
    """Insert what is absent from the content folder.

    Raises:
        ContentError: a file has faults that would break a release.
    """
    pieces, faults = read_folder(folder)
    if faults:
        raise ContentError(f"{faults[0]} ({len(faults)} faults; `fangzha content check {folder}` lists them)")
    return store.seed((p.kind, p.key, p.body) for p in pieces)


def ensure_seeded(settings: Settings) -> ContentStore:
    """A store with at least one release: upgraded, and seeded from the content folder where it is empty or behind."""
    store = open_store(settings)
    done = seed(store, settings.content)
    if done.added or done.renewed or store.newest_release() == 0:
        # a release that cannot be built must not become the newest
        build_release(store.newest_release() + 1, store.drafts())
        number = store.publish(
            author="seed", note=f"{done.added} added, {done.renewed} renewed from {settings.content.name}/"
        )
        say(f"content seeded: {done.added} added, {done.renewed} renewed, {done.kept} kept; release {number}")
    return store


def refuse(message: str) -> typer.Exit:
    """Say that the call was wrong; exit code 2."""
    errors.print(f"fangzha: {message}", style="red", markup=False)
    return typer.Exit(2)
