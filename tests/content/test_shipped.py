"""The content that ships with the project: whole, without fault, and enough of it."""

import ast
import re
from collections import Counter
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.content.check import PAGE_PLACEHOLDERS, PLACEHOLDERS, check_folder
from bot.content.files import Piece
from bot.conversation.responder import PAY_METHODS, UNCLEAR_BEFORE_PERSON
from bot.conversation.turn import CONCERNS, INTENTS, Tap
from bot.conversation.wording import ROLES
from bot.core.content import Release
from bot.core.vocabulary import Language, Urgency
from bot.core.words import Words
from tests.conftest import PROJECT, WHEN_WRITTEN

TYPOLOGIES = set(
    [
        "task_rebate",
        "fake_invest",
        "romance",
        "fake_loan",
        "fake_credit",
        "cs_refund",
        "million_cover",
        "police_gov",
        "boss_friend",
        "fake_shop",
        "ticket",
        "flight",
        "game",
        "mule",
        "crypto",
        "elder",
        "phish_sms",
        "recovery",
        "sextortion",
        "bulk_order",
        "subsidy",
        "prize",
        "tech_support",
        "overseas_job",
    ]
)
METHODS = {"screen_share", "nfc", "ai_fake", "parcel_card", "cash_gold"}


def texts(piece: Piece, tag: str) -> list[str]:
    """The examples of a piece in one language."""
    forms = piece.body.get(tag, {})
    return [text for urgencies in forms.values() for group in urgencies.values() for text in group]


def test_it_has_no_fault(content_folder: Path) -> None:
    assert [str(f) for f in check_folder(content_folder, today=WHEN_WRITTEN) if not f.warning] == []


def test_the_contracts_typologies_and_methods_are_all_there(release: Release) -> None:
    assert {t.id for t in release.typologies.values() if t.kind == "typology"} == TYPOLOGIES
    assert {t.id for t in release.typologies.values() if t.kind == "method"} == METHODS


@pytest.mark.parametrize("typology", sorted(TYPOLOGIES | METHODS))
def test_a_typology_has_cases_and_examples_enough(release: Release, pieces: list[Piece], typology: str) -> None:
    assert sum(c.typology == typology for c in release.cases) >= 3
    own = [p for p in pieces if p.kind == "examples" and p.body["typology"] == typology]
    assert sum(len(texts(p, "zh")) for p in own) >= 40
    assert sum(len(texts(p, "en")) for p in own) >= 15


@pytest.mark.parametrize("typology", sorted(TYPOLOGIES | METHODS))
def test_a_typology_says_what_to_do_at_every_urgency_above_none(release: Release, typology: str) -> None:
    known = release.typologies[typology]
    assert set(known.actions) == set(Urgency) - {Urgency.NONE}
    assert known.red_flags
    assert known.never
    assert known.questions
    assert {e.urgency for e in release.examples if e.typology == typology} >= {Urgency.WARN, Urgency.ALREADY_PAID}


def test_there_is_enough_that_is_nothing(pieces: list[Piece]) -> None:
    benign = [p for p in pieces if p.kind == "examples" and p.body["typology"] == "none"]
    assert sum(len(texts(p, "zh")) for p in benign) >= 600
    assert sum(len(texts(p, "en")) for p in benign) >= 250


def test_harmless_examples_are_never_labelled_urgent(release: Release) -> None:
    wrong = [e.text for e in release.examples if e.typology == "none" and e.urgency.flagged]
    assert wrong == []


def test_answers_keep_their_sources(release: Release) -> None:
    assert sum(bool(a.sources) for a in release.answers) >= 60
    for answer in release.answers:
        assert answer.asks, answer.id


def test_every_place_can_call_the_police(release: Release) -> None:
    police = {h.place for h in release.hotlines if h.role == "police"}
    assert police | {"abroad"} >= set(release.places)
    assert {place for places in release.home_places.values() for place in places} <= police


def test_every_row_of_the_table_says_when_to_use_it_and_until_when(release: Release) -> None:
    for row in release.hotlines:
        assert row.caution.zh_hans, row.id
        assert row.caution.en, row.id
        assert date.fromisoformat(row.valid_until) > date(2026, 1, 1), row.id


# ---- Placeholders ----


def sentences(release: Release) -> list[tuple[str, Words]]:
    """Everything said to customers, with the name of the piece it stands in."""
    said = [(f"reply {r.id}", r.text) for r in release.replies.values()]
    said += [(f"button of {r.id}", b.title) for r in release.replies.values() for b in r.buttons]
    said += [(f"answer {a.id}", w) for a in release.answers for w in (a.title, a.text)]
    said += [(f"case {c.id}", w) for c in release.cases for w in (c.title, c.story, c.lesson)]
    said += [(f"question {q.id}", q.text) for q in release.questions]
    for made in release.products:
        parts = [getattr(made, f.name) for f in fields(made)]
        listed = [w for part in parts for w in (part if isinstance(part, tuple) else (part,))]
        said += [(f"{type(made).__name__} {made.head.id}", w) for w in listed if isinstance(w, Words)]
    for known in release.typologies.values():
        parts = [known.names, known.summary, known.victims, *known.never, *(f.says for f in known.red_flags)]
        for action in known.actions.values():
            parts += [action.command, *action.steps]
        said += [(f"typology {known.id}", w) for w in parts]
    return said


def names_in(words: Words) -> dict[Language, set[str]]:
    """The placeholders of a sentence in each language."""
    return {tag: set(re.findall(r"\{(\w*)\}", words.in_(tag))) for tag in Language}


