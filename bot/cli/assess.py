"""`fangzha assess` and `fangzha evaluate`."""

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress, track

from bot.cli.common import console, errors, read_pieces, refuse, released, say
from bot.conversation.engine import Engine
from bot.conversation.memory import Memory
from bot.conversation.messages import Incoming, Outgoing
from bot.conversation.snapshot import Snapshot
from bot.conversation.turn import Turns
from bot.core.assessment import Assessment
from bot.core.vocabulary import Language
from bot.evaluation import Row, evaluate_rows, read_rows
from bot.settings import Settings
from bot.web.schemas import LONGEST_TEXT, whole_characters
from bot.web.services import open_services, unreleased

Folder = Annotated[
    Path | None, typer.Option("--content", help="read by this content folder instead of by the newest release")
]


def _open(content: Path | None, *, with_engine: bool = False) -> tuple[Snapshot, Engine | None]:
    """What reads the texts, and the engine of a running app; a folder is read by itself, without store and engine."""
    settings = Settings()
    if content is not None:
        if not content.is_dir():
            raise refuse(f"{content}: no such folder")
        return unreleased(read_pieces(content), settings, progress=say), None
    released(settings)
    services = open_services(settings, progress=say, with_engine=with_engine)
    return services.snapshot, services.engine


def assess(
    text: Annotated[str | None, typer.Argument(help="the text; `-` reads it from standard input")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="the Assessment as JSON")] = False,
    jsonl: Annotated[Path | None, typer.Option(help="rows {id, text, lang?}, one a line")] = None,
    out: Annotated[Path | None, typer.Option(help="where the rows of answers go")] = None,
    reply: Annotated[bool, typer.Option("--reply", help="with --jsonl: also what a customer would be told")] = False,
    content: Folder = None,
) -> None:
    """Assess one text, or a file of them."""
    if jsonl is not None:
        if out is None or text is not None:
            raise refuse("--jsonl wants --out FILE and no TEXT")
        if not jsonl.is_file():
            raise refuse(f"{jsonl}: no such file")
        _assess_file(jsonl, out, content, reply=reply)
        return
    if text is None:
        raise refuse("say what to assess: fangzha assess TEXT, or --jsonl IN --out OUT")
    words = sys.stdin.read() if text == "-" else text
    found = _open(content)[0].recogniser.assess(words)
    if as_json:
        print(json.dumps(found.as_dict(), ensure_ascii=False, indent=2))
    else:
        _show(found)


def _show(found: Assessment) -> None:
    console.print(
        f"{found.urgency.value}   {found.typology}   ({found.form.value}, {found.language.value})", markup=False
    )
    for rank in found.ranking[:3]:
        console.print(f"  {rank.probability:6.1%}  {rank.typology}")
    for flag in found.red_flags:
        console.print(f"  “{flag.text}”  {flag.says}", markup=False)
    for case in found.similar_cases:
        console.print(f"  ~ {case.title}  ({case.similarity:.2f})", markup=False)
    if found.question:
        console.print(f"  ? {found.question.text}", markup=False)
    console.print(f"  {found.elapsed_ms:.1f} ms, content {found.content_version}")


def _assess_file(source: Path, out: Path, content: Path | None, *, reply: bool) -> None:
    # where `fangzha up` is running its engine answers as for a customer; elsewhere the fallback does
    snapshot, engine = _open(content, with_engine=reply)
    # only a line feed ends a row: a text may hold the other separators
    lines = source.read_text(encoding="utf-8", errors="replace").split("\n")
    lines = [line for line in lines if line.strip()]
    with (
        out.open("w", encoding="utf-8", errors="replace") as sink,
        Progress(console=errors, transient=True) as progress,
    ):
        task = progress.add_task("assessing", total=len(lines))
        with asyncio.Runner() as runner:
            for number, line in enumerate(lines):
                answer = _one(runner, snapshot, number, line, engine, reply=reply)
                sink.write(json.dumps(answer, ensure_ascii=False) + "\n")
                progress.advance(task)
    say(f"{len(lines)} rows written to {out}")


def _one(
    runner: asyncio.Runner, snapshot: Snapshot, number: int, line: str, engine: Engine | None, *, reply: bool
) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return {"id": None, "error": f"row {number + 1} is not JSON"}
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        return {"id": row.get("id") if isinstance(row, dict) else None, "error": "a row needs id and text"}
    text = whole_characters(row["text"])
    if len(text) > LONGEST_TEXT:
        return {"id": row.get("id"), "error": f"text over {LONGEST_TEXT} characters"}
    tag = row.get("lang") if isinstance(row.get("lang"), str) else None
    language = Language.parse(tag)
    found = snapshot.recogniser.assess(text, default=language or Language.ZH_HANS)
    answer: dict[str, Any] = {"id": row.get("id"), "assessment": found.as_dict()}
    if reply:
        turns = Turns(lambda: snapshot, engine, Memory())
        told: Outgoing = runner.run(turns.handle(Incoming(f"batch-{number}", text, language=tag)))
        answer["reply"] = [m.as_dict() for m in told.messages]
    return answer


def evaluate(
    files: Annotated[list[Path], typer.Argument(help="JSONL files of labelled rows")],
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
    wrong: Annotated[int, typer.Option(help="show so many misjudged and confused rows a file")] = 0,
    content: Folder = None,
) -> None:
    """Measure the recogniser on labelled rows."""
    missing = [f for f in files if not f.is_file()]
    if missing:
        raise refuse(f"{missing[0]}: no such file")
    recogniser = _open(content)[0].recogniser
    reports = {}
    for path in files:
        rows = read_rows(path)
        judged = [(row, recogniser.assess(row.text)) for row in _tracked(rows, path.name)]
        reports[path.name] = evaluate_rows(judged)
        if not as_json:
            console.print(reports[path.name].as_text(path.name), markup=False)
            for row, found in reports[path.name].misjudged[:wrong]:
                truth = f"{row.urgency or row.is_scam}/{row.typology}"
                guess = f"{found.urgency.value}/{found.typology}"
                console.print(f"    {row.id} {truth} -> {guess}: {row.text[:70]!r}", markup=False)
            for row, found in reports[path.name].confused[:wrong]:
                taken = f"{row.typology} taken for {found.typology}"
                console.print(f"    {row.id} {taken}: {row.text[:70]!r}", markup=False)
    if as_json:
        print(json.dumps({name: r.as_dict() for name, r in reports.items()}, ensure_ascii=False, indent=2))


def _tracked(rows: list[Row], name: str) -> Iterator[Row]:
    yield from track(rows, description=name, console=errors, transient=True)
