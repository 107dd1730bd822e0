"""Drafting a product from a case: a template is the product's body with gaps that the case and its typology fill.

In a template's `body`, `{lesson}` and its like stand for sentences of the case; `{police}` and its like stay for the
table of numbers. `any` lists alternatives, of which the first that fits is taken; `each` stands for a list of
sentences, `most` says how many.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bot.content.lengths import too_long
from bot.content.product_bodies import PRODUCT_KINDS
from bot.content.sign import FULL_WIDTH, MARKS, breaches, shown
from bot.core.content import NUMBER_ROLES

Sentence = Mapping[str, str]
Location = tuple[str | int, ...]
TAGS = ("zh-Hans", "en")
GAP = re.compile(r"\{(\w*)\}")
# Set by whoever drafts, never by a template.
GIVEN = frozenset({"id", "from_case", "typology", "start", "end"})
ONE = {
    "title": "the case's title",
    "story": "the case's story",
    "lesson": "the case's lesson",
    "scam": "the typology's name",
    "summary": "the typology's summary",
    "victims": "whom it hits",
    "command": "what to do first when money is about to go",
    "warn_command": "what to do first when nothing is moving yet",
    "sign": "what the first red flag says",
    "never": "the first thing no genuine institution does",
    "ask": "the typology's first question",
}
EACH = {
    "steps": "what to do when money is about to go",
    "warn_steps": "what to do when nothing is moving yet",
    "signs": "what the red flags say",
    "never": "what no genuine institution does",
    "how": "how it goes",
}


@dataclass(frozen=True, slots=True)
class Sources:
    """What a case and its typology give a template: single sentences and lists, each by language."""

    one: Mapping[str, Sentence]
    each: Mapping[str, tuple[Sentence, ...]]


@dataclass(frozen=True, slots=True)
class _Gap:
    """One product being filled: what fills it, and what fits where it will be shown."""

    kind: str
    sources: Sources
    numbers: Mapping[str, str]
    channels: tuple[str, ...]

    def fits(self, field: str, value: Any) -> bool:
        """Whether a filled value is whole and short enough for its field."""
        if _empty(value):
            return False
        if self.kind == "led" and field == "text":
            return not breaches(shown(str(value), self.numbers))
        return not any(too_long(self.kind, {field: value, "channels": self.channels}, self.numbers))


def filled(template: Mapping[str, Any], sources: Sources, numbers: Mapping[str, str]) -> dict[str, Any]:
    """The body a template makes of `sources`, without what `GIVEN` names.

    Args:
        template: the body of a template piece, of the right shape.
        sources: sentences of the case.
        numbers: role -> number, to know how long a sentence will be.
    """
    channels = tuple(template["body"].get("channels") or ())
    gap = _Gap(template["makes"], sources, numbers, channels)
    return {field: _value(value, field, gap) for field, value in template["body"].items()}


def _value(value: Any, field: str, gap: _Gap) -> Any:
    if isinstance(value, str):
        text = _text(value, "zh-Hans", gap)
        return for_sign(text) if gap.kind == "led" and field == "text" else text
    if isinstance(value, list | tuple):
        made = (_value(one, field, gap) for one in value)
        return [one for one in made if not _empty(one)]
    if not isinstance(value, Mapping):
        return value
    if "any" in value:
        made_of = [_value(one, field, gap) for one in value["any"]]
        return next((one for one in made_of if gap.fits(field, one)), made_of[0])
    if "each" in value:
        found = [dict(one) for one in gap.sources.each.get(value["each"], ())]
        fitting = [one for one in found if gap.fits(field, one)]
        return (fitting or found)[: int(value.get("most", len(found)))]
    return {tag: _text(text, tag, gap) for tag, text in value.items()}


def _text(template: str, tag: str, gap: _Gap) -> str:
    def fill(match: re.Match[str]) -> str:
        name = match.group(1)
        return gap.sources.one.get(name, {}).get(tag, "") if name in ONE else match.group()

    return GAP.sub(fill, template).strip()


def _empty(value: Any) -> bool:
    if isinstance(value, Mapping):
        return not value or any(_empty(v) for v in value.values())
    return value in ("", [], ())


def for_sign(text: str) -> str:
    """The sentence with the marks and capitals a sign knows, without quotation marks, spaces and the last full stop."""
    marked = "".join(FULL_WIDTH.get(c, c) for c in re.sub(r"[“”‘’「」\"'\s]", "", text))
    in_capitals = re.sub(r"(?<!\{)\b[a-z]+\b(?!\})", lambda m: m.group().upper(), marked, flags=re.ASCII)
    return in_capitals.rstrip(MARKS.replace("！", ""))


# ---- What is wrong with a template ----


def faults_of(body: Mapping[str, Any]) -> Iterator[tuple[Location, str]]:
    """(location, what is wrong and how to mend it) for a template's body; one of the wrong shape has none here."""
    kind, inner = body.get("makes"), body.get("body")
    if kind not in PRODUCT_KINDS or not isinstance(inner, Mapping):
        return
    known = set(PRODUCT_KINDS[kind].model_fields)
    for field in inner:
        if field in GIVEN:
            yield ("body", field), f"{field} is set when a draft is made: take it out"
        elif field not in known:
            yield ("body", field), f"{field}: a {kind} has no such field; one of {', '.join(sorted(known - GIVEN))}"
    found = list(_gaps(inner, ("body",)))
    yield from found
    if not found and set(inner) <= known - GIVEN:
        yield from _trial(str(kind), inner)


def _gaps(value: Any, location: Location) -> Iterator[tuple[Location, str]]:
    if isinstance(value, str):
        for name in GAP.findall(value):
            if name not in ONE and name not in NUMBER_ROLES:
                yield location, f"{{{name}}} fills nothing: use one of {', '.join(sorted(ONE))}, or a number's role"
    elif isinstance(value, Mapping):
        each = value.get("each")
        if each is not None and each not in EACH:
            yield (*location, "each"), f"{each} is no list of a case: use one of {', '.join(sorted(EACH))}"
        alternatives = value.get("any")
        if "any" in value and not (isinstance(alternatives, list | tuple) and alternatives):
            yield (*location, "any"), "any: expected a list of alternatives"
            return
        most = value.get("most", 1)
        if "each" in value and not (isinstance(most, int) and most > 0):
            yield (*location, "most"), "most: expected how many, 1 or more"
        for key, inner in value.items():
            if key != "each":
                yield from _gaps(inner, (*location, key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _gaps(inner, (*location, index))


def _trial(kind: str, inner: Mapping[str, Any]) -> Iterator[tuple[Location, str]]:
    """Fills the template with a case of one-letter sentences: what does not become a product never will."""
    letter = {"zh-Hans": "一", "en": "a"}
    sources = Sources(dict.fromkeys(ONE, letter), dict.fromkeys(EACH, (letter,)))
    made = filled({"makes": kind, "body": inner}, sources, {})
    given = {"id": "trial", "start": "2027-01-01", "end": "2027-01-02"}
    try:
        PRODUCT_KINDS[kind].model_validate({**made, **given})
    except ValidationError as error:
        for one in error.errors():
            location = tuple(p for p in one["loc"])
            yield ("body", *location), f"makes no {kind}: {'.'.join(str(p) for p in location)}: {one['msg']}"
