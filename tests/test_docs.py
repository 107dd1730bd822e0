"""The documents tell what the code does: settings, commands, paths, names and links in them exist."""

import importlib
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.cli.main import app
from bot.settings import PROJECT, Settings

DOCUMENTS = sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")])
OPERATIONS = PROJECT / "docs" / "operations.md"
HERE = Path(__file__).resolve()
ENGLISH, CHINESE = PROJECT / "README.md", PROJECT / "README.zh-CN.md"

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^(#+) ", re.M)
VARIABLE = re.compile(r"\b(?:FANGZHA_[A-Z_]+|DATABASE_URL)\b")
SETTING_ROW = re.compile(r"^\| `((?:FANGZHA_|DATABASE_)[A-Z_]+)` \| `([^`]*)` \|", re.M)
NAME = re.compile(r"^(?:bot|actions)(?:\.\w+)+$")
TREE = ("actions/", "benchmarks/", "bot/", "content/", "data/", "docs/", "requirements/", "tests/")
# Written as an example of what a reader makes, or of any of several.
PLACEHOLDER = re.compile(r"[<>*{}]")

named = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: str(p.relative_to(PROJECT)))


def read(document: Path) -> str:
    """The text of a document."""
    return document.read_text(encoding="utf-8")


def spans(text: str) -> list[str]:
    """What stands in backticks outside fenced blocks."""
    return SPAN.findall(FENCE.sub("", text))


def shell_lines(text: str) -> Iterator[str]:
    """The lines of the shell blocks, and what stands in backticks."""
    for language, body in FENCE.findall(text):
        if language == "bash":
            yield from body.splitlines()
    yield from spans(text)


def variable(field: str) -> str:
    """The environment variable of a setting."""
    return Settings.model_fields[field].alias or f"FANGZHA_{field.upper()}"


# ---- Settings ----


def test_every_setting_is_documented_with_its_default() -> None:
    documented = dict(SETTING_ROW.findall(read(OPERATIONS)))

    defaults = {variable(f): str(info.default) for f, info in Settings.model_fields.items()}
    assert documented == {name: default.replace(f"{PROJECT}/", "") for name, default in defaults.items()}


@named
def test_every_variable_named_is_one_the_code_reads(document: Path) -> None:
    known = {variable(f) for f in Settings.model_fields}
    python = "\n".join(read(p) for folder in ("bot", "tests") for p in (PROJECT / folder).rglob("*.py") if p != HERE)

    unknown = {v for v in VARIABLE.findall(read(document)) if v not in known and f'"{v}"' not in python}

    assert unknown == set()


# ---- Commands ----


ROOT: Any = typer.main.get_command(app)


def fangzha_calls(text: str) -> list[list[str]]:
    """The arguments of every call of `fangzha` in a text."""
    calls = []
    for line in shell_lines(text):
        words = shlex.split(line) if "fangzha" in line else []
        if words and words[0] in {"fangzha", ".venv/bin/fangzha"}:
            calls.append(words[1:])
    return calls


def fault_of(words: list[str]) -> str | None:
    """What is wrong with the arguments of a call; none when command and options exist."""
    command, options = ROOT, [w for w in words if w.startswith("--")]
    for word in (w for w in words if not w.startswith("-")):
        if not hasattr(command, "commands"):
            break
        if word not in command.commands:
            return f"no command {word!r}"
        command = command.commands[word]
    known = {"--help"} | {o for p in command.params for o in (*p.opts, *p.secondary_opts)}
    return next((f"no option {o} of {command.name}" for o in options if o not in known), None)


@named
def test_every_command_named_exists(document: Path) -> None:
    faults = [(call, fault_of(call)) for call in fangzha_calls(read(document)) if fault_of(call)]

    assert faults == []


def test_the_check_of_commands_sees_a_wrong_one() -> None:
    calls = fangzha_calls(
        "`fangzha content check`, `fangzha content chek`, `fangzha up --no-engine`, `fangzha up --fast`"
    )

    assert [fault_of(c) for c in calls] == [None, "no command 'chek'", None, "no option --fast of up"]


@pytest.mark.parametrize("readme", [ENGLISH, CHINESE], ids=["English", "Chinese"])
def test_the_readme_names_every_command(readme: Path) -> None:
    content = ROOT.commands["content"]
    every = {(name,) for name in ROOT.commands if name != "content"} | {("content", name) for name in content.commands}

    told = {tuple(call[: 2 if call[0] == "content" else 1]) for call in fangzha_calls(read(readme)) if call}

    assert every - told == set()


@named
def test_every_make_target_named_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", read(PROJECT / "Makefile"), re.M))

    told = {m.group(1) for line in shell_lines(read(document)) if (m := re.match(r"make ([a-z]+)\b", line))}

    assert told - targets == set()


# ---- Paths, names, links ----


@named
def test_every_path_named_exists(document: Path) -> None:
    paths = [s for s in spans(read(document)) if s.startswith(TREE) and not PLACEHOLDER.search(s)]

    assert [p for p in paths if not (PROJECT / p).exists()] == []


def exists(name: str) -> bool:
    """Whether a dotted name is a module of ours or something in one."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        source = PROJECT.joinpath(*parts[:cut])
        if not (source.with_suffix(".py").exists() or (source / "__init__.py").exists()):
            continue
        if parts[:3] == ["bot", "engine", "components"]:  # these import Rasa, which is not in this environment
            text = read(source.with_suffix(".py")) if source.with_suffix(".py").exists() else ""
            return all(re.search(rf"^\s*(?:class|def) {part}\b", text, re.M) for part in parts[cut:])
        found: Any = importlib.import_module(".".join(parts[:cut]))
        for part in parts[cut:]:
            found = getattr(found, part, None)
        return found is not None
    return False


@named
def test_every_name_of_code_exists(document: Path) -> None:
    names = [s for s in spans(read(document)) if NAME.match(s)]

    assert [n for n in names if not exists(n)] == []


def test_the_check_of_names_sees_a_wrong_one() -> None:
    assert exists("bot.engine.components.gate.AssessmentGate")
    assert not exists("bot.engine.components.gate.AssessmentGait")
    assert exists("bot.conversation.turn.Turns.handle")
    assert not exists("bot.conversation.turn.Turns.handel")


@named
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    targets = [t.split("#")[0] for t in LINK.findall(FENCE.sub("", read(document))) if "://" not in t]

    assert [t for t in targets if t and not (document.parent / t).exists()] == []


@named
def test_no_machine_of_ours_is_named(document: Path) -> None:
    assert re.findall(r"(?<![\w.])/(?:work|tmp|root|home)\b", read(document)) == []


# ---- The two READMEs ----


def test_both_readmes_have_the_same_headings_blocks_links_and_rows() -> None:
    def shape(text: str) -> dict[str, list[Any]]:
        prose = FENCE.sub("", text)
        return {
            "levels of headings": [len(h) for h in HEADING.findall(prose)],
            "code blocks": FENCE.findall(text),
            "links": [t for t in LINK.findall(prose) if t not in {ENGLISH.name, CHINESE.name}],
            "first cells": re.findall(r"^\| (`[^`|]+`) \|", prose, re.M),
        }

    english, chinese = read(ENGLISH), read(CHINESE)

    assert shape(chinese) == shape(english)
    assert CHINESE.name in LINK.findall(english)
    assert ENGLISH.name in LINK.findall(chinese)
