"""The feeds of sign controllers: a token in an address, for machines that can only fetch one and keep no cookie."""

import secrets
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine, select

from bot.core.errors import FlowError
from bot.core.publishing import Actor, Right, Rules
from bot.store import audit, pieces
from bot.store.branch_tables import Device
from bot.store.device_views import DeviceKind, Known, Pairing
from bot.store.sessions import hashed
from bot.store.tables import now
from bot.store.transactions import transaction, turn


class SignFeeds:
    """Controllers among the devices. They are listed and revoked as any device is."""

    def __init__(self, engine: Engine, rules: Rules, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._rules = rules
        self._clock = clock

    def open(self, actor: Actor, *, name: str, place: str) -> str:
        """A feed for a controller at a place; its token, which is told this once and kept as a hash.

        Raises:
            FlowError: it was given no name.
            NotAllowedError: no right to manage devices.
        """
        token = secrets.token_urlsafe(32)
        with turn(self._engine) as session:
            pieces.authorise(session, self._rules, actor, Right.DEVICES)
            if not name.strip():
                raise FlowError("give the device a name", code="device_name_missing")
            moment = self._clock()
            device = Device(
                token_hash=hashed(token),
                name=name.strip()[:100],
                place=place[:64],
                kind=DeviceKind.FEED,
                paired_at=moment,
                paired_by=actor.login,
                troubles=[],
            )
            session.add(device)
            session.flush()
            audit.append(
                session, at=moment, actor=actor.login, action="device.paired", subject=f"device/{device.id}",
                name=device.name, place=device.place, kind=device.kind,
            )  # fmt: skip
        return token

    def read(self, token: str, version: int) -> Known:
        """How a feed's token stands. One that is paired has been seen now, with the release it was given."""
        with transaction(self._engine) as session:
            device = session.scalar(
                select(Device).where(Device.token_hash == hashed(token), Device.kind == DeviceKind.FEED)
            )
            if device is None:
                return Known(Pairing.UNKNOWN)
            if device.revoked_at is not None:
                return Known(Pairing.REVOKED, device.id, device.name, device.place, device.kind)
            device.seen_at, device.version = self._clock(), version
            return Known(Pairing.PAIRED, device.id, device.name, device.place, device.kind)
