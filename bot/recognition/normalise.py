"""Reading through disguise without losing the customer's own characters.

`normalise` gives the text as the recogniser reads it and, for every character of it, the span of the original it
came from. Width, script, invisible characters, look-alike letters, spaced-out words and known evasions are undone.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

import opencc
from confusable_homoglyphs import confusables

INVISIBLE = {"Cf", "Cc", "Cs", "Co", "Cn", "Mn", "Me"}
SPACED_LETTERS = re.compile(r"(?<![A-Za-z])(?:[A-Za-z][ .·_-]){2,}[A-Za-z](?![A-Za-z])")
CJK = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")  # escaped: an editor may rewrite the last range


@dataclass(frozen=True, slots=True)
class Normalised:
    """`text` as read; character `i` of it stands for `original[starts[i]:ends[i]]`."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original offsets of `text[start:end]`."""
        if start >= end:
            return (0, 0)
        return (self.starts[start], max(self.ends[start:end]))


@cache
def _to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _to_traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


@lru_cache(maxsize=65536)
def simplified(char: str) -> str:
    """One character in Simplified script; kept when the conversion is not one to one."""
    converted: str = _to_simplified().convert(char)
    return converted if len(converted) == 1 else char


@lru_cache(maxsize=65536)
def traditional(char: str) -> str:
    """One character in Traditional script."""
    converted: str = _to_traditional().convert(char)
    return converted if len(converted) == 1 else char


@lru_cache(maxsize=4096)
def _latin_lookalike(char: str) -> str:
    """A Cyrillic or Greek letter drawn like a Latin one becomes that Latin letter."""
    found = confusables.is_confusable(char, greedy=True, preferred_aliases=["latin"])
    if not found:
        return char
    for twin in found[0]["homoglyphs"]:
        if len(twin["c"]) == 1 and twin["c"].isascii() and twin["c"].isalpha():
            return str(twin["c"]).lower()
    return char


@lru_cache(maxsize=65536)
def _fold(char: str) -> str:
    """What one original character is read as; empty when it is invisible."""
    if char in "\n\t\r":
        return "\n" if char != "\t" else " "
    category = unicodedata.category(char)
    if category in INVISIBLE:
        return ""
    folded = unicodedata.normalize("NFKC", char)
    if category.startswith("Z"):
        return " "
    if len(folded) == 1:
        folded = simplified(folded)
    lowered = folded.lower()
    if len(lowered) == 1 and not lowered.isascii() and lowered.isalpha() and _is_greek_or_cyrillic(lowered):
        return _latin_lookalike(lowered)
    return lowered


def _is_greek_or_cyrillic(char: str) -> bool:
    return "Ͱ" <= char <= "ӿ"


def normalise(text: str, variants: Mapping[str, str] | None = None) -> Normalised:
    """Read `text` through its disguises. `variants` maps an evasion (as normalised) to its plain word."""
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    spaced = {i for m in SPACED_LETTERS.finditer(text) for i in range(m.start(), m.end()) if not text[i].isalpha()}
    for index, original in enumerate(text):
        if index in spaced:
            continue
        for char in _fold(original):
            chars.append(char)
            starts.append(index)
            ends.append(index + 1)
    _close_gaps_between_cjk(chars, starts, ends)
    if variants:
        _replace_variants(chars, starts, ends, variants)
    return Normalised("".join(chars), tuple(starts), tuple(ends))


def _close_gaps_between_cjk(chars: list[str], starts: list[int], ends: list[int]) -> None:
    """`安 全 账 户` reads 安全账户; so does a line broken inside a word. A gap after punctuation stays."""
    keep: list[int] = []
    size = len(chars)
    index = 0
    while index < size:
        if chars[index] not in " \n":
            keep.append(index)
            index += 1
            continue
        after = index
        while after < size and chars[after] in " \n":
            after += 1
        before_cjk = bool(keep) and CJK.match(chars[keep[-1]])
        gap_of_one = after - index == 1 and chars[index] == " "
        if not (before_cjk and after < size and CJK.match(chars[after]) and gap_of_one):
            keep.append(index)
        index = after
    chars[:] = [chars[i] for i in keep]
    starts[:] = [starts[i] for i in keep]
    ends[:] = [ends[i] for i in keep]


@lru_cache(maxsize=8)
def _variant_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(
        "|".join(
            rf"(?<![a-z]){re.escape(w)}(?![a-z])" if w.isascii() and w.isalpha() else re.escape(w)
            for w in longest_first
        )
    )


def _replace_variants(chars: list[str], starts: list[int], ends: list[int], variants: Mapping[str, str]) -> None:
    joined = "".join(chars)
    for match in reversed(list(_variant_pattern(tuple(variants)).finditer(joined))):
        plain = variants[match.group()]
        span_start, span_end = starts[match.start()], ends[match.end() - 1]
        chars[match.start() : match.end()] = list(plain)
        starts[match.start() : match.end()] = [span_start] * len(plain)
        ends[match.start() : match.end()] = [span_end] * len(plain)
