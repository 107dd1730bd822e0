"""Texts that say the same."""

from bot.content.near import NEAR, pairs


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