def test_every_placeholder_is_known(release: Release) -> None:
    known = PLACEHOLDERS | PAGE_PLACEHOLDERS
    unknown = [
        (name, tag)
        for name, words in sentences(release)
        for tag, found in names_in(words).items()
        if found - known and not name.startswith(("reply desk_", "reply sub_"))  # filled by what shows them
    ]
    assert unknown == []
    assert PLACEHOLDERS == ROLES


def test_only_pages_and_lead_ins_use_what_the_table_cannot_fill(release: Release) -> None:
    filled = {"looks_like": {"name", "summary"}, "looks_like_two": {"name"}, "hotline_lead": {"place"}}
    for name, words in sentences(release):
        kind, _, key = name.rpartition(" ")
        if kind == "reply" and key.startswith(("ui_", "desk_", "sub_", "kiosk_")):
            continue
        for tag, found in names_in(words).items():
            assert found - ROLES <= filled.get(key, set()), (name, tag)


def test_no_derived_word_is_written_as_nobody_writes_it(release: Release) -> None:
    assert [name for name, words in sentences(release) if "覈" in words.zh_hant] == []


def test_the_languages_of_a_sentence_offer_the_same_police_number(release: Release) -> None:
    for name, words in sentences(release):
        with_police = {tag for tag, found in names_in(words).items() if "police" in found}
        assert with_police in (set(), set(Language)), name


# ---- Replies the code asks for ----


def replies_named_in(source: Path) -> set[str]:
    """Reply ids written out as the argument of `reply` or `reply_buttons`, and the fixed beginnings of composed ones."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in {"reply", "reply_buttons"}:
            continue
        for argument in node.args:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                found.add(argument.value)
            if isinstance(argument, ast.JoinedStr) and isinstance(argument.values[0], ast.Constant):
                found.add(f"{argument.values[0].value}*")
    return found


def absent(names: set[str], release: Release) -> set[str]:
    """Names that no reply has; `x_*` is any reply that begins so."""
    return {
        n
        for n in names
        if (n not in release.replies if not n.endswith("*") else not any(r.startswith(n[:-1]) for r in release.replies))
    }


def test_every_reply_the_conversation_asks_for_is_written(release: Release) -> None:
    named: set[str] = set()
    for source in [*(PROJECT / "bot" / "conversation").glob("*.py"), *(PROJECT / "actions").glob("*.py")]:
        named |= replies_named_in(source)
    assert len(named) > 20
    assert absent(named, release) == set()


def test_every_reply_that_is_composed_is_written(release: Release) -> None:
    composed = {f"urgency_{u.value.replace('-', '_')}" for u in Urgency}
    composed |= {f"card_unknown_{u.value.replace('-', '_')}" for u in Urgency if u is not Urgency.NONE}
    composed |= {"call_ask", "call_warn", "call_stop", "call_paid", "yes", "no", "unsure"}
    composed |= {f"first_aid_{m}" for m in PAY_METHODS} | {f"unclear_{n + 1}" for n in range(UNCLEAR_BEFORE_PERSON)}
    composed |= {"dictated" if c == "listened" else c for c in CONCERNS}
    composed |= INTENTS - {"already_paid", "ask_hotline", "why", "start_over"}
    assert absent(composed, release) == set()


def test_every_response_of_the_dialogue_is_written(release: Release) -> None:
    domain = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))
    assert domain["responses"]
    assert absent({name.removeprefix("utter_") for name in domain["responses"]}, release) == set()


def test_every_response_of_rules_and_stories_is_declared() -> None:
    domain = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))
    written = "".join(f.read_text(encoding="utf-8") for f in (PROJECT / "data").rglob("*.yml"))
    used = set(re.findall(r"action:\s*(utter_\w+)", written))
    assert used
    assert used <= set(domain["responses"])


@pytest.mark.parametrize("folder", ["templates", "static"])
def test_every_word_of_the_pages_is_written(release: Release, folder: str) -> None:
    named: set[str] = set()
    for source in (PROJECT / "bot" / "web" / folder).rglob("*"):
        if source.suffix in {".html", ".js"}:
            named |= set(re.findall(r"\bui_\w+", source.read_text(encoding="utf-8")))
    assert named
    assert absent({f"{n}*" if n.endswith("_") else n for n in named}, release) == set()


def test_no_word_of_a_page_is_written_for_nobody(release: Release) -> None:
    used = "".join(
        source.read_text(encoding="utf-8")
        for folder in ("templates", "static")
        for source in (PROJECT / "bot" / "web" / folder).rglob("*")
        if source.suffix in {".html", ".js"}
    )
    beginnings = tuple(n for n in re.findall(r"\bui_\w+", used) if n.endswith("_"))
    idle = [
        r for r in release.replies if r.startswith("ui_") and r not in used and not r.startswith(beginnings or ("-",))
    ]
    assert idle == []


# ---- Buttons ----


def test_every_button_is_understood_when_it_is_tapped(release: Release) -> None:
    payloads = [b.payload for r in release.replies.values() for b in r.buttons]
    payloads += [f"answer:{q.id}:{answer}" for q in release.questions for answer in ("yes", "no", "unsure")]
    # those of subscriptions are walked through in tests/conversation/test_subscribing.py
    assert [p for p in payloads if Tap.read(p) is None and not p.startswith("sub:")] == []


def test_the_payment_buttons_are_the_payment_methods(release: Release) -> None:
    offered = Counter(b.payload for b in release.replies["ask_pay_method"].buttons)
    assert offered == Counter(f"pay:{m}" for m in PAY_METHODS)
