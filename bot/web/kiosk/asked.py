"""What people at a place ask about: counted once a visitor, told only where five did."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import date, timedelta

from bot.core.measures import Event
from bot.store.counts import Counts

CHANNEL = "kiosk"
KIND = "typology"
# Fewer could be known by the others in the hall.
LEAST_ASKERS = 5
DAYS = 7
MOST_REMEMBERED = 5000


class Asked:
    """Counts by place; whom it counted is remembered in memory only, to count nobody twice."""

    def __init__(self, counts: Counts, today: Callable[[], date]) -> None:
        self._counts = counts
        self._today = today
        self._counted: OrderedDict[tuple[str, str], None] = OrderedDict()

    def count(self, conversation: str, typology: str, place: str) -> None:
        """Somebody was shown the card of this kind."""
        if (conversation, typology) in self._counted:
            return
        self._counted[conversation, typology] = None
        while len(self._counted) > MOST_REMEMBERED:
            self._counted.popitem(last=False)
        self._counts.count(KIND, typology, Event.ASKED, CHANNEL, place)

    def this_week(self, place: str) -> dict[str, int]:
        """Kinds that at least five visitors of the place asked about in seven days.

        Raises:
            StoreError: the database does not answer.
        """
        today = self._today()
        found = self._counts.totals(
            today - timedelta(days=DAYS - 1), today, kind=KIND, event=Event.ASKED, channel=CHANNEL, place=place
        )
        return {m.key: m.count for m in found if m.count >= LEAST_ASKERS}

    def forget(self, conversation: str) -> None:
        """The visitor has gone."""
        for key in [k for k in self._counted if k[0] == conversation]:
            del self._counted[key]
