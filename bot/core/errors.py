"""One tree of errors. A message says what to do about it."""

from typing import Any


class FangzhaError(Exception):
    """Anything the project raises on purpose; safe to show to an operator."""


class ContentError(FangzhaError):
    """A content file or piece is not as its schema says."""


class StoreError(FangzhaError):
    """The store cannot answer: not reachable, not upgraded, or nothing released yet."""


class EngineError(FangzhaError):
    """The dialogue engine is absent, late or answered nonsense."""


class InvalidInputError(FangzhaError):
    """A customer's or caller's input cannot be read at all."""


class CodedError(FangzhaError):
    """An error an editor meets at the desk.

    `code` names the broken rule and `values` what it was broken with, so that the desk can say it in the editor's
    language; the message is for logs and the command line.
    """

    def __init__(self, message: str, *, code: str, **values: str) -> None:
        super().__init__(message)
        self.code = code
        self.values = values


class FlowError(CodedError):
    """The editorial flow forbids it."""


class NotAllowedError(FlowError):
    """Whoever asks may not do that."""


class LockedError(FlowError):
    """Somebody else has the piece open."""


class MergeNeeded(FlowError):  # noqa: N818  # a state two editors meet in, told with what both need to get out of it
    """Somebody saved in between. Put `own` and `newest` together and save again on `newest_number`.

    Args:
        piece: what it is about, as `kind/key`.
        base_number: the revision the editor began from; 0 when he began a new piece.
        newest_number: the revision that is the newest now, and `newest_author` who wrote it.
        base, newest, own: the bodies; `base` is empty when there was none.
    """

    def __init__(
        self,
        piece: str,
        *,
        base_number: int,
        newest_number: int,
        newest_author: str,
        base: dict[str, Any],
        newest: dict[str, Any],
        own: dict[str, Any],
    ) -> None:
        super().__init__(
            f"{piece}: {newest_author} saved revision {newest_number} while you worked on {base_number}: "
            "put both together and save again",
            code="merge_needed",
            piece=piece,
            who=newest_author,
        )
        self.base_number = base_number
        self.newest_number = newest_number
        self.newest_author = newest_author
        self.base = base
        self.newest = newest
        self.own = own


class AccountError(CodedError):
    """A staff account cannot do that: not signed in, locked out, a password that is too weak."""


class DeskError(CodedError):
    """The desk cannot make, compare or take in what was asked: a font is missing, a file is unreadable."""


class CalledOff(DeskError):  # noqa: N818  # what the editor asked for, not a fault
    """The editor called it off; nothing was changed."""
