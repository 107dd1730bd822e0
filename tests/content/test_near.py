"""Texts that say the same."""

from bot.content.files import Piece
from bot.content.near import NEAR, near_duplicates, pairs, pairs_of_few


def test_only_texts_that_share_most_of_their_trigrams_are_paired() -> None:
    texts = ["转账给那个自称客服的人两千", "今天下雨路很滑", "转账给那个自称客服的人三千", "转账给那个自称客服的人两千"]
    assert {later for _, later in pairs(texts, 0.6)} == {2, 3}
    assert set(pairs(texts, NEAR)) == {(0, 3)}


def test_a_text_is_paired_once_however_many_it_repeats() -> None:
    found = list(pairs(["有人说捡到我家的狗"] * 4, NEAR))
    assert sorted(later for _, later in found) == [1, 2, 3]
    assert all(earlier < later for earlier, later in found)


def test_texts_too_short_to_compare_are_left_alone() -> None:
    assert list(pairs(["好", "行", "好"], NEAR)) == []
    assert list(pairs(["only one"], NEAR)) == []
    assert list(pairs([], NEAR)) == []


def test_repeats_far_apart_are_found_too() -> None:
    filler = [f"第{n}句话说的是{n * 7}号楼{n * 13}室的事" for n in range(1500)]
    twin = "把钱转到安全账户去才算数"
    assert (0, 1501) in set(pairs([twin, *filler, twin], NEAR))


def test_few_are_paired_as_all_are() -> None:
    words = ["转账", "客服", "那个人", "两千", "bank  card", "今天", "好", "退款", "a b", "把钱"]
    texts = ["".join(words[n * step % 10] for step in range(1, n % 5 + 2)) for n in range(400)]
    every = set(pairs(texts, NEAR))
    assert len(every) > 50
    for start in (0, 1, 250, 399, 400):
        assert set(pairs_of_few(texts, NEAR, start)) == {pair for pair in every if pair[1] >= start}


def test_what_is_new_is_held_against_all_others_wherever_it_stands() -> None:
    def examples(key: str, *texts: str) -> Piece:
        return Piece("examples", key, {"typology": "x", "zh": {"first": {"warn": list(texts)}}}, f"{key}.yml")

    twin, other, lone = "把钱转到安全账户去才算数", "今天下雨路很滑不好走", "捡到一只猫要谢礼"
    pieces = [examples("new", twin, lone), examples("old", twin, other), examples("older", other)]
    assert {f.path for f in near_duplicates(pieces)} == {"old.yml", "older.yml"}
    (fault,) = near_duplicates(pieces, {("examples", "new")})
    assert (fault.path, fault.values["name"]) == ("new.yml", "examples/old")
    assert list(near_duplicates(pieces, {("case", "new")})) == []
