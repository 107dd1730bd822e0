"""The publicity team's patterns: words, alternatives and gaps inside one sentence."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.core.errors import ContentError
from bot.recognition.evidence import make_nlp, plain
from bot.recognition.normalise import normalise
from bot.recognition.patterns import MAX_EXPANSIONS, PatternSet, _stem, expand, tokens


def found(pattern: str, text: str) -> list[str]:
    """The stretches of the normalised text that the pattern matches."""
    nlp = make_nlp()
    doc = nlp.make_doc(normalise(text).text)
    offsets = doc.user_data["offsets"]
    matches = PatternSet(nlp, [plain(pattern)]).find(doc)
    return sorted({normalise(text).text[offsets[m.start][0] : offsets[m.end - 1][1]] for m in matches})


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("安全账户", "把钱转到安全账户里"),
        ("安全账户", "把錢轉到安 全 賬 戶裡"),
        ("刷单", "他让我做刷单兼职"),
        ("(转|打)钱", "给他打钱"),
        ("(转|打)钱", "给他转钱"),
        ("转(到|入|)账户", "转账户"),
        ("transfer", "I was TRANSFERRING it"),
        ("send money", "he wants me to send money"),
        ("gift card", "two gift cards please"),
        ("read…code", "read me the code"),
        ("转…账户", "转五千块到那个账户"),
        ("(转|打)…(账户|卡)", "打到他的卡"),
        ("转…三…账户", "转了三万到账户"),
        ("(屏幕…分享|共享)", "把屏幕打开分享给我"),
        ("(屏幕…分享|共享)", "开了共享"),
    ],
)
def test_a_pattern_finds_its_words(pattern: str, text: str) -> None:
    assert found(pattern, text) != []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("安全账户", "账户安全"),
        ("(转|打)钱", "还钱"),
        ("单", "hello"),
        ("pay", "the payroll is paid by Pat"),
        ("转…账户", "账户里的钱转走"),
        ("转…账户", "我转。账户呢"),
        ("转…账户", "我转\n账户"),
        ("转…账户", "转了以后我才想起来要问一问这是谁的账户"),
        ("read…code", "I read a very long book before bed and then the code came"),
        ("read…code", "I read it! The code is here"),
    ],
)
def test_a_pattern_finds_nothing_else(pattern: str, text: str) -> None:
    assert found(pattern, text) == []


def test_a_match_is_the_shortest_stretch_that_holds_it() -> None:
    assert found("转…账户", "转到这个账户，那个账户不要") == ["转到这个账户"]


def test_patterns_keep_their_numbers_apart() -> None:
    nlp = make_nlp()
    patterns = PatternSet(nlp, ["转账", "账户", "转…账户", "公安"])
    matches = patterns.find(nlp.make_doc("转账到账户"))
    assert {m.pattern for m in matches} == {0, 1, 2}


def test_the_same_words_in_two_patterns_are_found_for_both() -> None:
    nlp = make_nlp()
    matches = PatternSet(nlp, ["(转账|汇款)", "转账"]).find(nlp.make_doc("转账"))
    assert {m.pattern for m in matches} == {0, 1}


def test_every_way_to_read_a_pattern_is_tried() -> None:
    assert expand("a(b|c)") == [[["ab", "ac"]]]
    assert expand("a…b") == [[["a"], ["b"]]]
    assert sorted(map(str, expand("a…(b|)"))) == sorted(map(str, [[["a"]], [["a"], ["b"]]]))


@pytest.mark.parametrize("pattern", ["(转|打", "转|打)", "转…()…账户", "…", "", "()", "(((转)"])
def test_a_pattern_that_cannot_be_read_is_an_error_that_shows_it(pattern: str) -> None:
    with pytest.raises(ContentError, match="pattern"):
        expand(pattern)


def test_too_many_alternatives_are_an_error_before_they_cost_anything() -> None:
    with pytest.raises(ContentError, match=f"more than {MAX_EXPANSIONS}"):
        expand("(a|b|c|d|e|f|g|h|i|j)" * 4)


def test_texts_are_read_the_same_by_many_threads_at_once() -> None:
    endings = ("ing", "ational", "fulness", "ization", "ed", "iveness", "ies")
    words = [
        f"{a}{b}{end}" for a in ("transfer", "relat", "hope", "organ", "cred") for b in "abcdefgh" for end in endings
    ]
    texts = [" ".join(words[start:] + words[:start]) for start in range(0, len(words), 20)]
    alone = {text: tokens(text) for text in texts}
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(5):
            _stem.cache_clear()
            with ThreadPoolExecutor(8) as threads:
                assert dict(zip(texts, threads.map(tokens, texts), strict=True)) == alone
    finally:
        sys.setswitchinterval(before)
