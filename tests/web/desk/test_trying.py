"""A chat with the drafts, kept by nobody."""

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bot.desk.service import Desk
from bot.store.tables import Base
from bot.web.desk.trials import KEPT, Trial, Trials
from bot.web.services import Services
from tests.conversations.running import wait_until
from tests.editorial import LIN
from tests.web.desk.conftest import Editor, Enter, alerts


def prepared(editor: Editor) -> str:
    """Prepare a trial; the page it leads to."""
    editor.get("/desk/try")
    where = editor.post("/desk/try/start", follow=False).headers["location"]
    json_ = {"accept": "application/json"}
    wait_until("it is learned", lambda: editor.get(f"{where}/state", headers=json_).json()["over"], seconds=120)
    return editor.get(where).text


def counted(engine: Engine) -> dict[str, int]:
    """How many rows every table has."""
    with Session(engine) as session:
        tables = Base.metadata.sorted_tables
        return {t.name: session.scalar(select(func.count()).select_from(t)) or 0 for t in tables}


def test_a_draft_is_chatted_with_before_anybody_else_sees_it(
    enter: Enter, desk: Desk, services: Services, seeded: Engine
) -> None:
    body = desk.flow.revision("typology", "pet_ransom", 1).body
    actions = body["actions"]
    draft = {
        **body,
        "actions": {**actions, "warn": {**actions["warn"], "command": {"zh-Hans": "先看草稿", "en": "Draft first"}}},
    }
    desk.flow.save(LIN, "typology", "pet_ransom", draft, base=1)
    examples = desk.flow.revision("examples", "pet_ransom", 1).body
    lin = enter("lin")
    assert "Write as a customer would" in prepared(lin)
    before = counted(seeded)
    text = examples["zh"]["first"]["warn"][0]
    page = lin.post("/desk/try/say", {"text": text, "words": "zh-Hans"})
    assert "先看草稿" in page.text
    assert text in page.text
    assert counted(seeded) == before
    # customers are told what is released
    assert "先看草稿" not in str(services.snapshot.release.typologies["pet_ransom"])
    assert "先看草稿" not in lin.post("/desk/try/over").text
    assert "Nothing is prepared yet" in lin.post("/desk/try/over", {"all": "yes"}).text
    assert "It is gone" in alerts(lin.post("/desk/try/say", {"text": "x"}))


def test_a_draft_that_is_not_whole_is_named_and_its_released_words_stand_in(enter: Enter, desk: Desk) -> None:
    desk.flow.save(LIN, "reply", "greet", {"id": "greet"}, base=1)
    desk.flow.save(LIN, "case", "half", {"id": "half"}, base=0)
    text = prepared(enter("lin"))
    assert "2 drafts are not whole yet" in text
    assert 'href="/desk/pieces/case/half"' in text


def test_a_button_of_the_answer_can_be_tapped(enter: Enter) -> None:
    lin = enter("lin")
    prepared(lin)
    page = lin.post("/desk/try/say", {"text": "", "payload": "do:person", "title": "A person", "words": "en"})
    assert '<p class="try__mine">A person</p>' in page.text


def test_only_the_newest_few_are_kept(services: Services) -> None:
    trials = Trials()
    for name in "abc":
        trials.keep(name, Trial(services.snapshot))
    assert tuple(trials.owners()) == tuple("abc")[-KEPT:]
    assert trials.of("a") is None


def test_nobody_sees_another_s_chat(enter: Enter) -> None:
    lin = enter("lin")
    prepared(lin)
    lin.post("/desk/try/say", {"text": "只有林晓看得到", "words": "zh-Hans"})
    ada = enter("vic").get("/desk/try")
    assert ada.status_code == 403
