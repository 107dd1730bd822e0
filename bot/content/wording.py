"""A sentence of a body in the three languages it is said in."""

from functools import cache

import opencc

from bot.content.bodies import WordsBody
from bot.core.words import Words

# OpenCC makes 覈 of 核, as neither Hong Kong nor Taiwan writes it.
AS_WRITTEN = str.maketrans("覈", "核")


@cache
def _to_traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


@cache
def _to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def words(body: WordsBody) -> Words:
    """The sentence in three languages; Traditional is derived where nobody wrote it."""
    derived: str = body.zh_hant or _to_traditional().convert(body.zh_hans).translate(AS_WRITTEN)
    return Words(zh_hans=body.zh_hans, en=body.en, zh_hant=derived)


def simplified(text: str) -> str:
    """The text in Simplified script."""
    converted: str = _to_simplified().convert(text)
    return converted
