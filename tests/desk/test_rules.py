"""Reading desk.yml."""

from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from bot.content.schema import KINDS
from bot.core.errors import ContentError
from bot.core.publishing import Right
from bot.core.vocabulary import Language
from bot.desk.rules import Policy, read_rules
from bot.settings import PROJECT, Settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A copy of the shipped rules, to be changed."""
    copy = tmp_path / "desk.yml"
    copy.write_text((PROJECT / "desk.yml").read_text(encoding="utf-8"), encoding="utf-8")
    return copy


def change(file: Path, old: str, new: str) -> None:
    """One change of the text."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_shipped_rules_are_those_of_the_handbook() -> None:
    rules = read_rules(Settings().desk_rules).flow
    assert [s.id for s in rules.steps] == ["fact_check", "compliance", "approval"]
    assert rules.steps[0].names.in_(Language.ZH_HANS) == "事实核查"
    assert set(rules.roles) == {"viewer", "author", "reviewer", "publisher", "administrator", "lobby"}
    assert rules.roles["viewer"].rights == {Right.READ}
    assert Right.WRITE not in rules.roles["administrator"].rights
    assert {v.id: v.days for v in rules.validity} == {"methods": 90, "law": 180, "numbers": 30, "products": 90}


def test_every_kind_that_grows_old_is_a_kind_of_content() -> None:
    rules = read_rules(PROJECT / "desk.yml").flow
    assert {kind for v in rules.validity for kind in v.kinds} - set(KINDS) == set()
    assert set(KINDS) - {kind for v in rules.validity for kind in v.kinds} == {"variants"}


def test_a_policy_that_is_left_out_is_the_shipped_one(file: Path) -> None:
    shipped = read_rules(file).accounts
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    del document["accounts"]
    file.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    assert read_rules(file).accounts == shipped == Policy()


def test_a_bank_may_add_a_step_and_a_role(file: Path) -> None:
    change(
        file,
        "  - id: approval\n",
        "  - id: consumer_protection\n    names: {zh-Hans: 消保审查, en: Consumer protection}\n"
        "    roles: [consumer_officer]\n  - id: approval\n",
    )
    change(
        file,
        "steps:\n",
        "  - id: consumer_officer\n    names: {zh-Hans: 消保, en: Consumer officer}\n    rights: [read, comment]\nsteps:\n",
    )
    rules = read_rules(file).flow
    assert [s.id for s in rules.steps] == ["fact_check", "compliance", "consumer_protection", "approval"]
    assert rules.steps[2].roles == ("consumer_officer",)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("rights: [read]\n", "rights: [read, fly]\n", r"desk\.yml:6: roles\.0\.rights\.1"),
        ("    days: 180\n", "    days: 0\n", r"validity\.1\.days"),
        ("    roles: [publisher]\n", "    roles: [king]\n", "king"),
        ("    not_by: [fact_check]\n", "", r"not_by: \[fact_check\]"),
        ("id: reviewer", "id: author", "a role stands twice"),
        ("accounts:", "acounts:", "acounts"),
        ("roles:\n", "roles: {\n", "not readable as YAML"),
        ("  failures: 5", "  failures: 0", r"accounts\.failures"),
    ],
)
def test_what_cannot_be_the_rules_is_said_with_its_place(file: Path, old: str, new: str, says: str) -> None:
    change(file, old, new)
    with pytest.raises(ContentError, match=says) as caught:
        read_rules(file)
    assert str(file) in str(caught.value)


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="no such file"):
        read_rules(tmp_path / "desk.yml")


def test_the_pause_doubles_up_to_the_longest() -> None:
    policy = Policy(failures=3, pause=timedelta(minutes=1), longest_pause=timedelta(minutes=5))
    pauses = [policy.pause_after(n) for n in range(1, 8)]
    minutes = [p and p.total_seconds() / 60 for p in pauses]
    assert minutes == [None, None, 1, 2, 4, 5, 5]
    assert policy.pause_after(10_000) == timedelta(minutes=5)
