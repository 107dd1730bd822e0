"""Files in and out at the desk."""

import io
import zipfile
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine

from bot.content.files import read_folder
from bot.core.publishing import State
from bot.desk.exchange import write
from bot.desk.service import Desk
from bot.store.database import open_engine, upgrade
from bot.store.releases import ContentStore
from tests.conversations.running import wait_until
from tests.editorial import LIN
from tests.web.desk.conftest import Editor, Enter, alerts

PLAN = "/desk/exchange/plan"
HEAD = "text,typology,urgency,form,language"
GOOD = f"{HEAD}\n有人说我的猫在他那儿，先转五百,pet_ransom,stop-now,first,zh\nthey hold my dog until I pay,pet_ransom,warn,first,en\n"


def upload(editor: Editor, data: str | bytes, name: str = "rows.csv", kind: str = "examples", **more: str) -> str:
    """Hand a file in and wait until it is read; the page it leads to."""
    editor.get("/desk/exchange")
    raw = data.encode() if isinstance(data, str) else data
    fields = {"csrf": editor.csrf, "kind": kind, "name": "brought", **more}
    answer = editor.request("POST", "/desk/exchange/read", data=fields, files={"file": (name, raw)}, follow=False)
    return waited(editor, answer)


def waited(editor: Editor, answer: httpx.Response) -> str:
    """The page after the job an answer leads to."""
    where = answer.headers["location"]
    json_ = {"accept": "application/json"}
    wait_until("it is done", lambda: editor.get(f"{where}/state", headers=json_).json()["over"], seconds=60)
    return editor.get(where).text


def drafts(desk: Desk, kind: str = "examples") -> list[str]:
    """Keys of what is a draft."""
    return [line.key for line in desk.flow.pieces.pieces(kind=kind, state=State.DRAFT)]


def test_a_file_is_read_then_looked_at_then_taken_in(enter: Enter, desk: Desk) -> None:
    lin = enter("lin")
    text = upload(lin, GOOD)
    assert "2 rows; 1 new pieces, 0 changed" in text
    assert drafts(desk) == []
    page = waited(lin, lin.post("/desk/exchange/take", follow=False))
    assert "1 drafts taken in" in page
    assert drafts(desk) == ["pet_ransom.brought"]
    found = desk.flow.revision("examples", "pet_ransom.brought", 1)
    assert found.body["en"] == {"first": {"warn": ["they hold my dog until I pay"]}}
    assert found.comment == "taken in from rows.csv"
    # read again it is all there already
    again = upload(lin, GOOD)
    assert "There is nothing new in it." in again
    assert 'action="/desk/exchange/take"' not in again


def test_taking_in_tells_how_far_it_is(enter: Enter, desk: Desk) -> None:
    lin = enter("lin")
    rows = "".join(f"我的第{n}只猫在他那儿，先转五百,pet_ransom,stop-now,first,zh\n" for n in range(3))
    upload(lin, f"{HEAD}\n{rows}")
    answer = lin.post("/desk/exchange/take", follow=False)
    waited(lin, answer)
    state = lin.get(f"{answer.headers['location']}/state", headers={"accept": "application/json"}).json()
    assert (state["done"], state["total"], state["step"]) == (1, 1, "Saving, all of it or nothing: 1 of 1")
    assert drafts(desk) == ["pet_ransom.brought"]


def test_of_a_file_with_one_mistake_nothing_is_taken_in(enter: Enter, desk: Desk) -> None:
    lin = enter("lin")
    text = upload(lin, GOOD + "骗子说的话,pet_ransom,soon,first,zh\n")
    assert "1 places in 1 rows have to be mended" in text
    assert ">4<" in text
    assert 'action="/desk/exchange/take"' not in text
    answer = lin.post("/desk/exchange/take", follow=False)
    assert "have to be mended" in waited(lin, answer)
    assert drafts(desk) == []


def test_every_fault_says_how_to_mend_it_and_can_be_taken_along(enter: Enter) -> None:
    lin = enter("lin")
    rows = "".join(f"第{n}句,no_such_{n},soon,first,zh\n" for n in range(20))
    text = upload(lin, f"{HEAD}\n{rows}")
    assert "40 places in 20 rows" in text
    file = lin.get("/desk/exchange/faults.csv")
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Row,Column,What to do"
    assert len(lines) == 41
    assert all(line.count(",") >= 2 and not line.endswith(",") for line in lines[1:])


def test_what_somebody_changed_meanwhile_is_not_overwritten(enter: Enter, desk: Desk) -> None:
    lin = enter("lin")
    waited_for = upload(lin, GOOD)
    assert "Take in 1 drafts" in waited_for
    body = {"typology": "pet_ransom", "zh": {"first": {"warn": ["另一句"]}}}
    desk.flow.save(LIN, "examples", "pet_ransom.brought", body, base=0)
    answer = waited(lin, lin.post("/desk/exchange/take", follow=False))
    assert 'role="alert"' in answer
    assert desk.flow.revision("examples", "pet_ransom.brought", 1).body == body


