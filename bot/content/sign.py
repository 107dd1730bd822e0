"""The rules of a ticker in a branch: what may stand on it, and how a line is cut into screens.

A 16x16-dot character needs half a P10 panel of 32x16 dots, so a sign shows two characters a panel. Older controllers
know GB2312 only. A rider who looks up in the middle of a line reads one screen of it: what a sentence forbids must
therefore stand on the same screen as the word that forbids it, to the end of the clause.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.content.wording import simplified

CHARACTERS_A_PANEL = 2
USUAL_PANELS = 11
ONE_IDEA, ONE_PASS = 20, 40
SECONDS_A_CHARACTER = 0.5
PASSES = 2
# Old people read a sign slowly.
SLOWER_FOR_ELDERS = 1.5
MARKS = "，。！："
ENDS = "。！"
FULL_WIDTH = {",": "，", "!": "！", ":": "：", ".": "。", "；": "，", ";": "，", "、": "，", "？": "。", "?": "。"}
ADDRESS = re.compile(r"(?:https?:|www\.)[!-~]*|\b[\w-]+\.(?:com|cn|gov|org|net)\b\S*", re.I)
# 百万保障 is a name, not a sum
AMOUNT = re.compile(r"[\d一二三四五六七八九十百千两几]+[\d.]*多?(?:万元|万块|元|块钱)|\d[\d.]*多?万")
NEGATION = re.compile(
    r"不要|不能|不会|不得|不可|不用|不必|不许|不准|不是|不给|不听|不信|不点|不借|不租|不卖|不转|不念|不说"
    r"|切勿|请勿|严禁|禁止|拒绝|千万别|无需|无须|别|勿|莫|没有|没|绝不|从不|不"
)
VERDICT = re.compile(r"骗子|诈骗|骗局|骗人|是假的|都是骗|就是骗")
# Words that hold one of these characters and negate nothing.
NO_NEGATION = re.compile(r"不但|不仅|不管|不论|[特分区识级类性差]别|淹没|没收")
TOKEN = re.compile(r"[0-9A-Za-z]+")
PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that is broken from `start` to `end` of the line as it is shown.

    `must` says that it has to be mended; otherwise it is advice. `fills` are for the sentence that tells it.
    """

    rule: str
    start: int
    end: int
    must: bool = True
    fills: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return SAID[self.rule].format(**self.fills)


SAID = {
    "empty": "there is nothing on the sign: write one sentence",
    "one_pass": "{count} characters are more than the {limit} one pass may have: say less",
    "one_idea": "{count} characters are more than the {limit} that are read at a glance: say it shorter",
    "two_ideas": "a second sentence begins here: make it a line of its own",
    "line_break": "a line break: a ticker has one line",
    "emoji": "{value} is no character a sign knows: take it out",
    "traditional": "{value} is Traditional: write {name}",
    "rare": "{value} is not in GB2312: use a commoner word",
    "half_width": "write {name} instead of {value}",
    "mark": "{value} is no mark of a sign: only the full-width comma, full stop, exclamation mark and colon",
    "small_latin": "{value} in small letters: write {name}, or better a Chinese word",
    "address": "{value} is an address: nobody can copy it from a sign",
    "negation_split": "what '{value}' forbids runs over two screens: shorten to {limit} characters, or use a sign of "
    "{count} panels",
    "verdict_split": "what the line calls a trick runs over two screens: who looks up late reads half of it",
    "amount": "{value} is a sum: the loss of one victim does not belong on a sign",
}


def shown(text: str, numbers: Mapping[str, str]) -> str:
    """The line as the sign shows it: `{police}` and its like are numbers there."""
    return PLACEHOLDER.sub(lambda m: numbers.get(m.group(1), m.group()), text)


def breaches(line: str, panels: int = USUAL_PANELS) -> list[Breach]:
    """Every rule the line breaks on a sign of that many panels, in the order of the line; numbers are filled in."""
    if not line.strip():
        return [Breach("empty", 0, len(line))]
    found = [*_length(line), *_characters(line), *_ideas(line), *_amounts(line), *_split(line, panels)]
    return sorted(found, key=lambda b: (b.start, b.end))


def screens(line: str, panels: int = USUAL_PANELS) -> list[str]:
    """The line cut into screens of two characters a panel.

    As few as can be; cut at marks where that costs no screen; never within a number, and never within what is
    forbidden unless that alone is wider than the sign.
    """
    return [line[start:end] for start, end in _cuts(line, panels)]


def seconds(line: str, panels: int = USUAL_PANELS, *, elders: bool = False) -> list[int]:
    """How long each screen stands in one pass: five seconds for ten characters, longer for old people."""
    slower = SLOWER_FOR_ELDERS if elders else 1.0
    return [max(1, math.ceil(len(s) * SECONDS_A_CHARACTER * slower)) for s in screens(line, panels)]


def width(panels: int) -> int:
    """How many characters a sign shows at once; a sign has at least one panel."""
    return CHARACTERS_A_PANEL * max(1, panels)


def _length(line: str) -> Iterator[Breach]:
    if len(line) > ONE_PASS:
        yield Breach("one_pass", ONE_PASS, len(line), fills={"count": str(len(line)), "limit": str(ONE_PASS)})
    elif len(line) > ONE_IDEA:
        fills = {"count": str(len(line)), "limit": str(ONE_IDEA)}
        yield Breach("one_idea", ONE_IDEA, len(line), must=False, fills=fills)


