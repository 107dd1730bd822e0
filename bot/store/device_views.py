"""Devices as others see them: what stands there, whose a token is, what a device says, a line of the list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class DeviceKind(StrEnum):
    """What stands there, and with it the page it opens."""

    KIOSK = "kiosk"
    SCREEN = "screen"
    LED = "led"
    FEED = "feed"  # the controller of a sign, see bot.store.sign_feeds


class Pairing(StrEnum):
    """How a token stands."""

    UNKNOWN = "unknown"
    WAITING = "waiting"
    PAIRED = "paired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Known:
    """Whose a token is. `code` and `until` only while it waits; the rest once it was paired."""

    state: Pairing
    id: int = 0
    name: str = ""
    place: str = ""
    kind: str = ""
    language: str = ""
    code: str = ""
    until: datetime | None = None


@dataclass(frozen=True)
class Beat:
    """What a device says of itself. `plays` holds (day, piece) -> times since the batch before; `batch` only rises."""

    version: int = 0
    skew: int = 0
    troubles: tuple[str, ...] = ()
    showing: Mapping[str, Any] | None = None
    batch: int = 0
    plays: Mapping[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of a beat: whether somebody wants to see what the device shows, and the plays that were new."""

    wanted: bool
    counted: Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class DeviceLine:
    """A device as the desk lists it."""

    id: int
    name: str
    place: str
    kind: str
    language: str
    paired_at: datetime
    paired_by: str
    revoked_at: datetime | None
    seen_at: datetime | None
    version: int
    skew: int
    troubles: tuple[str, ...]
    asked_at: datetime | None
    showing: Mapping[str, Any] | None
    showing_at: datetime | None
