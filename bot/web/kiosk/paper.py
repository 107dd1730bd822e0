"""The card as a sheet to take along."""

from dataclasses import replace
from typing import Any

from bot.conversation.cards import CALLS, card
from bot.conversation.responder import PAY_METHODS
from bot.conversation.snapshot import Snapshot
from bot.core.assessment import nothing
from bot.core.vocabulary import UNKNOWN, Language, Urgency


def sheet(snapshot: Snapshot, typology: str, urgency: str, language: Language, paid_by: str) -> dict[str, Any] | None:
    """What stands on it; none for a kind that is not published or an urgency without a card."""
    known = [u for u in CALLS if u.value == urgency]
    if not known or (typology != UNKNOWN and typology not in snapshot.release.typologies):
        return None
    wording = snapshot.wording(language)
    bare = nothing(language, content_version=snapshot.release.version)
    body = card(replace(bare, typology=typology, urgency=known[0]), wording).card or {}
    named = body["typology"] or {"name": "", "summary": ""}
    paid = known[0] is Urgency.ALREADY_PAID
    saving = wording.reply(f"first_aid_{paid_by}").split("\n") if paid and paid_by in PAY_METHODS else []
    steps = [*body["steps"], *(wording.reply("first_aid_common").split("\n") if paid else [])]
    return {
        "language": language.value,
        "w": wording,
        "bank": snapshot.release.bank.name.in_(language),
        "label": body["label"],
        "command": body["command"],
        "numbers": body["numbers"],
        "saving": saving,
        "steps": [step for step in steps if step],
        "name": named["name"],
        # what to do fills the sheet: why it is one comes after
        "summary": "" if saving else named["summary"],
        "never": body["never"][: 1 if saving else 3],
        "card_id": body["card_id"],
    }
