"""Pieces that tests of the desk's pages write, and short ways through the flow."""

from typing import Any

from bot.core.publishing import Actor, Verdict
from bot.desk.service import Desk
from tests.editorial import HUA, LIN, MEI, WU

ANSWER: dict[str, Any] = {
    "id": "what_is_x",
    "topic": "pets",
    "asks": {"zh": ["什么是某某骗局"], "en": ["what is the x scam"]},
    "title": {"zh-Hans": "什么是某某骗局？", "en": "What is the x scam?"},
    "text": {"zh-Hans": "先别付钱。", "en": "Do not pay first."},
}


def answer(key: str = "what_is_x", **more: Any) -> dict[str, Any]:
    """The body of an answer."""
    return {**ANSWER, "id": key, **more}


def draft(desk: Desk, body: dict[str, Any], *, who: Actor = LIN, base: int = 0, kind: str = "answer") -> int:
    """A draft; its number."""
    return desk.flow.save(who, kind, body["id"], body, base=base)


def submitted(desk: Desk, body: dict[str, Any], *, who: Actor = LIN, base: int = 0, kind: str = "answer") -> int:
    """A draft that is with the fact check."""
    number = draft(desk, body, who=who, base=base, kind=kind)
    desk.flow.submit(who, kind, body["id"], number)
    return number


def approved(desk: Desk, body: dict[str, Any], *, base: int = 0, kind: str = "answer") -> int:
    """A revision that went through the chain."""
    number = submitted(desk, body, base=base, kind=kind)
    for who, step in ((MEI, "fact_check"), (HUA, "compliance"), (WU, "approval")):
        desk.flow.decide(who, kind, body["id"], number, step=step, verdict=Verdict.ACCEPT)
    return number


def released(desk: Desk, body: dict[str, Any], *, base: int = 0, kind: str = "answer") -> int:
    """The release with it."""
    approved(desk, body, base=base, kind=kind)
    return desk.flow.release(WU, note="test")
