"""Logs: structured, one line an event, and never a word of a customer."""

import logging
import sys

import structlog

TALKATIVE = ("httpx", "httpcore", "telegram", "alembic", "uvicorn.access", "rasa_sdk", "huey")


def configure(level: str = "INFO") -> None:
    """Set up logging for this process."""
    logging.basicConfig(level=level, format="%(message)s", force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # standard output belongs to the answers
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping().get(level, logging.INFO)),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.dev.ConsoleRenderer(colors=False),
        ],
    )
