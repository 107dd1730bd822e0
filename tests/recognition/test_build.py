"""What is learned is kept, found again, and never trusted when it is broken."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.content.build import build_release
from bot.content.files import read_folder
from bot.core.assessment import Assessment
from bot.core.content import Example, Release
from bot.core.vocabulary import Form, Language, Urgency
from bot.recognition.build import Workshop, fingerprint
from bot.recognition.caches import ENCODE_BATCH, LEFT_SECONDS, EvidenceCache, VectorCache
from bot.recognition.encoder import NgramEncoder
from bot.recognition.learn import heard, label
from bot.recognition.model import Model
from bot.recognition.ngrams import Array
from bot.recognition.recogniser import Recognizer
from tests.tiny import write_tiny

TEXTS = ["有人说捡到我家的狗，先要赎金", "海关客服催我现在补关税", "几点开门", "刚交了包裹的关税", "someone has my cat"]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The tiny content as a release."""
    pieces, _ = read_folder(write_tiny(tmp_path_factory.mktemp("tiny") / "content"))
    return build_release(1, [(p.kind, p.key, p.body) for p in pieces])


class Log:
    """Remembers what was told about progress."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, line: str) -> None:
        """One line of progress."""
        self.lines.append(line)


class CountingEncoder(NgramEncoder):
    """The stand-in encoder, counting the texts it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def encode(self, texts):  # type: ignore[no-untyped-def]  # as the encoder it counts for
        """As `NgramEncoder`."""
        self.texts.extend(texts)
        return super().encode(texts)


def read(recogniser: Recognizer) -> list[Assessment]:
    """The assessments of a few texts, without the time they took."""
    return [replace(recogniser.assess(t), elapsed_ms=0.0) for t in TEXTS]


def models(folder: Path) -> list[Path]:
    """The models kept in a folder."""
    return sorted(folder.glob("model-*.npz"))


def test_a_typology_made_of_content_files_alone_is_recognised(small: Release) -> None:
    found = Workshop(NgramEncoder()).build(small).assess("陌生人说我家的狗在他那里，要我先打赎金才还")
    assert found.flagged
    assert found.typology == "pet_ransom"
    assert found.similar_cases == () or found.similar_cases[0].id.startswith("pet_ransom")
    assert "pet_ransom_words" in {f.id for f in found.red_flags}


@pytest.mark.parametrize(
    ("number", "text"),
    [("95000", "是95000打来的"), ("400-123-4567", "400 123 4567来电"), ("+86-10-55", "来自+861055吗")],
)
def test_the_banks_own_number_is_a_genuine_one(small: Release, number: str, text: str) -> None:
    own = Workshop(NgramEncoder()).build(replace(small, bank=replace(small.bank, number=number)))
    without = own.reworded(replace(small, bank=replace(small.bank, number="")), np.zeros((6, 512), np.float32))
    (indicator,) = own.assess(text).indicators
    assert (indicator.kind, indicator.findings) == ("hotline", ("in-approved-table",))
    assert {i.kind for i in without.assess(text).indicators} <= {"phone"}


def test_learning_twice_gives_the_same_readings(small: Release) -> None:
    assert read(Workshop(NgramEncoder()).build(small)) == read(Workshop(NgramEncoder()).build(small))


def test_what_was_learned_is_loaded_and_reads_the_same(small: Release, tmp_path: Path) -> None:
    learned = Workshop(NgramEncoder(), tmp_path).build(small)
    log = Log()
    loaded = Workshop(NgramEncoder(), tmp_path, log).build(small)
    assert log.lines == []
    assert loaded.learned_from == learned.learned_from
    assert read(loaded) == read(learned)


def test_a_model_comes_back_from_its_file_number_for_number(small: Release, tmp_path: Path) -> None:
    Workshop(NgramEncoder(), tmp_path).build(small)
    (path,) = models(tmp_path)
    model = Model.load(path)
    model.save(tmp_path / "again.npz")
    again = Model.load(tmp_path / "again.npz")
    assert again.classes == model.classes
    assert again.thresholds == model.thresholds
    assert again.encoder_version == model.encoder_version
    assert again.vocabulary.columns == model.vocabulary.columns
    assert np.array_equal(again.vocabulary.idf, model.vocabulary.idf)
    for name in ("ngram_typology", "ngram_urgency", "typology", "urgency", "form"):
        one, other = getattr(model, name), getattr(again, name)
        assert np.array_equal(one.weights, other.weights)
        assert np.array_equal(one.offsets, other.offsets)
        assert one.temperature == other.temperature


def test_nothing_half_written_is_left_behind(small: Release, tmp_path: Path) -> None:
    Workshop(NgramEncoder(), tmp_path).build(small)
    assert [p.name for p in tmp_path.iterdir() if ".part" in p.name] == []


def test_progress_is_told_while_learning(small: Release) -> None:
    log = Log()
    Workshop(NgramEncoder(), None, log).build(small)
    assert any("examples" in line for line in log.lines)


