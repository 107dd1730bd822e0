"""Published words with the numbers of the customer's place put in. No number is ever typed in words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.content import Hotline, Release
from bot.core.vocabulary import Language
from bot.core.words import Words

PLACEHOLDER = re.compile(r"\{(\w+)\}")
# What published words may ask the table for; every other name in braces belongs to the page that shows them.
ROLES = frozenset({"police", "advice", "bank", "consular", "mental", "ambulance", "police_sms"})
# Two roles with one number between them: it is said once.
EITHER = re.compile(r"\{(\w+)\}(?: or |或)\{(\w+)\}")
# A call to the police cannot stand in for a text to them: the sentence is left out where they take none.
TEXT_THEM = re.compile(r"[^。！？.!?\n]*\{police_sms\}[^。！？.!?\n]*[。！？.!?]?")
# What stands in for a role where the customer's place has no such line.
INSTEAD = {
    "advice": "police",
    "mental": "ambulance",
    "ambulance": "police",
    "police_sms": "police",
    "consular": "police",
}


@dataclass(frozen=True)
class Wording:
    """The words of one release for one customer.

    Args:
        release: what is published.
        language: the customer's.
        places: ids of the approved table; their numbers are given.
        today: rows that expired before it are not given.
    """

    release: Release
    language: Language
    places: tuple[str, ...]
    today: date

    def reply(self, reply_id: str, **fills: str) -> str:
        """A published reply; an unknown id gives an empty string, so that one gap never breaks a warning."""
        reply = self.release.replies.get(reply_id)
        return self.say(reply.text, **fills) if reply else ""

    def say(self, words: Words, **fills: str) -> str:
        """A sentence in the customer's language with its placeholders filled from the approved table."""

        def fill(match: re.Match[str]) -> str:
            name = match.group(1)
            if name in fills:
                return fills[name]
            return self.number(name) if name in ROLES else match.group()

        sentence = EITHER.sub(self._one_of, words.in_(self.language))
        if "{police_sms}" in sentence and not self.rows("police_sms"):
            sentence = TEXT_THEM.sub("", sentence).replace("\n\n", "\n").strip()
        return PLACEHOLDER.sub(fill, sentence)

    def _one_of(self, match: re.Match[str]) -> str:
        first, second = match.groups()
        same = {first, second} <= ROLES and self.number(first) == self.number(second)
        return f"{{{first}}}" if same else match.group()

    def number(self, role: str) -> str:
        """The number for a role as words: one, or one for each place with the place's name."""
        if role == "bank":
            return self.release.bank.number or self.release.bank.card_number_words.in_(self.language)
        rows = self.rows(role)
        if not rows:
            other = INSTEAD.get(role)
            return self.number(other) if other and other != role else ""
        if len(rows) == 1:
            return rows[0].number
        return " / ".join(f"{self.place_name(r.place)} {r.number}" for r in rows)

    def rows(self, role: str) -> tuple[Hotline, ...]:
        """Rows of the approved table for a role in the customer's places; the consular line of home is for abroad."""
        found = tuple(row for place in self.places for row in self.rows_at(place, role))
        return self.rows_at("cn", role) if not found and role == "consular" else found

    def rows_at(self, place: str, role: str) -> tuple[Hotline, ...]:
        """Rows of the approved table for a role at a place, those that may be told today."""
        rows = self.release.hotlines
        return tuple(h for h in rows if (h.place, h.role) == (place, role) and h.told_on(self.today))

    def place_name(self, place: str) -> str:
        """What a place is called in the customer's language."""
        known = self.release.places.get(place)
        return known.name.in_(self.language) if known else place

    def call_list(self, roles: Sequence[str]) -> list[dict[str, str]]:
        """Numbers to tap, in order, the bank's own among them."""
        calls: list[dict[str, str]] = []
        for role in roles:
            if role == "bank":
                bank = self.release.bank
                calls.append(
                    {
                        "label": bank.name.in_(self.language),
                        "number": bank.number or bank.card_number_words.in_(self.language),
                        "href": f"tel:{dial(bank.number)}" if bank.number else "",
                        "caution": "",
                    }
                )
                continue
            calls.extend(self.call(row) for row in self.rows(role))
        return calls

    def dial_links(self) -> dict[str, str]:
        """Every number that published words may name today, of any place, and the link that calls it."""
        rows = [h for h in self.release.hotlines if h.role in {*ROLES, "report"} and h.told_on(self.today)]
        links = {row.number: self.call(row)["href"] for row in rows}
        links[self.release.bank.number] = f"tel:{dial(self.release.bank.number)}"
        return {number: href for number, href in links.items() if number and href}

    def call(self, row: Hotline) -> dict[str, str]:
        """One row as a number to tap."""
        scheme = {"phone": "tel:", "sms": "sms:"}.get(row.kind, "")
        return {
            "label": row.name.in_(self.language),
            "number": row.number,
            "href": scheme + dial(row.number) if scheme else "",
            "caution": row.caution.in_(self.language),
        }


def dial(number: str) -> str:
    """A number as a telephone link takes it."""
    return re.sub(r"[^\d+]", "", number)
