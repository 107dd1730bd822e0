"""A publicity desk of its own for the browser: `fangzha up` without the dialogue engine, over tiny content and people."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from bot.settings import PROJECT
from bot.store.database import open_engine
from bot.store.staff import StaffStore
from tests.browser.conftest import COUNT_VIOLATIONS, PATIENCE_MS, Watched
from tests.conversations.running import START_SECONDS, bring_learned, free_ports, wait_until
from tests.editorial import DESK_RULES, OPERATOR, QUICK
from tests.tiny import write_tiny

WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 1024, "height": 768}
PASSWORD = "four quiet herons at dusk"
# An author, three who decide, one who only looks and one for the accounts.
PEOPLE = {
    "lin": ("林晓", ["author"]),
    "tan": ("谭文", ["author"]),
    "mei": ("梅青", ["reviewer"]),
    "hua": ("华宁", ["reviewer"]),
    "wu": ("吴珊", ["publisher"]),
    "vic": ("魏可", ["viewer"]),
    "ada": ("阿达", ["administrator"]),
    "lob": ("罗博", ["lobby"]),
}
EXAMINATION = [
    {
        "id": "t1",
        "text": "有人讲捡到我的狗，不给赎金不还",
        "lang": "zh-Hans",
        "typology": "pet_ransom",
        "urgency": "warn",
    },
    {"id": "t2", "text": "短信叫我补包裹关税", "lang": "zh-Hans", "typology": "parcel_fee", "urgency": "warn"},
    {"id": "t3", "text": "今天几点开门", "lang": "zh-Hans", "typology": None, "urgency": "none", "is_scam": False},
]


@dataclass
class DeskStack:
    """A running app in a folder of its own."""

    folder: Path
    port: int = field(init=False)
    process: subprocess.Popen[bytes] = field(init=False)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> str:
        """The store."""
        return f"sqlite:///{self.folder / 'var' / 'fangzha.db'}"

    def start(self, port: int = 0) -> None:
        """Start it, on a port it had before where one is given, and wait until it answers."""
        self.port, inner, engine = free_ports(3)
        self.port = port or self.port
        own = {
            "FANGZHA_PORT": self.port,
            "FANGZHA_INNER_PORT": inner,
            "FANGZHA_ENGINE_PORT": engine,
            "FANGZHA_VAR": self.folder / "var",
            "FANGZHA_CONTENT": self.folder / "content",
            "FANGZHA_EXAMINATIONS": self.folder / "examinations",
            "DATABASE_URL": self.database,
        }
        kept = {k: v for k, v in os.environ.items() if not k.startswith("FANGZHA_")}
        with (self.folder / "up.log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(Path(sys.executable).with_name("fangzha")), "up", "--no-engine"],
                cwd=self.folder,
                env={**kept, **{k: str(v) for k, v in own.items()}},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until("the app answers", self._answers, seconds=START_SECONDS, told=self.log)

    def _answers(self) -> bool:
        if self.process.poll() is not None:
            pytest.fail(f"`fangzha up` ended\n{self.log()}")
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def log(self) -> str:
        """The end of what it said."""
        return (self.folder / "up.log").read_text(errors="replace")[-3000:]

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@pytest.fixture(scope="module")
def desk_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskStack]:
    """A desk that the tests of one file share."""
    stack = DeskStack(tmp_path_factory.mktemp("desk"))
    write_tiny(stack.folder / "content", products=True)
    replies = PROJECT / "content" / "replies"
    for words in [*replies.glob("desk_*.yml"), replies / "ui.yml", replies / "screen.yml"]:
        shutil.copy(words, stack.folder / "content" / "replies")
    examinations = stack.folder / "examinations"
    examinations.mkdir()
    rows = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in EXAMINATION)
    (examinations / "exam_tiny.jsonl").write_text(rows, encoding="utf-8")
    bring_learned(stack.folder / "var" / "learned")
    stack.start()
    try:
        _employ(stack)
        yield stack
    finally:
        stack.stop()


def _employ(stack: DeskStack) -> None:
    engine = open_engine(stack.database)
    staff = StaffStore(engine, DESK_RULES.flow)
    for login, (name, roles) in PEOPLE.items():
        staff.add(OPERATOR, login, name=name, roles=roles, password=QUICK.hash(PASSWORD))
        staff.change_password(login, QUICK.hash(PASSWORD))
    engine.dispose()


@dataclass
class Seat:
    """One editor in a browser of his own."""

    watched: Watched
    home: str

    @property
    def page(self) -> Page:
        """What he looks at."""
        return self.watched.page

    def go(self, path: str) -> Page:
        """Open a page of the desk."""
        self.page.goto(self.home + path)
        return self.page

    def sign_in(self, login: str, password: str = PASSWORD) -> None:
        """Through the page for it."""
        page = self.go("/desk/sign-in")
        page.locator("#login").fill(login)
        page.locator("#password").fill(password)
        page.locator("form .button--solid").click()
        page.wait_for_url("**/desk")


Sit = Callable[..., Seat]


@pytest.fixture
def sit(browser: Browser, desk_stack: DeskStack) -> Iterator[Sit]:
    """Seats somebody: `sit("lin")`. At the end nobody's page may have complained or called anybody else."""
    contexts: list[BrowserContext] = []
    seats: list[Seat] = []

    def seat(login: str = "", size: dict[str, int] = WIDE, *, locale: str = "zh-CN", **options: object) -> Seat:
        context = browser.new_context(viewport=size, locale=locale, reduced_motion="reduce", **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(COUNT_VIOLATIONS)
        found = Seat(Watched(context.new_page(), desk_stack.url), desk_stack.url)
        found.watched.listen()
        seats.append(found)
        if login:
            found.sign_in(login)
        return found

    yield seat
    faults = [fault for one in seats for fault in one.watched.faults()]
    for context in contexts:
        context.close()
    assert faults == []
