"""`fangzha content`: the content store from the command line."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
import yaml

from bot.cli.common import console, desk, errors, open_store, operator, refuse, say, seed
from bot.content.build import build_release
from bot.content.check import check_folder
from bot.content.export import as_files
from bot.recognition.build import Workshop
from bot.recognition.encoder import SentenceEncoder
from bot.settings import Settings

app = typer.Typer(help="Check, import, publish, withdraw, roll back and export content.", no_args_is_help=True)


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="content folder")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="warnings too make the check fail")] = False,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the day hotlines are held against; today by default")
    ] = None,
) -> None:
    """Name file, line and mend for every fault of a content folder, and warn of hotlines about to expire."""
    found = check_folder(folder or Settings().content, today=on.date() if on else None)
    for fault in found:
        console.print(str(fault), markup=False, soft_wrap=True)
    warnings = sum(f.warning for f in found)
    faults = len(found) - warnings
    said = f"{faults} faults" if faults else "no faults"
    errors.print(f"{said}, {warnings} warnings" if warnings else said, markup=False)
    if faults or (strict and warnings):
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
        _publish(author="import", note=f"from {folder.name}", seeds_only=True)


@app.command()
def publish(
    author: Annotated[str, typer.Option(help="who releases")] = "cli",
    note: Annotated[str, typer.Option(help="what is new")] = "",
    apart: Annotated[str, typer.Option(help="why a part of what was made from a case goes out without the rest")] = "",
) -> None:
    """Release the newest approved revision of every piece; running apps take it within two seconds."""
    _publish(author=author, note=note, apart=apart)


def _publish(*, author: str, note: str, seeds_only: bool = False, apart: str = "") -> None:
    settings = Settings()
    store = open_store(settings)
    # learn before releasing, so that a running app only has to load
    release = build_release(store.newest_release() + 1, store.upcoming(seeds_only=seeds_only))
    Workshop(SentenceEncoder(), settings.learned, say).build(release)
    number = store.publish(author=author, note=note, seeds_only=seeds_only, by=operator().login, apart=apart)
    console.print(f"release {number}")


@app.command()
def history(
    limit: Annotated[int, typer.Option(help="how many")] = 20,
    verify: Annotated[
        bool, typer.Option("--verify", help="walk the audit trail and hold every release against it")
    ] = False,
    head: Annotated[
        str | None, typer.Option(help="with --verify: a hash printed earlier, which must still be there")
    ] = None,
) -> None:
    """Releases, newest first; or whether anybody altered what was released or who did it."""
    if head and not verify:
        raise refuse("--head goes with --verify")
    if verify:
        _verify(head)
        return
    for line in open_store(Settings()).history(limit):
        when = line.created_at.strftime("%Y-%m-%d %H:%M")
        console.print(f"{line.number:>5}  {when}  {line.author:<12} {line.pieces:>6} pieces  {line.note}", markup=False)


def _verify(head: str | None) -> None:
    found = desk(Settings()).flow.trail.verify(head=head)
    for fault in found.faults:
        console.print(fault, markup=False, soft_wrap=True)
    console.print(f"{found.entries} entries, {len(found.faults) or 'no'} faults; head {found.head}", markup=False)
    if found.faults:
        raise typer.Exit(1)


@app.command()
def withdraw(
    kind: Annotated[str, typer.Argument(help="what kind of piece: typology, case, answer, reply, …")],
    key: Annotated[str, typer.Argument(help="its id")],
    reason: Annotated[str, typer.Option(help="why; the audit trail keeps it")],
    alone: Annotated[bool, typer.Option("--alone", help="leave the cases and examples of a typology")] = False,
) -> None:
    """Take a piece away from customers at once; with a typology go its cases and examples."""
    done = desk(Settings()).flow.withdraw(operator(), [(kind, key)], reason=reason, with_belongings=not alone)
    console.print(f"release {done.release} without {len(done.pieces)} pieces")
    for shown in done.still_showing:
        console.print(f"still showing: {shown.channel}, {shown.place} ({shown.kind}/{shown.key})", markup=False)


@app.command()
def rollback(
    release: Annotated[int, typer.Argument(help="the release to go back to")],
    reason: Annotated[str, typer.Option(help="why; the audit trail keeps it")],
) -> None:
    """Release again what an older release held; what was withdrawn or expired since does not come back."""
    done = desk(Settings()).flow.roll_back(operator(), release, reason=reason)
    console.print(f"release {done.release} with what release {release} held")
    for kind, key in done.kept:
        console.print(f"kept as it is now: {kind}/{key}", markup=False)
    for kind, key in done.left_out:
        console.print(f"left out: {kind}/{key}", markup=False)


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
