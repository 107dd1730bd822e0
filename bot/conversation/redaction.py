"""Personal data masked before anything is kept, sent on or shown again (R3, R11)."""

import re
import unicodedata
from dataclasses import dataclass

from bot.recognition.indicators import URL, mask_link

CHINESE_DIGITS = str.maketrans("〇零一幺二两三四五六七八九壹贰叁肆伍陆柒捌玖", "001122345678912345678" + "9")
RUN = re.compile(r"(?<![A-Za-z0-9])\+?[0-9](?:[ \-—－_.]?[0-9Xx]){5,24}(?![A-Za-z0-9])")
CHINESE_RUN = re.compile(r"[〇零一幺二两三四五六七八九]{7,19}")
SECRET = re.compile(
    r"(?P<label>验证码|校验码|动态码|动态密码|短信码|密码|口令|安全码|cvv2?|cvc|pin(?:\s*(?:code|number))?|passcode|password|otp|code)"
    r"(?P<link>\s*(?:为|是|:|：|=|is|was)?\s*)(?P<value>[0-9]{3,8}|[A-Za-z0-9@#!_]{0,3}[0-9][A-Za-z0-9@#!_]{3,20})(?![A-Za-z0-9])",
    re.I,
)
CODE_BEFORE = re.compile(r"(?P<value>(?<!\d)\d{4,8}(?!\d))(?P<link>\s*[((（]?)(?P<label>验证码|动态码|校验码)")
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
    masked = SECRET.sub(lambda m: _hide_secret(m, kinds), masked)
    masked = CODE_BEFORE.sub(lambda m: _hide_secret(m, kinds), masked)
    masked = RUN.sub(lambda m: _mask_run(m.group(), kinds), masked)
    masked = CHINESE_RUN.sub(lambda m: _mask_chinese(m.group(), kinds), masked)
    return Redacted(masked, frozenset(kinds))


def _fold_digits(text: str) -> str:
    """Full-width and other digits as ASCII, one for one; nothing else changes."""
    return "".join(str(unicodedata.digit(c)) if not c.isascii() and c.isdigit() else c for c in text)


def _hide_secret(match: re.Match[str], kinds: set[str]) -> str:
    kinds.add("secret")
    return match.group().replace(match.group("value"), "***")


def _mask_run(run: str, kinds: set[str]) -> str:
    digits = re.sub(r"[^0-9Xx]", "", run)
    kind = _kind(digits)
    if kind is None:
        return run
    kinds.add(kind)
    if kind == "id":
        return f"{digits[:6]}{'*' * 10}{digits[-2:]}"
    if kind == "card":
        return f"{'*' * 4}{digits[-4:]}"
    return f"{digits[:3]}****{digits[-4:]}"


def _kind(digits: str) -> str | None:
    plain = digits.rstrip("Xx")
    if re.fullmatch(r"[1-9]\d{5}(?:19|20)\d{2}[01]\d[0-3]\d{4}[\dXx]", digits):
        return "id"
    if 13 <= len(plain) <= 19:
        return "card"
    if re.fullmatch(r"(?:86)?1[3-9]\d{9}", plain) or 10 <= len(plain) <= 12:
        return "phone"
    return None


def _mask_chinese(run: str, kinds: set[str]) -> str:
    digits = run.translate(CHINESE_DIGITS)
    kind = "card" if len(digits) >= 13 else "phone" if len(digits) == 11 else None
    if kind is None:
        return run
    kinds.add(kind)
    return "*" * (len(run) - 2) + run[-2:]
