"""How long words may be where they are shown: characters in Chinese and in English, by kind, field and channel."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.content.sign import ONE_PASS, shown
from bot.core.content import NUMBER_ROLES

Limit = tuple[int, int]

# What fits the place in the type it is set in; a warning's text also by where it goes.
LONGEST: dict[str, dict[str, Limit]] = {
    "warning": {"title": (20, 62), "text": (200, 500)},
    "screen": {"title": (18, 60), "lines": (26, 100)},
    "film": {"title": (18, 60), "lines": (26, 100)},
    "prompt_card": {"title": (18, 60), "points": (28, 95), "foot": (30, 95)},
    "leaflet": {
        "title": (20, 62),
        "lead": (60, 170),
        "story": (260, 700),
        "signs": (40, 130),
        "do": (40, 130),
        "never": (40, 130),
        "foot": (40, 120),
    },
    "handbook": {"title": (24, 70), "summary": (120, 320), "how": (60, 170), "signs": (60, 170)},
    "quiz": {"question": (60, 170), "options": (30, 90), "why": (80, 220)},
    "led": {"text": (ONE_PASS, ONE_PASS)},
}
BY_CHANNEL: dict[str, Limit] = {
    "chat": (120, 320),
    "kiosk": (90, 240),
    "screen": (60, 160),
    "telegram": (200, 500),
    # one short message, less the bank's signature
    "sms": (60, 140),
    "web": (200, 500),
}
# What a role is counted as where its number is not known: as long as a bank's hotline.
UNKNOWN_NUMBER = "00000"


@dataclass(frozen=True, slots=True)
class TooLong:
    """A sentence of `count` characters where `limit` fit; `channel` is empty where the kind itself is the limit."""

    location: tuple[str | int, ...]
    count: int
    limit: int
    channel: str = ""

    def __str__(self) -> str:
        where = f"for {self.channel}" if self.channel else "here"
        return f"{self.count} characters, and {self.limit} fit {where}: say it shorter"


def limit_of(kind: str, field: str, channels: tuple[str, ...] = ()) -> tuple[Limit, str] | None:
    """(most in Chinese, most in English) and the channel that sets them; none for what has no limit."""
    own = LONGEST.get(kind, {}).get(field)
    if own is None:
        return None
    narrowest, by = own, ""
    if (kind, field) == ("warning", "text"):
        for channel in channels:
            if BY_CHANNEL.get(channel, own) < narrowest:
                narrowest, by = BY_CHANNEL[channel], channel
    return narrowest, by


def too_long(kind: str, body: Mapping[str, Any], numbers: Mapping[str, str]) -> Iterator[TooLong]:
    """Every sentence of a product's body that does not fit where it is shown."""
    channels = tuple(c for c in body.get("channels") or () if isinstance(c, str))
    for field in LONGEST.get(kind, {}):
        found = limit_of(kind, field, channels)
        if found is None:
            continue
        (zh, en), channel = found
        for location, tag, text in sentences(body.get(field), (field,)):
            most = en if tag == "en" else zh
            count = measured(text, numbers)
            if count > most:
                yield TooLong(location, count, most, channel)


def measured(text: str, numbers: Mapping[str, str]) -> int:
    """How many characters a sentence has when its placeholders are numbers."""
    return len(shown(text, {**dict.fromkeys(NUMBER_ROLES, UNKNOWN_NUMBER), **numbers}))


def sentences(value: Any, location: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """(location, language tag, text) of every sentence under a field."""
    if isinstance(value, str):
        yield location, "zh-Hans", value
    elif isinstance(value, Mapping):
        for tag in ("zh-Hans", "zh-Hant", "en"):
            if isinstance(value.get(tag), str):
                yield (*location, tag), tag, value[tag]
    elif isinstance(value, list | tuple):
        for index, one in enumerate(value):
            yield from sentences(one, (*location, index))
