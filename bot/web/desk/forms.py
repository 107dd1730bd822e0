"""What a form sent, read only after the guard knows who sends it, and never more than the route allows."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

MOST_BYTES = 4 * 1024 * 1024
MOST_FIELDS = 20_000


class TooLargeError(Exception):
    """The body is longer than the route allows."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent."""

    name: str
    data: bytes


class Form:
    """The fields of a form. What is absent is empty."""

    def __init__(self, data: FormData | None = None, files: dict[str, Upload] | None = None) -> None:
        self._data = data if data is not None else FormData()
        self._files = files or {}

    def __contains__(self, name: str) -> bool:
        """Whether the field was sent."""
        return name in self._data

    def text(self, name: str, default: str = "") -> str:
        """A field, with line ends as they are written here and nothing around it."""
        value = self._data.get(name)
        return _plain(value) if isinstance(value, str) else default

    def whole(self, name: str) -> str:
        """A field with everything around it, for what is read line by line."""
        value = self._data.get(name)
        return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """Every value of a field that may stand several times, in the order of the page."""
        return [_plain(value) for value in self._data.getlist(name) if isinstance(value, str)]

    def secret(self, name: str) -> str:
        """A password, exactly as it was typed."""
        value = self._data.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str, default: int = 0) -> int:
        """A whole number; `default` when it is none."""
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def file(self, name: str) -> Upload | None:
        """A file; `None` when none was chosen."""
        return self._files.get(name)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


async def read_form(request: Request, most: int = MOST_BYTES) -> Form:
    """The form a request carries.

    Args:
        request: its body not read yet.
        most: how many bytes it may have.

    Raises:
        TooLargeError: it has more.
    """
    came = 0

    async def receive() -> MutableMapping[str, Any]:
        nonlocal came
        message = await request.receive()
        came += len(message.get("body", b""))
        if came > most:
            raise TooLargeError
        return message

    try:
        data = await Request(request.scope, receive).form(max_fields=MOST_FIELDS, max_part_size=most)
    except HTTPException:  # no form at all, or a broken one
        return Form()
    files = {}
    for name, value in data.multi_items():
        if isinstance(value, UploadFile) and value.filename:
            files[name] = Upload(value.filename, await value.read())
    await data.close()
    return Form(data, files)
