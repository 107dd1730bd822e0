"""The safety rules every answer keeps, whatever was said before it: numbered as in the domain facts, R1 to R24."""

import json
import re
from collections.abc import Iterable
from functools import cache

import opencc

from bot.conversation.wording import Wording
from bot.core.vocabulary import Language
from tests.conversations.talking import Reply

# What the customer wrote himself may be quoted; our own words are what is left.
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
CALLED_SAFE = re.compile(
    r"放心|没事的|沒事的|没问题|沒問題|是安全的|是真的[。，！]|不是(?:诈骗|詐騙|骗子|騙子)|绝对安全|絕對安全|"
    r"\b(?:is|are|looks?|seems?) (?:safe|genuine|legitimate)\b|nothing to worry|don't worry|not a scam",
    re.I,
)
CALLED_A_CHEAT = re.compile(r"一定是骗|肯定是骗|一定是騙|肯定是騙|definitely a scam|certainly a scam", re.I)
BLAMED = re.compile(
    r"怎么会信|怎麼會信|贪小便宜|貪小便宜|贪心|貪心|活该|活該|太傻|太笨|您早该|您早該|不听劝|不聽勸|"
    r"\byour (?:own )?fault\b|greedy|stupid|foolish|gullible|naive|you should have known",
    re.I,
)
PROMISED = re.compile(
    r"(?:一定|保证|保證|肯定)能?(?:追回|拿回|要回|退回)|we will (?:get|recover)|you will get .{0,20}back", re.I
)
LIVE_LINK = re.compile(r"https?://", re.I)
LONGEST_COMMAND = 20
URGENT = ("stop-now", "already-paid")


def breaches(reply: Reply, wording: Wording, typed: Iterable[str]) -> list[str]:
    """Which rules an answer breaks.

    Args:
        reply: the answer.
        wording: the published words and numbers for this customer.
        typed: everything he typed so far.
    """
    ours = QUOTED.sub("", reply.text)
    found = [
        f"{rule}: {match.group()!r}"
        for rule, pattern in (
            ("R1 calls something safe", CALLED_SAFE),
            ("R1 says for certain that it is a scam", CALLED_A_CHEAT),
            ("R2 blames", BLAMED),
            ("R6 promises recovery", PROMISED),
            ("R11 repeats a live link", LIVE_LINK),
        )
        if (match := pattern.search(ours))
    ]
    found += _repeated_secrets(reply, typed)
    found += _wrong_script(ours, wording.language)
    for card in reply.cards:
        found += _card_breaches(card["text"], card["card"], wording)
    return found


def mentions(text: str, number: str) -> bool:
    """Whether a number stands in a text by itself: 96110 does not mention 110."""
    return re.search(rf"(?<!\d){re.escape(number)}(?!\d)", text) is not None


def secrets(text: str) -> set[str]:
    """The long numbers in a text, as plain digits: cards, identity numbers, telephones."""
    runs = re.findall(r"[0-9](?:[ \-]?[0-9]){9,}", _plain_digits(text))
    return {re.sub(r"[ \-]", "", run) for run in runs}


def _plain_digits(text: str) -> str:
    return re.sub(r"[０-９]", lambda m: str(ord(m.group()) - ord("０")), text)


def _repeated_secrets(reply: Reply, typed: Iterable[str]) -> list[str]:
    shown = re.sub(r"[ \-]", "", _plain_digits(json.dumps(reply.body, ensure_ascii=False)))
    return [f"R3 repeats {secret}" for text in typed for secret in secrets(text) if secret in shown]


def _wrong_script(ours: str, language: Language) -> list[str]:
    if language is Language.EN:
        chinese = "".join(re.findall(r"[\u4e00-\u9fff]", ours))
        return [f"R16 Chinese in an English answer: {chinese}"] if chinese else []
    wrong = _only_simplified() if language is Language.ZH_HANT else _only_traditional()
    stray = "".join(sorted({char for char in ours if char in wrong}))
    return [f"R16 characters of the other script: {stray}"] if stray else []


@cache
def _only_simplified() -> frozenset[str]:
    to_traditional, to_simplified = opencc.OpenCC("s2t").convert, opencc.OpenCC("t2s").convert
    common = [chr(point) for point in range(0x4E00, 0xA000)]
    # characters both scripts write (台, 里, 后) are in neither set
    return frozenset(c for c in common if to_traditional(c) != c and to_simplified(c) == c) - frozenset(
        "台里后面只干才了并系谷丑云冬几出划别制卜千占卷发叶合吁周咸困向回夫夸姜家尽布帘干弥当征志念折核"
    )


@cache
def _only_traditional() -> frozenset[str]:
    to_traditional, to_simplified = opencc.OpenCC("s2t").convert, opencc.OpenCC("t2s").convert
    return frozenset(c for c in map(chr, range(0x4E00, 0xA000)) if to_simplified(c) != c and to_traditional(c) == c)


def _card_breaches(text: str, card: dict[str, object], wording: Wording) -> list[str]:
    """R12: line 1 one command, line 2 the police and the bank; R13: one question, and a caution beside it."""
    lines = text.split("\n")
    if card["urgency"] == "ask":
        caution = wording.reply("call_ask")
        return [] if lines[1] == caution else [f"R13 the second line is not the caution: {lines[1]}"]
    found = []
    if lines[0] != card["command"]:
        found.append(f"R12 the first line is not the command: {lines[0]}")
    if card["urgency"] in URGENT:
        command = str(card["command"])
        if wording.language is Language.ZH_HANS and len(command) > LONGEST_COMMAND:
            found.append(f"R12 the command is too long: {command}")
        if not mentions(lines[1], wording.number("police")):
            found.append(f"R12 no police number in the second line: {lines[1]}")
        if not mentions(lines[1], wording.number("bank")):
            found.append(f"R12 no bank number in the second line: {lines[1]}")
    before_the_steps = text.split("\n· ", maxsplit=1)[0]
    if len(re.findall("[？?]", before_the_steps)) > 1:
        found.append("R12 more than one question before the steps")
    approved = {row.number for row in wording.release.hotlines} | {wording.number("bank")}
    numbers = card["numbers"]
    assert isinstance(numbers, list)
    return found + [f"R7 a number nobody approved: {n['number']}" for n in numbers if n["number"] not in approved]
