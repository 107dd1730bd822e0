"""Kiosks, screens and signs: paired by a code, known by a token of which only a hash is kept, revoked by a person."""

import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.core.errors import FlowError
from bot.core.publishing import Actor, Right, Rules
from bot.core.vocabulary import Language
from bot.store import audit, pieces
from bot.store.branch_tables import Device, DevicePlay
from bot.store.device_views import Beat, DeviceKind, DeviceLine, Heard, Known, Pairing
from bot.store.sessions import hashed
from bot.store.tables import now
from bot.store.transactions import transaction, turn

CODE_DIGITS = 6
CODE_LASTS = timedelta(minutes=15)
# Codes waiting at once: so few of the million that a slip of the hand hits none of them.
MOST_WAITING = 200
PLAYS_KEPT = timedelta(days=400)


class Devices:
    """All devices. A token can do nothing at the desk."""

    def __init__(self, engine: Engine, rules: Rules, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._rules = rules
        self._clock = clock

    # ---- From the device ----

    def ask(self) -> tuple[str, Known]:
        """A new token, and the code to show until somebody types it at the desk.

        Raises:
            FlowError: too many codes are waiting.
        """
        token = secrets.token_urlsafe(32)
        with turn(self._engine) as session:
            moment = self._clock()
            session.execute(delete(Device).where(Device.paired_at.is_(None), Device.code_until <= moment))
            waiting = session.scalars(select(Device.code).where(Device.code.is_not(None))).all()
            if len(waiting) >= MOST_WAITING:
                raise FlowError("too many devices wait to be paired: try again later", code="too_many_codes")
            code = _code(set(waiting))
            device = Device(token_hash=hashed(token), code=code, code_until=moment + CODE_LASTS, troubles=[])
            session.add(device)
            session.flush()
            return token, _known(device, moment)

    def known(self, token: str) -> Known:
        """How a token stands."""
        if not token:
            return Known(Pairing.UNKNOWN)
        with transaction(self._engine) as session:
            device = _of(session, token)
            return _known(device, self._clock()) if device else Known(Pairing.UNKNOWN)

    def beat(self, token: str, said: Beat) -> Heard | None:
        """Note that a device lives and what it says; `None` for a token that is not, or no longer, paired.

        Plays of a batch that came before are not counted again: the answer to it was lost on the way.
        """
        with transaction(self._engine) as session:
            device = _of(session, token)
            if device is None or device.paired_at is None or device.revoked_at is not None:
                return None
            moment = self._clock()
            device.seen_at, device.version, device.skew = moment, said.version, said.skew
            device.troubles = list(said.troubles)
            if said.showing is not None:
                device.showing, device.showing_at = dict(said.showing), moment
            counted = said.plays if said.batch > device.batch else {}
            device.batch = max(device.batch, said.batch)
            session.flush()
            self._add(session, device.id, counted, moment)
            wanted = device.asked_at is not None and (device.showing_at is None or device.showing_at < device.asked_at)
            return Heard(wanted, counted)

    def _add(self, session: Session, device_id: int, plays: Mapping[tuple[str, str], int], moment: datetime) -> None:
        if not plays:
            return
        oldest = (moment - PLAYS_KEPT).date().isoformat()
        session.execute(delete(DevicePlay).where(DevicePlay.device_id == device_id, DevicePlay.day < oldest))
        insert = postgresql.insert if self._engine.dialect.name == "postgresql" else sqlite.insert
        statement: Any = insert(DevicePlay)
        rows = [
            {"device_id": device_id, "day": day, "piece": piece, "times": times}
            for (day, piece), times in sorted(plays.items())
            if day >= oldest
        ]
        keys = ("device_id", "day", "piece")
        added = {"times": DevicePlay.times + statement.excluded.times}
        if rows:
            session.execute(statement.on_conflict_do_update(index_elements=keys, set_=added), rows)

    # ---- From the desk ----

    def pair(
        self, actor: Actor, code: str, *, name: str, place: str, kind: DeviceKind, language: Language = Language.ZH_HANS
    ) -> int:
        """Take in the device that shows `code`; a kiosk begins in `language`.

        Raises:
            FlowError: no device shows that code now, or it was given no name.
            NotAllowedError: no right to manage devices.
        """
        digits = "".join(c for c in code if c.isdecimal())
        with turn(self._engine) as session:
            pieces.authorise(session, self._rules, actor, Right.DEVICES)
            moment = self._clock()
            if not name.strip():
                raise FlowError("give the device a name", code="device_name_missing")
            device = session.scalar(select(Device).where(Device.code == digits, Device.code_until > moment))
            if device is None:
                raise FlowError("no device shows this code now", code="no_such_code", value=digits)
            device.code = device.code_until = None
            device.name, device.place, device.kind = name.strip()[:100], place[:64], kind
            device.language = language.value
            device.paired_at, device.paired_by = moment, actor.login
            audit.append(
                session, at=moment, actor=actor.login, action="device.paired", subject=f"device/{device.id}",
                name=device.name, place=device.place, kind=device.kind,
            )  # fmt: skip
            return device.id

    def revoke(self, actor: Actor, device_id: int) -> None:
        """Take a device's token away: from now on it asks to be paired again.

        Raises:
            FlowError: there is no such device.
            NotAllowedError: no right to manage devices.
        """
        with turn(self._engine) as session:
            device = self._find(session, actor, device_id)
            if device.revoked_at is None:
                device.revoked_at = moment = self._clock()
                audit.append(
                    session, at=moment, actor=actor.login, action="device.revoked", subject=f"device/{device.id}",
                    name=device.name, place=device.place,
                )  # fmt: skip

    def begin_in(self, actor: Actor, device_id: int, language: Language) -> None:
        """Have a kiosk begin in a language from its next start on.

        Raises:
            FlowError: there is no such device.
            NotAllowedError: no right to manage devices.
        """
        with turn(self._engine) as session:
            device = self._find(session, actor, device_id)
            device.language = language.value
            audit.append(
                session, at=self._clock(), actor=actor.login, action="device.language", subject=f"device/{device.id}",
                name=device.name, language=device.language,
            )  # fmt: skip

    def want_to_see(self, actor: Actor, device_id: int) -> None:
        """Ask a device what it shows; it tells at its next beat.

        Raises:
            FlowError: there is no such device.
            NotAllowedError: no right to manage devices.
        """
        with turn(self._engine) as session:
            self._find(session, actor, device_id).asked_at = self._clock()

    def all(self) -> list[DeviceLine]:
        """Every device that was ever paired, those in use first, by place and name."""
        query = select(Device).where(Device.paired_at.is_not(None))
        with transaction(self._engine) as session:
            found = [_line(d) for d in session.scalars(query)]
        return sorted(found, key=lambda d: (d.revoked_at is not None, d.place, d.name, d.id))

    def plays(self, device_id: int, since: date) -> list[tuple[str, int, int]]:
        """(piece, times, days) of what a device showed since a day, the most shown first."""
        times = func.sum(DevicePlay.times)
        query = (
            select(DevicePlay.piece, times, func.count())
            .where(DevicePlay.device_id == device_id, DevicePlay.day >= since.isoformat())
            .group_by(DevicePlay.piece)
            .order_by(times.desc(), DevicePlay.piece)
        )
        with transaction(self._engine) as session:
            return [(piece, int(count), int(days)) for piece, count, days in session.execute(query)]

    def _find(self, session: Session, actor: Actor, device_id: int) -> Device:
        pieces.authorise(session, self._rules, actor, Right.DEVICES)
        device = session.get(Device, device_id)
        if device is None or device.paired_at is None:
            raise FlowError(f"there is no device {device_id}", code="no_device")
        return device


def _code(taken: set[str | None]) -> str:
    while True:
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
        if code not in taken:
            return code


def _of(session: Session, token: str) -> Device | None:
    # the token of a sign's feed stands in an address, and is good for nothing else
    return session.scalar(select(Device).where(Device.token_hash == hashed(token), Device.kind != DeviceKind.FEED))


def _known(device: Device, moment: datetime) -> Known:
    if device.paired_at is None:
        if device.code_until is None or device.code_until <= moment:
            return Known(Pairing.UNKNOWN)
        return Known(Pairing.WAITING, device.id, code=device.code or "", until=device.code_until)
    state = Pairing.REVOKED if device.revoked_at is not None else Pairing.PAIRED
    return Known(state, device.id, device.name, device.place, device.kind, device.language)


def _line(d: Device) -> DeviceLine:
    return DeviceLine(
        id=d.id,
        name=d.name,
        place=d.place,
        kind=d.kind,
        language=d.language,
        paired_at=d.paired_at or now(),
        paired_by=d.paired_by,
        revoked_at=d.revoked_at,
        seen_at=d.seen_at,
        version=d.version,
        skew=d.skew,
        troubles=tuple(d.troubles),
        asked_at=d.asked_at,
        showing=d.showing,
        showing_at=d.showing_at,
    )
