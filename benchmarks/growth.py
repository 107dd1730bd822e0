"""Growth: the same assessments with 1,000 and with 100,000 imported cases.

`python -m benchmarks.growth [COUNT ...]`. Cases are generated, written as content files, taken in by
`fangzha content import --publish` in a process of its own, and read by another, so that each is measured alone.
"""

import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from benchmarks.run import shipped_release, texts
from benchmarks.timing import Times, timed
from bot.recognition.build import Workshop
from bot.recognition.encoder import SentenceEncoder
from bot.settings import PROJECT, Settings
from bot.web.services import open_services

COUNTS = (1_000, 100_000)
PER_FILE = 2_000
console = Console()
WHO = ("退休教师", "小店老板", "大学生", "快递员", "会计", "护士", "司机", "裁缝", "农户", "租客")
HOW = ("打来电话", "发来短信", "在群里留言", "寄来一张卡片", "在游戏里搭话", "托熟人带话", "在路边递名片")
WHAT = ("先交一笔钱", "念一串数字", "装一个软件", "把卡寄过去", "开着屏幕", "买黄金送到门口", "借钱转给他")
END = ("他停下来问了家人", "柜员多问了一句", "她打了电话核实", "钱被拦了下来", "有一半没追回来")


def invented(typology: str, number: int, chance: random.Random) -> dict[str, Any]:
    """One case that nobody could take for a real one."""
    who, how, what, end = (chance.choice(words) for words in (WHO, HOW, WHAT, END))
    amount = chance.randrange(100, 99_999)
    story = f"第{number}号虚构的{who}遇到有人{how}，要{what}，数目是{amount}。{end}，这是造出来量速度的例子。"
    words = {"zh-Hans": story, "en": f"Invented person {number}, amount {amount}: made up to measure speed."}
    return {
        "id": f"{typology}-made-{number}",
        "typology": typology,
        "title": {"zh-Hans": f"量速度用的第{number}例", "en": f"Speed case {number}"},
        "stage": "demand",
        "methods": [],
        "story": words,
        "lesson": {"zh-Hans": "先停一停，问一问。", "en": "Stop and ask first."},
    }


def grown_content(folder: Path, count: int) -> Path:
    """The shipped content with `count` more cases, spread over all typologies."""
    target = folder / "content"
    shutil.copytree(PROJECT / "content", target)
    typologies = sorted(p.stem for p in (target / "typologies").glob("*.yml"))
    chance = random.Random(0)
    cases = [invented(typologies[i % len(typologies)], i, chance) for i in range(count)]
    for start in range(0, count, PER_FILE):
        document = {"cases": cases[start : start + PER_FILE]}
        text = yaml.dump(document, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=1000)
        (target / "cases" / f"made-{start:06}.yml").write_text(text, encoding="utf-8")
    return target


def measured(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Seconds and megabytes at most of a command; what it prints goes to stderr."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=sys.stderr)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed")
    return time.perf_counter() - started, used.ru_maxrss / 1000


def read(count: int) -> None:
    """In the reading process: load the newest release as an app does, assess, and print what it took as JSON."""
    started = time.perf_counter()
    services = open_services(Settings(), with_engine=False)
    loading = time.perf_counter() - started
    assess = services.snapshot.recogniser.assess
    story = "。".join(texts()[:400])
    starts = [i * 37 % (len(story) - 100) for i in range(300)]
    calls = [lambda s=start: assess(story[s : s + 100]) for start in starts]
    timed(calls[:20])
    times = timed(calls)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps({"count": count, "loading": loading, "times": times.values, "megabytes": megabytes}))


def main(counts: tuple[int, ...]) -> None:
    """Measure and print."""
    table = Table("cases", "import", "its memory", "ready", "app memory", "assess, 100 characters")
    found: list[Times] = []
    # nothing is learned from cases: it is done beforehand, so that import and build stand alone
    Workshop(SentenceEncoder(), Settings().learned, console.log).build(shipped_release())
    for count in counts:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            content = grown_content(folder, count)
            shutil.copytree(Settings().learned, folder / "var" / "learned")
            environment = {
                **os.environ,
                "DATABASE_URL": f"sqlite:///{folder / 'growth.db'}",
                "FANGZHA_VAR": str(folder / "var"),
                "FANGZHA_LOG_LEVEL": "WARNING",
            }
            fangzha = str(Path(sys.executable).with_name("fangzha"))
            seconds, peak = measured([fangzha, "content", "import", str(content), "--publish"], environment)
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.growth", "--read", str(count)],
                cwd=PROJECT,
                env=environment,
                check=True,
                capture_output=True,
                text=True,
            )
            got = json.loads(done.stdout.splitlines()[-1])
            times = Times(tuple(got["times"]))
            found.append(times)
            table.add_row(
                f"{count:,}",
                f"{seconds:.0f} s",
                f"{peak:.0f} MB",
                f"{got['loading']:.1f} s",
                f"{got['megabytes']:.0f} MB",
                str(times),
            )
    console.print(table)
    console.print(f"p95 with {counts[-1]:,} against {counts[0]:,}: {found[-1].p95 / found[0].p95:.2f}x")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--read"]:
        read(int(sys.argv[2]))
    else:
        main(tuple(int(a) for a in sys.argv[1:]) or COUNTS)
