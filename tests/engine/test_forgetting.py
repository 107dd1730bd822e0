"""The engine's memory keeps the assistant's promise: two quiet hours, in Rasa itself."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.conversation.memory import MOST_CONVERSATIONS, QUIET_SECONDS
from bot.engine import training
from bot.engine.supervisor import write_endpoints
from tests.engine.conftest import PROJECT

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def remembered(
    in_rasa: Callable[[str, Any], Any], engine_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What the script of this folder saw, in one run of Rasa."""
    written = write_endpoints(tmp_path_factory.mktemp("endpoints"), inner_port=1, token="t")
    store = yaml.safe_load(written.read_text())["tracker_store"]
    hasty = written.with_name("hasty.yml")
    hasty.write_text(yaml.safe_dump({"tracker_store": {**store, "quiet_seconds": 0.5}}))
    given = {
        "endpoints": [str(PROJECT / "endpoints.yml"), str(written)],
        "hasty": str(hasty),
        "model": str(training.model_path(engine_folder)),
    }
    found: dict[str, Any] = in_rasa("forget_in_rasa.py", given)
    return found


def test_rasa_loads_it_from_the_projects_endpoints_and_from_those_of_a_run(remembered: dict[str, Any]) -> None:
    assert remembered["kinds"] == ["ForgettingTrackerStore"] * 2


def test_its_limits_are_those_of_the_apps_memory(remembered: dict[str, Any]) -> None:
    assert remembered["limits"] == [QUIET_SECONDS, MOST_CONVERSATIONS]


def test_a_conversation_lives_two_hours_from_its_last_event(remembered: dict[str, Any]) -> None:
    seen = remembered["in time"]
    assert seen["just before"] == ["一"]
    assert seen["talking goes on"] == ["一", "二"]


def test_only_an_event_keeps_it_alive(remembered: dict[str, Any]) -> None:
    assert remembered["in time"]["saved without a word"] is None
    assert remembered["in time"]["in memory after that"] == []


def test_whoever_talks_makes_it_forget_those_who_fell_silent(remembered: dict[str, Any]) -> None:
    assert remembered["in time"]["in memory when another talks"] == ["talking"]
    assert remembered["in time"]["keys"] == []


def test_a_conversation_that_is_wiped_is_gone_at_once_and_may_begin_anew(remembered: dict[str, Any]) -> None:
    assert remembered["wiped"] == [["c2"], None, ["三"]]


def test_of_too_many_the_quietest_goes(remembered: dict[str, Any]) -> None:
    assert remembered["too many"] == ["c1", "c3", "c4"]


def test_it_forgets_also_when_nobody_writes_any_more(remembered: dict[str, Any]) -> None:
    assert remembered["nobody writing"] == [["c1", "c2"], []]


def test_a_whole_rasa_speaks_through_it_and_forgets(remembered: dict[str, Any]) -> None:
    assert remembered["agent"] == ["ForgettingTrackerStore", True, True, []]
