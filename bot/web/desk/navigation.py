"""The desk's menu: what stands in it, for whom, and which entry a page belongs to."""

from dataclasses import dataclass

from bot.core.publishing import Right
from bot.web.desk.access import HOME


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `word` is a reply; `icon` a symbol of /static/desk/icons.svg."""

    path: str
    word: str
    icon: str
    right: Right = Right.READ


@dataclass(frozen=True, slots=True)
class Section:
    """Some entries under a heading."""

    word: str
    entries: tuple[Entry, ...]
    folded: bool = False  # closed until one of its entries is the page


def _kinds(*kinds: str) -> tuple[Entry, ...]:
    return tuple(Entry(f"/desk/pieces/{kind}", f"desk_kinds_{kind}", "piece") for kind in kinds)


PRODUCTS = ("warning", "screen", "film", "led", "prompt_card", "leaflet", "handbook", "quiz")
MENU: tuple[Section, ...] = (
    Section(
        "desk_menu_work",
        (
            Entry(HOME, "desk_menu_home", "home"),
            Entry("/desk/release", "desk_menu_release", "release"),
            Entry("/desk/try", "desk_menu_try", "talk", Right.WRITE),
            Entry("/desk/releases", "desk_menu_releases", "history"),
            Entry("/desk/warnings", "desk_menu_warnings", "send"),
            Entry("/desk/overdue", "desk_menu_overdue", "clock"),
            Entry("/desk/showings", "desk_menu_showings", "place"),
            Entry("/desk/lobby", "desk_menu_lobby", "talk", Right.LOBBY),
        ),
    ),
    Section(
        "desk_menu_taught",
        (
            Entry("/desk/inbox", "desk_menu_inbox", "inbox", Right.COMMENT),
            Entry("/desk/measures", "desk_menu_measures", "chart"),
            Entry("/desk/report", "desk_menu_report", "print", Right.COMMENT),
            Entry("/desk/calendar", "desk_menu_calendar", "calendar"),
        ),
    ),
    Section(
        "desk_menu_content",
        (
            *_kinds("typology", "case", "examples", "answer"),
            Entry("/desk/hotlines", "desk_menu_hotlines", "phone"),
            Entry("/desk/exchange", "desk_menu_exchange", "exchange"),
        ),
    ),
    Section("desk_menu_products", _kinds(*PRODUCTS, "campaign", "checklist"), folded=True),
    Section(
        "desk_menu_more",
        _kinds(
            "reply", "question", "frame", "place", "bank", "variants", "audience", "template", "tap", "picture", "drill"
        ),
        folded=True,
    ),
    Section(
        "desk_menu_house",
        (
            Entry("/desk/films", "desk_menu_films", "inbox"),
            Entry("/desk/devices", "desk_menu_devices", "eye", Right.DEVICES),
            Entry("/desk/staff", "desk_menu_staff", "people", Right.STAFF),
            Entry("/desk/trail", "desk_menu_trail", "trail", Right.AUDIT),
        ),
    ),
)


def current(path: str) -> str:
    """The path of the entry a page belongs to: the longest that leads to it."""
    found = [
        e.path for s in MENU for e in s.entries if path == e.path or (e.path != HOME and path.startswith(f"{e.path}/"))
    ]
    return max(found, key=len, default="")
