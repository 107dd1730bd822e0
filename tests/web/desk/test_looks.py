"""The frames and sheets a piece is looked at in, and the sign while one types."""

import re

from bot.content.files import Piece
from bot.desk.looks import CHANNELS
from bot.desk.service import Desk
from tests.editorial import LIN
from tests.web.desk.conftest import Enter

LED = "/desk/pieces/led"


def key_of(desk: Desk, kind: str) -> str:
    """Some piece of a kind."""
    return desk.flow.pieces.newest(kind)[0].key


def test_every_kind_that_a_channel_shows_has_its_tabs(enter: Enter, desk: Desk) -> None:
    vic = enter("vic")
    kinds = [kind for kind in CHANNELS if desk.flow.pieces.newest(kind)]
    assert len(kinds) > 7
    for kind in kinds:
        page = vic.get(f"/desk/pieces/{kind}/{key_of(desk, kind)}")
        for channel in CHANNELS[kind]:
            assert f"look={channel}#looks" in page.text, (kind, channel)
        for frame in re.findall(r'<iframe[^>]* src="([^"]+)"', page.text):
            shown = vic.get(frame.replace("&amp;", "&"))
            assert shown.status_code == 200, kind
            policy = shown.headers["content-security-policy"]
            assert "frame-ancestors 'self'" in policy
            assert "script-src 'self'" in policy
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


def test_a_piece_that_no_channel_shows_has_none(enter: Enter, desk: Desk) -> None:
    assert 'id="looks"' not in enter("vic").get(f"/desk/pieces/hotline/{key_of(desk, 'hotline')}").text


def test_a_sheet_is_a_picture_to_look_at_and_a_pdf_to_print(enter: Enter, desk: Desk, pieces: list[Piece]) -> None:
    vic = enter("vic")
    leaflet = next(p for p in pieces if p.kind == "leaflet")
    desk.flow.save(LIN, "leaflet", leaflet.key, leaflet.body, base=0)
    assert "/sheet?as=png" in vic.get(f"/desk/pieces/leaflet/{leaflet.key}").text
    path = f"/desk/looks/leaflet/{leaflet.key}/sheet"
    picture = vic.get(f"{path}?as=png&size=a5")
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    pdf = vic.get(f"{path}?size=a4&words=en")
    assert pdf.content.startswith(b"%PDF")
    assert "attachment" in pdf.headers["content-disposition"]
    refused = vic.get(f"/desk/looks/warning/{key_of(desk, 'warning')}/sheet")
    assert (refused.status_code, "not shown there" in refused.text) == (400, True)


def test_a_draft_of_the_wrong_shape_is_told_and_breaks_nothing(enter: Enter, desk: Desk) -> None:
    desk.flow.save(LIN, "warning", "w1", {"id": "w1", "title": {"en": "x"}}, base=0)
    vic = enter("vic")
    assert vic.get("/desk/pieces/warning/w1").status_code == 200
    assert vic.get("/desk/looks/warning/w1/frame?channel=phone").status_code == 400
    assert vic.get("/desk/looks/warning/w1/frame?channel=portrait").status_code == 400


def test_the_sign_says_what_breaks_its_rules_while_one_types(enter: Enter, desk: Desk) -> None:
    lin = enter("lin")
    edit = lin.get(f"{LED}/{key_of(desk, 'led')}/edit").text
    assert 'data-look="/desk/sign"' in edit
    assert "<svg" in edit
    good = lin.get("/desk/sign?text=卡不能借不能租")
    assert "It keeps the rules" in good.text
    assert "<html" not in good.text
    bad = lin.get("/desk/sign", params={"text": "看www.example.com<script>"})
    assert "is an address" in bad.text
    assert "<script>" not in bad.text
    slow = lin.get("/desk/sign?text=卡不能借不能租&elders=yes")
    assert slow.text != good.text
