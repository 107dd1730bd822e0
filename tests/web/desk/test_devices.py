"""Pairing devices at the desk, and what a device may do with its token."""

import re
import time
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bot.store.releases import ContentStore
from bot.web.devices import CODES
from bot.web.services import Services
from tests.web.desk.conftest import Editor, Enter, alerts

SHOWN = {
    "kind": "screen",
    "piece": "screen/s",
    "title": "先停一停",
    "lines": ["<b>拨</b>"],
    "width": 1920,
    "height": 1080,
}


class Device(Editor):
    """A device's browser: it keeps the cookie it is given."""

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One call of a script on its page."""
        return self.request(method, path, **more)

    def ask(self) -> str:
        """Ask for a code."""
        answer = self.call("POST", "/api/v1/devices/codes")
        assert answer.status_code == 201
        return str(answer.json()["code"])

    @property
    def state(self) -> str:
        """How it stands."""
        return str(self.call("GET", "/api/v1/devices/me").json()["state"])

    def beat(self, **more: Any) -> httpx.Response:
        """Say that it lives."""
        return self.call("POST", "/api/v1/devices/beat", json={"version": 1, "now": int(time.time() * 1000), **more})


@pytest.fixture
def device(app: FastAPI) -> Device:
    """A new device."""
    return Device(app)


def pair(enter: Enter, device: Device, *, kind: str = "screen", place: str = "cn", name: str = "Hall") -> Editor:
    """Pair it; whoever did so."""
    wu = enter("wu")
    wu.get("/desk/devices")
    page = wu.post("/desk/devices", {"code": device.ask(), "name": name, "place": place, "kind": kind})
    assert page.status_code == 200, alerts(page)
    assert f"{name} is paired" in page.text
    return wu


def test_a_device_is_paired_by_the_code_it_shows(device: Device, enter: Enter) -> None:
    assert device.state == "unknown"
    device.ask()
    assert device.state == "waiting"
    wu = pair(enter, device)
    assert device.call("GET", "/api/v1/devices/me").json() | {"until": None} == {
        "state": "paired", "kind": "screen", "name": "Hall", "place": "cn", "code": "", "until": None,
    }  # fmt: skip
    assert "mainland China" in wu.get("/desk/devices").text


def test_the_token_is_out_of_reach_of_scripts_and_of_other_sites(device: Device) -> None:
    cookie = device.call("POST", "/api/v1/devices/codes").headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/" in cookie


def test_a_wrong_code_and_a_kind_that_is_none_are_told_in_the_form(device: Device, enter: Enter) -> None:
    wu = enter("wu")
    wu.get("/desk/devices")
    page = wu.post("/desk/devices", {"code": "000 000", "name": "Hall", "kind": "screen"})
    assert page.status_code == 400
    assert "No device shows 000000 now" in alerts(page)
    assert 'value="Hall"' in page.text
    page = wu.post("/desk/devices", {"code": device.ask(), "name": "Hall", "kind": "toaster"})
    assert "Choose what kind" in alerts(page)


def test_a_token_opens_nothing_at_the_desk(device: Device, enter: Enter) -> None:
    pair(enter, device)
    assert device.get("/desk/devices", follow=False).headers["location"].startswith("/desk/sign-in")
    assert device.get("/desk/lobby", follow=False).headers["location"].startswith("/desk/sign-in")


def test_a_beat_is_seen_at_the_desk_with_what_is_wrong(device: Device, enter: Enter) -> None:
    wu = pair(enter, device)
    assert "Never heard of" in wu.get("/desk/devices").text
    assert device.beat(now=1_000_000, troubles=["storage"]).status_code == 200
    page = wu.get("/desk/devices").text
    assert "Well" in page
    assert "Its clock is wrong" in page
    assert "Storage full" in page


def test_a_device_that_shows_an_older_release_is_told(device: Device, enter: Enter) -> None:
    wu = pair(enter, device)
    device.beat(version=0)
    assert "Still shows an older release" in wu.get("/desk/devices").text


def test_what_a_device_shows_is_drawn_at_the_desk_and_its_words_are_only_words(device: Device, enter: Enter) -> None:
    wu = pair(enter, device)
    device.beat()
    page = wu.get("/desk/devices/1")
    assert "Not looked at yet" in page.text
    page = wu.post("/desk/devices/1/look")
    assert "it answers within 15 seconds" in page.text
    assert device.beat().json()["show"] is True
    device.beat(showing=SHOWN)
    page = wu.get("/desk/devices/1")
    assert "先停一停" in page.text
    assert "&lt;b&gt;拨" in page.text
    assert "1920×1080" in page.text


def test_plays_are_counted_by_piece_and_shown(device: Device, enter: Enter) -> None:
    wu = pair(enter, device)
    today = time.strftime("%Y-%m-%d")
    plays = [{"day": today, "piece": "screen/s", "times": 2}, {"day": today, "piece": "screen/s", "times": 3}]
    for _ in range(2):
        device.beat(batch=5, plays=plays)
    assert "<td>5</td>" in wu.get("/desk/devices/1").text


def test_a_revoked_device_may_no_longer_read_its_playlist_and_knows_it(device: Device, enter: Enter) -> None:
    wu = pair(enter, device)
    assert device.get("/screen/playlist.json").status_code == 200
    wu.get("/desk/devices/1")
    assert "Hall is revoked" in wu.post("/desk/devices/1/revoke").text
    for path in ("/screen/playlist.json", "/screen/led.json"):
        refused = device.get(path)
        assert refused.status_code == 401
        assert "/device" in refused.json()["detail"]
    assert device.beat().status_code == 401
    assert device.state == "revoked"
    pair(enter, device, name="Hall again")
    assert device.get("/screen/playlist.json").headers["x-paired"] == "yes"


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": -1},
        {"now": "noon"},
        {"troubles": ["fire"]},
        {"plays": [{"day": "today", "piece": "screen/s", "times": 1}]},
        {"plays": [{"day": "2026-12-01", "piece": "../etc", "times": 1}]},
        {"showing": {**SHOWN, "title": "x" * 301}},
        {"more": 1},
    ],
)
def test_a_beat_that_is_none_is_refused(device: Device, enter: Enter, wrong: dict[str, Any]) -> None:
    pair(enter, device)
    assert device.beat(**wrong).status_code == 422


def test_who_asks_for_codes_without_end_is_slowed_down(app: FastAPI) -> None:
    answers = [Device(app).call("POST", "/api/v1/devices/codes").status_code for _ in range(CODES + 1)]
    assert answers == [201] * CODES + [429]


def test_a_call_for_help_from_a_paired_kiosk_says_where_it_is(device: Device, enter: Enter) -> None:
    wu = pair(enter, device, kind="kiosk", name="Kiosk by the door")
    answer = device.call("POST", "/api/v1/help-calls", json={"kind": "quiet", "place": "hk"})
    assert answer.status_code == 201
    page = wu.get("/desk/lobby").text
    assert "mainland China · Kiosk by the door" in page


def test_no_such_device_is_a_page_that_says_so(enter: Enter) -> None:
    answer = enter("wu").get("/desk/devices/99")
    assert answer.status_code == 404
    assert "no such device" in answer.text


# ---- What a screen is sent ----


def test_a_playlist_is_sent_once_until_it_changes(app: FastAPI, services: Services) -> None:
    device = Device(app)
    first = device.get("/screen/playlist.json")
    assert first.headers["x-paired"] == "no"
    again = device.get("/screen/playlist.json", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.text) == (304, "")
    item = {"id": "s", "title": {"zh-Hans": "先停", "en": "Stop"}, "lines": [{"zh-Hans": "停", "en": "Stop"}],
            "start": "2020-01-01", "end": "2099-12-31"}  # fmt: skip
    store = ContentStore(services.database)
    store.seed([("screen", "s", item)])
    store.publish(author="seed")
    services.live.refresh()
    changed = device.get("/screen/playlist.json", headers={"if-none-match": first.headers["etag"]})
    assert changed.status_code == 200
    assert "screen/s" in [i["piece"] for i in changed.json()["items"]]


@pytest.mark.parametrize("path", ["/screen", "/screen/led", "/device"])
def test_a_page_of_a_device_is_strict_and_only_films_of_our_own_play(app: FastAPI, path: str) -> None:
    answer = Device(app).get(path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "media-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("panels", ["0", "65", "many"])
def test_a_sign_of_an_impossible_width_is_refused(app: FastAPI, panels: str) -> None:
    for path in ("led", "led.json", "led.txt"):
        assert Device(app).get(f"/screen/{path}?panels={panels}").status_code == 422


def test_the_feed_of_a_sign_is_gb2312(app: FastAPI, services: Services) -> None:
    line = {"id": "l", "text": "先停一停", "start": "2020-01-01", "end": "2099-12-31"}
    store = ContentStore(services.database)
    store.seed([("led", "l", line)])
    store.publish(author="seed")
    services.live.refresh()
    answer = Device(app).get("/screen/led.txt")
    assert answer.headers["content-type"] == "text/plain; charset=gb2312"
    assert "先停一停".encode("gb2312") in answer.content


@pytest.mark.parametrize("area", ["screen", "kiosk"])
def test_the_worker_keeps_files_that_are_there_and_may_look_after_its_area(app: FastAPI, area: str) -> None:
    device = Device(app)
    answer = device.get(f"/{area}/sw.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["service-worker-allowed"] == f"/{area}"
    told = answer.text.split("\n", 1)[0]
    files = [part for part in told.split('"') if part.startswith("/static/")]
    assert len(files) > 8
    assert [f for f in files if device.get(f).status_code != 200] == []


def first_words(device: Device) -> str:
    """In which language its kiosk page begins."""
    return re.findall(r'<html lang="([^"]+)"', device.get("/kiosk", headers={"accept-language": "en-US"}).text)[0]


def test_a_kiosk_begins_in_chinese_unless_the_desk_says_otherwise(device: Device, enter: Enter) -> None:
    assert first_words(device) == "zh-Hans"
    wu = pair(enter, device, kind="kiosk")
    assert first_words(device) == "zh-Hans"
    assert device.get("/kiosk?lang=en").text.count('<html lang="en"') == 1
    number = device_number(wu)
    page = wu.get(f"/desk/devices/{number}")
    assert '<option value="zh-Hans" selected>' in page.text
    said = wu.post(f"/desk/devices/{number}/language", {"language": "en"})
    assert "from its next start on" in said.text
    assert first_words(device) == "en"
    wu.post(f"/desk/devices/{number}/revoke")
    assert first_words(device) == "zh-Hans"


def test_a_kiosk_can_be_paired_in_another_language(device: Device, enter: Enter) -> None:
    wu = enter("wu")
    wu.get("/desk/devices")
    fields = {"code": device.ask(), "name": "Hall", "place": "hk", "kind": "kiosk", "language": "zh-Hant"}
    assert wu.post("/desk/devices", fields).status_code == 200
    assert first_words(device) == "zh-Hant"


def device_number(wu: Editor) -> int:
    """The number of the only device."""
    return int(re.findall(r"/desk/devices/(\d+)", wu.get("/desk/devices").text)[0])
