"""A visitor's way by tapping, as a conversation: so that it can go on in words, or on a phone."""

from dataclasses import replace

from bot.conversation.memory import Conversation, Memory
from bot.conversation.responder import PAY_METHODS, Responder
from bot.conversation.tappath import begin, go_on
from bot.core.vocabulary import Language
from bot.web.kiosk.calls import Way


def keep(way: Way, memory: Memory, responder: Responder) -> Conversation:
    """The conversation of the way in memory; what was said in words before stays the graver of both."""
    talk = memory.open(way.conversation)
    talk.language = Language(way.language)
    talk.language_fixed = True
    snapshot = responder.snapshot
    tap = snapshot.release.kiosk.tap(way.tap)
    if tap is not None and tap.reads:
        standing = begin(snapshot.recogniser, tap, talk.language)
        for answer in way.answers:
            standing = go_on(snapshot.recogniser, standing, answer)
        said_before = talk.assessment
        if said_before is None or standing.known.urgency.rank >= said_before.urgency.rank:
            # the choice's own words are the bank's, not the visitor's: none of them is quoted to him
            talk.assessment = replace(standing.known, red_flags=(), evidence=(), language=talk.language)
        talk.asked = [*standing.asked]
    if way.paid:
        responder.paid(talk, ask_method=False)
        talk.paid_by = way.paid_by if way.paid_by in PAY_METHODS else ""
    return talk