def _characters(line: str) -> Iterator[Breach]:
    addresses = [m.span() for m in ADDRESS.finditer(line)]
    for start, end in addresses:
        yield Breach("address", start, end, fills={"value": line[start:end]})
    for found in re.finditer(r"[a-z]+", line):
        if not _within(found.start(), addresses):
            fills = {"value": found.group(), "name": found.group().upper()}
            yield Breach("small_latin", *found.span(), fills=fills)
    for at, character in enumerate(line):
        if _within(at, addresses) or re.fullmatch(r"[a-zA-Z0-9]", character):
            continue
        named = _wrong(character)
        if named:
            rule, mend = named
            yield Breach(rule, at, at + 1, fills={"value": character.strip() or "␣", "name": mend})


def _wrong(character: str) -> tuple[str, str] | None:
    """The rule one character breaks, and what to write instead; none for what a sign knows."""
    if character in MARKS:
        return None
    if character in "\r\n\u2028\u2029":
        return "line_break", ""
    if character in FULL_WIDTH:
        return "half_width", FULL_WIDTH[character]
    if _is_hanzi(character):
        if _in_gb2312(character):
            return None
        plain = simplified(character)
        return ("traditional", plain) if plain != character and _in_gb2312(plain) else ("rare", "")
    return ("mark", "") if _in_gb2312(character) or character.isascii() or character.isspace() else ("emoji", "")


def _is_hanzi(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff" or ord(character) >= 0x20000


def _in_gb2312(character: str) -> bool:
    try:
        return len(character.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False


def _within(at: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in spans)


def _ideas(line: str) -> Iterator[Breach]:
    body = line.rstrip(ENDS)
    for found in re.finditer(f"[{ENDS}]", body):
        yield Breach("two_ideas", found.end(), len(line))
        return


def _amounts(line: str) -> Iterator[Breach]:
    for found in AMOUNT.finditer(line):
        yield Breach("amount", *found.span(), must=False, fills={"value": found.group()})


# ---- Screens ----


def forbidden(line: str) -> list[tuple[int, int]]:
    """Spans that say what not to do or what nobody does: from the negating word to the end of its clause."""
    harmless = [m.span() for m in NO_NEGATION.finditer(line)]
    spans: list[tuple[int, int]] = []
    for found in NEGATION.finditer(line):
        start = found.start()
        if _within(start, spans) or _within(start, harmless):
            continue
        end = re.search(f"[{MARKS}\n]", line[start:])
        spans.append((start, start + end.start() if end else len(line)))
    return spans


def warned_of(line: str) -> list[tuple[int, int]]:
    """Clauses that call something a trick; half of one may read like its praise."""
    clauses = re.finditer(f"[^{MARKS}\n]+", line)
    return [c.span() for c in clauses if VERDICT.search(c.group())]


def _split(line: str, panels: int) -> Iterator[Breach]:
    cuts = {end for _, end in _cuts(line, panels)[:-1]}
    for start, end in forbidden(line):
        if any(start < cut < end for cut in cuts):
            negation = NEGATION.match(line, start)
            word = negation.group() if negation else line[start:end]
            needed = math.ceil((end - start) / CHARACTERS_A_PANEL)
            fills = {"value": word, "limit": str(width(panels)), "count": str(needed)}
            yield Breach("negation_split", start, end, fills=fills)
    for start, end in warned_of(line):
        if any(start < cut < end for cut in cuts):
            yield Breach("verdict_split", start, end, must=False)


def _cuts(line: str, panels: int) -> list[tuple[int, int]]:
    """(start, end) of every screen: the cheapest way to the end, found from the end."""
    most = width(panels)
    whole = _Whole(tuple(forbidden(line)), tuple(warned_of(line)), tuple(m.span() for m in TOKEN.finditer(line)))
    best: list[tuple[float, int]] = [(0.0, len(line))] * (len(line) + 1)
    for start in range(len(line) - 1, -1, -1):
        best[start] = min(
            (_cost(line, start, end, most, whole) + best[end][0], -end)
            for end in range(start + 1, min(start + most, len(line)) + 1)
        )
    cuts, at = [], 0
    while at < len(line):
        end = abs(best[at][1])
        cuts.append((at, end))
        at = end
    return cuts


@dataclass(frozen=True, slots=True)
class _Whole:
    """Spans that should not be cut, by how bad a cut would be."""

    forbidden: tuple[tuple[int, int], ...]
    warned_of: tuple[tuple[int, int], ...]
    numbers: tuple[tuple[int, int], ...]

    def cut_at(self, at: int) -> float:
        """What a cut at that place costs; a screen costs 1."""
        groups = ((100.0, self.forbidden), (0.5, self.warned_of), (1000.0, self.numbers))
        return sum(cost for cost, spans in groups if any(start < at < end for start, end in spans))


def _cost(line: str, start: int, end: int, most: int, whole: _Whole) -> float:
    """What one screen costs: itself, a little for an uneven one, and what its end cuts through."""
    cost = 1.0 + ((most - (end - start)) / most) ** 2 / 100
    if end == len(line):
        return cost
    before_a_mark = 10.0 if line[end] in MARKS else 0.0
    after_a_mark = 0.02 if line[end - 1] in MARKS else 0.0
    return cost + whole.cut_at(end) + before_a_mark - after_a_mark
