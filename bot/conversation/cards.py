"""The card: one command, the numbers, one question; then what else, why, and a case like it (R12)."""

from collections.abc import Sequence
from typing import Any

from bot.conversation.messages import Choice, Message
from bot.conversation.wording import Wording
from bot.core.assessment import Assessment, NextQuestion
from bot.core.content import Release, Typology
from bot.core.vocabulary import NONE, UNKNOWN, Language, Urgency

CALLS = {
    Urgency.ASK: ("advice", "bank"),
    Urgency.WARN: ("advice", "bank"),
    Urgency.STOP_NOW: ("police", "bank", "advice"),
    Urgency.ALREADY_PAID: ("police", "bank", "advice"),
}
CALL_LINE = {
    Urgency.ASK: "call_ask",
    Urgency.WARN: "call_warn",
    Urgency.STOP_NOW: "call_stop",
    Urgency.ALREADY_PAID: "call_paid",
}
TWO_NAMES = 0.25
MAX_REASONS = 3


def card(assessment: Assessment, wording: Wording, *, ask_method: bool = False) -> Message:
    """The card for an assessment of `ask` or higher.

    Args:
        assessment: what is known now.
        wording: the release's words for this customer.
        ask_method: for `already-paid`, ask how it was paid in the same message.
    """
    release = wording.release
    typology = release.typologies.get(assessment.typology)
    command, steps = _orders(assessment, typology, wording)
    calls = wording.call_list(CALLS[assessment.urgency])
    question, buttons = _question(assessment, wording, ask_method=ask_method)
    why = _reasons(assessment)
    case = _case(assessment, release, wording)
    name = typology.names.in_(wording.language) if typology else ""
    body: dict[str, Any] = {
        "urgency": assessment.urgency.value,
        "label": wording.reply(f"urgency_{assessment.urgency.value.replace('-', '_')}"),
        "command": command,
        "numbers": calls,
        "question": question,
        "steps": steps,
        "why": why,
        "typology": None
        if typology is None
        else {"id": typology.id, "name": name, "summary": wording.say(typology.summary)},
        "case": case,
        "never": [wording.say(n) for n in typology.never] if typology else [],
        "card_id": f"{assessment.typology}@{assessment.content_version}",
    }
    return Message(_plain_text(assessment, body, wording), buttons, body)


def _orders(assessment: Assessment, typology: Typology | None, wording: Wording) -> tuple[str, list[str]]:
    if typology is not None:
        action = typology.actions[assessment.urgency]
        said = {wording.reply(line) for line in CALL_LINE.values()}
        steps = [wording.say(s) for s in action.steps]
        return wording.say(action.command), [s for s in steps if s not in said and not _only_calls(s, wording)]
    lines = wording.reply(f"card_unknown_{assessment.urgency.value.replace('-', '_')}").split("\n")
    return lines[0], lines[1:]


def _only_calls(step: str, wording: Wording) -> bool:
    """Whether a step says no more than the line of numbers above it."""
    both = wording.number("police") in step and wording.number("bank") in step
    return both and len(step) <= (30 if wording.language is not Language.EN else 80)


def _question(assessment: Assessment, wording: Wording, *, ask_method: bool) -> tuple[str, tuple[Choice, ...]]:
    if assessment.urgency is Urgency.ALREADY_PAID:
        return (wording.reply("ask_pay_method"), reply_buttons("ask_pay_method", wording)) if ask_method else ("", ())
    if assessment.question is None:
        return "", ()
    message = asked(assessment.question, wording)
    return message.text, message.buttons


def asked(question: NextQuestion, wording: Wording) -> Message:
    """A question by itself, with its answers to tap."""
    known = wording.release.question(question.id)
    text = wording.say(known.text) if known else question.text
    return Message(text, tuple(Choice(wording.reply(o), f"answer:{question.id}:{o}") for o in question.options))


def reply_buttons(reply_id: str, wording: Wording) -> tuple[Choice, ...]:
    """The published buttons of a reply."""
    reply = wording.release.replies.get(reply_id)
    return tuple(Choice(wording.say(b.title), b.payload) for b in reply.buttons) if reply else ()


def _reasons(assessment: Assessment) -> list[dict[str, str]]:
    seen: set[str] = set()
    reasons = []
    for flag in assessment.red_flags:
        if flag.says and flag.says not in seen:
            seen.add(flag.says)
            reasons.append({"text": flag.text, "says": flag.says})
    return reasons[:MAX_REASONS]


def _case(assessment: Assessment, release: Release, wording: Wording) -> dict[str, str] | None:
    for similar in assessment.similar_cases:
        for case in release.cases:
            if case.id == similar.id:
                return {
                    "id": case.id,
                    "title": wording.say(case.title),
                    "story": wording.say(case.story),
                    "lesson": wording.say(case.lesson),
                }
    return None


def _plain_text(assessment: Assessment, body: dict[str, Any], wording: Wording) -> str:
    """The card for a messenger that shows only text: line 1 the command, line 2 the numbers, line 3 the question."""
    if assessment.urgency is Urgency.ASK and body["question"]:
        first = [wording.reply("ask_lead") + body["question"], wording.reply("call_ask")]
        return "\n".join([*first, *_bullets(body["steps"])])
    lines = [body["command"], wording.reply(CALL_LINE[assessment.urgency])]
    if body["question"]:
        lines.append(body["question"])
    lines.extend(_bullets(body["steps"]))
    if body["typology"]:
        lines.append(wording.reply("looks_like", name=body["typology"]["name"], summary=body["typology"]["summary"]))
        lines.extend(_second_name(assessment, wording))
    lines.extend(f"“{r['text']}”：{r['says']}" for r in body["why"])
    if body["case"]:
        lines.append(f"{wording.reply('case_lead')}{body['case']['title']}")
    return "\n".join(line for line in lines if line)


def _bullets(steps: Sequence[str]) -> list[str]:
    return [f"· {s}" for s in steps]


def _second_name(assessment: Assessment, wording: Wording) -> list[str]:
    for other in assessment.ranking:
        if other.typology in {NONE, UNKNOWN, assessment.typology} or other.probability < TWO_NAMES:
            continue
        typology = wording.release.typologies.get(other.typology)
        if typology:
            return [wording.reply("looks_like_two", name=typology.names.in_(wording.language))]
    return []
