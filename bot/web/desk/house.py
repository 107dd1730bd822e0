"""What every page of the desk works with, put together once for an app."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot.core.vocabulary import Language
from bot.desk.gate_report import Reading
from bot.desk.service import Desk
from bot.web.desk.catalogue import Cataloguer
from bot.web.desk.jobs import Jobs
from bot.web.desk.speech import Speech
from bot.web.desk.trials import Trials
from bot.web.limits import RateLimit
from bot.web.services import Services

TEMPLATES = Path(__file__).parents[1] / "templates"
# Sign-ins from one address: a whole branch may come through one, a guessing machine may not.
TRIES, TRIES_PER_SECOND = 60, 1.0


def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@dataclass(frozen=True)
class House:
    """Services, templates, jobs, titles, the desk's own time, and how the examination was read when it was last."""

    services: Services
    zone: ZoneInfo
    catalogue: Cataloguer
    templates: Environment = field(default_factory=_templates)
    jobs: Jobs = field(default_factory=Jobs)
    readings: dict[str, list[Reading]] = field(default_factory=dict)
    trials: Trials = field(default_factory=Trials)
    tries: RateLimit = field(default_factory=lambda: RateLimit(TRIES, TRIES_PER_SECOND))

    @property
    def desk(self) -> Desk:
        """Accounts and flow."""
        return self.services.desk

    def speech(self, language: Language, who: Callable[[str], str]) -> Speech:
        """The words in force now; `who` tells what people are called."""
        return Speech(self.services.snapshot.wording(language), self.desk.rules.flow, self.zone, who)


def open_house(services: Services) -> House:
    """The house of an app.

    Raises:
        FangzhaError: the time zone is none.
    """
    return House(services, services.settings.zone, Cataloguer(services.store))
