"""Devices, on SQLite and on PostgreSQL."""

from datetime import date

import pytest

from bot.core.errors import FlowError, NotAllowedError
from bot.store.audit import AuditStore
from bot.store.device_views import Beat, DeviceKind, Pairing
from bot.store.devices import CODE_LASTS, MOST_WAITING, Devices
from tests.editorial import ADA, LIN, MEI, RULES, Clock, employ
from tests.store.conftest import Connect

SLIDE = {"kind": "screen", "title": "Hang up", "lines": []}


@pytest.fixture
def clock() -> Clock:
    """The time."""
    return Clock()


@pytest.fixture
def devices(connect: Connect, clock: Clock) -> Devices:
    """Devices of a bank with people."""
    engine = connect()
    employ(engine)
    return Devices(engine, RULES, clock)


def paired(devices: Devices, kind: DeviceKind = DeviceKind.SCREEN, name: str = "Hall") -> tuple[str, int]:
    """A token that is paired, and the device's number."""
    token, known = devices.ask()
    return token, devices.pair(ADA, known.code, name=name, place="yingbin", kind=kind)


def test_a_code_that_is_typed_at_the_desk_pairs_the_device_that_shows_it(devices: Devices) -> None:
    token, asked = devices.ask()
    assert asked.state is Pairing.WAITING
    assert devices.known(token) == asked
    typed = f"{asked.code[:3]} {asked.code[3:]}"
    devices.pair(ADA, typed, name=" Hall ", place="yingbin", kind=DeviceKind.SCREEN)
    known = devices.known(token)
    assert (known.state, known.name, known.place, known.kind) == (Pairing.PAIRED, "Hall", "yingbin", "screen")
    assert known.code == ""


def test_a_code_works_once_and_not_after_its_time(devices: Devices, clock: Clock) -> None:
    _, asked = devices.ask()
    devices.pair(ADA, asked.code, name="One", place="", kind=DeviceKind.KIOSK)
    with pytest.raises(FlowError, match="no device shows"):
        devices.pair(ADA, asked.code, name="Two", place="", kind=DeviceKind.KIOSK)
    late, asked = devices.ask()
    clock.passes(seconds=CODE_LASTS.total_seconds())
    with pytest.raises(FlowError, match="no device shows"):
        devices.pair(ADA, asked.code, name="Late", place="", kind=DeviceKind.KIOSK)
    assert devices.known(late).state is Pairing.UNKNOWN


def test_an_empty_code_and_a_nameless_device_are_refused(devices: Devices) -> None:
    paired(devices)
    with pytest.raises(FlowError, match="no device shows"):
        devices.pair(ADA, "", name="Other", place="", kind=DeviceKind.LED)
    with pytest.raises(FlowError, match="a name"):
        devices.pair(ADA, "123456", name=" ", place="", kind=DeviceKind.LED)


def test_only_who_manages_devices_pairs_and_revokes(devices: Devices) -> None:
    _, asked = devices.ask()
    with pytest.raises(NotAllowedError):
        devices.pair(MEI, asked.code, name="Mine", place="", kind=DeviceKind.KIOSK)
    _, number = paired(devices)
    with pytest.raises(NotAllowedError):
        devices.revoke(MEI, number)
    with pytest.raises(NotAllowedError):
        devices.want_to_see(MEI, number)


def test_a_revoked_token_is_good_for_nothing_and_says_so(devices: Devices) -> None:
    token, number = paired(devices)
    assert devices.beat(token, Beat()) is not None
    devices.revoke(LIN, number)
    assert devices.known(token).state is Pairing.REVOKED
    assert devices.beat(token, Beat()) is None
    assert [d.revoked_at is not None for d in devices.all()] == [True]


@pytest.mark.parametrize("token", ["", "nobody's"])
def test_a_token_that_is_none_of_ours_is_unknown(devices: Devices, token: str) -> None:
    assert devices.known(token).state is Pairing.UNKNOWN
    assert devices.beat(token, Beat()) is None


def test_a_device_that_waits_cannot_beat(devices: Devices) -> None:
    token, _ = devices.ask()
    assert devices.beat(token, Beat()) is None


def test_waiting_codes_are_bounded_and_make_room_when_their_time_is_over(devices: Devices, clock: Clock) -> None:
    codes = {devices.ask()[1].code for _ in range(MOST_WAITING)}
    assert len(codes) == MOST_WAITING
    with pytest.raises(FlowError, match="too many"):
        devices.ask()
    clock.passes(seconds=CODE_LASTS.total_seconds())
    devices.ask()


def test_a_beat_tells_how_the_device_fares(devices: Devices, clock: Clock) -> None:
    token, number = paired(devices)
    devices.beat(token, Beat(version=7, skew=-300, troubles=("clock", "storage")))
    (line,) = devices.all()
    assert (line.id, line.version, line.skew, line.troubles) == (number, 7, -300, ("clock", "storage"))
    assert line.seen_at == clock.now


def test_what_a_device_shows_is_told_when_somebody_asks(devices: Devices, clock: Clock) -> None:
    token, number = paired(devices)
    assert devices.beat(token, Beat()).wanted is False  # type: ignore[union-attr]
    devices.want_to_see(ADA, number)
    clock.passes(seconds=5)
    assert devices.beat(token, Beat()).wanted is True  # type: ignore[union-attr]
    assert devices.beat(token, Beat(showing=SLIDE)).wanted is False  # type: ignore[union-attr]
    assert devices.all()[0].showing == SLIDE


def test_plays_add_up_and_a_batch_that_comes_again_is_not_counted_again(devices: Devices) -> None:
    token, number = paired(devices)
    plays = {("2026-12-01", "screen/a"): 3, ("2026-12-01", "led/b"): 1}
    assert devices.beat(token, Beat(batch=1000, plays=plays)).counted == plays  # type: ignore[union-attr]
    assert devices.beat(token, Beat(batch=1000, plays=plays)).counted == {}  # type: ignore[union-attr]
    devices.beat(token, Beat(batch=2000, plays={("2026-12-01", "screen/a"): 2, ("2026-12-02", "screen/a"): 1}))
    assert devices.plays(number, date(2026, 12, 1)) == [("screen/a", 6, 2), ("led/b", 1, 1)]
    assert devices.plays(number, date(2026, 12, 2)) == [("screen/a", 1, 1)]


def test_plays_of_long_ago_are_not_kept(devices: Devices) -> None:
    token, number = paired(devices)
    devices.beat(token, Beat(batch=1, plays={("1970-01-01", "screen/a"): 9}))
    assert devices.plays(number, date(1970, 1, 1)) == []


def test_pairing_and_revoking_stand_in_the_trail(devices: Devices, connect: Connect) -> None:
    _, number = paired(devices)
    devices.revoke(ADA, number)
    devices.revoke(ADA, number)
    trail = AuditStore(connect())
    assert [e.action for e in trail.entries(subject=f"device/{number}")] == ["device.revoked", "device.paired"]
    assert trail.verify().faults == ()