def test_a_file_of_no_known_form_is_told_at_once(enter: Enter) -> None:
    lin = enter("lin")
    lin.get("/desk/exchange")
    fields = {"csrf": lin.csrf, "kind": "examples"}
    refused = lin.request("POST", "/desk/exchange/read", data=fields, files={"file": ("a.pdf", b"%PDF")})
    assert (refused.status_code, "a.pdf is of no known form" in alerts(refused)) == (400, True)
    none = lin.request("POST", "/desk/exchange/read", data=fields)
    assert "Choose a file" in alerts(none)
    broken = upload(lin, b"no workbook", "a.xlsx")
    assert "Excel" in broken


def test_an_intent_s_meaning_can_be_told(enter: Enter) -> None:
    nlu = 'version: "3.1"\nnlu:\n- intent: dog\n  examples: |\n    - 他说狗在他那里，先给三百\n'
    lin = enter("lin")
    assert "have to be mended" in upload(lin, nlu, "nlu.yml")
    assert "1 new pieces" in upload(lin, nlu, "nlu.yml", intents="dog: pet_ransom/stop-now")
    lin.get("/desk/exchange")
    fields = {"csrf": lin.csrf, "kind": "examples", "intents": "dog is a ransom"}
    refused = lin.request("POST", "/desk/exchange/read", data=fields, files={"file": ("nlu.yml", nlu.encode())})
    assert "intent: type/urgency" in alerts(refused)


def test_what_one_editor_takes_out_another_brings_in_whatever_his_language(enter: Enter, desk: Desk) -> None:
    chinese, english = enter("lin", language="zh-CN"), enter("lin")
    for form in ("xlsx", "csv"):
        file = chinese.get(f"/desk/exchange/export?kind=case&form={form}")
        assert "attachment" in file.headers["content-disposition"]
        text = upload(english, file.content, f"cases.{form}", "case")
        assert "0 new pieces, 0 changed, 6 duplicate rows" in text


def test_drafts_and_an_empty_table_can_be_taken_out(enter: Enter, desk: Desk) -> None:
    body = next(one.body for one in desk.flow.pieces.newest("case"))
    desk.flow.save(LIN, "case", "new-1", {**body, "id": "new-1"}, base=0)
    vic = enter("vic")
    assert b"new-1" not in vic.get("/desk/exchange/export?kind=case&form=jsonl&what=released").content
    assert b"new-1" in vic.get("/desk/exchange/export?kind=case&form=jsonl&what=drafts").content
    assert len(vic.get("/desk/exchange/export?kind=case&form=csv&what=empty").text.splitlines()) == 1
    assert vic.get("/desk/exchange/export?kind=case&form=nlu").status_code == 400
    assert vic.get("/desk/exchange/export?kind=reply&form=csv").status_code == 400


def test_a_release_taken_out_seeds_another_installation_with_the_same_content(
    enter: Enter, seeded: Engine, tmp_path: Path
) -> None:
    packed = enter("vic").get("/desk/releases/1/content.zip")
    with zipfile.ZipFile(io.BytesIO(packed.content)) as folder:
        folder.extractall(tmp_path / "out")
    pieces, faults = read_folder(tmp_path / "out" / "content")
    assert faults == []
    other = open_engine(f"sqlite:///{tmp_path / 'other.db'}")
    upgrade(other)
    store = ContentStore(other)
    store.seed((p.kind, p.key, p.body) for p in pieces)
    store.publish(author="seed", note="from another house")

    def content(engine: Engine) -> dict[tuple[str, str], Any]:
        return {(kind, key): body for kind, key, body in ContentStore(engine).pieces_of(1)}

    assert content(other) == content(seeded)
    other.dispose()
    assert enter("vic").get("/desk/releases/9/content.zip").status_code == 404


def test_only_who_may_write_brings_anything_in(enter: Enter) -> None:
    vic = enter("vic")
    page = vic.get("/desk/exchange")
    assert 'action="/desk/exchange/read"' not in page.text
    assert vic.post("/desk/exchange/read").status_code == 403
    assert vic.get(PLAN).status_code == 403


def test_nothing_is_left_to_look_at_after_a_restart(enter: Enter) -> None:
    lin = enter("lin")
    assert lin.get(PLAN).url.path == "/desk/exchange"
    assert "Read the file again" in lin.post("/desk/exchange/take").text
    assert lin.get("/desk/exchange/faults.csv").status_code == 400


def test_the_table_that_is_written_is_the_table_that_is_read() -> None:
    assert write("examples", [], "csv").decode("utf-8-sig").strip() == HEAD
