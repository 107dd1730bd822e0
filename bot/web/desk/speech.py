"""What the desk says to its editors: published replies, errors as sentences, moments in the desk's own time."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.conversation.wording import Wording
from bot.core.errors import CodedError, ContentError, FangzhaError, StoreError
from bot.core.publishing import Rules
from bot.core.words import Words

# Values of a coded error that are ids, and the replies that name them.
NAMED = {"state": "desk_state_", "right": "desk_right_"}


class Speech:
    """The words of one page, in the editor's language.

    Args:
        wording: the published words.
        rules: names the steps and roles of this bank.
        zone: where the desk stands.
        who: what people are called, by their logins.
    """

    def __init__(self, wording: Wording, rules: Rules, zone: ZoneInfo, who: Callable[[str], str]) -> None:
        self._wording = wording
        self._rules = rules
        self._zone = zone
        self._who = who

    def __call__(self, reply_id: str, **fills: object) -> str:
        """A published reply with its gaps filled; empty for an id that is none."""
        return self._wording.reply(reply_id, **{name: str(value) for name, value in fills.items()})

    def or_else(self, reply_id: str, default: str, **fills: object) -> str:
        """A reply, or something else where there is none."""
        return self(reply_id, **fills) or default

    def words(self, words: Words) -> str:
        """Words of this bank's own, in the editor's language."""
        return words.in_(self._wording.language)

    def step(self, step_id: str) -> str:
        """What a step of the chain is called."""
        return next((self.words(s.names) for s in self._rules.steps if s.id == step_id), step_id)

    def role(self, role_id: str) -> str:
        """What a role is called."""
        role = self._rules.roles.get(role_id)
        return self.words(role.names) if role else role_id

    def kind(self, kind: str, *, many: bool = False) -> str:
        """What a kind of piece is called."""
        return self.or_else(f"desk_{'kinds' if many else 'kind'}_{kind}", kind)

    def field(self, kind: str, name: str) -> str:
        """What a key of a body is called, in its kind or anywhere."""
        word = name.replace("-", "_")
        return self(f"desk_field_{kind}_{word}") or self.or_else(f"desk_field_{word}", name)

    def hint(self, kind: str, name: str) -> str:
        """What stands below a field; mostly nothing."""
        word = name.replace("-", "_")
        return self(f"desk_hint_{kind}_{word}") or self(f"desk_hint_{word}")

    def place(self, kind: str, path: str, first: int = 0) -> str:
        """Where something stands in a body, as `steps.0.zh-Hans`, in words; `first` is the number of the first item."""
        return " › ".join(self._part(kind, part, first) for part in path.split(".") if part)

    def _part(self, kind: str, part: str, first: int) -> str:
        if part.isdecimal():
            return self("desk_place_number", number=int(part) + 1 - first)
        return self(f"desk_language_of_{part.lower().replace('-', '_')}") if "-H" in part else self.field(kind, part)

    def option(self, name: str, value: object) -> str:
        """What a value of a key is called, for that key or anywhere."""
        word = str(value).replace("-", "_")
        return self(f"desk_option_{name}_{word}") or self.or_else(f"desk_option_{word}", str(value))

    def when(self, moment: datetime | None) -> str:
        """A moment, to the minute."""
        return f"{moment.astimezone(self._zone):%Y-%m-%d %H:%M}" if moment else ""

    def day(self, moment: datetime | date | None) -> str:
        """A day."""
        if isinstance(moment, datetime):
            moment = moment.astimezone(self._zone).date()
        return moment.isoformat() if moment else ""

    def for_field(self, moment: datetime | None) -> str:
        """A moment as a field for day and time takes it."""
        return f"{moment.astimezone(self._zone):%Y-%m-%dT%H:%M}" if moment else ""

    def moment(self, text: str) -> datetime | None:
        """What such a field gave, with the desk's own offset; `None` when it is empty or no moment."""
        try:
            return datetime.fromisoformat(text).replace(tzinfo=self._zone) if text else None
        except ValueError:
            return None

    def error(self, error: FangzhaError) -> str:
        """An error as a sentence that says what to do."""
        if isinstance(error, CodedError):
            said = self(f"desk_error_{error.code}", **{n: self._value(n, v) for n, v in error.values.items()})
            return said or self("desk_error_other", value=error)
        if isinstance(error, ContentError):
            return self("desk_error_content", value=error)
        if isinstance(error, StoreError):
            return self("desk_error_store")
        return self("desk_error_other", value=error)

    def _value(self, name: str, value: str) -> str:
        if name in NAMED:
            return self.or_else(NAMED[name] + value, value)
        if name == "who":
            return self._who(value)
        if name in {"step", "other"}:
            return self.step(value)
        if name == "until":
            try:
                return self.when(datetime.fromisoformat(value))
            except ValueError:
                return value
        return value
