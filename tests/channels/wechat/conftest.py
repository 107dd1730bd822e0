"""An account on the stand-in, with tiny content and no dialogue engine."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.channels.wechat import xml
from bot.channels.wechat.account import WeChatAccount
from bot.channels.wechat.api import WeChatApi
from bot.channels.wechat.crypto import Envelope, signature
from bot.conversation.memory import Memory
from bot.conversation.snapshot import Snapshot
from bot.conversation.turn import Turns
from bot.core.vocabulary import Language
from bot.store.database import open_engine, upgrade
from bot.store.updates import UpdateStore
from tests.channels.telegram.conftest import ToldReader
from tests.channels.wechat.standin import APP_ID, SECRET, WeChat
from tests.telegram.server import config, listening

TOKEN = "a token typed in by hand"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
CUSTOMER, ACCOUNT = "oCustomer-openid", "gh_account"
STAMP, NONCE = "1790000000", "nonce-1"


class Line:
    """An account, called as WeChat calls it."""

    def __init__(self, wechat: WeChat, account: WeChatAccount, memory: Memory, snapshot: Snapshot, aes: bool) -> None:
        self.wechat = wechat
        self.account = account
        self.memory = memory
        self.snapshot = snapshot
        self.envelope = Envelope(AES_KEY, APP_ID) if aes else None
        self._number = 100

    def query(self, **more: str) -> dict[str, str]:
        """A signed call."""
        return {"signature": signature(TOKEN, STAMP, NONCE), "timestamp": STAMP, "nonce": NONCE, **more}

    def message(self, **fields: Any) -> dict[str, Any]:
        """The fields of a message; the next number unless one is given."""
        self._number += 1
        common = {"ToUserName": ACCOUNT, "FromUserName": CUSTOMER, "CreateTime": 1790000000 + self._number}
        number = {} if fields.get("MsgType") == "event" else {"MsgId": str(self._number)}
        return {**common, **number, **fields}

    async def gets(self, **fields: Any) -> str:
        """The text of the passive reply to a message; empty when there is none."""
        body = xml.written(**self.message(**fields))
        query = self.query()
        if self.envelope:
            sealed = self.envelope.seal(body.encode())
            query["msg_signature"] = signature(TOKEN, STAMP, NONCE, sealed)
            body = xml.written(ToUserName=ACCOUNT, Encrypt=sealed)
        return self.shown(await self.account.take(query, body.encode()))

    def shown(self, answer: str) -> str:
        """What the customer sees of an answer."""
        if answer == "success":
            return ""
        fields = xml.parsed(answer.encode())
        if self.envelope:
            sealed = fields["Encrypt"]
            assert fields["MsgSignature"] == signature(TOKEN, fields["TimeStamp"], fields["Nonce"], sealed)
            fields = xml.parsed(self.envelope.open(sealed))
        assert (fields["ToUserName"], fields["FromUserName"], fields["MsgType"]) == (CUSTOMER, ACCOUNT, "text")
        assert len(fields["Content"].encode()) <= 2048
        return fields["Content"]

    async def says(self, text: str) -> str:
        """A text."""
        return await self.gets(MsgType="text", Content=text)

    def words(self, reply: str) -> str:
        """A published reply."""
        said = self.snapshot.wording(Language.ZH_HANS).reply(reply)
        assert said, reply
        return said


OpenLine = Callable[..., AbstractAsyncContextManager[Line]]


@pytest.fixture
def updates(tmp_path: Path) -> UpdateStore:
    """Where messages are noted."""
    engine = open_engine(f"sqlite:///{tmp_path / 'updates.db'}")
    upgrade(engine)
    return UpdateStore(engine)


@pytest.fixture
def open_line(tiny_snapshot: Snapshot, updates: UpdateStore) -> OpenLine:
    """Opens an account; sealed unless told otherwise."""

    @asynccontextmanager
    async def opened(*, aes: bool = True, engine: Any = None, **more: Any) -> AsyncIterator[Line]:
        wechat, memory = WeChat(), Memory()
        async with listening(config(wechat)) as url:
            account = WeChatAccount(
                APP_ID,
                TOKEN,
                AES_KEY if aes else "",
                api=WeChatApi(APP_ID, SECRET, url),
                turns=Turns(lambda: tiny_snapshot, engine, memory),
                memory=memory,
                updates=updates,
                reader=ToldReader(),
                **more,
            )
            yield Line(wechat, account, memory, tiny_snapshot, aes)
            await account.close()

    return opened


@pytest.fixture
async def line(open_line: OpenLine) -> AsyncIterator[Line]:
    """A sealed account."""
    async with open_line() as opened:
        yield opened
