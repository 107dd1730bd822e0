"""Telegram, through python-telegram-bot."""

import os

# The library warns at every 429 until this says that `RetryAfter.retry_after` is wanted as a timedelta.
os.environ.setdefault("PTB_TIMEDELTA", "1")
