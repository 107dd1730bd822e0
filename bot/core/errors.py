"""One tree of errors. A message says what to do about it."""


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
