"""Writing: the form of a kind, its text, faults beside their fields, two editors on one piece."""

import pytest

from bot.core.publishing import Right, State
from bot.desk.service import Desk
from bot.store.locks import LASTS
from tests.editorial import LIN, WU, Clock
from tests.web.desk.conftest import Editor, Enter, alerts, fields_in
from tests.web.desk.writing import answer, draft, released, submitted

PIECE = "/desk/pieces/answer/what_is_x"


def new_answer(editor: Editor, key: str = "what_is_x", *, do: str = "save", **more: str) -> object:
    """Fill in the form of a new answer."""
    fields = fields_in(editor.get("/desk/new/answer"))
    fields |= {"b.id": key, "b.topic": "pets", "b.title.zh-Hans": "题", "b.title.en": "Title"}
    fields |= {"b.text.zh-Hans": "别付钱。", "b.text.en": "Do not pay.", "b.asks.zh": "问一\n问二", "do": do}
    return editor.post("/desk/new/answer", {**fields, **more})


def test_a_new_piece_is_saved_from_its_form(enter: Enter, desk: Desk) -> None:
    page = new_answer(enter("lin"))
    assert page.url.path == PIECE  # type: ignore[attr-defined]
    assert "Saved as revision 1, a draft." in page.text  # type: ignore[attr-defined]
    assert desk.flow.revision("answer", "what_is_x", 1).body == {
        "id": "what_is_x",
        "topic": "pets",
        "asks": {"zh": ["问一", "问二"]},
        "title": {"zh-Hans": "题", "en": "Title"},
        "text": {"zh-Hans": "别付钱。", "en": "Do not pay."},
    }


def test_a_new_piece_can_be_submitted_at_once(enter: Enter, desk: Desk) -> None:
    page = new_answer(enter("lin"), do="submit")
    assert "It waits for “Fact check”" in page.text  # type: ignore[attr-defined]
    line = desk.flow.pieces.piece("answer", "what_is_x")
    assert line is not None
    assert line.state is State.REVIEW


def test_what_has_faults_is_saved_and_shown_with_each_beside_its_field(enter: Enter, desk: Desk) -> None:
    page = new_answer(enter("lin"), do="submit", **{"b.title.en": "", "b.text.zh-Hans": "马上打110。"})
    assert page.status_code == 400  # type: ignore[attr-defined]
    text = page.text  # type: ignore[attr-defined]
    assert "The draft is saved, but 2 places must be mended" in text
    assert 'name="b.title.en" lang="en" rows="2" aria-invalid="true"' in text
    assert 'href="#b.text.zh-Hans"' in text
    assert '<input type="hidden" name="base" value="1">' in text
    assert desk.flow.revision("answer", "what_is_x", 1).state is State.DRAFT
    # and what was mended goes on from there
    lin = enter("lin")
    fields = fields_in(lin.get(f"{PIECE}/edit"))
    fields |= {"b.title.en": "Title", "b.text.zh-Hans": "马上打{police}。", "do": "submit"}
    assert "It waits for" in lin.post(f"{PIECE}/edit", fields).text


@pytest.mark.parametrize("key", ["", "with space", "a/b", "-x", "x" * 129])
def test_a_key_that_names_nothing_is_refused_and_nothing_typed_is_lost(enter: Enter, key: str) -> None:
    page = new_answer(enter("lin"), key)
    assert page.status_code == 400  # type: ignore[attr-defined]
    assert "Do not pay." in page.text  # type: ignore[attr-defined]
    assert "cannot be an id" in alerts(page)  # type: ignore[arg-type]


def test_a_key_that_is_taken_is_refused(enter: Enter) -> None:
    page = new_answer(enter("lin"), "what_is_ransom")
    assert page.status_code == 400  # type: ignore[attr-defined]
    assert "There is a piece “what_is_ransom” already" in alerts(page)  # type: ignore[arg-type]


def test_an_edit_changes_only_what_was_touched(enter: Enter, desk: Desk) -> None:
    before = answer(sources=["law"], text={"zh-Hans": "先别付钱。", "en": "Do not pay.", "zh-Hant": "先別付錢。"})
    released(desk, before)
    lin = enter("lin")
    fields = fields_in(lin.get(f"{PIECE}/edit"))
    assert "b.id" not in fields
    page = lin.post(f"{PIECE}/edit", {**fields, "b.title.en": "Changed?", "comment": "clearer", "do": "save"})
    assert "Saved as revision 2" in page.text
    saved = desk.flow.revision("answer", "what_is_x", 2)
    assert saved.body == {**before, "title": {**before["title"], "en": "Changed?"}}
    assert (saved.comment, saved.author) == ("clearer", "lin")


