"""A ticker's line while it is being written: what breaks the sign's rules, the screens it becomes, how long it stands.

The rules themselves are in `bot.content.sign`, where the check of the content reads them too; here is what the desk
shows of them. Every breach carries the id of the reply that says it (`desk_sign_<rule>`), so that the editor reads it
in his own language.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.content.sign import PASSES, USUAL_PANELS, Breach, breaches, screens, seconds, shown, width
from bot.desk.dots import draw

MOST_PANELS = 64
SIGN_REPLY = "desk_sign_"


@dataclass(frozen=True, slots=True)
class LedScreen:
    """What is to be read at once, for how many seconds of one pass, and its picture."""

    text: str
    seconds: int
    svg: str


@dataclass(frozen=True, slots=True)
class LedView:
    """A line on a sign of `panels` panels.

    `text` is the line as shown, numbers filled in; offsets of the breaches are offsets into it. `seconds` is how long
    all `passes` take together. `ok` says that nothing has to be mended; advice may be left.
    """

    text: str
    count: int
    panels: int
    visible: int
    screens: tuple[LedScreen, ...]
    passes: int
    seconds: int
    breaches: tuple[Breach, ...]

    @property
    def ok(self) -> bool:
        """Whether the line may be handed in."""
        return not any(b.must for b in self.breaches)


def look(text: str, numbers: Mapping[str, str], *, panels: int = USUAL_PANELS, elders: bool = False) -> LedView:
    """The line as a sign of that many panels shows it.

    Args:
        text: as it is typed, placeholders such as `{police}` allowed.
        numbers: role -> number (`bot.content.product_check.numbers_of`).
        panels: 1 to 64; another number is moved to the nearer end.
        elders: whether it is read by old people, and so stands longer.
    """
    panels = min(max(1, panels), MOST_PANELS)
    line = shown(text, numbers).strip()
    times = seconds(line, panels, elders=elders)
    parts = tuple(LedScreen(s, t, draw(s, panels)) for s, t in zip(screens(line, panels), times, strict=True))
    return LedView(
        text=line,
        count=len(line),
        panels=panels,
        visible=width(panels),
        screens=parts,
        passes=PASSES,
        seconds=PASSES * sum(times),
        breaches=tuple(breaches(line, panels)),
    )
