"""Lists of pieces, one piece, two revisions side by side."""

import re

from bot.core.publishing import Verdict
from bot.desk.service import Desk
from tests.editorial import LIN, MEI, WU
from tests.web.desk.conftest import Enter, alerts
from tests.web.desk.writing import answer, approved, draft, released, submitted

PIECE = "/desk/pieces/answer/what_is_x"


def titles(text: str) -> list[str]:
    """What a list shows."""
    return re.findall(r'<a class="sheet__main" href="[^"]+">([^<]+)</a>', text)


def test_a_list_shows_what_pieces_are_called_in_the_language_of_the_page(enter: Enter) -> None:
    assert titles(enter("vic").get("/desk/pieces/typology").text) == ["parcel fee", "pet ransom"]
    assert titles(enter("vic", language="zh-CN").get("/desk/pieces/typology").text) == ["包裹关税", "宠物赎金"]


def test_a_draft_that_is_not_released_is_called_by_its_own_words(enter: Enter, desk: Desk) -> None:
    draft(desk, answer())
    assert "What is the x scam?" in titles(enter("vic").get("/desk/pieces/answer").text)


def test_a_list_is_searched_narrowed_and_turned(enter: Enter, desk: Desk) -> None:
    vic = enter("vic")
    for number in range(45):
        draft(desk, answer(f"many_{number:02}", title={"zh-Hans": f"第{number}", "en": f"Number {number}"}))
    submitted(desk, answer("waits"))
    assert titles(vic.get("/desk/pieces/answer?q=many_07").text) == ["Number 7"]
    assert titles(vic.get("/desk/pieces/answer?q=第33").text) == ["Number 33"]
    assert titles(vic.get("/desk/pieces/answer?state=review:fact_check").text) == ["What is the x scam?"]
    first = vic.get("/desk/pieces/answer?state=draft")
    assert len(titles(first.text)) == 40
    following = re.search(r'href="([^"]+)" rel="next"', first.text)
    assert following is not None
    second = vic.get(following.group(1).replace("&amp;", "&"))
    assert len(titles(second.text)) == 5
    assert 'rel="next"' not in second.text
    assert set(titles(first.text)) & set(titles(second.text)) == set()


def test_nonsense_in_an_address_is_no_fault_of_the_page(enter: Enter) -> None:
    vic = enter("vic")
    for query in ("page=0", "page=x", "page=99999999999", "state=nonsense", "state=review:nowhere", "q=%25%5F"):
        assert vic.get(f"/desk/pieces/answer?{query}").status_code == 200, query
    assert vic.get("/desk/pieces/nonsense").status_code == 404
    assert vic.get("/desk/pieces/answer/nonsense").status_code == 404
    assert vic.get("/desk/pieces/answer/what_is_ransom?revision=77").status_code == 200


def test_everything_is_found_from_the_top_of_every_page(enter: Enter, desk: Desk) -> None:
    draft(desk, answer())
    text = enter("vic").get("/desk/pieces?q=某某").text
    assert titles(text) == ["What is the x scam?"]
    assert ">Answer<" in text


def test_what_there_is_one_of_is_opened_at_once(enter: Enter) -> None:
    assert enter("vic").get("/desk/pieces/bank").url.path == "/desk/pieces/bank/bank"


def test_a_piece_shows_its_words_and_only_what_one_may_do(enter: Enter, desk: Desk) -> None:
    draft(desk, answer())
    text = enter("lin").get(PIECE).text
    assert "Do not pay first." in text
    assert f'href="{PIECE}/edit"' in text
    assert f'action="{PIECE}/submit"' in text
    seen = enter("vic").get(PIECE).text
    assert "Do not pay first." in seen
    assert "/edit" not in seen
    assert "/submit" not in seen
    assert "/schedule" not in seen


def test_words_cannot_break_out_of_the_page(enter: Enter, desk: Desk) -> None:
    evil = "</textarea></script><script>alert(1)</script><img src=x onerror=alert(1)>"
    draft(desk, answer(title={"zh-Hans": evil, "en": evil}))
    lin = enter("lin")
    for path in (PIECE, f"{PIECE}/edit", f"{PIECE}/edit?as=text", "/desk/pieces/answer", "/desk"):
        text = lin.get(path).text
        assert "alert(1)" in text, path
        assert "<script>alert" not in text, path
        assert "<img src=x" not in text, path


