"""The last day of a row of the approved table, and what the publicity team is told about it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.core.content import ALARM_ROLE

DAYS_AHEAD = 30


def expiry(row: Mapping[str, Any], today: date) -> str | None:
    """What to say about the `valid_until` of a hotline's body; nothing while it is more than 30 days off.

    Raises:
        ValueError: it is no day.
    """
    until = date.fromisoformat(str(row.get("valid_until", "")))
    days = (until - today).days
    if days > DAYS_AHEAD:
        return None
    if days >= 0:
        when = "today" if days == 0 else "in 1 day" if days == 1 else f"in {days} days"
        return f"{row.get('id')} expires on {until}, {when}: confirm the number and move the day"
    if row.get("role") == ALARM_ROLE:
        return f"{row.get('id')} expired on {until}; the alarm number is told all the same: confirm it, move the day"
    return f"{row.get('id')} expired on {until} and is not told to customers: confirm the number and move the day"
