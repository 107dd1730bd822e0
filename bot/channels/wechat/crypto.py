"""Signatures, and the encrypted mode: AES-256-CBC with a padding to 32 bytes, and the account's id at the end."""

import base64
import binascii
import hashlib
import hmac
import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from bot.core.errors import InvalidInputError

BLOCK = 32
RANDOM = 16


def signature(*parts: str) -> str:
    """What WeChat signs with: the hash of the parts in their order."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324  # the protocol's own choice


def signed(given: str, *parts: str) -> bool:
    """Whether a signature is that of the parts."""
    return hmac.compare_digest(given.encode(), signature(*parts).encode())


class Envelope:
    """Seals and opens messages of one account.

    Args:
        aes_key: the 43 characters WeChat calls EncodingAESKey.
        app_id: of the account; a message that was sealed for another is not opened.

    Raises:
        InvalidInputError: the key is not one.
    """

    def __init__(self, aes_key: str, app_id: str) -> None:
        try:
            self._key = base64.b64decode(aes_key + "=", validate=True)
        except (ValueError, binascii.Error):
            self._key = b""
        if len(self._key) != 32:
            raise InvalidInputError("FANGZHA_WECHAT_AES_KEY must be the 43 letters and digits of EncodingAESKey")
        self._app_id = app_id.encode()

    def open(self, sealed: str) -> bytes:
        """What is in it.

        Raises:
            InvalidInputError: it was not sealed with this key for this account.
        """
        try:
            data = base64.b64decode(sealed, validate=True)
            decryptor = self._cipher().decryptor()
            plain = decryptor.update(data) + decryptor.finalize()
        except (ValueError, binascii.Error) as error:
            raise InvalidInputError("a message cannot be opened") from error
        padding = plain[-1] if plain else 0
        if not 1 <= padding <= BLOCK or not plain.endswith(bytes([padding]) * padding):
            raise InvalidInputError("a message cannot be opened")
        plain = plain[RANDOM:-padding]
        length = struct.unpack(">I", plain[:4])[0] if len(plain) >= 4 else -1
        message, owner = plain[4 : 4 + length], plain[4 + length :]
        if len(message) != length or not hmac.compare_digest(owner, self._app_id):
            raise InvalidInputError("a message is not for this account")
        return message

    def seal(self, message: bytes) -> str:
        """A message that only WeChat can open."""
        plain = secrets.token_bytes(RANDOM) + struct.pack(">I", len(message)) + message + self._app_id
        padding = BLOCK - len(plain) % BLOCK
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()).decode()

    def _cipher(self) -> Cipher[CBC]:
        return Cipher(AES(self._key), CBC(self._key[:16]))
