"""Every word of the desk is a published reply, in both its languages; none stands in a page or in Python."""

import re
from pathlib import Path

import pytest

from bot.content.files import Piece
from bot.content.schema import KINDS
from bot.core.publishing import Right, State, Verdict
from bot.desk.difference import Change
from bot.settings import PROJECT
from bot.web.desk.faults import SHAPES
from bot.web.desk.fields import Field, fields_of, has_form
from bot.web.desk.keeping import CHANNELS
from bot.web.desk.navigation import MENU
from bot.web.desk.withdrawing import REASONS

CODE = PROJECT / "bot" / "web" / "desk"
PAGES = PROJECT / "bot" / "web" / "templates" / "desk"
SCRIPTS = PROJECT / "bot" / "web" / "static" / "desk"
WORD = re.compile(r"""["'](desk_[a-z0-9_]*[a-z0-9])["'](?! ?~)""")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# What a reader would see of a page's own text: between tags, outside of Jinja.
MARKUP = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", re.S)
ATTRIBUTE = re.compile(r' [a-z-]+="[^"]*"')
# Names of cookies and of processes, which look like words.
NO_WORDS = {"desk_session", "desk_before", "desk_language", "desk_said", "desk_failed", "desk_job_failed", "desk_oidc"}


@pytest.fixture(scope="module")
def replies(pieces: list[Piece]) -> dict[str, dict[str, str]]:
    """Every reply of the shipped content by its id."""
    return {p.key: p.body["text"] for p in pieces if p.kind == "reply"}


def sources() -> list[Path]:
    """Python and pages of the desk."""
    return sorted([*CODE.glob("*.py"), *PAGES.glob("*.html")])


def test_every_word_that_is_asked_for_by_name_is_published(replies: dict[str, dict[str, str]]) -> None:
    asked = {word for path in sources() for word in WORD.findall(path.read_text(encoding="utf-8"))} - NO_WORDS
    assert len(asked) > 150
    assert asked - set(replies) == set()


def names(fields: tuple[Field, ...]) -> set[str]:
    """Every key of some fields."""
    inner = {n for f in fields for n in names((*f.fields, *((f.item,) if f.item else ())))}
    return {f.name for f in fields} | inner


def choices(fields: tuple[Field, ...]) -> set[tuple[str, str]]:
    """(key, value) of every choice."""
    inner = {c for f in fields for c in choices((*f.fields, *((f.item,) if f.item else ())))}
    return {(f.name, option) for f in fields for option in f.options if f.name != "id"} | inner


def test_every_word_that_is_put_together_is_published(replies: dict[str, dict[str, str]]) -> None:
    asked = {f"desk_state_{s}" for s in State} | {f"desk_right_{r}" for r in Right}
    asked |= {f"desk_kind_{k}" for k in KINDS} | {f"desk_kinds_{k}" for k in KINDS}
    asked |= {f"desk_verdict_{v}" for v in Verdict} | {f"desk_change_{c}" for c in Change}
    asked |= {f"desk_said_decided_{v}" for v in (*Verdict, "approved")}
    asked |= {f"desk_shape_{s}" for s in SHAPES.values()}
    asked |= {f"desk_withdraw_reason_{r}" for r in REASONS} | {f"desk_option_where_{c}" for c in CHANNELS}
    asked |= {e.word for s in MENU for e in s.entries} | {s.word for s in MENU}
    asked |= {"desk_tag_zh_hans", "desk_language_of_en", "desk_language_zh_hans", "desk_hotlines_over"}
    for kind in filter(has_form, KINDS):
        asked |= {f"desk_field_{name.replace('-', '_')}" for name in names(fields_of(kind))}
    assert asked - set(replies) == set()
    for kind in filter(has_form, KINDS):
        for name, value in choices(fields_of(kind)):
            word = value.replace("-", "_")
            assert {f"desk_option_{name}_{word}", f"desk_option_{word}"} & set(replies), (kind, name, value)


def test_every_error_the_desk_is_told_of_has_its_words(replies: dict[str, dict[str, str]]) -> None:
    code = re.compile(r'code="([a-z_]+)"')
    folders = [PROJECT / "bot" / name for name in ("core", "store", "desk", "web/desk")]
    found = {c for folder in folders for path in folder.glob("*.py") for c in code.findall(path.read_text("utf-8"))}
    # faults of content are said by replies of their own
    errors = {c for c in found if f"desk_fault_{c}" not in replies and f"desk_import_{c}" not in replies}
    assert len(errors) > 40
    assert {f"desk_error_{c}" for c in errors} - set(replies) == set()


def test_every_word_of_the_desk_is_there_in_both_its_languages(replies: dict[str, dict[str, str]]) -> None:
    for word, text in replies.items():
        if word.startswith("desk_"):
            assert text["zh-Hans"].strip(), word
            assert text["en"].strip(), word
            zh, en = (set(re.findall(r"\{(\w+)\}", text[tag])) for tag in ("zh-Hans", "en"))
            assert zh >= en or en >= zh, word


@pytest.mark.parametrize("path", sources(), ids=lambda p: p.name)
def test_no_word_stands_in_a_page_or_in_python(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        text = ATTRIBUTE.sub(" ", MARKUP.sub(" ", text))
        assert not re.search(r"[A-Za-z]{3,}", text), text.split()
    assert not CHINESE.search(text)


@pytest.mark.parametrize("path", sorted(SCRIPTS.glob("*.js")), ids=lambda p: p.name)
def test_no_word_stands_in_a_script(path: Path) -> None:
    assert not CHINESE.search(path.read_text(encoding="utf-8"))
