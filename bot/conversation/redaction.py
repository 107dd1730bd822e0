"""Personal data masked before anything is kept, sent on or shown again (R3, R11)."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from bot.recognition.indicators import URL, mask_link

NUMERALS = {
    **dict.fromkeys("〇零", "0"),
    **dict.fromkeys("一幺壹", "1"),
    **dict.fromkeys("二两贰", "2"),
    **dict.fromkeys("三叁", "3"),
    **dict.fromkeys("四肆", "4"),
    **dict.fromkeys("五伍", "5"),
    **dict.fromkeys("六陆", "6"),
    **dict.fromkeys("七柒", "7"),
    **dict.fromkeys("八捌", "8"),
    **dict.fromkeys("九玖", "9"),
}
BETWEEN_DIGITS = frozenset("-—–－_.·")
MOST_BETWEEN = 3
LEAST_DIGITS = 10
IDENTITY = re.compile(r"[1-9]\d{5}(?:19|20)\d{2}[01]\d[0-3]\d{4}[\dXx]")
VALUE = r"(?P<value>[0-9]{3,8}(?![0-9])|(?=[A-Za-z@#!$%_]*[0-9])[A-Za-z0-9@#!$%_]{4,24})"
LINK = r"(?P<link>\s*(?:为|是|就是|:|：|=|is|was|are)?\s*)"
LABEL = (
    r"(?P<label>验证码|校验码|动态码|动态密码|短信码|密码|口令|安全码|cvv2?|cvc|pin(?:\s*(?:code|number))?"
    r"|passcode|password|otp|code)"
)
SECRET = re.compile(LABEL + LINK + VALUE, re.I)
SECRET_BEFORE = re.compile(
    r"(?<![0-9])(?P<value>[0-9]{4,8})(?![0-9])(?P<link>\s*(?:是|就是|is|:|：)?\s*[((（]?(?:我的|my|the)?\s*)" + LABEL,
    re.I,
)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
SENSITIVE = frozenset({"card", "id", "secret"})


@dataclass(frozen=True, slots=True)
class Redacted:
    """The text with personal data masked, and the kinds that were in it."""

    text: str
    kinds: frozenset[str]

    @property
    def sensitive(self) -> bool:
        """Whether a card, an identity number, a code or a password was in it."""
        return bool(self.kinds & SENSITIVE)


def redact(text: str, *, links: bool = True) -> Redacted:
    """Mask cards, identity numbers, phones, codes, passwords, mail addresses and (with `links`) links."""
    kinds: set[str] = set()
    masked = _fold_digits(text)
    if links:
        masked = URL.sub(lambda m: mask_link(m.group()), masked)
    masked = EMAIL.sub(lambda m: m.group()[0] + "***@***", masked)
    masked = _mask_runs(masked, kinds)
    for pattern in (SECRET, SECRET_BEFORE):
        masked = pattern.sub(lambda m: _hide_secret(m, kinds), masked)
    return Redacted(masked, frozenset(kinds))


def _fold_digits(text: str) -> str:
    """Full-width and other digits as ASCII, one for one; nothing else changes."""
    return "".join(str(unicodedata.digit(c)) if not c.isascii() and c.isdigit() else c for c in text)


def _hide_secret(match: re.Match[str], kinds: set[str]) -> str:
    kinds.add("secret")
    return match.group().replace(match.group("value"), "***")


def _mask_runs(text: str, kinds: set[str]) -> str:
    """Every run of ten digits or more, however they are written or spaced, keeps no more than its ends."""
    pieces: list[str] = []
    at = 0
    for start, end, digits in _runs(text):
        pieces.append(text[at:start])
        kind = _kind(digits)
        kinds.add(kind)
        pieces.append(_ends(kind, digits))
        at = end
    pieces.append(text[at:])
    return "".join(pieces)


def _runs(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, digits) of each long run; a closing X of an identity number belongs to it."""
    start = end = gap = 0
    digits = ""
    for index, char in enumerate(text):
        digit = char if char.isascii() and char.isdigit() else NUMERALS.get(char)
        if digit is not None:
            if not digits:
                start = index
            digits, end, gap = digits + digit, index + 1, 0
        elif char in "Xx" and len(digits) == 17 and gap == 0:
            digits, end = digits + "X", index + 1
        elif digits and gap < MOST_BETWEEN and (char.isspace() or char in BETWEEN_DIGITS):
            gap += 1
        else:
            if len(digits) >= LEAST_DIGITS:
                yield start, end, digits
            digits, gap = "", 0
    if len(digits) >= LEAST_DIGITS:
        yield start, end, digits


def _ends(kind: str, digits: str) -> str:
    """Enough to recognise one's own number, and no more."""
    if kind == "id":
        return f"{digits[:6]}{'*' * 10}{digits[-2:]}"
    return f"{digits[:3]}****{digits[-4:]}" if kind == "phone" else f"****{digits[-4:]}"


def _kind(digits: str) -> str:
    if IDENTITY.fullmatch(digits):
        return "id"
    return "card" if len(digits) >= 13 and not re.fullmatch(r"(?:00)?861[3-9]\d{9}", digits) else "phone"
