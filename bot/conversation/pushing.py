"""Writing to somebody who has not just written: what a channel provides for it, and how it says that it failed."""

from typing import Protocol

from bot.conversation.messages import Message
from bot.core.errors import FangzhaError


class Pusher(Protocol):
    """One messenger, as far as it lets us write first."""

    async def push(self, address: str, message: Message) -> None:
        """Send one message to an address.

        Raises:
            TooFastError, GoneError, RefusedError, NotNowError: it was not delivered, and why.
        """
        ...


class PushError(FangzhaError):
    """A message was not delivered, or nobody knows whether it was."""


class TooFastError(PushError):
    """The messenger asks for patience."""

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class GoneError(PushError):
    """Nothing will ever reach that address again: blocked, deleted, thrown out."""


class RefusedError(PushError):
    """The message will never be taken; another may be."""


class NotNowError(PushError):
    """It may work later. `unsure`: it may even have arrived, and only the answer was lost."""

    def __init__(self, message: str, *, unsure: bool = False) -> None:
        super().__init__(message)
        self.unsure = unsure