def test_without_a_folder_nothing_is_kept(small: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Workshop(NgramEncoder()).build(small)
    assert list(tmp_path.rglob("*")) == []


BREAKS: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut short": lambda whole: whole[: len(whole) // 2],
    "a few bytes": lambda whole: whole[:10],
    "not an archive": lambda _: "床前明月光".encode() * 100,
    "pickled": lambda _: b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00\x8c\x07builtin\x94.",
    "damaged inside": lambda whole: whole[:2000] + bytes(b ^ 0xFF for b in whole[2000:2400]) + whole[2400:],
}


@pytest.mark.parametrize("damage", BREAKS.values(), ids=BREAKS)
def test_a_broken_model_is_learned_again(small: Release, tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    good = read(Workshop(NgramEncoder(), tmp_path).build(small))
    (path,) = models(tmp_path)
    path.write_bytes(damage(path.read_bytes()))
    log = Log()
    assert read(Workshop(NgramEncoder(), tmp_path, log).build(small)) == good
    assert log.lines
    Model.load(path)


@pytest.mark.parametrize("damage", BREAKS.values(), ids=BREAKS)
def test_broken_vectors_are_made_again(small: Release, tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    Workshop(NgramEncoder(), tmp_path).build(small)
    (path,) = tmp_path.glob("vectors-*.npz")
    path.write_bytes(damage(path.read_bytes()))
    for model in models(tmp_path):
        model.unlink()
    encoder = CountingEncoder()
    Workshop(encoder, tmp_path).build(small)
    assert len(set(encoder.texts)) >= len(small.examples)


def test_a_model_without_one_of_its_parts_is_learned_again(small: Release, tmp_path: Path) -> None:
    Workshop(NgramEncoder(), tmp_path).build(small)
    (path,) = models(tmp_path)
    with np.load(path) as stored:
        parts = {name: stored[name] for name in stored.files if name != "form_weights"}
    np.savez(path, **parts)
    log = Log()
    Workshop(NgramEncoder(), tmp_path, log).build(small)
    assert log.lines


def test_a_text_seen_before_is_not_encoded_again(small: Release, tmp_path: Path) -> None:
    Workshop(NgramEncoder(), tmp_path).build(small)
    more = replace(small, examples=(*small.examples, replace(small.examples[0], text="楼下的猫不见了")))
    encoder = CountingEncoder()
    Workshop(encoder, tmp_path).build(more)
    assert encoder.texts.count("楼下的猫不见了") == 1
    assert not {e.text for e in small.examples} & set(encoder.texts)


def test_other_words_alone_need_no_learning(small: Release) -> None:
    ransom = replace(small.typologies["pet_ransom"], summary=small.typologies["parcel_fee"].summary)
    reworded = replace(small, version=2, typologies={**small.typologies, "pet_ransom": ransom}, answers=())
    assert fingerprint(reworded, NgramEncoder()) == fingerprint(small, NgramEncoder())
    log = Log()
    workshop = Workshop(NgramEncoder(), None, log)
    first = workshop.build(small)
    log.lines.clear()
    second = workshop.build(reworded, first)
    assert log.lines == []
    assert second.assess("几点开门").content_version == 2
    assert first.assess("几点开门").content_version == 1


@pytest.mark.parametrize("part", ["examples", "frames", "variants", "red flags", "an urgency"])
def test_whatever_readings_depend_on_names_another_model(small: Release, part: str) -> None:
    first = small.examples[0]
    ransom = small.typologies["pet_ransom"]
    flag = replace(ransom.red_flags[0], patterns=("赎金",))
    other = {
        "examples": replace(small, examples=small.examples[1:]),
        "frames": replace(small, frames=small.frames[1:]),
        "variants": replace(small, variants={}),
        "red flags": replace(small, typologies={**small.typologies, "pet_ransom": replace(ransom, red_flags=(flag,))}),
        "an urgency": replace(small, examples=(replace(first, urgency=Urgency.ASK), *small.examples[1:])),
    }[part]
    assert fingerprint(other, NgramEncoder()) != fingerprint(small, NgramEncoder())


class StoppedError(Exception):
    """Stands for the plug that was pulled."""


class Slow(CountingEncoder):
    """Takes `seconds` for every batch, by its own clock, and is stopped in the one after `batches`."""

    def __init__(self, seconds: float, batches: int) -> None:
        super().__init__()
        self.seconds, self.batches, self.now = seconds, batches, 0.0

    def encode(self, texts):  # type: ignore[no-untyped-def]  # as the encoder it slows down
        """As `NgramEncoder`."""
        if self.batches == 0:
            raise StoppedError
        self.batches -= 1
        self.now += self.seconds
        return super().encode(texts)


def cache(folder: Path, encoder: Slow) -> VectorCache:
    """A cache that knows the time from the encoder."""
    return VectorCache(folder, encoder, lambda _: None, lambda: encoder.now)


MANY = [f"第{n}条消息" for n in range(5 * ENCODE_BATCH)]


def test_an_interrupted_encoding_goes_on_where_it_was_saved_last(tmp_path: Path) -> None:
    with pytest.raises(StoppedError):
        cache(tmp_path, Slow(6.0, batches=3)).encode(MANY)
    again = Slow(6.0, batches=9)
    whole = cache(tmp_path, again).encode(MANY)
    assert len(again.texts) == 3 * ENCODE_BATCH, "two batches were saved after twelve seconds, the third was lost"
    assert np.array_equal(whole, VectorCache(None, NgramEncoder(), lambda _: None).encode(MANY))
    assert [p.name for p in tmp_path.iterdir()] == ["vectors-ngram-1.npz"]


def test_what_takes_less_than_ten_seconds_is_saved_once_at_the_end(tmp_path: Path) -> None:
    with pytest.raises(StoppedError):
        cache(tmp_path, Slow(1.0, batches=4)).encode(MANY)
    assert list(tmp_path.iterdir()) == []
    cache(tmp_path, Slow(1.0, batches=9)).encode(MANY)
    last = Slow(1.0, batches=0)
    cache(tmp_path, last).encode(MANY)
    assert last.texts == []


def test_what_a_killed_process_left_half_written_is_cleared_away_later(tmp_path: Path) -> None:
    old, new = tmp_path / "vectors-ngram-1.17.part.npz", tmp_path / "vectors-ngram-1.18.part.npz"
    for left in (old, new):
        left.write_bytes(b"half")
    os.utime(old, (0, old.stat().st_mtime - LEFT_SECONDS - 60))
    VectorCache(tmp_path, NgramEncoder(), lambda _: None)
    assert list(tmp_path.iterdir()) == [new], "the other may still be writing"


def test_vectors_of_two_encoders_are_never_mixed(small: Release, tmp_path: Path) -> None:
    class Other(CountingEncoder):
        version = "other-1"

    Workshop(NgramEncoder(), tmp_path).build(small)
    other = Other()
    Workshop(other, tmp_path).build(small)
    assert len(other.texts) >= len(small.examples)
    assert len(models(tmp_path)) == 2


def test_a_kind_with_few_examples_is_heard_among_those_with_many() -> None:
    examples = [
        *(Example(f"big {i}", "big", Urgency.WARN, Form.FIRST, Language.EN) for i in range(90)),
        *(Example(f"other {i}", "other", Urgency.WARN, Form.FIRST, Language.EN) for i in range(90)),
        *(Example(f"young {i}", "young", Urgency.WARN, Form.FIRST, Language.EN) for i in range(9)),
    ]
    labels = label(examples)
    weights = heard(labels)
    assert weights[labels.typology == labels.classes.index("young")].tolist() == [10.0] * 9
    assert set(weights[labels.typology == labels.classes.index("big")]) == {1.0}


# ---- Evidence of texts read before ----


def line_of(text: str) -> Array:
    """Some evidence of a text."""
    return np.array([len(text), 0, 0, 0.25], dtype=np.float32)


def test_the_evidence_of_a_text_is_read_once_and_comes_back_the_same(tmp_path: Path) -> None:
    asked: list[str] = []

    def read(text: str) -> Array:
        asked.append(text)
        return line_of(text)

    first = EvidenceCache(tmp_path, "a").lines(["one", "three", "one"], read)
    again = EvidenceCache(tmp_path, "a").lines(["three", "one", "seven"], read)
    assert asked == ["one", "three", "seven"]
    assert first.dtype == again.dtype == np.float32
    assert np.array_equal(again, np.stack([line_of(t) for t in ("three", "one", "seven")]))
    # by other patterns everything is read anew
    EvidenceCache(tmp_path, "b").lines(["one"], read)
    assert asked[-1] == "one"


def test_of_evidence_only_the_newest_files_stay(tmp_path: Path) -> None:
    for number, name in enumerate("abcde"):
        EvidenceCache(tmp_path, name).lines(["one"], line_of)
        os.utime(tmp_path / f"evidence-{name}.npz", (number, number))
    EvidenceCache(tmp_path, "f").lines(["one"], line_of)
    assert {p.name for p in tmp_path.glob("evidence-*")} == {f"evidence-{n}.npz" for n in "def"}


def test_a_broken_file_of_evidence_is_read_anew(tmp_path: Path) -> None:
    (tmp_path / "evidence-a.npz").write_bytes(b"half of it")
    assert np.array_equal(EvidenceCache(tmp_path, "a").lines(["one"], line_of), [line_of("one")])


def test_releases_of_the_same_patterns_share_them_and_other_patterns_are_compiled(small: Release) -> None:
    workshop = Workshop(NgramEncoder())
    first = workshop.build(small)
    more = replace(small, examples=(*small.examples, replace(small.examples[0], text="这是新加的一句话")))
    second = workshop.build(more, first)
    assert second.finder is first.finder
    assert second.learned_from != first.learned_from
    # as if it had been built by itself
    alone = workshop.build(more)
    text = small.examples[3].text
    assert second.assess(text).scam_probability == alone.assess(text).scam_probability
    frames = (replace(small.frames[0], patterns=(*small.frames[0].patterns, "从没见过的话")), *small.frames[1:])
    assert workshop.build(replace(more, frames=frames), second).finder is not first.finder