def test_faults_of_a_draft_are_shown_to_whoever_looks(enter: Enter, desk: Desk) -> None:
    draft(desk, answer(text={"zh-Hans": "拨打110。", "en": "Call 110."}))
    text = enter("mei").get(PIECE).text
    assert "The number 110 is typed" in text


def test_a_review_goes_from_step_to_step_and_tells_who_may_not(enter: Enter, desk: Desk) -> None:
    draft(desk, answer())
    lin, mei, hua, wu = enter("lin"), enter("mei"), enter("hua"), enter("wu")
    lin.get(PIECE)
    assert "It waits for “Fact check”" in lin.post(f"{PIECE}/submit", {"revision": "1"}).text

    # who wrote it is told that he cannot, and is refused when he tries all the same
    page = lin.get(PIECE).text
    assert "You wrote or submitted this" in page
    assert 'value="accept"' not in page
    wish = {"revision": "1", "step": "fact_check", "verdict": "accept"}
    refused = lin.post(f"{PIECE}/decide", wish)
    assert (refused.status_code, "You wrote or submitted this" in alerts(refused)) == (403, True)

    mei.get(PIECE)
    assert "It goes on to the next step" in mei.post(f"{PIECE}/decide", wish).text
    again = mei.post(f"{PIECE}/decide", wish)
    assert (again.status_code, "not at “Fact check” any more" in alerts(again)) == (400, True)

    hua.get(PIECE)
    silent = hua.post(f"{PIECE}/decide", {**wish, "step": "compliance", "verdict": "return"})
    assert (silent.status_code, alerts(silent)) == (400, "Say why, so that the author knows what to change.")
    said = {**wish, "step": "compliance", "verdict": "return", "comment": "shorter, please"}
    assert "Returned to the author." in hua.post(f"{PIECE}/decide", said).text
    assert "shorter, please" in lin.get(PIECE).text

    lin.post(f"{PIECE}/submit", {"revision": "1"})
    for who, step in ((mei, "fact_check"), (hua, "compliance"), (wu, "approval")):
        who.get(PIECE)
        answer_ = who.post(f"{PIECE}/decide", {**wish, "step": step})
        assert answer_.status_code == 200, alerts(answer_)
    assert "Approved. It can be released." in answer_.text


def test_what_was_typed_is_still_there_when_it_could_not_be_done(enter: Enter, desk: Desk) -> None:
    submitted(desk, answer())
    lin = enter("lin")
    lin.get(PIECE)
    wish = {"revision": "1", "step": "fact_check", "verdict": "accept", "comment": "my long thought"}
    assert "my long thought" in lin.post(f"{PIECE}/decide", wish).text


def test_a_comment_moves_nothing(enter: Enter, desk: Desk) -> None:
    submitted(desk, answer())
    lin = enter("lin")
    lin.get(PIECE)
    wish = {"revision": "1", "step": "fact_check", "verdict": "comment", "comment": "the source is in the file"}
    assert "the source is in the file" in lin.post(f"{PIECE}/decide", wish).text
    line = desk.flow.pieces.piece("answer", "what_is_x")
    assert line is not None
    assert (line.state, line.step) == ("review", "fact_check")


def test_a_verdict_that_is_none_is_a_comment(enter: Enter, desk: Desk) -> None:
    submitted(desk, answer())
    mei = enter("mei")
    mei.get(PIECE)
    wish = {"revision": "1", "step": "fact_check", "verdict": "burn", "comment": "x"}
    assert "Your comment is kept." in mei.post(f"{PIECE}/decide", wish).text


def test_what_is_in_review_is_taken_back(enter: Enter, desk: Desk) -> None:
    submitted(desk, answer())
    lin = enter("lin")
    assert "/edit" not in lin.get(PIECE).text
    assert "It is a draft again." in lin.post(f"{PIECE}/take-back", {"revision": "1"}).text
    assert f"{PIECE}/edit" in lin.get(PIECE).text


