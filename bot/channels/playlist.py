"""What a screen shows: slides, sentences of the ticker, and what takes it over. The screen itself keeps the hours."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.content.lengths import LONGEST
from bot.content.sign import seconds as sign_seconds
from bot.content.sign import shown
from bot.conversation.snapshot import Snapshot
from bot.conversation.wording import Wording
from bot.core.products import EVERYONE, Film, HandbookEntry, Head, Product, PublicWarning, Quiz, Screen
from bot.core.vocabulary import Language
from bot.core.words import Words

CHANNEL = "screen"
MOST_URGENT = 1
# The group of content/audiences.yml that no visitor belongs to.
NOT_PUBLIC = "staff"
# A screen without a line goes on for so many days with what is released already.
AHEAD = timedelta(days=14)
WARNING_SECONDS, HANDBOOK_SECONDS, QUIZ_SECONDS = 15, 18, 24
HANDBOOK_LINES = 3
SLIDES = {"screen": Screen, "warning": PublicWarning, "handbook": HandbookEntry, "quiz": Quiz, "film": Film}


@dataclass(frozen=True)
class Playlist:
    """Builds what is shown at one place.

    Args:
        snapshot: the release in force.
        place: of the device; `all` for a screen that is not paired.
        released: id of a warning -> since when customers see it.
    """

    snapshot: Snapshot
    place: str
    released: Mapping[str, datetime]

    def as_dict(self) -> dict[str, Any]:
        """The playlist as JSON; words are ready to be shown, days and hours are for the screen to keep."""
        release, language = self.snapshot.release, self.language
        known = release.places.get(self.place)
        return {
            "version": release.version,
            "day": self.snapshot.today().isoformat(),
            "language": language.value,
            "bank": release.bank.name.in_(language),
            "zone": self.zone,
            "place": known.name.in_(language) if known else "",
            "items": list(self._items()),
            "ticker": list(self._ticker()),
            "urgent": list(self._urgent()),
        }

    @property
    def language(self) -> Language:
        """That of the people who live there; Simplified Chinese where nothing is known of it."""
        homes, around = self.snapshot.release.home_places, set(self.around)
        return next((tag for tag in Language if around & set(homes.get(tag, ()))), Language.ZH_HANS)

    @property
    def around(self) -> tuple[str, ...]:
        """The place and those it lies within."""
        return self.snapshot.release.around(self.place)

    @property
    def zone(self) -> str:
        """The time zone of the place, where it has one of its own; empty for that of the bank."""
        places = self.snapshot.release.places
        return next((places[p].timezone for p in self.around if places[p].timezone), "")

    def fits(self, head: Head) -> bool:
        """Whether something is for this place, now or soon, and for those who stand there."""
        showing, today = head.showing, self.snapshot.today()
        here = {EVERYONE, *self.around} & set(showing.places)
        in_time = showing.start <= today + AHEAD and today <= showing.end
        return bool(here) and in_time and set(showing.audiences) != {NOT_PUBLIC}

    def wording(self, language: Language) -> Wording:
        """Published words with the numbers of the place."""
        return self.snapshot.wording(language, self.around)

    # ---- Slides ----

    def _items(self) -> Iterator[dict[str, Any]]:
        products = self.snapshot.release.products
        shown: tuple[Product, ...] = (
            *products.screens,
            *products.films,
            *products.warnings,
            *products.handbook,
            *products.quizzes,
        )
        for item in shown:
            slide = self._slide(item) if self.fits(item.head) else None
            if slide:
                yield {**_kept(_kind(item), item.head), **slide}

    def _slide(self, item: Product) -> dict[str, Any] | None:
        match item:
            case Screen():
                return {**self._title(item.title), "lines": self._each(item.lines), "seconds": item.seconds}
            case Film():
                lines = self._each(item.lines)
                return {**self._title(item.title), "lines": lines, "file": item.file, "seconds": item.seconds}
            case PublicWarning() if CHANNEL in item.channels:
                return {**self._title(item.title), "lines": self._each((item.text,)), "seconds": WARNING_SECONDS}
            case HandbookEntry():
                lines = self._short(item.signs)
                return {**self._title(item.title), "lines": lines, "seconds": HANDBOOK_SECONDS} if lines else None
            case Quiz():
                return {
                    **self._title(item.question),
                    "lines": self._each(item.options),
                    "right": item.right - 1,
                    "why": self._say(item.why),
                    "seconds": QUIZ_SECONDS,
                }
        return None

    def _title(self, words: Words) -> dict[str, str]:
        other = Language.ZH_HANS if self.language is Language.EN else Language.EN
        return {"title": self._say(words), "also": self.wording(other).say(words)}

    def _each(self, many: tuple[Words, ...]) -> list[str]:
        return [self._say(words) for words in many]

    def _short(self, many: tuple[Words, ...]) -> list[str]:
        """The first few that can be read from afar."""
        zh, en = LONGEST["screen"]["lines"]
        most = en if self.language is Language.EN else zh
        return [line for line in self._each(many) if len(line) <= most][:HANDBOOK_LINES]

    def _say(self, words: Words) -> str:
        return self.wording(self.language).say(words)

    # ---- The ticker, and what takes the screen over ----

    def _ticker(self) -> Iterator[dict[str, Any]]:
        for led in self.snapshot.release.products.leds:
            if self.fits(led.head) and self.language is Language.ZH_HANS:
                text = self.sign_line(led.text)
                yield {**_kept("led", led.head), "text": text, "seconds": sum(sign_seconds(text, elders=True))}
        for warning in self._warnings():
            text = self._say(warning.title)
            yield {**_kept("warning", warning.head), "text": text, "seconds": sum(sign_seconds(text, elders=True))}

    def _urgent(self) -> Iterator[dict[str, Any]]:
        for warning in self._warnings():
            since = self.released.get(warning.head.id)
            if warning.priority == MOST_URGENT and warning.interrupt_minutes and since:
                until = since + timedelta(minutes=warning.interrupt_minutes)
                yield {
                    **_kept("warning", warning.head),
                    **self._title(warning.title),
                    "lines": self._each((warning.text,)),
                    "until": int(until.timestamp() * 1000),
                }

    def _warnings(self) -> Iterator[PublicWarning]:
        for warning in self.snapshot.release.products.warnings:
            if CHANNEL in warning.channels and self.fits(warning.head):
                yield warning

    def sign_line(self, text: str) -> str:
        """A line of a sign with its numbers filled in."""
        wording = self.wording(Language.ZH_HANS)
        roles = ("police", "advice", "bank")
        return shown(text, {role: wording.number(role) for role in roles}).strip()


def _kind(item: Product) -> str:
    return next(kind for kind, made in SLIDES.items() if isinstance(item, made))


def _kept(kind: str, head: Head) -> dict[str, Any]:
    showing = head.showing
    return {
        "piece": f"{kind}/{head.id}",
        "kind": kind,
        "start": showing.start.isoformat(),
        "end": showing.end.isoformat(),
        "dayparts": [list(d) for d in showing.dayparts],
        "ai": head.ai_made,
    }


def in_daypart(head: Head, moment: datetime) -> bool:
    """Whether something may show at that moment of the bank's own time, by its days and hours."""
    showing, clock = head.showing, f"{moment:%H:%M}"
    return showing.in_force(date(moment.year, moment.month, moment.day)) and (
        not showing.dayparts or any(begin <= clock < end for begin, end in showing.dayparts)
    )
