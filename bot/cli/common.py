"""What several commands need: settings, progress, a seeded store."""

import getpass
import os
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from bot.content.build import build_release
from bot.content.files import folder_digest, read_folder
from bot.core.errors import ContentError
from bot.core.publishing import Actor
from bot.desk.service import Desk, open_desk
from bot.settings import Settings
from bot.store.database import open_engine, upgrade
from bot.store.releases import ContentStore, Seeded

errors = Console(stderr=True, highlight=False)
console = Console(highlight=False)


def say(line: str) -> None:
    """One line of progress, on stderr."""
    errors.print(f"  {line}", style="dim", markup=False)


def desk(settings: Settings) -> Desk:
    """The desk over the store, at its newest migration.

    Raises:
        StoreError: the store cannot be reached or upgraded.
        ContentError: the rules of the desk cannot be read.
    """
    engine = open_engine(settings.database_url)
    upgrade(engine)
    return open_desk(engine, settings.desk_rules)


def operator() -> Actor:
    """Whoever has the machine in his hands: the trail names him as the machine knows him."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in some containers
        name = str(os.getuid())
    return Actor(f"cli:{name}"[:64], operator=True)


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
    return store.seed(read_pieces(folder))


def read_pieces(folder: Path) -> list[tuple[str, str, dict[str, Any]]]:
    """(kind, key, body) of everything in a content folder.

    Raises:
        ContentError: a file has faults that would break a release.
    """
    pieces, faults = read_folder(folder)
    if faults:
        raise ContentError(f"{faults[0]} ({len(faults)} faults; `fangzha content check {folder}` lists them)")
    return [(p.kind, p.key, p.body) for p in pieces]


def released(settings: Settings) -> ContentStore:
    """A store with at least one release. Only a store without any is seeded: what is released stays as it is."""
    store = open_store(settings)
    return store if store.newest_release() else ensure_seeded(settings)


def ensure_seeded(settings: Settings) -> ContentStore:
    """A store with at least one release, brought up to the content folder; what changed there is released.

    Reading the folder takes a second of every start, so one that was the last to be seeded is not read again.
    """
    store = open_store(settings)
    source = folder_digest(settings.content)
    if source and store.seeded_from() == source and store.newest_release():
        return store
    done = store.seed(read_pieces(settings.content), source=source)
    if done.added or done.renewed or store.newest_release() == 0:
        # a release that cannot be built must not become the newest
        build_release(store.newest_release() + 1, store.upcoming(seeds_only=True))
        number = store.publish(
            author="seed",
            note=f"{done.added} added, {done.renewed} renewed from {settings.content.name}/",
            seeds_only=True,
            by=operator().login,
        )
        say(f"content seeded: {done.added} added, {done.renewed} renewed, {done.kept} kept; release {number}")
    return store


def refuse(message: str) -> typer.Exit:
    """Say that the call was wrong; exit code 2."""
    errors.print(f"fangzha: {message}", style="red", markup=False)
    return typer.Exit(2)
