"""How a piece looks in each channel: frames that hold the channel's own page, the sign's dots, the printed sheet."""

from dataclasses import dataclass
from typing import Any

from starlette.responses import HTMLResponse, Response

from bot.content.sign import USUAL_PANELS
from bot.conversation.messages import Message
from bot.conversation.wording import Wording
from bot.core.errors import FlowError
from bot.core.products import Leaflet, PromptCard
from bot.core.publishing import Right
from bot.core.vocabulary import Language, Urgency
from bot.desk.leaflet import Sheet, leaflet_pdf, prompt_card_pdf
from bot.desk.led import LedView, look
from bot.desk.looks import A4, A5, CHANNELS, PRINTED, SIGN, TALKED, WALL, messages, slide
from bot.desk.products import as_product
from bot.store.views import RevisionLine
from bot.web.desk.faults import numbers
from bot.web.desk.pieces import known_kind
from bot.web.desk.routes import Pages
from bot.web.desk.visit import Visit
from bot.web.pages import page_context

LANGUAGES = tuple(Language)
URGENCIES = (Urgency.ASK, Urgency.WARN, Urgency.STOP_NOW, Urgency.ALREADY_PAID)
PANELS = (6, 8, 11, 16)
MOST_TYPED = 200
ELDERS = "elders"
# Only these pages may stand in a frame, and only in one of our own.
IN_A_FRAME = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'self'"
)


def add(pages: Pages) -> None:
    """Register the frames and sheets; the tabs around them are part of a piece's page."""
    pages.get("/desk/looks/{kind}/{key}/frame", Right.READ)(frame)
    pages.get("/desk/looks/{kind}/{key}/sheet", Right.READ)(sheet)
    pages.get("/desk/sign", Right.READ)(sign)


@dataclass(frozen=True)
class Tab:
    """What is looked at on a piece's page: the channel among its channels, and how."""

    channels: tuple[str, ...]
    channel: str
    language: Language
    urgency: Urgency
    panels: int
    led: LedView | None
    has_address: bool

    @property
    def is_frame(self) -> bool:
        """Whether it stands in a frame."""
        return self.channel in {*TALKED, *WALL}

    @property
    def is_sheet(self) -> bool:
        """Whether it is a printed sheet."""
        return self.channel in PRINTED


def tab_of(visit: Visit, kind: str, body: dict[str, Any]) -> Tab | None:
    """What the address asks to look at; `None` for kinds that no channel shows."""
    channels = CHANNELS.get(kind, ())
    if not channels:
        return None
    asked = visit.query("look")
    channel = asked if asked in channels else channels[0]
    led = look_at_sign(visit, body) if channel == SIGN else None
    return Tab(channels, channel, _language(visit), _urgency(visit), _panels(visit), led, bool(_address(visit)))


def _language(visit: Visit) -> Language:
    return Language.parse(visit.query("words")) or visit.language


def _urgency(visit: Visit) -> Urgency:
    asked = visit.query("urgency")
    return Urgency(asked) if asked in {u.value for u in URGENCIES} else Urgency.STOP_NOW


def _panels(visit: Visit) -> int:
    asked = visit.query("panels")
    return int(asked) if asked.isdecimal() and len(asked) < 3 else USUAL_PANELS


def look_at_sign(visit: Visit, body: dict[str, Any]) -> LedView:
    """A line as its sign shows it."""
    groups = body.get("audiences")
    elders = isinstance(groups, list) and ELDERS in groups
    return look(str(body.get("text") or ""), numbers(visit), panels=_panels(visit), elders=elders)


def _shown(visit: Visit) -> tuple[str, str, RevisionLine]:
    kind, key = known_kind(visit), visit.path("key")
    line = visit.desk.flow.pieces.piece(kind, key)
    if line is None:
        raise FlowError(f"{kind}/{key}: no such piece", code="no_piece", piece=f"{kind}/{key}")
    asked = visit.query("revision")
    number = int(asked) if asked.isdecimal() and len(asked) < 10 else line.number
    return kind, key, visit.desk.flow.revision(kind, key, number)


def _wording(visit: Visit) -> Wording:
    return visit.house.services.snapshot.wording(_language(visit))


# ---- Frames ----


def frame(visit: Visit) -> Response:
    """The piece as a channel shows it, for a frame of ours."""
    kind, key, shown = _shown(visit)
    language, channel = _language(visit), visit.query("channel")
    if channel in WALL:
        text = _drawn(visit, "screen.html", slide=slide(kind, shown.body, _wording(visit)), channel=channel)
    else:
        said = messages(kind, key, shown.body, _wording(visit), _urgency(visit))
        template = "telegram.html" if channel == "telegram" else "phone.html"
        text = _drawn(visit, template, messages=said, **_page(visit, said, language))
    return HTMLResponse(text, headers={"content-security-policy": IN_A_FRAME})


def _page(visit: Visit, said: list[Message], language: Language) -> dict[str, Any]:
    context = page_context(visit.house.services, language)
    return {**context, "said": [m.as_dict() for m in said]}


def _drawn(visit: Visit, template: str, **values: Any) -> str:
    language = _language(visit)
    bank = visit.house.services.snapshot.release.bank.name.in_(language)
    given = {"language": language.value, "bank": bank, "t": visit.t, **values}
    return visit.house.templates.get_template(f"looks/{template}").render(given)


# ---- Paper ----


def sheet(visit: Visit) -> Response:
    """The printed sheet: a PDF, or with `as=png` a picture of it."""
    kind, key, shown = _shown(visit)
    is_picture = visit.query("as") == "png"
    size = visit.query("size", A5)
    sized = Sheet(
        _wording(visit),
        size="A4" if size == A4 else "A5",
        link=_address(visit),
        version=_release_of(visit, shown),
        picture=is_picture,
    )
    made = as_product(kind, shown.body)
    if isinstance(made, Leaflet):
        file = leaflet_pdf(made, sized)
    elif isinstance(made, PromptCard):
        file = prompt_card_pdf(made, sized)
    else:
        raise FlowError(f"a {kind} is not printed", code="no_look", value=kind)
    if is_picture:
        return visit.file(file, "image/png", f"{key}.png", inline=True)
    return visit.file(file, "application/pdf", f"{key}-{size}.pdf")


def _address(visit: Visit) -> str:
    """Where a customer finds the chat; empty where nobody said: no code is better than one that leads nowhere."""
    return visit.house.services.settings.public_url


def _release_of(visit: Visit, shown: RevisionLine) -> int:
    """The release it is printed from, where customers see this revision."""
    line = visit.desk.flow.pieces.piece(shown.kind, shown.key)
    is_live = line is not None and line.live == shown.number
    return visit.house.services.store.newest_release() if is_live else 0


# ---- The sign, while one types ----


def sign(visit: Visit) -> Response:
    """What a line becomes on a sign, as a part of a page; a script asks while one types."""
    elders = visit.query("elders") == "yes"
    view = look(visit.query("text")[:MOST_TYPED], numbers(visit), panels=_panels(visit), elders=elders)
    return visit.page("sign.html", led=view)
