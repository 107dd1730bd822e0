"""Published words with the numbers of the customer's place put in. No number is ever typed in words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.content import Hotline, Release
from bot.core.vocabulary import Language
from bot.core.words import Words

PLACEHOLDER = re.compile(r"\{(\w+)\}")
# What published words may ask the table for; every other name in braces belongs to the page that shows them.
ROLES = frozenset({"police", "advice", "bank", "consular", "mental", "ambulance", "police_sms"})
# What stands in for a role where the customer's place has no such line.
INSTEAD = {
    "advice": "police",
    "mental": "ambulance",
    "ambulance": "police",
    "police_sms": "police",
    "consular": "consular",
}


@dataclass(frozen=True)
class Wording:
    """The words of one release for one customer: language and places (ids of the approved table)."""

    release: Release
    language: Language
    places: tuple[str, ...]

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

        return PLACEHOLDER.sub(fill, words.in_(self.language))

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
        """Rows of the approved table for a role in the customer's places; abroad lines of home when none is there."""
        found = tuple(h for place in self.places for h in self.release.hotlines if (h.place, h.role) == (place, role))
        if not found and role in {"consular", "mental"}:
            found = tuple(h for h in self.release.hotlines if (h.place, h.role) == ("cn", role))
        return found

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
