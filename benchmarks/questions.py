"""`python -m benchmarks.questions`: how much each question adds, asked of somebody who knows the labels.

He answers yes where everything a yes points to is true, the kind and the urgency; no where it is not; and that he is
not sure where the question points nowhere.
"""

from rich.console import Console
from rich.table import Table

from benchmarks.run import shipped_release
from bot.core.assessment import Assessment
from bot.core.content import Question, Release
from bot.core.vocabulary import NONE, Urgency
from bot.evaluation import Row, Share, read_rows
from bot.recognition.build import Workshop
from bot.recognition.encoder import SentenceEncoder
from bot.recognition.questions import MAX_QUESTIONS
from bot.recognition.recogniser import Recognizer
from bot.settings import PROJECT, Settings

FILES = ("exam_zh.jsonl", "exam_en.jsonl", "hard_lines.jsonl")
console = Console()


def answer(question: Question, row: Row) -> str:
    """What somebody in that situation would say."""
    true = []
    if question.yes.toward:
        true.append(row.typology in question.yes.toward)
    if question.yes.urgency is not None:
        true.append(Urgency(row.urgency or NONE).rank >= question.yes.urgency.rank)
    if true:
        return "yes" if all(true) else "no"
    return "no" if row.typology in question.no.toward else "unsure"


def asked_through(release: Release, recogniser: Recognizer, row: Row) -> list[Assessment]:
    """The assessment before and after each question; the last one stays when nothing more is asked."""
    steps = [recogniser.assess(row.text)]
    asked: list[str] = []
    while len(steps) <= MAX_QUESTIONS:
        now = steps[-1]
        question = release.question(now.question.id) if now.question else None
        if question is None:
            steps.append(now)
            continue
        steps.append(recogniser.update(now, question.id, answer(question, row), asked=asked))
        asked.append(question.id)
    return steps


def main() -> None:
    """Measure and print."""
    release = shipped_release()
    recogniser = Workshop(SentenceEncoder(), Settings().learned, console.log).build(release)
    rows = [row for name in FILES for row in read_rows(PROJECT / "tests/recognition" / name)]
    told = [(row, asked_through(release, recogniser, row)) for row in rows if row.urgency not in {None, NONE}]
    table = Table(title=f"Questions asked of {len(told)} rows of the examination")
    for heading in ("questions", "typology", "urgency", "dangers judged none or ask"):
        table.add_column(heading)
    for count in range(MAX_QUESTIONS + 1):
        at = [(row, steps[count]) for row, steps in told]
        grave = [(r, a) for r, a in at if r.urgency in {Urgency.STOP_NOW, Urgency.ALREADY_PAID}]
        table.add_row(
            str(count),
            str(Share(sum(r.typology == a.typology for r, a in at), len(at))),
            str(Share(sum(r.urgency == a.urgency for r, a in at), len(at))),
            str(Share(sum(not a.flagged for _, a in grave), len(grave))),
        )
    console.print(table)


if __name__ == "__main__":
    main()
