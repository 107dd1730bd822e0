"""WeChat's XML: one level of names and texts. No document type is taken, so no entity can grow or reach a file."""

import time
from xml.parsers import expat  # fenced in below

from bot.core.errors import InvalidInputError

MOST_FIELDS = 64


def parsed(body: bytes) -> dict[str, str]:
    """Name -> text of what stands directly in the root.

    Raises:
        InvalidInputError: it is no XML, has a document type, or more in it than any message.
    """
    fields: dict[str, list[str]] = {}
    path: list[str] = []

    def begin(name: str, _attributes: dict[str, str]) -> None:
        path.append(name)
        if len(path) == 2:
            fields[name] = []
        if len(path) > 8 or len(fields) > MOST_FIELDS:
            raise InvalidInputError("a message with too much in it")

    def end(_name: str) -> None:
        path.pop()

    def text(data: str) -> None:
        if len(path) == 2:
            fields[path[1]].append(data)

    def refuse(*_: object) -> None:
        raise InvalidInputError("a message with a document type")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, text
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise InvalidInputError("a message that is no XML") from error
    return {name: "".join(parts).strip() for name, parts in fields.items()}


def reply(to: str, sender: str, content: str) -> str:
    """A passive reply with a text."""
    return written(ToUserName=to, FromUserName=sender, CreateTime=int(time.time()), MsgType="text", Content=content)


def written(**fields: str | int) -> str:
    """XML as WeChat writes it."""
    inside = "".join(
        f"<{name}>{value}</{name}>" if isinstance(value, int) else f"<{name}>{_cdata(value)}</{name}>"
        for name, value in fields.items()
    )
    return f"<xml>{inside}</xml>"


def _cdata(text: str) -> str:
    """Text that ends no section early, without what XML cannot hold."""
    clean = "".join(c for c in text if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff"))
    return "<![CDATA[" + clean.replace("]]>", "]]]]><![CDATA[>") + "]]>"
