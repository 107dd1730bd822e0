"""Sign controllers: an address of their own from the desk, that works, is seen, and is taken away."""

import re
from html import unescape

import pytest
from fastapi import FastAPI

from bot.store.releases import ContentStore
from bot.web.services import Services
from tests.web.calling import Caller
from tests.web.desk.conftest import Editor, Enter, alerts
from tests.web.desk.test_devices import Device

AT_HOME, ELSEWHERE = "先停一停", "今天不开门"


@pytest.fixture(autouse=True)
def lines(services: Services) -> None:
    """A line of the place, and one of another."""
    time = {"start": "2020-01-01", "end": "2099-12-31"}
    store = ContentStore(services.database)
    store.seed(
        [
            ("led", "here", {"id": "here", "text": AT_HOME, "places": ["cn"], **time}),
            ("led", "there", {"id": "there", "text": ELSEWHERE, "places": ["hk"], **time}),
        ]
    )
    store.publish(author="seed")
    services.live.refresh()


def made(wu: Editor, *, name: str = "Sign over the door", place: str = "cn", panels: str = "8") -> str:
    """The address the desk makes."""
    wu.get("/desk/devices")
    page = wu.post("/desk/devices/feeds", {"feed_name": name, "feed_place": place, "panels": panels})
    assert page.status_code == 200, alerts(page)
    (address,) = re.findall(r"<code>(\S+led\.txt\S+)</code>", page.text)
    return unescape(address).removeprefix("http://bank.example")


def test_a_controller_reads_the_lines_of_its_place_at_an_address_that_is_told_once(
    app: FastAPI, enter: Enter, services: Services
) -> None:
    wu = enter("wu")
    address = made(wu)
    assert "panels=8" in address
    token = address.partition("token=")[2].partition("&")[0]
    assert token not in wu.get("/desk/devices").text
    assert "Never heard of" in wu.get("/desk/devices").text
    answer = Caller(app).get(address)
    assert answer.headers["content-type"] == "text/plain; charset=gb2312"
    assert AT_HOME.encode("gb2312") in answer.content
    assert ELSEWHERE.encode("gb2312") not in answer.content
    (line,) = services.devices.all()
    assert (line.kind, line.place, line.paired_by) == ("feed", "cn", "wu")
    assert line.version == services.snapshot.release.version
    assert "Well" in wu.get("/desk/devices").text


def test_a_revoked_address_gives_nothing(app: FastAPI, enter: Enter, services: Services) -> None:
    wu = enter("wu")
    address = made(wu)
    (line,) = services.devices.all()
    assert wu.get(f"/desk/devices/{line.id}").status_code == 200
    wu.post(f"/desk/devices/{line.id}/revoke")
    answer = Caller(app).get(address)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert AT_HOME.encode("gb2312") not in answer.content
    assert Caller(app).get("/screen/led.txt?token=made-up").status_code == 401
    done = [e.action for e in services.desk.flow.trail.entries(subject=f"device/{line.id}")]
    assert done == ["device.revoked", "device.paired"]


def test_the_token_of_an_address_is_no_devices_cookie_and_a_devices_token_no_address(
    app: FastAPI, enter: Enter
) -> None:
    token = made(enter("wu")).partition("token=")[2].partition("&")[0]
    device = Device(app)
    device.cookies.set("device", token)
    assert device.state == "unknown"
    assert device.beat().status_code == 401
    other = Device(app)
    other.ask()
    own = other.cookies.get("device")
    assert Caller(app).get(f"/screen/led.txt?token={own}").status_code == 401


def test_only_who_looks_after_devices_makes_one_and_it_needs_a_name(enter: Enter, services: Services) -> None:
    mei = enter("mei")
    mei.get("/desk/films")
    assert mei.post("/desk/devices/feeds", {"feed_name": "x", "panels": "8"}).status_code == 403
    wu = enter("wu")
    wu.get("/desk/devices")
    page = wu.post("/desk/devices/feeds", {"feed_name": " ", "panels": "0"})
    assert "Give the device a name" in alerts(page)
    assert services.devices.all() == []
    page = wu.post("/desk/devices", {"code": "000000", "name": "Hall", "kind": "feed"})
    assert "Choose what kind" in alerts(page)
