"""Links, phone numbers, accounts and messenger ids in a text: found, masked, and compared with the approved table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import idna
import phonenumbers
import tldextract

from bot.core.assessment import Indicator

# A link ends where Chinese words or their punctuation begin: messages put no space around it.
URL = re.compile(
    r"(?:https?://|www\.)[^\s一-鿿,。!?;、<>\"'”’)】，！？；：（）《》]+"
    r"|(?<![^\W㐀-鿿])(?<![@.-])(?:(?:[^\W㐀-鿿]|-)+\.)+[a-z]{2,}(?:/[a-z0-9_./?=&%#*-]*)?",
    re.I,
)
NUMBER = re.compile(r"(?<![A-Za-z0-9_*])\+?\d[\d\s*-]{3,22}\d(?![A-Za-z0-9_*])")
MESSENGER = re.compile(
    r"(?:微信号?|wechat|qq群?|whatsapp|telegram|line\s?id|飞机号?)\s*(?:id|号|群|为|是)?\s*[:：]?\s*(@?[a-z0-9_*-]{5,20})",
    re.I,
)
SHORTENERS = frozenset(
    {"t.cn", "dwz.cn", "url.cn", "bit.ly", "tinyurl.com", "t.co", "is.gd", "goo.gl", "suo.im", "cutt.ly"}
)
ODD_SUFFIXES = frozenset(
    {"top", "xyz", "vip", "cc", "icu", "club", "live", "shop", "site", "online", "buzz", "cyou", "pw", "info"}
)
LOOKALIKE_DIGITS = str.maketrans({"0": "o", "1": "i", "l": "i", "3": "e", "5": "s", "8": "b", "-": ""})
MAX_INDICATORS = 20


@cache
def _extract() -> tldextract.TLDExtract:
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@dataclass(frozen=True, slots=True)
class ApprovedTable:
    """Registered domains and numbers of the approved hotline table, for comparison only."""

    domains: frozenset[str]
    numbers: frozenset[str]

    @property
    def brands(self) -> dict[str, str]:
        """Brand label -> its registered domain, e.g. `icbc` -> `icbc.com.cn`."""
        return {d.split(".")[0]: d for d in self.domains}


def find_indicators(text: str, table: ApprovedTable) -> tuple[Indicator, ...]:
    """Indicators in the text as the customer wrote it, in order, at most twenty."""
    found = [*_links(text, table), *_numbers(text, table), *_messengers(text)]
    found.sort(key=lambda i: (i.start, -i.end))
    kept: list[Indicator] = []
    for indicator in found:
        if not kept or indicator.start >= kept[-1].end:
            kept.append(indicator)
    return tuple(kept[:MAX_INDICATORS])


def _links(text: str, table: ApprovedTable) -> list[Indicator]:
    links = []
    for match in URL.finditer(text):
        raw = match.group().rstrip(".")
        parts = _extract()(raw)
        has_scheme = raw.lower().startswith(("http", "www."))
        if not parts.suffix and not has_scheme:
            continue
        links.append(
            Indicator(
                "url", match.start(), match.start() + len(raw), mask_link(raw), tuple(_findings(raw, parts, table))
            )
        )
    return links


def mask_link(raw: str) -> str:
    """A link that can be read but not followed: `hxxp://ic8c…`."""
    broken = re.sub(r"^https?", lambda m: "hxxp" + m.group()[4:], raw, flags=re.I)
    head = re.match(r"(hxxps?://)?(.{1,5})", broken, re.I)
    return (head.group() if head else "") + "…"


def _findings(raw: str, parts: tldextract.ExtractResult, table: ApprovedTable) -> list[str]:
    findings = []
    registered = parts.top_domain_under_public_suffix.lower()
    labels = [label for label in (*parts.subdomain.lower().split("."), parts.domain.lower()) if label]
    if registered in SHORTENERS:
        findings.append("shortened")
    if parts.ipv4:
        findings.append("bare-ip")
    if parts.suffix in ODD_SUFFIXES:
        findings.append("unusual-suffix")
    if registered and registered not in table.domains:
        brand = _brand_in(labels, table)
        if brand:
            findings.append(f"lookalike:{brand}")
    if any(label.startswith("xn--") or not label.isascii() for label in labels):
        findings.append("punycode")
    return findings


def _brand_in(labels: Sequence[str], table: ApprovedTable) -> str | None:
    plain = [_plain(label).translate(LOOKALIKE_DIGITS) for label in labels]
    for brand in sorted(table.brands, key=len, reverse=True):
        folded = brand.translate(LOOKALIKE_DIGITS)
        for label in plain:
            if label == folded or (len(folded) >= 4 and (folded in label or _one_edit(label, folded))):
                return brand
    return None


def _plain(label: str) -> str:
    try:
        return idna.decode(label) if label.startswith("xn--") else label
    except idna.IDNAError:
        return label


def _one_edit(left: str, right: str) -> bool:
    if abs(len(left) - len(right)) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    return left[at + 1 :] == right[at + 1 :] or left[at:] == right[at + 1 :] or left[at + 1 :] == right[at:]


def _numbers(text: str, table: ApprovedTable) -> list[Indicator]:
    found = []
    for match in NUMBER.finditer(text):
        findings: tuple[str, ...] = ()
        raw = match.group().strip()
        digits = re.sub(r"[\s-]", "", raw)
        plain = digits.lstrip("+")
        if plain in table.numbers:
            kind, findings = "hotline", ("in-approved-table",)
        elif 13 <= len(plain) <= 19:
            kind = "account"
        elif _is_phone(digits) or (re.fullmatch(r"\+?[\d*]{7,14}", digits) and "*" in digits):
            kind = "phone"
            if digits.startswith(("00", "+")) and not digits.startswith(("+86", "0086")):
                findings = ("overseas",)
        else:
            continue
        found.append(Indicator(kind, match.start(), match.start() + len(raw), mask_number(plain), findings))
    return found


def _is_phone(digits: str) -> bool:
    if re.fullmatch(r"(955\d{2}|400\d{7}|1\d{10}|0\d{9,11})", digits):
        return True
    if len(digits) < 8:
        return False
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(digits, "CN")) and digits.startswith(
            ("+", "00", "1", "0")
        )
    except phonenumbers.NumberParseException:
        return False


def mask_number(digits: str) -> str:
    """The ends of a number, the middle hidden."""
    if len(digits) <= 5:
        return digits[0] + "*" * (len(digits) - 1)
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 10 else f"{digits[:2]}***{digits[-2:]}"


def _messengers(text: str) -> list[Indicator]:
    return [Indicator("messenger", m.start(1), m.end(1), m.group(1)[:2] + "***") for m in MESSENGER.finditer(text)]