def test_every_kind_has_a_form_that_can_be_opened_and_sent_back(enter: Enter, desk: Desk) -> None:
    lin = enter("lin")
    for kind, key, body in desk.flow.upcoming().pieces:
        if kind == "reply":
            continue
        path = f"/desk/pieces/{kind}/{key}"
        page = lin.get(f"{path}/edit")
        assert page.status_code == 200, path
        assert lin.post(f"{path}/edit", {**fields_in(page), "do": "save"}).status_code == 200, path
        line = desk.flow.pieces.piece(kind, key)
        assert line is not None
        assert desk.flow.revision(kind, key, line.number).body == body, path


@pytest.mark.parametrize(
    "kind",
    ["typology", "case", "examples", "warning", "led", "leaflet", "quiz", "hotline", "frame", "template", "reply"],
)
def test_every_kind_can_be_begun(enter: Enter, kind: str) -> None:
    page = enter("lin").get(f"/desk/new/{kind}")
    assert page.status_code == 200
    assert 'name="csrf"' in page.text


def test_a_new_piece_begins_with_what_the_address_says(enter: Enter) -> None:
    lin = enter("lin")
    assert fields_in(lin.get("/desk/new/case?typology=pet_ransom"))["b.typology"] == "pet_ransom"
    warning = fields_in(lin.get("/desk/new/warning?from_case=pet_ransom-1&typology=pet_ransom"))
    assert (warning["b.from_case"], warning["b.typology"]) == ("pet_ransom-1", "pet_ransom")
    assert warning["b.start"] < warning["b.end"]
    assert "typology: pet_ransom" in fields_in(lin.get("/desk/new/examples?typology=pet_ransom"))["text"]


def test_lists_are_rearranged_without_a_script_and_nothing_is_saved(enter: Enter, desk: Desk) -> None:
    lin = enter("lin")
    fields = fields_in(lin.get("/desk/pieces/reply/greet/edit"))
    grown = lin.post("/desk/pieces/reply/greet/edit", {**fields, "do": "add:buttons"})
    assert fields_in(grown)["b.buttons"] == ["0", "1"]
    line = desk.flow.pieces.piece("reply", "greet")
    assert line is not None
    assert line.number == 1


# ---- As text ----


def test_examples_are_written_as_text_and_faults_name_their_line(enter: Enter, desk: Desk) -> None:
    lin = enter("lin")
    fields = fields_in(lin.get("/desk/new/examples?typology=pet_ransom"))
    text = "typology: pet_ransom\nzh:\n  first:\n    warm:\n      - 有人捡到猫要钱\n"
    page = lin.post("/desk/new/examples", {**fields, "key": "pet_ransom.more", "text": text, "do": "submit"})
    assert page.status_code == 400
    assert 'data-line="4"' in page.text
    assert "One of" in page.text
    fields = {**fields_in(page), "text": text.replace("warm", "warn"), "do": "submit"}
    assert "It waits for" in lin.post("/desk/pieces/examples/pet_ransom.more/edit", fields).text
    assert desk.flow.revision("examples", "pet_ransom.more", 2).body["zh"]["first"] == {"warn": ["有人捡到猫要钱"]}


def test_a_text_may_be_indented_as_a_whole(enter: Enter, desk: Desk) -> None:
    lin = enter("lin")
    fields = fields_in(lin.get("/desk/new/examples"))
    text = "  typology: pet_ransom\n  zh:\n    first:\n      warn:\n        - 有人捡到猫要钱\n"
    page = lin.post("/desk/new/examples", {**fields, "key": "pet_ransom.more", "text": text, "do": "save"})
    assert "Saved as revision 1" in page.text
    assert desk.flow.revision("examples", "pet_ransom.more", 1).body["typology"] == "pet_ransom"


def test_a_text_that_cannot_be_read_is_not_saved_and_not_lost(enter: Enter, desk: Desk) -> None:
    lin = enter("lin")
    path = "/desk/pieces/examples/pet_ransom/edit"
    fields = fields_in(lin.get(path))
    page = lin.post(path, {**fields, "text": "typology: pet_ransom\nzh: [", "do": "save"})
    assert page.status_code == 400
    assert 'data-line="2"' in page.text
    assert "zh: [" in fields_in(page)["text"]
    line = desk.flow.pieces.piece("examples", "pet_ransom")
    assert line is not None
    assert line.number == 1


def test_any_kind_can_be_written_as_text(enter: Enter, desk: Desk) -> None:
    draft(desk, answer())
    lin = enter("lin")
    fields = fields_in(lin.get(f"{PIECE}/edit?as=text"))
    assert fields["as"] == "text"
    page = lin.post(
        f"{PIECE}/edit", {**fields, "text": fields["text"].replace("Do not pay first.", "Never pay."), "do": "save"}
    )
    assert "Saved as revision 2" in page.text
    assert desk.flow.revision("answer", "what_is_x", 2).body == answer(
        text={"zh-Hans": "先别付钱。", "en": "Never pay."}
    )


