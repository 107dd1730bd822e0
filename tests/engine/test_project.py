"""The Rasa project by itself: `rasa data validate` finds nothing, and the model hears what customers want."""

import re
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.engine import training
from tests.engine.conftest import HERE, PROJECT

pytestmark = pytest.mark.engine

# Of sentences the model has never seen, without the assessment that overrules it in danger.
FLOOR = 0.85
# Wishes that must not be missed: half of a handful of sentences each, at the least.
HALF = 0.5


@pytest.fixture(scope="module")
def wishes() -> list[tuple[str, str]]:
    """(sentence, wish) of wishes.yml."""
    found: dict[str, list[str]] = yaml.safe_load((HERE / "wishes.yml").read_text(encoding="utf-8"))
    return [(sentence, wish) for wish, sentences in found.items() for sentence in sentences]


@pytest.fixture(scope="module")
def domain() -> dict[str, Any]:
    """domain.yml."""
    found: dict[str, Any] = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))
    return found


def _plain(sentence: str) -> str:
    return re.sub(r"[\W_]", "", sentence).lower()


def test_rasa_finds_the_project_valid(rasa_python: Path) -> None:
    done = subprocess.run(
        [str(rasa_python), "-m", "rasa", "data", "validate", "--fail-on-warnings", "--max-history", "3"],
        cwd=PROJECT,
        env=training.environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-3000:]


def test_the_sentences_are_new_to_the_model(wishes: list[tuple[str, str]]) -> None:
    seen = {_plain(line) for file in (PROJECT / "data" / "nlu").glob("*.yml") for line in file.read_text().splitlines()}

    assert [sentence for sentence, _ in wishes if _plain(sentence) in seen] == []


def test_every_wish_of_the_domain_is_tried(wishes: list[tuple[str, str]], domain: dict[str, Any]) -> None:
    names = {intent if isinstance(intent, str) else next(iter(intent)) for intent in domain["intents"]}

    # these two only come from buttons
    assert {wish for _, wish in wishes} == names - {"answer", "frozen"}


@pytest.fixture(scope="module")
def heard(
    in_rasa: Callable[[str, Any], Any], engine_folder: Path, wishes: list[tuple[str, str]]
) -> list[tuple[str, str, str, float]]:
    """(sentence, wish, what the model heard, how sure it was)."""
    given = {"model": str(training.model_path(engine_folder)), "texts": [sentence for sentence, _ in wishes]}
    found = in_rasa("read_in_rasa.py", given)
    return [(sentence, wish, name, sure) for (sentence, wish), (name, sure) in zip(wishes, found, strict=True)]


def test_the_model_hears_what_customers_want(heard: list[tuple[str, str, str, float]]) -> None:
    missed = [f"{s}: {w}, heard {n} ({c:.2f})" for s, w, n, c in heard if w != n]

    assert 1 - len(missed) / len(heard) >= FLOOR, "\n".join(missed)


@pytest.mark.parametrize(
    "wish", ["person", "already_paid", "start_over", "bypass", "write_scam", "ask_hotline", "self_harm"]
)
def test_a_wish_that_matters_is_heard(heard: list[tuple[str, str, str, float]], wish: str) -> None:
    said = Counter(name for _, wanted, name, _ in heard if wanted == wish)

    assert said[wish] / said.total() > HALF, said
