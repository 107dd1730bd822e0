"""From pieces to a release."""

from pathlib import Path
from typing import Any

import pytest

from bot.content.build import build_release, parse
from bot.content.files import read_folder
from bot.core.content import Release
from bot.core.errors import ContentError
from bot.core.vocabulary import Form, Language, Urgency


def bodies(folder: Path) -> list[tuple[str, str, dict[str, Any]]]:
    """The pieces of a folder as the store hands them out."""
    return [(p.kind, p.key, p.body) for p in read_folder(folder)[0]]


@pytest.fixture
def small(tiny: Path) -> Release:
    """The tiny content as release 7."""
    return build_release(7, bodies(tiny))


def test_a_release_holds_what_the_files_say(small: Release) -> None:
    assert small.version == 7
    assert set(small.typologies) == {"parcel_fee", "pet_ransom"}
    assert small.bank.number == "95000"
    assert small.variants == {"薇信": "微信"}
    assert [c.typology for c in small.cases] == ["parcel_fee"] * 3 + ["pet_ransom"] * 3
    assert small.home_places[Language.EN] == ("cn",)
    ransom = small.typologies["pet_ransom"]
    assert ransom.actions[Urgency.STOP_NOW].command.zh_hans == "先别转钱。"
    assert ransom.red_flags[0].patterns == ("赎金", "感谢费", "ransom")
    assert ransom.red_flags[0].typology == "pet_ransom"


def test_examples_carry_their_labels(small: Release) -> None:
    labels = {e.text: (e.typology, e.urgency, e.form, e.language) for e in small.examples}
    assert labels["赎金给了他两百，狗没有还回来"] == (
        "pet_ransom",
        Urgency.ALREADY_PAID,
        Form.FIRST,
        Language.ZH_HANS,
    )
    assert labels["when do you open"] == ("none", Urgency.NONE, Form.QUESTION, Language.EN)


def test_traditional_words_are_derived_where_nobody_wrote_them(small: Release) -> None:
    assert small.bank.name.zh_hant == "小河銀行"


def test_traditional_words_that_were_written_are_kept(tiny: Path) -> None:
    bank = tiny / "bank.yml"
    bank.write_text(bank.read_text().replace("zh-Hans: 小河银行", "zh-Hans: 小河银行, zh-Hant: 小河行"))
    assert build_release(1, bodies(tiny)).bank.name.zh_hant == "小河行"


def test_a_question_is_found_by_its_id_wherever_it_was_written(release: Release) -> None:
    general = release.question("money_gone")
    assert general is not None
    assert general.typology == ""
    own = release.question("asked_to_move_money")
    assert own is not None
    assert own.typology == "police_gov"
    assert release.question("nobody_asked") is None


def test_a_piece_that_has_not_its_shape_is_named() -> None:
    with pytest.raises(ContentError, match=r"reply/hello: text: Field required"):
        parse("reply", "hello", {"id": "hello"})


def test_a_kind_nobody_knows_is_named() -> None:
    with pytest.raises(ContentError, match="poem/hello: no such kind of content"):
        parse("poem", "hello", {})


def test_without_the_banks_own_file_there_is_no_release(tiny: Path) -> None:
    (tiny / "bank.yml").unlink()
    with pytest.raises(ContentError, match=r"bank\.yml is missing"):
        build_release(1, bodies(tiny))
