"""What a clone brings: locked requirements that name no host, and no trace of the machine they were made on."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.conftest import PROJECT, not_here

GROUPS = ["app", "ocr", "dev", "rasa"]
PINNED = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[\w,-]+\])?==([^\s;]+)", re.M)
# Put together here, so that this file does not name what it looks for.
HOSTS = re.compile(
    "|".join(["py" + r"pi\.", "python" + "hosted", "npm" + r"js\.", "--index" + "-url", "--find" + "-links"])
)
MACHINE = re.compile(r"(?<![\w.~*-])/(?:work|tmp|root|home)/[\w.-]")
LOCAL_PATHS_ALLOWED = {"Dockerfile"}


def requirements(group: str) -> str:
    """The locked export of a group."""
    return (PROJECT / "requirements" / f"{group}.txt").read_text(encoding="utf-8")


def pins(group: str) -> dict[str, Version]:
    """Name -> version of everything a group installs."""
    return {canonicalize_name(name): Version(version) for name, version in PINNED.findall(requirements(group))}


def asked_for(group: str) -> list[Requirement]:
    """What pyproject.toml asks for in a group, included groups too, as far as this machine is concerned."""
    groups = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    found: list[Requirement] = []
    for entry in groups[group]:
        if isinstance(entry, dict):
            found += asked_for(entry["include-group"])
        else:
            found.append(Requirement(entry))
    return [r for r in found if r.marker is None or r.marker.evaluate(dict(default_environment()))]


@pytest.mark.parametrize("group", GROUPS)
def test_every_pinned_package_carries_its_hashes(group: str) -> None:
    entries = re.split(r"(?m)^(?=[A-Za-z0-9])", requirements(group))
    packages = [entry for entry in entries if entry.strip() and not entry.startswith("#")]
    assert len(packages) == len(pins(group)) > 10
    bare = [entry.split()[0] for entry in packages if not re.search(r"--hash=sha256:[0-9a-f]{64}", entry)]
    assert bare == []


@pytest.mark.parametrize("group", GROUPS)
def test_no_locked_requirement_names_a_host_a_folder_or_a_repository(group: str) -> None:
    text = requirements(group)
    assert "://" not in text
    assert not re.search(r"(?m)^\s*(?:-e|-i|-f|-r|-c|--(?!hash=))", text)
    assert not re.search(r"(?m)^[^#\n]* @ ", text)


@pytest.mark.parametrize("group", GROUPS)
def test_the_lock_holds_what_the_project_asks_for_in_a_version_it_asks_for(group: str) -> None:
    locked = pins(group)
    wrong = [
        str(r)
        for r in asked_for(group)
        if canonicalize_name(r.name) not in locked or not r.specifier.contains(locked[canonicalize_name(r.name)])
    ]
    assert wrong == []


def test_developers_run_the_same_versions_as_the_app() -> None:
    app, dev = pins("app"), pins("dev")
    assert {name: dev.get(name) for name in app} == app


def test_the_dialogue_engine_is_fenced_off_from_the_app() -> None:
    assert "rasa" in pins("rasa")
    assert "rasa" not in pins("app")
    assert "tensorflow" not in pins("dev")
    assert pins("app")["sqlalchemy"] >= Version("2.1")


def test_the_app_runs_with_what_the_app_group_installs() -> None:
    imported: set[str] = set()
    for source in [*(PROJECT / "bot").rglob("*.py"), *(PROJECT / "actions").rglob("*.py")]:
        if "components" not in source.parts:
            found = re.findall(r"^\s*(?:from|import) (\w+)", source.read_text(encoding="utf-8"), re.M)
            imported |= set(found)
    assert imported & {"pytest", "hypothesis", "schemathesis", "playwright", "psutil", "rasa", "tensorflow"} == set()


# ---- The repository ----


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """Every file that is kept in the repository and can be read as text."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, check=False)
    if listed.returncode != 0:
        not_here("not a git clone: which files are kept is not known")
    kept = [PROJECT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in kept if path.is_file() and b"\0" not in path.read_bytes()[:8000]]


def lines_with(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    """file:line of every line that matches."""
    return [
        f"{path.relative_to(PROJECT)}:{number}: {line.strip()[:120]}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_package_registry(files: list[Path]) -> None:
    assert len(files) > 100
    assert lines_with(HOSTS, files) == []


def test_no_file_names_a_folder_of_the_machine_it_was_written_on(files: list[Path]) -> None:
    assert lines_with(MACHINE, [f for f in files if f.name not in LOCAL_PATHS_ALLOWED]) == []


def test_what_is_made_on_the_spot_is_not_kept(files: list[Path]) -> None:
    kept = {path.relative_to(PROJECT).parts[0] for path in files}
    assert kept & {".venv", ".venv-rasa", ".tools", "var", "models", ".rasa", "build", "results", "uv.lock"} == set()
    assert [path for path in files if path.suffix in {".db", ".npz", ".pyc", ".log"}] == []


def test_the_pages_and_migrations_are_packed_with_the_code() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["bot"]
    packed = {path for pattern in patterns for path in (PROJECT / "bot").glob(pattern) if path.is_file()}
    needed = {
        path
        for folder in ("web/templates", "web/static", "store/migrations")
        for path in (PROJECT / "bot" / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert needed - packed == set()
