"""What a customer asked to be told, and when it may reach him. Pure: no store, no messenger."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.core.vocabulary import Language

EVERYTHING = "all"  # as a chosen audience or place: whatever audience or place a warning is meant for
INTERNAL = frozenset({"staff"})  # audiences no customer can choose, and whose warnings no subscriber gets
# Channels in which we may write first, at any time. WeChat lets an account answer for 48 hours after a last word.
PUSHES = frozenset({"telegram"})
URGENT = 1  # the priority that may break quiet hours and digests, if the customer lets it
DIGEST_AT = time(9)


class Frequency(StrEnum):
    """How often somebody wants to hear: each warning as it comes, or together once a day or on Mondays."""

    NOW = "now"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Quiet:
    """Whole hours of the customer's own day in which nothing comes; over midnight where it starts after it ends."""

    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse hours that are none, or that leave no time at all.

        Raises:
            ValueError: they are such hours.
        """
        if not (0 <= self.start <= 23 and 0 <= self.end <= 23 and self.start != self.end):
            raise ValueError(f"no quiet hours: {self.start}-{self.end}")

    def covers(self, local: datetime) -> bool:
        """Whether a local moment lies in them."""
        if self.start < self.end:
            return self.start <= local.hour < self.end
        return local.hour >= self.start or local.hour < self.end


@dataclass(frozen=True, slots=True)
class Preferences:
    """How somebody wants his warnings. `urgent_anyway`: the most urgent come at once, whatever else he chose."""

    audiences: frozenset[str] = frozenset({EVERYTHING})
    place: str = EVERYTHING
    language: Language = Language.ZH_HANS
    frequency: Frequency = Frequency.NOW
    quiet: Quiet | None = None
    urgent_anyway: bool = True
    zone: str = "Asia/Shanghai"

    def due(self, moment: datetime, priority: int) -> datetime:
        """The first moment from `moment` on at which a warning may reach him."""
        if self.at_once(priority):
            return moment
        if self.frequency is not Frequency.NOW:
            moment = self._next_digest(moment)
        return self.after_quiet(moment)

    def at_once(self, priority: int) -> bool:
        """Whether a warning of that priority breaks quiet hours and digests."""
        return priority <= URGENT and self.urgent_anyway

    def bundled(self, priority: int) -> bool:
        """Whether it comes together with others in one message."""
        return self.frequency is not Frequency.NOW and not self.at_once(priority)

    def after_quiet(self, moment: datetime) -> datetime:
        """`moment`, or the end of the quiet hours it lies in."""
        while self.quiet is not None and self.quiet.covers(local := moment.astimezone(ZoneInfo(self.zone))):
            day = local.date() + timedelta(days=1 if local.hour >= self.quiet.end else 0)
            # once more where the clock leaps over that hour
            moment = datetime.combine(day, time(self.quiet.end), ZoneInfo(self.zone)).astimezone(UTC)
        return moment

    def _next_digest(self, moment: datetime) -> datetime:
        local = moment.astimezone(ZoneInfo(self.zone))
        for ahead in range(9):
            day = local.date() + timedelta(days=ahead)
            at = datetime.combine(day, DIGEST_AT, ZoneInfo(self.zone)).astimezone(UTC)
            if at >= moment and (self.frequency is Frequency.DAILY or day.weekday() == 0):
                return at
        raise AssertionError("a week has a Monday")


@dataclass(frozen=True, slots=True)
class Subscription:
    """Somebody who asked for warnings: where he is reached and how he wants them."""

    id: int
    channel: str
    address: str
    wishes: Preferences
    consent_release: int  # whose words he agreed to
    consent_at: datetime
