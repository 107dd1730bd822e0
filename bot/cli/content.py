"""`fangzha content`: the content store from the command line."""

from pathlib import Path
from typing import Annotated

import typer
import yaml

from bot.cli.common import console, errors, open_store, refuse, say, seed
from bot.content.build import build_release
from bot.content.check import check_folder
from bot.content.export import as_files
from bot.recognition.build import Workshop
from bot.recognition.encoder import SentenceEncoder
from bot.settings import Settings

app = typer.Typer(help="Check, import, publish and export content.", no_args_is_help=True)


@app.command()
def check(folder: Annotated[Path | None, typer.Argument(help="content folder")] = None) -> None:
    """Name file, line and mend for every fault of a content folder."""
    faults = check_folder(folder or Settings().content)
    for fault in faults:
        console.print(str(fault), markup=False, soft_wrap=True)
    errors.print(f"{len(faults)} faults" if faults else "no faults", markup=False)
    if faults:
        raise typer.Exit(1)


@app.command("import")
def import_(
    folder: Annotated[Path, typer.Argument(help="content folder")],
    publish_now: Annotated[bool, typer.Option("--publish", help="release it at once")] = False,
) -> None:
    """Insert what is absent from a folder of content files; edits are kept."""
    if not folder.is_dir():
        raise refuse(f"{folder}: no such folder")
    store = open_store(Settings())
    done = seed(store, folder)
    console.print(f"{done.added} added, {done.renewed} renewed, {done.kept} kept")
    if publish_now:
        _publish(author="import", note=f"from {folder.name}")


@app.command()
def publish(
    author: Annotated[str, typer.Option(help="who releases")] = "cli",
    note: Annotated[str, typer.Option(help="what is new")] = "",
) -> None:
    """Release the newest revision of every piece; running apps take it within two seconds."""
    _publish(author=author, note=note)


def _publish(*, author: str, note: str) -> None:
    settings = Settings()
    store = open_store(settings)
    # learn before releasing, so that a running app only has to load
    release = build_release(store.newest_release() + 1, store.drafts())
    Workshop(SentenceEncoder(), settings.learned, say).build(release)
    console.print(f"release {store.publish(author=author, note=note)}")


@app.command()
def history(limit: Annotated[int, typer.Option(help="how many")] = 20) -> None:
    """Releases, newest first."""
    for line in open_store(Settings()).history(limit):
        when = line.created_at.strftime("%Y-%m-%d %H:%M")
        console.print(f"{line.number:>5}  {when}  {line.author:<12} {line.pieces:>6} pieces  {line.note}", markup=False)


@app.command()
def export(
    out: Annotated[Path, typer.Argument(help="folder to write; must not exist")],
    release: Annotated[int | None, typer.Option(help="release number; the newest by default")] = None,
) -> None:
    """Write a release as a folder of YAML that seeds another installation."""
    if out.exists():
        raise refuse(f"{out} exists: name a new folder")
    store = open_store(Settings())
    number = release or store.newest_release()
    pieces = store.pieces_of(number)
    if not pieces:
        raise refuse(f"release {number}: there is none; `fangzha content history` lists them")
    for path, document in as_files(pieces).items():
        target = out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=1000), encoding="utf-8")
    console.print(f"release {number}: {len(pieces)} pieces written to {out}")