def test_an_id_in_a_text_cannot_become_another(enter: Enter, desk: Desk) -> None:
    draft(desk, answer())
    lin = enter("lin")
    fields = fields_in(lin.get(f"{PIECE}/edit?as=text"))
    lin.post(f"{PIECE}/edit", {**fields, "text": fields["text"].replace("id: what_is_x", "id: other"), "do": "save"})
    line = desk.flow.pieces.piece("answer", "what_is_x")
    assert line is not None
    assert line.number == 1  # the words are what they were, so there is nothing to save
    assert desk.flow.pieces.piece("answer", "other") is None


# ---- Two editors ----


def test_a_piece_that_somebody_has_open_is_told_and_not_opened(enter: Enter, desk: Desk, clock: Clock) -> None:
    draft(desk, answer())
    lin, wu = enter("lin"), enter("wu")
    assert lin.get(f"{PIECE}/edit").status_code == 200
    refused = wu.get(f"{PIECE}/edit")
    assert refused.status_code == 409
    assert "Lin has it open until" in alerts(refused)
    clock.passes(seconds=LASTS.total_seconds() + 1)
    assert wu.get(f"{PIECE}/edit").status_code == 200


def test_the_page_keeps_a_piece_open_and_closes_it(enter: Enter, desk: Desk, clock: Clock) -> None:
    draft(desk, answer())
    lin, wu = enter("lin"), enter("wu")
    lin.get(f"{PIECE}/edit")
    json = {"accept": "application/json"}
    clock.passes(minutes=4)
    assert "until" in lin.post(f"{PIECE}/lock", headers=json).json()
    clock.passes(minutes=4)
    wu.get("/desk/new/answer")
    told = wu.post(f"{PIECE}/lock", headers=json)
    assert (told.status_code, "has it open" in told.json()["message"]) == (409, True)
    lin.post(f"{PIECE}/leave", headers=json)
    assert wu.post(f"{PIECE}/lock", headers=json).status_code == 200


def test_saving_closes_the_piece(enter: Enter, desk: Desk) -> None:
    draft(desk, answer())
    lin = enter("lin")
    fields = fields_in(lin.get(f"{PIECE}/edit"))
    lin.post(f"{PIECE}/edit", {**fields, "b.title.en": "Changed", "do": "save"})
    assert desk.flow.locks.holder("answer", "what_is_x") is None


def test_what_two_wrote_at_once_is_put_together(enter: Enter, desk: Desk, clock: Clock) -> None:
    draft(desk, answer())
    lin = enter("lin")
    fields = fields_in(lin.get(f"{PIECE}/edit"))
    clock.passes(minutes=6)  # he went for tea, and his page was closed meanwhile
    theirs = answer(
        title={"zh-Hans": "新题", "en": "What is the x scam?"}, text={"zh-Hans": "先别付钱。", "en": "Wait."}
    )
    draft(desk, theirs, who=WU, base=1)

    page = lin.post(f"{PIECE}/edit", {**fields, "b.title.en": "Mine", "b.text.en": "Stop.", "do": "save"})
    assert page.status_code == 409
    assert "saved revision 2. The form below has both put together" in page.text
    assert "1 places were changed by both" in page.text
    assert '<p class="theirs__text">Wait.</p>' in page.text
    both = fields_in(page)
    assert (both["base"], both["b.title.zh-Hans"], both["b.title.en"], both["b.text.en"]) == (
        "2",
        "新题",
        "Mine",
        "Stop.",
    )

    assert "Saved as revision 3" in lin.post(f"{PIECE}/edit", {**both, "do": "save"}).text
    assert desk.flow.revision("answer", "what_is_x", 3).body["title"] == {"zh-Hans": "新题", "en": "Mine"}


def test_what_is_in_review_is_not_saved_over(enter: Enter, desk: Desk) -> None:
    number = draft(desk, answer())
    lin = enter("lin")
    fields = fields_in(lin.get(f"{PIECE}/edit"))
    desk.flow.submit(LIN, "answer", "what_is_x", number)
    page = lin.post(f"{PIECE}/edit", {**fields, "b.text.en": "Too late.", "do": "save"})
    assert page.status_code == 400
    assert "It is with “Fact check” and cannot be edited" in alerts(page)
    assert "Too late." in page.text


def test_whoever_may_not_write_gets_no_form(enter: Enter, desk: Desk) -> None:
    submitted(desk, answer())
    page = enter("mei").get(f"{PIECE}/edit")
    assert page.status_code == 403
    assert f"right to {Right.WRITE}" in alerts(page)


def test_a_form_larger_than_the_desk_takes_is_refused(enter: Enter) -> None:
    lin = enter("lin")
    lin.get("/desk/new/answer")
    page = lin.post("/desk/new/answer", {"text": "x" * (4 * 1024 * 1024)})
    assert page.status_code == 413