def test_a_draft_with_faults_is_not_submitted(enter: Enter, desk: Desk) -> None:
    draft(desk, answer(text={"zh-Hans": "没事的，放心转。"}))
    lin = enter("lin")
    lin.get(PIECE)
    refused = lin.post(f"{PIECE}/submit", {"revision": "1"})
    assert refused.status_code == 400
    assert "places must be mended" in alerts(refused)


def test_an_approved_piece_is_scheduled_in_the_time_of_the_desk(enter: Enter, desk: Desk) -> None:
    approved(desk, answer())
    wu = enter("wu")
    wu.get(PIECE)
    wish = {"revision": "1", "release_at": "2027-01-05T08:30", "ends_at": "2027-02-01T00:00"}
    assert "The schedule is set." in wu.post(f"{PIECE}/schedule", wish).text
    revision = desk.flow.revision("answer", "what_is_x", 1)
    assert revision.release_at is not None
    assert revision.release_at.isoformat() == "2027-01-05T00:30:00+00:00"
    assert 'value="2027-01-05T08:30"' in wu.get(PIECE).text
    wrong = wu.post(f"{PIECE}/schedule", {**wish, "release_at": "2020-01-05T08:30"})
    assert (wrong.status_code, "The time has passed" in alerts(wrong)) == (400, True)
    wu.post(f"{PIECE}/schedule", {"revision": "1", "release_at": "", "ends_at": ""})
    assert desk.flow.revision("answer", "what_is_x", 1).release_at is None


def test_two_revisions_stand_side_by_side(enter: Enter, desk: Desk) -> None:
    released(desk, answer())
    draft(desk, answer(text={"zh-Hans": "千万别付钱。", "en": "Never pay first."}), base=1)
    vic = enter("vic")
    assert f'href="{PIECE}/difference?old=1&amp;new=2"' in vic.get(PIECE).text
    text = vic.get(f"{PIECE}/difference?old=1&new=2").text
    assert "<del>Do not</del>" in text
    assert "<ins>Never</ins>" in text
    assert "What is the x scam?</td>" not in text
    assert "What is the x scam?</td>" in vic.get(f"{PIECE}/difference?old=1&new=2&same=yes").text
    assert "Both are alike." in vic.get(f"{PIECE}/difference?old=1&new=1").text
    assert vic.get(f"{PIECE}/difference?old=1&new=9").status_code == 404
    assert vic.get(f"{PIECE}/difference").status_code == 404


def test_an_older_revision_can_be_read_but_not_decided(enter: Enter, desk: Desk) -> None:
    draft(desk, answer())
    draft(desk, answer(text={"zh-Hans": "新的。", "en": "New."}), base=1)
    text = enter("lin").get(f"{PIECE}?revision=1").text
    assert "This is revision 1; the newest is 2." in text
    assert "Do not pay first." in text
    assert "/submit" not in text


def test_the_first_page_tells_what_waits_and_for_whom(enter: Enter, desk: Desk) -> None:
    submitted(desk, answer())
    draft(desk, answer("mine"))
    assert "Waiting for you: Fact check" in enter("mei").get("/desk").text
    author = enter("lin").get("/desk").text
    assert 'href="/desk/pieces/answer/mine"' in author
    desk.flow.decide(MEI, "answer", "what_is_x", 1, step="fact_check", verdict=Verdict.ACCEPT)
    assert "Waiting for you: Fact check" not in enter("mei").get("/desk").text
    assert "Waiting for you: Compliance" in enter("hua").get("/desk").text


def test_the_first_page_tells_publishers_what_can_be_released(enter: Enter, desk: Desk) -> None:
    approved(desk, answer())
    assert "1 approved and waiting to be released." in enter("wu").get("/desk").text
    desk.flow.release(WU)
    assert "Nothing waits to be released." in enter("wu").get("/desk").text


def test_who_did_something_is_called_by_name(enter: Enter, desk: Desk) -> None:
    desk.flow.save(LIN, "answer", "what_is_x", answer(), base=0)
    text = enter("vic").get("/desk/pieces/answer").text
    assert "Lin" in text
    assert "shipped" in text
